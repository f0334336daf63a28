import t from 'tap'
import type { Position } from '../../../src/commands/events/position.js'
import { LookupTokens, MAX_TOKEN_LENGTH } from '../../../src/commands/events/token.js'

const window = { from: 1_790_000_000, to: 1_790_086_400 }
const after = { second: window.to - 1, count: 1, eventId: 'an-event' }

/** The state of a search in 34 regions whose tokens of AWS have a length. */
function stateOf(length: number) {
  const position: Position = {
    to: window.to - 1,
    chain: { range: window, token: 'x'.repeat(length), offset: 7 },
    after,
  }
  const regions = Array.from({ length: 34 }, (_, index) => `region-${index}`)
  return { window, places: regions.map((region) => ({ region, positions: [position, null] })) }
}

t.test('a token holds the whole state of its search', async (t) => {
  const tokens = new LookupTokens('a secret')
  const state = stateOf(300)
  t.same(tokens.open(tokens.seal(state, 'query'), 'query'), state)
})

t.test(
  'a search whose tokens of AWS would make its own too long goes on from the last events it has returned',
  async (t) => {
    const tokens = new LookupTokens('a secret')
    const state = stateOf(6_000)
    const token = tokens.seal(state, 'query')
    t.ok(token.length <= MAX_TOKEN_LENGTH, `${token.length} characters`)
    t.same(tokens.open(token, 'query'), {
      window,
      places: state.places.map(({ region }) => ({
        region,
        positions: [{ to: window.to - 1, after }, null],
      })),
    })
  },
)
