import type { Account, World } from './world.js'

/** The signer of a request, with the details that CloudTrail records. */
export interface Caller {
  accountId: string
  accessKeyId: string
  /** The session, for callers with temporary credentials of an assumed role. */
  session?: { roleArn: string; sessionName: string; createdAt: number } | undefined
  sourceAddress: string
  userAgent: string
}

/** One call of an operation: caller, region and time. */
export interface Call {
  world: World
  account: Account
  caller: Caller
  region: string
  /** In milliseconds since 1970. */
  now: number
}
