import type { AwsErrorCode } from './aws-errors.js'

/** A validation error of a request: the field, as `trailNames[1]`, and the rule that it breaks. */
export interface ValidationError {
  field: string
  message: string
  /** AWS's error code, where AWS has one for the rule. */
  code?: AwsErrorCode
}
