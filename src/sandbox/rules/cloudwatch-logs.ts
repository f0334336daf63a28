import type { UpdateTrailCommandInput } from '@aws-sdk/client-cloudtrail'

import { modelledError } from '../errors.js'
import type { Call } from '../state/call.js'
import type { TrailSettings } from '../state/world.js'

/** A log group ARN as CloudTrail accepts it: with the log stream wildcard at its end. */
const LOG_GROUP = /^arn:aws[a-z-]*:logs:([a-z0-9-]+):(\d{12}):log-group:([\w./#-]{1,512}):\*$/

const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/(?:[\w+=,.@-]+\/)*([\w+=,.@-]{1,64})$/

/** The two settings of a trail that name its log group and the role that writes to it. */
type LogsPair = Pick<TrailSettings, 'CloudWatchLogsLogGroupArn' | 'CloudWatchLogsRoleArn'>

/**
 * The log group and role of a trail after CreateTrail or UpdateTrail, checked as recorded from AWS in
 * September 2026: a request names both or neither; one empty text alone, or two, removes both; an
 * empty text beside a value is refused.
 *
 * A log group whose name starts with `missing-` stands for one that the role cannot write to, and a
 * role whose name starts with `denied-` for one that CloudTrail cannot assume.
 *
 * @throws AwsError `InvalidCloudWatchLogsLogGroupArnException`, `InvalidCloudWatchLogsRoleArnException`
 */
export function logsPair(
  call: Call,
  input: UpdateTrailCommandInput,
  before: TrailSettings,
): LogsPair {
  const { CloudWatchLogsLogGroupArn: group, CloudWatchLogsRoleArn: role } = input
  if (group === undefined && role === undefined) {
    const { CloudWatchLogsLogGroupArn, CloudWatchLogsRoleArn } = before
    return { CloudWatchLogsLogGroupArn, CloudWatchLogsRoleArn }
  }
  if (!isGiven(group) && !isGiven(role)) {
    return { CloudWatchLogsLogGroupArn: undefined, CloudWatchLogsRoleArn: undefined }
  }
  const both = 'You must specify a log group and a role ARN.'
  if (!isGiven(group)) throw groupError(both)
  if (!isGiven(role)) throw roleError(both)
  checkLogGroup(call, group)
  checkRole(role)
  return { CloudWatchLogsLogGroupArn: group, CloudWatchLogsRoleArn: role }
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== ''
}

function checkLogGroup(call: Call, group: string): void {
  const [, region, accountId, name] = LOG_GROUP.exec(group) ?? []
  if (name === undefined || accountId !== call.account.accountId) {
    throw groupError('CloudTrail cannot validate the specified log group ARN.')
  }
  if (region !== call.region) {
    throw groupError('You must specify a log group that is in the current region.')
  }
  if (name.startsWith('missing-')) {
    throw groupError('Access denied. Verify in IAM that the role has adequate permissions.')
  }
}

function checkRole(role: string): void {
  const [, name] = ROLE.exec(role) ?? []
  if (name === undefined) throw roleError('CloudTrail cannot validate the specified role ARN.')
  if (name.startsWith('denied-')) {
    throw roleError('Access denied. Verify in IAM that the role has adequate trust relationships.')
  }
}

function groupError(message: string): Error {
  return modelledError('InvalidCloudWatchLogsLogGroupArnException', message)
}

function roleError(message: string): Error {
  return modelledError('InvalidCloudWatchLogsRoleArnException', message)
}
