import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'

/** The module that fails a process when it writes a secret. */
export const SEARCH_LEAKS = new URL('search-leaks.mjs', import.meta.url).href

/** The module that fails a process when a response is not as the OpenAPI document says. */
export const CHECK_API_RESPONSES = new URL('check-api-responses.mjs', import.meta.url).href

/** A test, or a program, that owns a resource: its teardown closes the resource. */
export type Owner = Pick<Test, 'teardown'>

/** The compiled service in its own process. */
export interface ServiceProcess {
  child: ChildProcess
  /** Waits for a line of stdout or stderr that matches, and returns it. */
  line(pattern: RegExp): Promise<string>
  /** Waits until the process exits, and returns its exit code. */
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
      // its whole output is searched for secrets
      NODE_OPTIONS: `--import=${CHECK_API_RESPONSES} --import=${SEARCH_LEAKS}`,
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
  t.teardown(async () => {
    child.kill('SIGKILL')
    // it may write to a directory that is removed next
    await exited
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
          reject(new Error(`exited without ${String(pattern)}:\n${lines.join('\n')}`))
        })
      }),
  }
}
