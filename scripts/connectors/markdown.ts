/** A Markdown table. */
export function markdownTable(head: string[], rows: string[][]): string {
  const line = (row: string[]) =>
    `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
  return [head, head.map(() => '---'), ...rows].map(line).join('')
}
