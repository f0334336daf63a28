import type { Operation } from './operations.js'

/** The API classes in the order in which they are listed and shown. */
export const API_CLASSES = ['read', 'lookup', 'write'] as const

/**
 * The three classes into which AWS divides CloudTrail's request quotas, each counted per account and
 * region ("Quotas in AWS CloudTrail"): Get, Describe and List calls; LookupEvents; everything else.
 */
export type ApiClass = (typeof API_CLASSES)[number]

const API_CLASS: Record<Operation, ApiClass> = {
  AddTags: 'write',
  CreateTrail: 'write',
  DeleteTrail: 'write',
  DescribeTrails: 'read',
  GetEventSelectors: 'read',
  GetInsightSelectors: 'read',
  GetTrail: 'read',
  GetTrailStatus: 'read',
  ListTags: 'read',
  ListTrails: 'read',
  LookupEvents: 'lookup',
  PutEventSelectors: 'write',
  PutInsightSelectors: 'write',
  RemoveTags: 'write',
  StartLogging: 'write',
  StopLogging: 'write',
  UpdateTrail: 'write',
}

/** The quota class of an operation. */
export function apiClassOf(operation: Operation): ApiClass {
  return API_CLASS[operation]
}
