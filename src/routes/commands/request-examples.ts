import type { CommandDefinition } from '../../commands/define-command.js'

/** The examples of a command's body with their summaries. A command that writes begins with a dry run of its first. */
export function requestExamples({ scope, examples }: CommandDefinition): [string, object][] {
  const all = Object.entries(examples) as [string, object][]
  const [first] = all
  if (scope === 'read' || !first) return all
  const [summary, body] = first
  return [[`dry run: ${summary}`, { ...body, dryRun: true }], ...all]
}
