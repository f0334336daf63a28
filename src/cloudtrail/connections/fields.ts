import { Type } from '@sinclair/typebox'

/** The fields of a connection with their rules: AWS's for keys and roles, this service's for endpoints. */
export const CONNECTION_FIELDS = {
  serverUrl: Type.String({
    minLength: 1,
    maxLength: 255,
    description:
      'The endpoint: `https://cloudtrail.<region>.amazonaws.com`, or an origin that the service allows beside AWS.',
    examples: ['https://cloudtrail.us-east-1.amazonaws.com'],
  }),
  accessKey: Type.String({
    pattern: '^[A-Za-z0-9_]{16,128}$',
    description: 'Access key id: 16 to 128 letters and digits.',
  }),
  accessSecret: Type.String({
    minLength: 1,
    maxLength: 256,
    description: 'Secret access key. Never logged, never answered.',
  }),
  sessionToken: Type.String({
    minLength: 1,
    maxLength: 8192,
    description: 'Session token, when the access key is a temporary one.',
  }),
  roleArn: Type.String({
    pattern: '^arn:aws[a-z-]*:iam::\\d{12}:role/([\\x21-\\x7e]{1,511}/)?[\\w+=,.@-]{1,64}$',
    maxLength: 2048,
    description:
      'ARN of a role, `arn:aws:iam::<account>:role/<name>`, that the keys assume (STS AssumeRole), in the partition of the serverUrl: the command runs as the role, in its account. The session is called `cloudtrail-commands`.',
    examples: ['arn:aws:iam::111122223333:role/soar'],
  }),
  externalId: Type.String({
    minLength: 2,
    maxLength: 1224,
    pattern: '^[\\w+=,.@:/-]*$',
    description:
      "2 to 1224 of `A-Za-z0-9_+=,.@:/-`: the external id that the role's trust policy asks for; only together with `roleArn`.",
    examples: ['soar-4711'],
  }),
  region: Type.String({
    pattern: '^[a-z]{2,}(-[a-z]+)+-\\d{1,2}$',
    description:
      'Region, for hosts whose name tells none (default us-east-1). Must not contradict the serverUrl.',
    examples: ['us-east-1'],
  }),
}

/** How a connection may be called: `inline` is what a request brings. */
export const CONNECTION_NAME = /^(?!inline$)[A-Za-z0-9._-]{1,64}$/
