import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Operation } from '../src/aws/operations.js'

/** The SDK's type declarations: only they have the exceptions of an operation. Its schemas have none. */
const COMMANDS = join(
  dirname(createRequire(import.meta.url).resolve('@aws-sdk/client-cloudtrail')),
  '../dist-types/commands',
)

const known = new Map<Operation, string[]>()

/** The exceptions that the CloudTrail API model declares for an operation. */
export function exceptionsOf(operation: Operation): string[] {
  const exceptions = known.get(operation) ?? read(operation)
  known.set(operation, exceptions)
  return exceptions
}

function read(operation: Operation): string[] {
  const text = readFileSync(join(COMMANDS, `${operation}Command.d.ts`), 'utf8')
  // the base class of all has no "$fault"
  const declared = text.matchAll(/@throws \{@link (\w+)\} \((?:client|server) fault\)/g)
  return [...declared].map(([, name = '']) => name)
}
