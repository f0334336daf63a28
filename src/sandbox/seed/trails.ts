import type { Account, Trail, TrailSettings } from '../state/world.js'

const DAY = 24 * 60 * 60 * 1000

/**
 * Gives an account the trails that the sandbox starts with: three at home in us-east-1, one in
 * eu-west-1. The seeded history agrees with them.
 *
 * @param now the start of the sandbox, in milliseconds since 1970
 */
export function seedTrails(account: Account, now: number): void {
  const trails: Trail[] = [
    {
      settings: {
        ...settings(account, 'us-east-1', 'management-events'),
        IsMultiRegionTrail: true,
        LogFileValidationEnabled: true,
      },
      isLogging: true,
      // as the events of the history say
      startedAt: now - 2 * DAY + STOP_LASTED,
      stoppedAt: now - 2 * DAY,
      insightSelectors: [],
      tags: [
        { Key: 'Owner', Value: 'secops' },
        { Key: 'Environment', Value: 'production' },
      ],
    },
    {
      settings: settings(account, 'us-east-1', 'data-events'),
      isLogging: true,
      startedAt: now - 60 * DAY,
      eventSelectors: [
        {
          ReadWriteType: 'All',
          IncludeManagementEvents: false,
          DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3:::customer-exports/'] }],
          ExcludeManagementEventSources: [],
        },
      ],
      insightSelectors: [],
      tags: [{ Key: 'Owner', Value: 'data-platform' }],
    },
    {
      settings: settings(account, 'us-east-1', 'insights'),
      isLogging: true,
      startedAt: now - 80 * DAY,
      insightSelectors: [{ InsightType: 'ApiCallRateInsight' }],
      tags: [],
    },
    {
      settings: settings(account, 'eu-west-1', 'eu-audit'),
      isLogging: false,
      advancedEventSelectors: [
        {
          Name: 'Write management events',
          FieldSelectors: [
            { Field: 'eventCategory', Equals: ['Management'] },
            { Field: 'readOnly', Equals: ['false'] },
          ],
        },
      ],
      insightSelectors: [],
      tags: [],
    },
  ]
  for (const trail of trails) account.trails.set(trail.settings.TrailARN, trail)
}

/** How long `management-events` was stopped two days before the start, in milliseconds. */
export const STOP_LASTED = 23 * 60 * 1000

function settings({ accountId }: Account, region: string, name: string): TrailSettings {
  return {
    Name: name,
    S3BucketName: `cloudtrail-logs-${accountId}`,
    IncludeGlobalServiceEvents: true,
    IsMultiRegionTrail: false,
    HomeRegion: region,
    TrailARN: `arn:aws:cloudtrail:${region}:${accountId}:trail/${name}`,
    LogFileValidationEnabled: false,
    IsOrganizationTrail: false,
    RecursiveLogging: true,
  }
}
