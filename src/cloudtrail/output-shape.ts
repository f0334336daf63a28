import * as sdk from '@aws-sdk/client-cloudtrail'
import { NormalizedSchema } from '@smithy/core/schema'
import type { Operation } from '../aws/operations.js'

/** The shape of a JSON value in a response. */
export type Shape =
  | { kind: 'string' | 'boolean' | 'number' | 'time' }
  | { kind: 'array'; item: Shape }
  | { kind: 'object'; members: ReadonlyMap<string, Shape> }

const shapes = new Map<Operation, Shape>()

/** The shape of an operation's output, from the schemas that the SDK deserializes by. */
export function outputShape(operation: Operation): Shape {
  const known = shapes.get(operation)
  if (known) return known
  const [, , , , , output] = sdk[`${operation}$` as const]
  const shape = shapeOf(NormalizedSchema.of(output))
  shapes.set(operation, shape)
  return shape
}

function shapeOf(schema: NormalizedSchema): Shape {
  if (schema.isStructSchema()) {
    const members = [...schema.structIterator()]
    return {
      kind: 'object',
      members: new Map(members.map(([name, member]) => [name, shapeOf(member)])),
    }
  }
  if (schema.isListSchema()) return { kind: 'array', item: shapeOf(schema.getValueSchema()) }
  if (schema.isTimestampSchema()) return { kind: 'time' }
  if (schema.isBooleanSchema()) return { kind: 'boolean' }
  return { kind: schema.isStringSchema() ? 'string' : 'number' }
}
