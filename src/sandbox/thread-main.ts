import { parentPort, workerData } from 'node:worker_threads'
import { startSandbox, type SandboxOptions } from './sandbox.js'

/* The sandbox's side of its thread: it starts with the options, sends where it listens, and closes when it is asked to. */
const sandbox = await startSandbox(workerData as SandboxOptions)
const { url, accessKey, accessSecret, accountId } = sandbox
parentPort?.once('message', () => void sandbox.close())
parentPort?.postMessage({ url, accessKey, accessSecret, accountId })
