import t from 'tap'
import { waitFor } from './wait-for.js'

t.test('returns the value of the condition as soon as it holds', async (t) => {
  const values = [undefined, null, false, 0]
  t.equal(await waitFor('a value', () => values.shift()), 0)
  t.equal(values.length, 0)
})

t.test('names the event in the error when the condition does not hold in time', async (t) => {
  await t.rejects(
    waitFor('the job is finished', async () => false, { withinMs: 30 }),
    { message: 'not within 30 ms: the job is finished' },
  )
})
