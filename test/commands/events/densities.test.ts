import t from 'tap'
import { Densities } from '../../../src/commands/events/densities.js'

t.test(
  'a density is known of what was searched, and of ranges that are not much longer',
  async (t) => {
    const densities = new Densities()
    t.equal(densities.of('a', 60), undefined)
    densities.learn('a', { events: 30, seconds: 60 })
    t.equal(densities.of('a', 60), 0.5)
    t.equal(densities.of('a', 120), 0.5)
    t.equal(densities.of('a', 121), undefined, 'a minute tells nothing of a day')
    t.equal(densities.of('b', 60), undefined)
    densities.learn('a', { events: 0, seconds: 0 })
    t.equal(densities.of('a', 60), 0.5, 'a search that read nothing tells nothing')
    densities.learn('a', { events: 0, seconds: 60 })
    t.equal(densities.of('a', 60), 0)
  },
)

t.test(
  'the searches that were not asked for longest are forgotten beyond a thousand',
  async (t) => {
    const densities = new Densities()
    for (let index = 0; index <= 1000; index += 1) {
      densities.learn(String(index), { events: 1, seconds: 1 })
    }
    t.equal(densities.of('0', 1), undefined)
    t.equal(densities.of('1', 1), 1)
    t.equal(densities.of('1000', 1), 1)
  },
)
