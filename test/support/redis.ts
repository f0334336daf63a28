import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import type { Owner } from './process.js'

/** A redis-server on its own port, without persistence, which a test can kill, pause and restart. */
export interface RedisServer {
  readonly url: string
  readonly port: number
  /** Starts an empty server. Resolves when it accepts connections. */
  start(): Promise<void>
  /** Kills it, as a crash does. */
  kill(): Promise<void>
  /** Stops its responses; its connections stay open. */
  pause(): void
  resume(): void
}

/** Returns a port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Returns a server that is not started yet, and is killed with the test. */
export async function makeRedis(t: Owner, args: string[] = []): Promise<RedisServer> {
  const port = await freePort()
  let child: ChildProcess | undefined
  const kill = async () => {
    if (!child) return
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
    child = undefined
  }
  t.teardown(kill)
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill,
    pause: () => child?.kill('SIGSTOP'),
    resume: () => child?.kill('SIGCONT'),
    async start() {
      const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', ...args]
      const started = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] })
      child = started
      let log = ''
      started.stdout.setEncoding('utf8')
      for await (const text of started.stdout.iterator({ destroyOnReturn: false })) {
        log += String(text)
        if (log.includes('Ready to accept connections')) break
      }
      started.stdout.resume()
      if (!log.includes('Ready')) throw new Error(`redis-server did not start:\n${log}`)
    },
  }
}

/** Starts an empty redis-server, which is killed with the test. */
export async function startRedis(t: Owner, args: string[] = []): Promise<RedisServer> {
  const redis = await makeRedis(t, args)
  await redis.start()
  return redis
}
