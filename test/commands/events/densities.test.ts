import t from 'tap'
import { Densities } from '../../../src/commands/events/densities.js'

t.test('returns the density of an earlier search, for ranges up to twice as long', async (t) => {
  const densities = new Densities()
  t.equal(densities.of('a', 60), undefined)
  densities.learn('a', { events: 30, seconds: 60 })
  t.equal(densities.of('a', 60), 0.5)
  t.equal(densities.of('a', 120), 0.5)
  t.equal(densities.of('a', 121), undefined, 'a minute says nothing about a day')
  t.equal(densities.of('b', 60), undefined)
  densities.learn('a', { events: 0, seconds: 0 })
  t.equal(densities.of('a', 60), 0.5, 'a search that read nothing is ignored')
  densities.learn('a', { events: 0, seconds: 60 })
  t.equal(densities.of('a', 60), 0)
})

t.test('evicts the least recently used search beyond a thousand', async (t) => {
  const densities = new Densities()
  for (let index = 0; index <= 1000; index += 1) {
    densities.learn(String(index), { events: 1, seconds: 1 })
  }
  t.equal(densities.of('0', 1), undefined)
  t.equal(densities.of('1', 1), 1)
  t.equal(densities.of('1000', 1), 1)
})
