import type { Random } from './random.js'
import type { Actor, SeedEvent } from './seed-event.js'

/** What happens on any day: each makes one event but for its time. Listed more often, happens more often. */
type Routine = (random: Random, accountId: string) => Omit<SeedEvent, 'age'>

const BROWSER =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

const ALICE: Actor = {
  userName: 'alice.ngo',
  accessKeyId: 'AKIARTX3GSDSQALICENG',
  address: '198.51.100.23',
  userAgent: 'aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux lang/python#3.13.7',
}
const BOB: Actor = {
  userName: 'bob.marsh',
  accessKeyId: 'AKIARTX3GSDSQBOBMARS',
  address: '198.51.100.41',
  userAgent: 'Boto3/1.40.30 md/Botocore#1.40.30 ua/2.1 os/macos lang/python#3.12.4',
}
const DEPLOY: Actor = {
  userName: 'deploy-pipeline',
  roleName: 'ci-deploy',
  accessKeyId: 'ASIARTX3GSDSQDEPLOY2',
  address: '192.0.2.10',
  userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.13.1',
}
const ORDERS: Actor = {
  userName: 'i-0a1b2c3d4e5f67890',
  roleName: 'orders-service',
  accessKeyId: 'ASIARTX3GSDSQORDERS2',
  address: '192.0.2.77',
  userAgent: 'aws-sdk-nodejs/3.980.0 os/linux lang/js md/nodejs#22.19.0',
}
const AUDITOR: Actor = {
  userName: 'posture-scan',
  roleName: 'security-audit',
  accessKeyId: 'ASIARTX3GSDSQAUDITOR',
  address: '192.0.2.140',
  userAgent: 'aws-sdk-go-v2/1.39.0 os/linux lang/go#1.25.1',
}

/** us-east-1 comes up the most, as in most accounts. */
const region = (random: Random) =>
  random.pick(['us-east-1', 'us-east-1', 'us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1'])

const instanceId = (random: Random) => `i-${random.digits(17)}`
const bucket = (random: Random) =>
  random.pick(['customer-exports', 'orders-archive', 'web-assets', 'build-artifacts'])

const read =
  (source: string, name: string, parameters?: (random: Random) => object): Routine =>
  (random) => ({
    region: region(random),
    source,
    name,
    isReadOnly: true,
    actor: random.pick([ALICE, BOB, DEPLOY, ORDERS, AUDITOR]),
    ...(parameters === undefined ? {} : { requestParameters: parameters(random) }),
  })

const consoleLogin: Routine = (random, accountId) => {
  const { userName, address } = random.pick([ALICE, ALICE, BOB])
  return {
    region: 'us-east-1',
    source: 'signin.amazonaws.com',
    name: 'ConsoleLogin',
    isReadOnly: false,
    actor: { userName, address, userAgent: BROWSER },
    resources: [{ ResourceType: 'AWS::IAM::User', ResourceName: userName }],
    responseElements: { ConsoleLogin: 'Success' },
    additionalEventData: {
      LoginTo: `https://${accountId}.signin.aws.amazon.com/console`,
      MobileVersion: 'No',
      MFAUsed: 'Yes',
    },
  }
}

const assumeRole: Routine = (random, accountId) => {
  const actor = random.pick([DEPLOY, ORDERS, AUDITOR])
  const roleArn = `arn:aws:iam::${accountId}:role/${actor.roleName ?? ''}`
  return {
    region: 'us-east-1',
    source: 'sts.amazonaws.com',
    name: 'AssumeRole',
    isReadOnly: true,
    actor: random.pick([ALICE, BOB]),
    resources: [{ ResourceType: 'AWS::IAM::Role', ResourceName: roleArn }],
    requestParameters: { roleArn, roleSessionName: actor.userName, durationSeconds: 3600 },
  }
}

const runInstances: Routine = (random) => {
  const id = instanceId(random)
  return {
    region: region(random),
    source: 'ec2.amazonaws.com',
    name: 'RunInstances',
    isReadOnly: false,
    actor: DEPLOY,
    resources: [{ ResourceType: 'AWS::EC2::Instance', ResourceName: id }],
    requestParameters: { instanceType: 'm7g.large', minCount: 1, maxCount: 1 },
    responseElements: { instancesSet: { items: [{ instanceId: id }] } },
  }
}

const terminateInstances: Routine = (random) => {
  const id = instanceId(random)
  return {
    region: region(random),
    source: 'ec2.amazonaws.com',
    name: 'TerminateInstances',
    isReadOnly: false,
    actor: DEPLOY,
    resources: [{ ResourceType: 'AWS::EC2::Instance', ResourceName: id }],
    requestParameters: { instancesSet: { items: [{ instanceId: id }] } },
  }
}

const putBucketTagging: Routine = (random) => {
  const bucketName = bucket(random)
  return {
    region: region(random),
    source: 's3.amazonaws.com',
    name: 'PutBucketTagging',
    isReadOnly: false,
    actor: DEPLOY,
    resources: [{ ResourceType: 'AWS::S3::Bucket', ResourceName: bucketName }],
    requestParameters: { bucketName },
  }
}

const deniedDecrypt: Routine = (random, accountId) => ({
  region: region(random),
  source: 'kms.amazonaws.com',
  name: 'Decrypt',
  isReadOnly: true,
  actor: ORDERS,
  errorCode: 'AccessDenied',
  errorMessage: `User: arn:aws:sts::${accountId}:assumed-role/orders-service/${ORDERS.userName} is not authorized to perform: kms:Decrypt on this resource`,
})

const describeInstances = read('ec2.amazonaws.com', 'DescribeInstances')
const describeTrails = read('cloudtrail.amazonaws.com', 'DescribeTrails')
const getBucketAcl = read('s3.amazonaws.com', 'GetBucketAcl', (random) => ({
  bucketName: bucket(random),
}))

/** The routine of the seeded account. */
export const ROUTINE: readonly [Routine, ...Routine[]] = [
  describeInstances,
  describeInstances,
  describeInstances,
  getBucketAcl,
  getBucketAcl,
  describeTrails,
  read('cloudtrail.amazonaws.com', 'GetTrailStatus', () => ({ name: 'management-events' })),
  read('s3.amazonaws.com', 'ListBuckets'),
  read('kms.amazonaws.com', 'Decrypt'),
  read('lambda.amazonaws.com', 'ListFunctions20150331'),
  read('logs.amazonaws.com', 'DescribeLogGroups'),
  assumeRole,
  assumeRole,
  assumeRole,
  consoleLogin,
  runInstances,
  terminateInstances,
  putBucketTagging,
  deniedDecrypt,
]
