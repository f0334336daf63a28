/** A block of shell commands in a page. */
export interface ShellBlock {
  /** The line of the page where it begins. */
  line: number
  script: string
  /** What it needs that a test has not: the second word of the fence. */
  needs: string | undefined
}

/** What a block may need that a test has not, with which it is checked for its syntax alone. */
const NEEDS = ['aws', 'docker', 'kubectl']

/** The blocks of a page that are fenced as `sh`, those in lists included. */
export function shellBlocks(page: string): ShellBlock[] {
  return [...page.matchAll(/^( *)```sh(?: (\w+))?\n([\s\S]*?)^\1```$/gm)].map((match) => {
    const [, indent = '', needs, text = ''] = match
    const line = page.slice(0, match.index).split('\n').length
    if (needs !== undefined && !NEEDS.includes(needs)) throw new Error(`line ${line}: ${needs}?`)
    const script = text.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
    return { line, script, needs }
  })
}
