/** Members of an event that every service records, or most do (CloudTrail record contents). */
const RECORD = [
  'apiVersion',
  'awsRegion',
  'errorCode',
  'errorMessage',
  'eventID',
  'eventName',
  'eventSource',
  'eventTime',
  'eventType',
  'eventVersion',
  'readOnly',
  'recipientAccountId',
  'requestID',
  'requestParameters',
  'responseElements',
  'sharedEventID',
  'sourceIPAddress',
  'userAgent',
  'userIdentity.accessKeyId',
  'userIdentity.accountId',
  'userIdentity.arn',
  'userIdentity.invokedBy',
  'userIdentity.principalId',
  'userIdentity.sessionContext.attributes.creationDate',
  'userIdentity.sessionContext.attributes.mfaAuthenticated',
  'userIdentity.sessionContext.sessionIssuer.accountId',
  'userIdentity.sessionContext.sessionIssuer.arn',
  'userIdentity.sessionContext.sessionIssuer.principalId',
  'userIdentity.sessionContext.sessionIssuer.type',
  'userIdentity.sessionContext.sessionIssuer.userName',
  'userIdentity.type',
  'userIdentity.userName',
]

const EVENT = [
  'AccessKeyId',
  'EventId',
  'EventName',
  'EventSource',
  'EventTime',
  'ReadOnly',
  'Resources.*.ResourceName',
  'Resources.*.ResourceType',
  'Username',
  'Region',
]

/** The columns of the official app's table, in their order. */
const COLUMNS: [path: string, name: string][] = [
  ['EventTime', 'Event Time'],
  ['Username', 'User Name'],
  ['EventName', 'Event Name'],
  ['ExtractedCloudTrailEvent.sourceIPAddress', 'Source IP'],
  ['ExtractedCloudTrailEvent.userAgent', 'User Agent'],
]

/** What kind of thing a value is, by which Splunk SOAR offers actions on it. */
function containsOf(path: string): string[] {
  if (path.endsWith('.arn')) return ['aws arn']
  if (path.endsWith('IPAddress')) return ['ip']
  return /user_?name$/i.test(path) ? ['user name'] : []
}

/** The data paths of `run query`, as the official app has them: those that events of all services share. */
export function eventOutputs(): object[] {
  const paths = [...EVENT, ...RECORD.map((path) => `ExtractedCloudTrailEvent.${path}`)]
  return paths.map((path) => {
    const order = COLUMNS.findIndex(([column]) => column === path)
    const contains = containsOf(path)
    return {
      data_path: `action_result.data.*.${path}`,
      data_type: path.endsWith('.readOnly') ? 'boolean' : 'string',
      ...(order >= 0 && { column_name: COLUMNS[order]?.[1], column_order: order }),
      ...(contains.length > 0 && { contains }),
    }
  })
}
