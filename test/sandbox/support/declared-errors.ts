import { isOperation } from '../../../src/aws/operations.js'
import { exceptionsOf } from '../../../scripts/aws-exceptions.js'

/** The errors that the front door of any AWS service can return before an operation runs. */
const COMMON = [
  'AccessDeniedException',
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InternalFailure',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'RequestEntityTooLargeException',
  'SerializationException',
  'ThrottlingException',
  'UnknownOperationException',
  'UnrecognizedClientException',
  'ValidationException',
]

/** The errors that an operation has that no command calls. */
const EVERYWHERE = ['OperationNotPermittedException', 'UnsupportedOperationException']

/** Whether an operation may return an error of this code. */
export function isDeclaredError(operation: string, code: string): boolean {
  const declared = isOperation(operation) ? exceptionsOf(operation) : EVERYWHERE
  return COMMON.includes(code) || declared.includes(code)
}
