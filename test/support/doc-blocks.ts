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
}

/** Environments that a test lacks: the test checks only the syntax of a block that needs one. */
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
