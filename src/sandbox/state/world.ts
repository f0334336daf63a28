import type {
  AdvancedEventSelector,
  EventSelector,
  InsightSelector,
  Tag,
} from '@aws-sdk/client-cloudtrail'

import { EventHistory } from './event-history.js'

/** A trail's settings, in CloudTrail's own words; members without a value are absent. */
export interface TrailSettings {
  Name: string
  S3BucketName: string
  S3KeyPrefix?: string | undefined
  SnsTopicName?: string | undefined
  SnsTopicARN?: string | undefined
  IncludeGlobalServiceEvents: boolean
  IsMultiRegionTrail: boolean
  HomeRegion: string
  TrailARN: string
  LogFileValidationEnabled: boolean
  CloudWatchLogsLogGroupArn?: string | undefined
  CloudWatchLogsRoleArn?: string | undefined
  KmsKeyId?: string | undefined
  IsOrganizationTrail: boolean
  RecursiveLogging: boolean
}

/** A trail: its settings and all that other operations change. Plain JSON, so that it can be exported. */
export interface Trail {
  settings: TrailSettings
  isLogging: boolean
  /** When logging was last started and stopped, in milliseconds since 1970. */
  startedAt?: number | undefined
  stoppedAt?: number | undefined
  /** The basic selectors last put; a trail without any logs by the default selector. */
  eventSelectors?: EventSelector[] | undefined
  /** The advanced selectors last put. A trail has basic or advanced selectors, never both. */
  advancedEventSelectors?: AdvancedEventSelector[] | undefined
  insightSelectors: InsightSelector[]
  tags: Tag[]
}

/** What one AWS account holds. */
export interface Account {
  accountId: string
  /** By trail ARN. */
  trails: Map<string, Trail>
  history: EventHistory
}

/** All accounts of the sandbox. An account comes into being, empty, with the first call for it. */
export class World {
  readonly accounts = new Map<string, Account>()

  /** The account of this id. */
  account(accountId: string): Account {
    let account = this.accounts.get(accountId)
    if (account === undefined) {
      account = { accountId, trails: new Map(), history: new EventHistory() }
      this.accounts.set(accountId, account)
    }
    return account
  }
}
