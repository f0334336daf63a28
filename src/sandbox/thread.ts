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
  const [started] = (await once(worker, 'message')) as [Omit<Sandbox, 'close'>]
  const close = async (): Promise<void> => {
    const exited = once(worker, 'exit')
    worker.postMessage('close')
    await exited
  }
  let closing: Promise<void> | undefined
  return { ...started, close: () => (closing ??= close()) }
}
