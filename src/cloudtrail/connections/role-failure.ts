import { FailureError, type Failure } from '../../envelope/failure.js'
import { translateError } from '../translate-error.js'

/** The failure of a role that was not assumed: STS's own error, with a hint for the trust policy or the network. */
export function roleFailure(error: unknown, roleArn: string, stsEndpoint: string): FailureError {
  const failure = translateError(error)
  const hint = hintFor(failure, stsEndpoint) ?? failure.hint
  return new FailureError({
    ...failure,
    message: `The role ${roleArn} was not assumed: ${failure.message}`,
    ...(hint !== undefined && { hint }),
  })
}

function hintFor({ code, source, retryable }: Failure, stsEndpoint: string): string | undefined {
  // a certificate that is not trusted has its own hint
  if (source === 'network' && retryable) {
    return `STS was not reached at ${stsEndpoint}: check name resolution and the firewalls on the way.`
  }
  if (code !== 'AccessDenied') return undefined
  return "The role's trust policy must name the connection's own keys as principal and require no other externalId than the connection gives; the policy of the keys must allow sts:AssumeRole on the role."
}
