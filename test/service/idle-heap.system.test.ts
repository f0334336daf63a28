import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import t from 'tap'

t.test(
  '2,000 accounts that were used once, each with its own key, release their memory',
  async (t) => {
    // in its own process, whose heap holds nothing of the test runner
    const child = spawn(process.execPath, ['--expose-gc', '.build/test/support/idle-heap.js'], {
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
