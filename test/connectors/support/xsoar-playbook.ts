import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

type Values = Record<string, any>

/** Runs a command of the integration, and returns the entries that it gave to the platform. */
type RunCommand = (name: string, args: Values) => Promise<any[]>

/** What a playbook did. */
export interface PlaybookRun {
  /** The names of its tasks, in the order in which they ran. */
  tasks: string[]
  /** The context that it leaves. */
  context: Values
}

const asList = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]

/** The values at a dotted path; a list on the way gives those of each of its members. */
function read(context: unknown, path: string): unknown[] {
  return path
    .split('.')
    .reduce<unknown[]>(
      (values, name) => values.flatMap((value) => asList((value as Values)[name])),
      [context],
    )
}

/** Adds what an entry gives to the context: `Path(val.Key && val.Key == obj.Key)` replaces the object with that key. */
function addToContext(context: Values, entries: any[]): void {
  for (const { EntryContext } of entries) {
    for (const [target, value] of Object.entries<any>(EntryContext ?? {})) {
      const [path = '', condition = ''] = target.split(/[()]/)
      const [, key = ''] = /val\.(\w+)/.exec(condition) ?? []
      const names = path.split('.')
      const last = names.pop()!
      const holder = names.reduce<Values>((at, name) => (at[name] ??= {}), context)
      const added = asList(value) as Values[]
      const kept = (asList(holder[last]) as Values[]).filter(
        (old) => !added.some((one) => one[key] === old[key]),
      )
      holder[last] = [...kept, ...added]
    }
  }
}

/** The values of a `simple` or a `complex` expression: root, filters, accessor, transformers. */
function valuesOf({ simple, complex }: Values, context: Values, isContext = false): unknown[] {
  if (simple !== undefined) {
    const [, path] = /^\$\{(.*)\}$/.exec(simple) ?? []
    if (path === undefined && !isContext) return [simple]
    return read(context, path ?? simple)
  }
  const { root, filters = [], accessor, transformers = [] } = complex as Values
  let values = read(context, root)
  for (const any of filters) {
    values = values.filter((value) =>
      any.some(({ operator, left }: Values) => {
        if (operator !== 'isFalse') throw new Error(`unknown filter ${operator}`)
        const member = left.value.simple.slice(`${root}.`.length)
        return read(value, member).every((one) => one === false)
      }),
    )
  }
  if (accessor) values = values.flatMap((value) => read(value, accessor))
  for (const { operator } of transformers) {
    if (operator !== 'uniq') throw new Error(`unknown transformer ${operator}`)
    values = [...new Set(values)]
  }
  return values
}

/** Runs a playbook of Cortex XSOAR with its default inputs, as far as its format is documented and used here. */
export async function runPlaybook(file: string, runCommand: RunCommand): Promise<PlaybookRun> {
  const playbook = parse(readFileSync(file, 'utf8'))
  const inputs = playbook.inputs.map(({ key, value }: Values) => [key, value.simple])
  const context: Values = { inputs: Object.fromEntries(inputs) }
  const tasks: string[] = []
  const queue: string[] = [playbook.starttaskid]
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    const { type, task, scriptarguments, nexttasks = {}, conditions } = playbook.tasks[id]
    tasks.push(task.name)
    let next = '#none#'
    if (type === 'regular') {
      const args = Object.entries<any>(scriptarguments).map(([name, value]) => {
        const values = valuesOf(value, context)
        return [name, values.length > 1 ? values : values[0]]
      })
      addToContext(context, await runCommand(task.script.split('|||')[1], Object.fromEntries(args)))
    }
    if (type === 'condition') {
      const met = conditions.find(({ condition }: Values) =>
        condition.every((any: Values[]) =>
          any.some(({ operator, left }) => {
            if (operator !== 'isNotEmpty') throw new Error(`unknown condition ${operator}`)
            return valuesOf(left.value, context, true).length > 0
          }),
        ),
      )
      next = met?.label ?? '#default#'
    }
    queue.push(...(nexttasks[next] ?? []))
  }
  return { tasks, context }
}
