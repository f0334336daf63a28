/** Prints rows as one aligned table; the first row is the head. */
export function printTable(title: string, rows: (string | number)[][]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => String(row[column] ?? '').length)),
  )
  const lines = rows.map((row) =>
    row.map((cell, column) => String(cell).padEnd(widths[column] ?? 0)).join('  '),
  )
  process.stdout.write(`\n${title}\n\n${lines.join('\n')}\n`)
}

/** The value below which the share `q` of the values lies. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN
}
