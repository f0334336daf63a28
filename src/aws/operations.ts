/**
 * The CloudTrail operations that the commands use, by their names in `x-amz-target` (CloudTrail API reference, version
 * 2013-11-01). Tables by operation are `Record<Operation, …>`, so that the compiler reports one that lacks an entry.
 */
export const OPERATIONS = [
  'AddTags',
  'CreateTrail',
  'DeleteTrail',
  'DescribeTrails',
  'GetEventSelectors',
  'GetInsightSelectors',
  'GetTrail',
  'GetTrailStatus',
  'ListTags',
  'ListTrails',
  'LookupEvents',
  'PutEventSelectors',
  'PutInsightSelectors',
  'RemoveTags',
  'StartLogging',
  'StopLogging',
  'UpdateTrail',
] as const

/** The name of a CloudTrail operation, for example `DescribeTrails`. */
export type Operation = (typeof OPERATIONS)[number]

/** Whether a text is the name of an operation that the commands use. */
export function isOperation(name: string): name is Operation {
  return OPERATIONS.some((operation) => operation === name)
}

/** The IAM action that permits an operation, for example `cloudtrail:DescribeTrails`. */
export type IamAction = `cloudtrail:${Operation}`

/** The operation that an IAM action permits. */
export function operationOfAction(action: IamAction): Operation {
  // the slice of a template literal type has no type of its own
  return action.slice('cloudtrail:'.length) as Operation
}
