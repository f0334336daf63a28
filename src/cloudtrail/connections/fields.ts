import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { ConnectionError } from './connection-error.js'
import type { ConnectionFields } from './connection.js'

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
    description: 'Secret access key. Never logged, never returned.',
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
      "2 to 1224 of `A-Za-z0-9_+=,.@:/-`: the external id that the role's trust policy requires; only together with `roleArn`.",
    examples: ['soar-4711'],
  }),
  region: Type.String({
    pattern: '^[a-z]{2,}(-[a-z]+)+-\\d{1,2}$',
    description:
      'Region, for hosts whose name has none (default us-east-1). Must not contradict the serverUrl.',
    examples: ['us-east-1'],
  }),
}

/** The rule of each field in words, for fields that the configuration gives. */
const RULES = {
  serverUrl: 'must be 1 to 255 characters long',
  accessKey: 'must be 16 to 128 letters, digits or underscores',
  accessSecret: 'must be 1 to 256 characters long',
  sessionToken: 'must be 1 to 8192 characters long',
  roleArn: 'must be the ARN of a role: arn:<partition>:iam::<12 digits>:role/<name>',
  externalId: 'must be 2 to 1224 characters of A-Z a-z 0-9 _ + = , . @ : / -',
  region: 'must be a region such as us-east-1',
} as const satisfies Record<keyof ConnectionFields, string>

/** A name that a connection may have: `inline` is reserved for the connections that requests bring. */
export const CONNECTION_NAME = /^(?!inline$)[A-Za-z0-9._-]{1,64}$/

/** Whether a text is the name of a field of a connection. */
export function isConnectionField(name: string): name is keyof ConnectionFields {
  return Object.hasOwn(CONNECTION_FIELDS, name)
}

/** The fields that break their own rule. */
export function fieldErrors(fields: ConnectionFields): ConnectionError[] {
  return Object.entries(fields).flatMap(([field, value]) => {
    if (value === undefined || !isConnectionField(field)) return []
    return Value.Check(CONNECTION_FIELDS[field], value) ? [] : [{ field, message: RULES[field] }]
  })
}
