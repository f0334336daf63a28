import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'

/** What fails a process that writes a secret. */
export const SEARCH_LEAKS = new URL('search-leaks.mjs', import.meta.url).href

/** Whose end is the end of what was started for it: a test, or a program. */
export type Owner = Pick<Test, 'teardown'>

/** The built service as a process of its own. */
export interface ServiceProcess {
  child: ChildProcess
  /** Waits for a line of the log or of stderr that matches, and gives it. */
  line(pattern: RegExp): Promise<string>
  /** Waits for the end; the exit code. */
  exit(): Promise<number | null>
}

/**
 * Starts `node .build/src/main.js`, which `npm run build:all` compiled, with nothing of this environment but PATH.
 *
 * @param nodeOptions options of Node.js itself, for example a module to load first
 */
export function startProcess(
  t: Owner,
  env: Record<string, string>,
  nodeOptions: string[] = [],
): ServiceProcess {
  const child = spawn(process.execPath, [...nodeOptions, '.build/src/main.js'], {
    env: {
      PATH: process.env.PATH ?? '',
      AWS_EC2_METADATA_DISABLED: 'true',
      // all that it writes is searched for secrets
      NODE_OPTIONS: `--import=${SEARCH_LEAKS}`,
      SEARCH_OUTPUT: 'true',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts)
      for (const check of waiting) check()
    })
  }
  const exited = once(child, 'close') as Promise<[number | null]>
  t.teardown(() => {
    child.kill('SIGKILL')
  })
  return {
    child,
    exit: async () => (await exited)[0],
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const found = lines.find((line) => pattern.test(line))
          if (found === undefined) return
          waiting.delete(check)
          resolve(found)
        }
        waiting.add(check)
        check()
        void exited.then(() => {
          check()
          reject(new Error(`ended without ${String(pattern)}:\n${lines.join('\n')}`))
        })
      }),
  }
}
