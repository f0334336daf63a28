import type { Actor, SeedEvent } from './seed-event.js'
import { STOP_LASTED } from './trails.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const BROWSER = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0'

/** A contractor whose password was guessed: an address and a client never seen before. */
const CONTRACTOR: Actor = {
  userName: 'temp-contractor',
  address: '203.0.113.77',
  userAgent: BROWSER,
}
/** The same with the access key that was made on the way. */
const CONTRACTOR_KEY: Actor = {
  ...CONTRACTOR,
  accessKeyId: 'AKIARTX3GSDSQINTRUDE',
  userAgent: 'aws-cli/1.18.69 Python/3.8.10 Linux/5.4.0-kali botocore/1.16.19',
}
const SECOPS: Actor = {
  userName: 'secops-oncall',
  roleName: 'incident-response',
  accessKeyId: 'ASIARTX3GSDSQSECOPS2',
  address: '198.51.100.8',
  userAgent: 'aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux lang/python#3.13.7',
}

/**
 * The incident that a playbook can find: two days before the sandbox's start somebody guesses a
 * password, signs in without MFA, makes a key, stops the account's main trail and looks around; 23
 * minutes later the security team starts the trail again.
 */
export function incidentEvents(accountId: string): SeedEvent[] {
  const stop = 2 * DAY
  const trail = `arn:aws:cloudtrail:us-east-1:${accountId}:trail/management-events`
  const trailResource = [{ ResourceType: 'AWS::CloudTrail::Trail', ResourceName: trail }]
  const call = (age: number, actor: Actor, service: string, name: string): SeedEvent => ({
    age,
    region: 'us-east-1',
    source: `${service}.amazonaws.com`,
    name,
    isReadOnly: /^(Describe|List|Get)/.test(name),
    actor,
  })
  return [
    failedLogin(stop + 31 * MINUTE),
    failedLogin(stop + 30 * MINUTE),
    failedLogin(stop + 29 * MINUTE),
    login(stop + 28 * MINUTE),
    {
      ...call(stop + 21 * MINUTE, CONTRACTOR, 'iam', 'CreateAccessKey'),
      resources: [
        { ResourceType: 'AWS::IAM::AccessKey', ResourceName: CONTRACTOR_KEY.accessKeyId },
        { ResourceType: 'AWS::IAM::User', ResourceName: CONTRACTOR.userName },
      ],
      requestParameters: { userName: CONTRACTOR.userName },
      responseElements: {
        accessKey: {
          accessKeyId: CONTRACTOR_KEY.accessKeyId,
          userName: CONTRACTOR.userName,
          status: 'Active',
        },
      },
    },
    call(stop + 6 * MINUTE, CONTRACTOR_KEY, 'cloudtrail', 'DescribeTrails'),
    {
      ...call(stop + 3 * MINUTE, CONTRACTOR_KEY, 'cloudtrail', 'DeleteTrail'),
      resources: trailResource,
      requestParameters: { name: trail },
      errorCode: 'AccessDenied',
      errorMessage: `User: arn:aws:iam::${accountId}:user/${CONTRACTOR.userName} is not authorized to perform: cloudtrail:DeleteTrail on resource: ${trail} because no identity-based policy allows the cloudtrail:DeleteTrail action`,
    },
    {
      ...call(stop, CONTRACTOR_KEY, 'cloudtrail', 'StopLogging'),
      resources: trailResource,
      requestParameters: { name: trail },
    },
    call(stop - 4 * MINUTE, CONTRACTOR_KEY, 's3', 'ListBuckets'),
    {
      ...call(stop - 9 * MINUTE, CONTRACTOR_KEY, 'secretsmanager', 'ListSecrets'),
      errorCode: 'AccessDenied',
    },
    {
      ...call(stop - STOP_LASTED, SECOPS, 'cloudtrail', 'StartLogging'),
      resources: trailResource,
      requestParameters: { name: 'management-events' },
    },
    {
      ...call(stop - 25 * MINUTE, SECOPS, 'iam', 'UpdateAccessKey'),
      resources: [
        { ResourceType: 'AWS::IAM::AccessKey', ResourceName: CONTRACTOR_KEY.accessKeyId },
      ],
      requestParameters: {
        userName: CONTRACTOR.userName,
        accessKeyId: CONTRACTOR_KEY.accessKeyId,
        status: 'Inactive',
      },
    },
  ]
}

function login(age: number): SeedEvent {
  return {
    age,
    region: 'us-east-1',
    source: 'signin.amazonaws.com',
    name: 'ConsoleLogin',
    isReadOnly: false,
    actor: CONTRACTOR,
    resources: [{ ResourceType: 'AWS::IAM::User', ResourceName: CONTRACTOR.userName }],
    responseElements: { ConsoleLogin: 'Success' },
    additionalEventData: { MobileVersion: 'No', MFAUsed: 'No' },
  }
}

function failedLogin(age: number): SeedEvent {
  return {
    ...login(age),
    responseElements: { ConsoleLogin: 'Failure' },
    errorMessage: 'Failed authentication',
  }
}
