import type { Call } from '../state/call.js'
import { modelledError } from '../errors.js'
import type { TrailSettings } from '../state/world.js'

/** A log group as CloudTrail wants it: with the log stream wildcard at its end. */
const LOG_GROUP = /^arn:aws[a-z-]*:logs:([a-z0-9-]+):(\d{12}):log-group:([\w./#-]{1,512}):\*$/

const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/(?:[\w+=,.@-]+\/)*([\w+=,.@-]{1,64})$/

/**
 * Checks a trail's CloudWatch Logs log group and role: both or none, the group in the region and account
 * of the trail. Names that start with `missing-` play a group that does not exist, roles that start
 * with `denied-` one that CloudTrail may not assume.
 *
 * @throws AwsError `InvalidCloudWatchLogsLogGroupArnException`, `InvalidCloudWatchLogsRoleArnException`
 */
export function checkLogGroup(call: Call, settings: TrailSettings): void {
  const { CloudWatchLogsLogGroupArn: group, CloudWatchLogsRoleArn: role } = settings
  if (group === undefined && role === undefined) return
  if (group === undefined) {
    throw groupError('You must specify a log group as well as a role ARN.')
  }
  const [, region, accountId, name] = LOG_GROUP.exec(group) ?? []
  if (name === undefined || region !== call.region || accountId !== call.account.accountId) {
    throw groupError("Check the log group ARN: CloudTrail can't validate it.")
  }
  if (name.startsWith('missing-')) {
    throw groupError("Check the log group ARN: CloudTrail can't validate it.")
  }
  if (role === undefined) throw roleError('You must specify a role ARN as well as a log group.')
  const [, roleName] = ROLE.exec(role) ?? []
  if (roleName === undefined || roleName.startsWith('denied-')) {
    throw roleError('Access denied. Check the trust relationships for your role.')
  }
}

function groupError(message: string): Error {
  return modelledError('InvalidCloudWatchLogsLogGroupArnException', message)
}

function roleError(message: string): Error {
  return modelledError('InvalidCloudWatchLogsRoleArnException', message)
}
