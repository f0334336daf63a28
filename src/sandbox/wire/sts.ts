import { randomUUID } from 'node:crypto'

import type { Call } from '../state/call.js'
import type { SandboxContext } from './context.js'
import { AwsError, commonError } from '../errors.js'
import { callerArn, recordCall } from '../state/event-record.js'
import type { SignedRequest } from './signed-request.js'
import { identify } from './identify.js'
import type { WireResponse } from './protocol.js'

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/'
const ROLE_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:[\w+=,.@-]+\/)*([\w+=,.@-]{1,64})$/
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/

/** The external id that roles whose names end in `-external` require. */
export const SANDBOX_EXTERNAL_ID = 'sandbox-external-id'

/**
 * Responds to one request of the STS API, of which the sandbox carries out AssumeRole.
 *
 * Every role can be assumed but two kinds: those whose names start with `denied-`, and those whose
 * names end in `-external` without the {@link SANDBOX_EXTERNAL_ID}.
 */
export function handleSts(core: SandboxContext, request: SignedRequest): WireResponse {
  const requestId = randomUUID()
  try {
    const parameters = new URLSearchParams(request.body)
    const now = Date.now()
    const { caller, region } = identify(request, 'sts', core.sessions, core.signingKeys, now)
    const action = parameters.get('Action') ?? ''
    if (action !== 'AssumeRole') {
      throw commonError(
        'InvalidAction',
        `Could not find operation ${action} for version 2011-06-15`,
      )
    }
    const account = core.world.account(caller.accountId)
    const call: Call = { world: core.world, account, caller, region, now }
    return assumeRole(core, call, parameters, requestId)
  } catch (error) {
    if (error instanceof AwsError) return xmlError(error, requestId)
    throw error
  }
}

function assumeRole(
  core: SandboxContext,
  call: Call,
  parameters: URLSearchParams,
  requestId: string,
): WireResponse {
  const roleArn = parameters.get('RoleArn') ?? ''
  const sessionName = parameters.get('RoleSessionName') ?? ''
  const seconds = Number(parameters.get('DurationSeconds') ?? 3600)
  const [, accountId, roleName] = ROLE_ARN.exec(roleArn) ?? []
  if (accountId === undefined || roleName === undefined) {
    throw commonError('ValidationError', `${roleArn} is invalid`)
  }
  if (!SESSION_NAME.test(sessionName)) {
    throw validation(
      sessionName,
      'roleSessionName',
      String.raw`satisfy regular expression pattern: [\w+=,.@-]*`,
    )
  }
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200) {
    throw validation(String(seconds), 'durationSeconds', 'have value between 900 and 43200')
  }
  if (call.caller.session !== undefined && seconds > 3600) {
    throw commonError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    )
  }
  const input = { RoleArn: roleArn, RoleSessionName: sessionName, DurationSeconds: seconds }
  const event = { source: 'sts.amazonaws.com', name: 'AssumeRole', input }
  const wantsExternalId = roleName.endsWith('-external')
  if (
    roleName.startsWith('denied-') ||
    (wantsExternalId && parameters.get('ExternalId') !== SANDBOX_EXTERNAL_ID)
  ) {
    const error = commonError(
      'AccessDenied',
      `User: ${callerArn(call.caller)} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      403,
    )
    recordCall(core, call, requestId, { ...event, error })
    throw error
  }
  const expiresAt = call.now + seconds * 1000
  const session = core.sessions.open({ accountId, arn: roleArn }, sessionName, call.now, expiresAt)
  recordCall(core, call, requestId, event)
  return xml(
    200,
    requestId,
    element('AssumeRoleResponse', [
      element('AssumeRoleResult', [
        element('Credentials', [
          element('AccessKeyId', session.accessKeyId),
          element('SecretAccessKey', session.secretAccessKey),
          element('SessionToken', session.sessionToken),
          element('Expiration', new Date(expiresAt).toISOString()),
        ]),
        element('AssumedRoleUser', [
          element('AssumedRoleId', `AROASANDBOXROLEEXAMPLE:${sessionName}`),
          element('Arn', `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`),
        ]),
      ]),
      element('ResponseMetadata', [element('RequestId', requestId)]),
    ]),
  )
}

function validation(value: string, name: string, rule: string): AwsError {
  return commonError(
    'ValidationError',
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must ${rule}`,
  )
}

/** The error codes that STS (XML) spells differently from the JSON services. */
const XML_CODES: Readonly<Record<string, string>> = {
  UnrecognizedClientException: 'InvalidClientTokenId',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  ExpiredTokenException: 'ExpiredToken',
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  IncompleteSignatureException: 'IncompleteSignature',
}

function xmlError(error: AwsError, requestId: string): WireResponse {
  const code = XML_CODES[error.code]
  const details = element('Error', [
    element('Type', 'Sender'),
    element('Code', code ?? error.code),
    element('Message', error.message),
  ])
  const body = element('ErrorResponse', [details, element('RequestId', requestId)])
  return xml(code === undefined ? error.status : 403, requestId, body)
}

function xml(status: number, requestId: string, root: string): WireResponse {
  return {
    status,
    headers: { 'x-amzn-RequestId': requestId, 'content-type': 'text/xml' },
    body: root.replace('>', ` xmlns="${NAMESPACE}">`),
  }
}

function element(name: string, content: string | string[]): string {
  const inner = typeof content === 'string' ? escapeXml(content) : content.join('')
  return `<${name}>${inner}</${name}>`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
