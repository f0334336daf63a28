/** A value as Python source. */
export function pythonLiteral(value: unknown): string {
  if (value === undefined || value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`
  if (typeof value === 'object') {
    const members = Object.entries(value).map(
      ([name, member]) => `${JSON.stringify(name)}: ${pythonLiteral(member)}`,
    )
    return `{${members.join(', ')}}`
  }
  // a JSON string or number is one of Python's too
  return JSON.stringify(value)
}

/** A table of entries as Python source, an entry for each line. */
export function pythonTable(name: string, entries: object): string {
  const lines = Object.entries(entries).map(
    ([key, value]) => `    ${JSON.stringify(key)}: ${pythonLiteral(value)},\n`,
  )
  return `${name} = {\n${lines.join('')}}\n`
}

/**
 * Joins modules and a connector's own code, for platforms that take a single file.
 *
 * @param source the connector's code. Its lines `from <module> import …` are replaced by the module, its lines
 *   `# <name>` by the part of that name
 */
export function inline(
  source: string,
  modules: Record<string, string>,
  parts: Record<string, string>,
): string {
  let text = source
  const put = (place: RegExp, replacement: string) => {
    if (!place.test(text)) throw new Error(`the source has no place ${String(place)}`)
    text = text.replace(place, () => replacement)
  }
  for (const [module, code] of Object.entries(modules)) {
    put(new RegExp(`^from ${module} import .*\n`, 'm'), `${withoutDocstring(code).trim()}\n\n`)
  }
  for (const [name, part] of Object.entries(parts)) put(new RegExp(`^# <${name}>\n`, 'm'), part)
  return text
}

function withoutDocstring(source: string): string {
  return source.replace(/^"""[\s\S]*?"""\n/, '')
}
