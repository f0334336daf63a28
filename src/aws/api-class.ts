/**
 * The three classes into which AWS divides CloudTrail's request quotas, each counted per account and
 * region ("Quotas in AWS CloudTrail"): Get, Describe and List calls; LookupEvents; everything else.
 */
export type ApiClass = 'read' | 'lookup' | 'write'

/** The classes in the order in which they are listed and shown. */
export const API_CLASSES = ['read', 'lookup', 'write'] as const satisfies readonly ApiClass[]

/**
 * The quota class of an AWS operation, from its name.
 *
 * @param operation an operation name as in `x-amz-target`, for example `DescribeTrails`
 */
export function apiClassOf(operation: string): ApiClass {
  if (operation === 'LookupEvents') return 'lookup'
  return /^(Get|Describe|List)/.test(operation) ? 'read' : 'write'
}
