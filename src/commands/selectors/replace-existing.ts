import { Type } from '@sinclair/typebox'
import { FailureError } from '../../envelope/failure.js'
import { serviceFailure } from '../../envelope/service-failure.js'

/** Of the commands that replace all selectors of a trail. */
export const ReplaceExisting = Type.Optional(
  Type.Boolean({
    'x-default': false,
    title: 'ReplaceExisting',
    description:
      'Whether existing selectors that the request does not name may be dropped. Default false: such a trail fails with 409, and nothing is written to it.',
    examples: [false],
  }),
)

/** How many dropped selectors an error names. */
const MAX_NAMED = 5

/** The failure of a trail that would log less than before, although the request does not say so. */
export function wouldDrop(trail: string, dropped: readonly string[]): FailureError {
  const named = dropped.slice(0, MAX_NAMED).join('; ')
  const more = dropped.length > MAX_NAMED ? `; and ${dropped.length - MAX_NAMED} more` : ''
  return new FailureError(
    serviceFailure(
      'WouldDropSelectors',
      `${trail} would lose selectors that the request does not name: ${named}${more}.`,
    ),
  )
}
