// Prints the heap of a service before and after 10,000 accounts were used once and forgotten, in bytes.
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import '../../dist/app.js'
import { QuotaPool } from '../../dist/quota/quota-pool.js'

const pool = new QuotaPool({
  tps: { read: 1, lookup: 1, write: 1 },
  scope: 'class',
  queueLimit: 10,
  idleMs: 200,
})
const { signal } = new AbortController()

/** Uses so many accounts once each, waits until their limiters are forgotten, and gives the heap. */
async function use(accounts) {
  for (let first = 0; first < accounts; first += 100) {
    const some = Array.from({ length: 100 }, (_, index) => String(first + index))
    await Promise.all(
      some.map(async (account) => {
        const permit = await pool.take({
          account,
          region: 'us-east-1',
          operation: 'GetTrail',
          caller: 'caller',
          command: 'command',
          deadline: Infinity,
          signal,
        })
        permit.done('unsent')
      }),
    )
  }
  while (pool.snapshot().length > 0) await setTimeout(20)
  globalThis.gc()
  return process.memoryUsage().heapUsed
}

const before = await use(1_000)
const after = await use(10_000)
process.stdout.write(`${before} ${after}\n`)
await pool.close()
