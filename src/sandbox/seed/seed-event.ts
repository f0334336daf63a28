import type { Resource } from '@aws-sdk/client-cloudtrail'

import type { StoredEvent } from '../state/event-history.js'
import type { Random } from './random.js'

/** An event of the seeded history, as it is written down there. */
export interface SeedEvent {
  /** How long before the sandbox's start it happened, in milliseconds. */
  age: number
  region: string
  /** The service, for example `s3.amazonaws.com`. */
  source: string
  name: string
  isReadOnly: boolean
  actor: Actor
  resources?: Resource[]
  requestParameters?: object
  responseElements?: object
  errorCode?: string
  errorMessage?: string
  additionalEventData?: object
  /** For Insights events, which have no actor of their own in the record. */
  insightDetails?: object
}

/** Somebody in the seeded history. */
export interface Actor {
  userName: string
  /** For sessions of a role; without it the actor is a user of the account. */
  roleName?: string
  accessKeyId?: string
  address: string
  userAgent: string
}

/** Makes the event as the history keeps it, with the record that CloudTrail would write. */
export function storedEvent(
  event: SeedEvent,
  accountId: string,
  time: number,
  random: Random,
): StoredEvent {
  const id = random.uuid()
  const { actor, resources = [], insightDetails } = event
  const eventTime = `${new Date(time).toISOString().slice(0, 19)}Z`
  const common = { eventTime, awsRegion: event.region, eventID: id, recipientAccountId: accountId }
  if (insightDetails !== undefined) {
    return {
      id,
      time,
      category: 'insight',
      name: event.name,
      source: event.source,
      resources: [],
      record: {
        eventVersion: '1.09',
        ...common,
        eventType: 'AwsCloudTrailInsight',
        sharedEventID: random.uuid(),
        insightDetails,
        eventCategory: 'Insight',
      },
    }
  }
  return {
    id,
    time,
    category: 'management',
    name: event.name,
    source: event.source,
    readOnly: event.isReadOnly ? 'true' : 'false',
    username: actor.userName,
    accessKeyId: actor.accessKeyId,
    resources,
    record: {
      eventVersion: '1.11',
      userIdentity: identity(actor, accountId, eventTime),
      eventSource: event.source,
      eventName: event.name,
      sourceIPAddress: actor.address,
      userAgent: actor.userAgent,
      ...(event.errorCode === undefined ? {} : { errorCode: event.errorCode }),
      ...(event.errorMessage === undefined ? {} : { errorMessage: event.errorMessage }),
      requestParameters: event.requestParameters ?? null,
      responseElements: event.responseElements ?? null,
      ...(event.additionalEventData === undefined
        ? {}
        : { additionalEventData: event.additionalEventData }),
      requestID: random.uuid(),
      readOnly: event.isReadOnly,
      eventType: event.name === 'ConsoleLogin' ? 'AwsConsoleSignIn' : 'AwsApiCall',
      managementEvent: true,
      eventCategory: 'Management',
      ...common,
    },
  }
}

function identity(actor: Actor, accountId: string, eventTime: string): object {
  const { userName, roleName, accessKeyId } = actor
  const key = accessKeyId === undefined ? {} : { accessKeyId }
  if (roleName === undefined) {
    const principalId = `AIDA${principal(userName)}`
    const arn = `arn:aws:iam::${accountId}:user/${userName}`
    return { type: 'IAMUser', principalId, arn, accountId, ...key, userName }
  }
  const principalId = `AROA${principal(roleName)}`
  const role = `arn:aws:iam::${accountId}:role/${roleName}`
  return {
    type: 'AssumedRole',
    principalId: `${principalId}:${userName}`,
    arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${userName}`,
    accountId,
    ...key,
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId, arn: role, accountId, userName: roleName },
      attributes: { creationDate: eventTime, mfaAuthenticated: 'false' },
    },
  }
}

/** A principal id's tail for a name: 17 capital letters, always the same for the same name. */
function principal(name: string): string {
  return name
    .toUpperCase()
    .replace(/[^A-Z]/g, '')
    .padEnd(17, 'EXAMPLE')
    .slice(0, 17)
}
