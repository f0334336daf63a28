import { RoleSession, type Role } from './role-session.js'

/** How many sessions are kept; the one used longest ago goes first. */
const MAX_SESSIONS = 1000

/**
 * The sessions of all roles that are assumed now, so that requests which bring the same role share its session, and so
 * do the regions of one connection.
 */
export class RoleSessions {
  readonly #sessions = new Map<string, RoleSession>()

  /**
   * @param identity tells who assumes which role where
   * @param role how it is assumed, where it is not yet
   */
  for(identity: string, role: Role): RoleSession {
    const session = this.#sessions.get(identity) ?? new RoleSession(role)
    // a Map keeps the order of insertion: what is used goes to the end
    this.#sessions.delete(identity)
    this.#sessions.set(identity, session)
    const [oldest] = this.#sessions.keys()
    if (this.#sessions.size > MAX_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest)
    return session
  }
}
