import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import t from 'tap'

t.test(
  '10,000 accounts that were used once, each with its own keys, leave no memory behind',
  { timeout: 120_000 },
  async (t) => {
    // in a process of its own, so that the heap is the service's and not the test runner's
    const child = spawn(process.execPath, ['--expose-gc', '.build/test/service/idle-heap.mjs'], {
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [before = NaN, after = NaN] = (await text(child.stdout)).trim().split(' ').map(Number)
    t.ok(
      after < before * 1.1,
      `${(before / 1e6).toFixed(1)} MB, then ${(after / 1e6).toFixed(1)} MB`,
    )
  },
)
