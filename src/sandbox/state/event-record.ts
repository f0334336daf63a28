import { randomUUID } from 'node:crypto'

import type { Resource } from '@aws-sdk/client-cloudtrail'

import type { Call, Caller } from './call.js'
import type { SandboxContext } from '../wire/context.js'
import type { AwsError } from '../errors.js'

/** A completed call, as the event history records it. */
export interface CompletedCall {
  /** The service, for example `cloudtrail.amazonaws.com`. */
  source: string
  /** The operation. */
  name: string
  /** The request, with the names of the API. */
  input: Record<string, unknown>
  output?: object | undefined
  error?: AwsError | undefined
}

/** The user of every request that is signed with a long-term key. */
const USER = 'sandbox-user'

/** Adds a call to the event history of its account, as CloudTrail records it. */
export function recordCall(
  core: SandboxContext,
  call: Call,
  requestId: string,
  completed: CompletedCall,
): void {
  const { source, name, input, output, error } = completed
  const { caller, region, now } = call
  const id = randomUUID()
  const isReadOnly = /^(?:Get|Describe|List|Lookup|AssumeRole)/.test(name)
  const time = Math.floor(now / 1000) * 1000
  const resources = resourcesOf(input, output)
  const record: Record<string, unknown> = {
    eventVersion: '1.11',
    userIdentity: userIdentity(caller),
    eventTime: `${new Date(time).toISOString().slice(0, 19)}Z`,
    eventSource: source,
    eventName: name,
    awsRegion: region,
    sourceIPAddress: caller.sourceAddress,
    userAgent: caller.userAgent,
    ...(error === undefined ? {} : { errorCode: errorCode(error), errorMessage: error.message }),
    requestParameters: Object.keys(input).length === 0 ? null : parameters(input),
    // CloudTrail does not record the responses of reads
    responseElements:
      isReadOnly || error !== undefined || output === undefined ? null : recorded(output),
    requestID: requestId,
    eventID: id,
    readOnly: isReadOnly,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: call.account.accountId,
    eventCategory: 'Management',
  }
  call.account.history.add(region, {
    id,
    time,
    visibleAt: now + core.eventDelayMs,
    category: 'management',
    name,
    source,
    readOnly: isReadOnly ? 'true' : 'false',
    username: caller.session?.sessionName ?? USER,
    accessKeyId: caller.accessKeyId,
    resources,
    record,
  })
}

/** The ARN of the caller: a user, or a session of a role. */
export function callerArn({ accountId, session }: Caller): string {
  if (session === undefined) return `arn:aws:iam::${accountId}:user/${USER}`
  const roleName = session.roleArn.slice(session.roleArn.lastIndexOf('/') + 1)
  return `arn:aws:sts::${accountId}:assumed-role/${roleName}/${session.sessionName}`
}

function userIdentity(caller: Caller): object {
  const { accountId, accessKeyId, session } = caller
  const arn = callerArn(caller)
  if (session === undefined) {
    const principalId = 'AIDASANDBOXUSEREXAMPLE'
    return { type: 'IAMUser', principalId, arn, accountId, accessKeyId, userName: USER }
  }
  const userName = session.roleArn.slice(session.roleArn.lastIndexOf('/') + 1)
  const principalId = 'AROASANDBOXROLEEXAMPLE'
  return {
    type: 'AssumedRole',
    principalId: `${principalId}:${session.sessionName}`,
    arn,
    accountId,
    accessKeyId,
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId, arn: session.roleArn, accountId, userName },
      attributes: {
        creationDate: `${new Date(session.createdAt).toISOString().slice(0, 19)}Z`,
        mfaAuthenticated: 'false',
      },
    },
  }
}

/** CloudTrail records the codes of refused permissions without the ending that the wire has. */
function errorCode({ code }: AwsError): string {
  return code === 'AccessDeniedException' ? 'AccessDenied' : code
}

/** CloudTrail leaves out request parameters of more than 100 KB, and says so. */
function parameters(input: object): unknown {
  const originalSize = JSON.stringify(input).length
  if (originalSize <= 100 * 1024) return recorded(input)
  const reason = 'requestParameters too large'
  return { omitted: true, originalSize, reason }
}

/** Parameters as CloudTrail records them: every name with a small first letter. */
function recorded(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(recorded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      recorded(member),
    ]),
  )
}

/** The trail, bucket and role that a call names, by which LookupEvents can find it. */
function resourcesOf(input: Record<string, unknown>, output: object = {}): Resource[] {
  const seen = { ...input, ...output } as Record<string, unknown>
  const trails = [seen.TrailARN, seen.Name, seen.TrailName, seen.ResourceId]
  const named: [string, unknown][] = [
    ...trails.map((name): [string, unknown] => ['AWS::CloudTrail::Trail', name]),
    ['AWS::S3::Bucket', seen.S3BucketName],
    ['AWS::IAM::Role', seen.RoleArn],
  ]
  const resources = new Map<string, Resource>()
  for (const [ResourceType, ResourceName] of named) {
    if (typeof ResourceName === 'string') {
      resources.set(ResourceName, { ResourceType, ResourceName })
    }
  }
  return [...resources.values()]
}
