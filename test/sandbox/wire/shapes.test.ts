import * as sdk from '@aws-sdk/client-cloudtrail'
import t from 'tap'
import { OPERATIONS } from '../../../src/aws/operations.js'
import {
  listItem,
  operationShape,
  simpleKind,
  structureMembers,
  type Shape,
} from '../../../src/sandbox/wire/shapes.js'

/** The paths of the members in a shape whose kind the sandbox does not know. */
function unknownIn(shape: Shape, path: string): string[] {
  const members = structureMembers(shape)
  if (members) return members.flatMap(([name, member]) => unknownIn(member, `${path}.${name}`))
  const list = listItem(shape)
  if (list) return unknownIn(list.item, `${path}[]`)
  return simpleKind(shape) === undefined ? [path] : []
}

t.test('knows the kind of every member of every operation in the SDK', async (t) => {
  for (const name of OPERATIONS) {
    const { input, output } = operationShape((sdk as Record<string, unknown>)[`${name}$`])
    t.same([...unknownIn(input, 'input'), ...unknownIn(output, 'output')], [], name)
  }
})

t.test('takes a shape of another kind for none that it knows', async (t) => {
  const blob = 21
  t.same(unknownIn([3, 'namespace', 'Structure', 0, ['Bytes'], [blob]], 'input'), ['input.Bytes'])
})
