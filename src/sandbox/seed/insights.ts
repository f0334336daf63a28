import type { SeedEvent } from './seed-event.js'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/**
 * The Insights events of the seeded history: each unusual rate has one event at its start and one at
 * its end. LookupEvents returns them only for the category `insight`.
 */
export function insightEvents(): SeedEvent[] {
  return [
    // the calls of the incident, two days before the start
    ...insight(
      'ApiCallRateInsight',
      'DescribeInstances',
      'ec2',
      2 * DAY - 5 * MINUTE,
      14 * MINUTE,
      [0.9, 61.4],
    ),
    ...insight(
      'ApiErrorRateInsight',
      'ListSecrets',
      'secretsmanager',
      2 * DAY - 9 * MINUTE,
      8 * MINUTE,
      [0.02, 11.5],
    ),
    // a deployment that went wrong
    ...insight('ApiCallRateInsight', 'RunInstances', 'ec2', 12 * DAY, 22 * MINUTE, [0.04, 8.25]),
  ]
}

function insight(
  insightType: string,
  name: string,
  service: string,
  age: number,
  lasted: number,
  [baseline, average]: [number, number],
): SeedEvent[] {
  const source = `${service}.amazonaws.com`
  const at = (state: 'Start' | 'End'): SeedEvent => ({
    age: state === 'Start' ? age : age - lasted,
    region: 'us-east-1',
    source,
    name,
    isReadOnly: true,
    actor: { userName: 'cloudtrail.amazonaws.com', address: '-', userAgent: '-' },
    insightDetails: {
      state,
      eventSource: source,
      eventName: name,
      insightType,
      ...(insightType === 'ApiErrorRateInsight' ? { errorCode: 'AccessDenied' } : {}),
      insightContext: {
        statistics: {
          baseline: { average: baseline },
          insight: { average },
          ...(state === 'End'
            ? { insightDuration: lasted / MINUTE, baselineDuration: 10_080 }
            : {}),
        },
        attributions: [],
      },
    },
  })
  return [at('Start'), at('End')]
}
