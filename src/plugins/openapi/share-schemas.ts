/** Part of an OpenAPI document. */
export type Json = Record<string, unknown>

/** Members that hold values and no parts of the document. */
const VALUES = new Set(['default', 'example', 'examples'])

/** What each use of a schema may say in words of its own. */
const WORDS = ['description', 'examples'] as const

/**
 * Replaces each schema that has a title by a reference to a component of that name. A description that differs between the
 * uses stays with them.
 *
 * @param components gets the schemas
 * @throws {Error} when two different schemas have the same title
 */
export function shareSchemas<Part>(part: Part, components: Record<string, Json>): Part {
  const uses = new Map<string, Json[]>()
  collect(part, uses)
  const replaceIn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replaceIn)
    if (!isObject(value)) return value
    const object = mapMembers(value, replaceIn)
    const { title } = object
    if (typeof title !== 'string') return object
    return reference(title, nameless(object), uses.get(title) ?? [], components)
  }
  return replaceIn(part) as Part
}

function reference(title: string, schema: Json, uses: Json[], components: Record<string, Json>) {
  const component = { ...schema }
  const own: Json = {}
  for (const word of WORDS) {
    if (new Set(uses.map((use) => JSON.stringify(use[word]))).size < 2) continue
    if (schema[word] !== undefined) own[word] = schema[word]
    delete component[word]
  }
  const known = (components[title] ??= component)
  if (JSON.stringify(known) !== JSON.stringify(component)) {
    throw new Error(`two schemas have the title ${title}`)
  }
  return { $ref: `#/components/schemas/${title}`, ...own }
}

function collect(value: unknown, uses: Map<string, Json[]>): void {
  if (Array.isArray(value)) value.forEach((item) => collect(item, uses))
  if (!isObject(value)) return
  for (const [name, member] of Object.entries(value)) {
    if (!VALUES.has(name)) collect(member, uses)
  }
  const { title } = value
  if (typeof title === 'string') uses.set(title, [...(uses.get(title) ?? []), value])
}

/** Applies a function to the members that are parts of the document. */
function mapMembers(object: Json, change: (value: unknown) => unknown): Json {
  return Object.fromEntries(
    Object.entries(object).map(([name, member]) => [
      // a default that the document has, and that the service does not fill in
      name === 'x-default' ? 'default' : name,
      VALUES.has(name) ? member : change(member),
    ]),
  )
}

/** A schema without its title, and without the type that the parts of `allOf` have. */
function nameless({ title: _title, ...schema }: Json): Json {
  if (schema.allOf) delete schema.type
  return schema
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
