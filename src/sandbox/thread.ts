import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Sandbox, SandboxOptions } from './sandbox.js'

/**
 * Starts a sandbox in a thread of its own: like CloudTrail, it accepts connections and responds however busy the service is.
 *
 * @throws the errors of `startSandbox`
 */
export async function startSandboxThread(options: SandboxOptions): Promise<Sandbox> {
  const worker = new Worker(new URL('thread-main.js', import.meta.url), { workerData: options })
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const ended = exited.then(() => {
    throw new Error('The thread of the sandbox ended before the sandbox listened.')
  })
  const [started] = (await Promise.race([once(worker, 'message'), ended])) as [
    Omit<Sandbox, 'close'>,
  ]
  const close = async (): Promise<void> => {
    worker.postMessage('close')
    await exited
  }
  let closing: Promise<void> | undefined
  return { ...started, close: () => (closing ??= close()) }
}
