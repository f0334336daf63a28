import { readdirSync } from 'node:fs'

/** The pages whose commands and links are tested. */
export const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'))

/** A block of shell commands in a page. */
export interface ShellBlock {
  /** The line of the page where it begins. */
  line: number
  script: string
  /** The environment that it needs and a test lacks: the second word of the fence. */
  needs: string | undefined
  /** The JSON that the page shows as its output: the block that follows, if it is fenced as `json`. */
  output: string | undefined
}

/** JSON without what differs from run to run: white space, times, ids and durations. */
export function comparable(json: string): string {
  return json
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '(time)')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '(id)')
    .replaceAll(/"(queuedMs|durationMs)":\s*\d+/g, '"$1":0')
    .replaceAll(/\s+/g, '')
}

/** Environments that a test lacks: the test checks only the syntax of a block that needs one. */
const NEEDS = ['aws', 'docker', 'kubectl', 'root']

/** The blocks of a page that are fenced as `sh`, those in lists included. */
export function shellBlocks(page: string): ShellBlock[] {
  return [...page.matchAll(/^( *)```sh(?: (\w+))?\n([\s\S]*?)^\1```$/gm)].map((match) => {
    const [, indent = '', needs, text = ''] = match
    const line = page.slice(0, match.index).split('\n').length
    if (needs !== undefined && !NEEDS.includes(needs)) throw new Error(`line ${line}: ${needs}?`)
    const script = text.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
    const rest = page.slice(match.index + match[0].length)
    const output = /^\s*```json\n([\s\S]*?)^ *```$/m.exec(rest.split('```sh')[0] ?? '')
    const follows = output !== null && /^\s*$/.test(rest.slice(0, output.index))
    return { line, script, needs, output: follows ? output[1] : undefined }
  })
}
