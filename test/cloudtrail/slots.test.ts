import t from 'tap'
import { Slots } from '../../src/cloudtrail/slots.js'

t.test(
  'hands out no more slots than there are, and frees them in the order of asking',
  async (t) => {
    const slots = new Slots(1)
    const taken: string[] = []
    const take = async (name: string) => {
      const free = await slots.take()
      taken.push(name)
      return free
    }
    const freeFirst = await take('first')
    const second = take('second')
    const third = take('third')
    await new Promise(setImmediate)
    t.same(taken, ['first'], 'the others wait')
    freeFirst()
    const freeSecond = await second
    await new Promise(setImmediate)
    t.same(taken, ['first', 'second'])
    freeSecond()
    const freeThird = await third
    freeThird()
    await take('fourth')
    t.same(taken, ['first', 'second', 'third', 'fourth'])
  },
)
