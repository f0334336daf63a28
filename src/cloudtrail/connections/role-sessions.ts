import { LRUCache } from 'lru-cache'
import type { Role } from './assume-role.js'
import { RoleSession } from './role-session.js'

/** How many sessions are kept, least recently used evicted first. */
const MAX_SESSIONS = 1000

/** The sessions of all assumed roles: requests with the same role share its session, and so do the regions of one connection. */
export class RoleSessions {
  readonly #sessions = new LRUCache<string, RoleSession>({ max: MAX_SESSIONS })

  /**
   * @param identity identifies the caller, the role and the STS endpoint
   * @param role how to assume it, where no session exists yet
   */
  for(identity: string, role: Role): RoleSession {
    const known = this.#sessions.get(identity)
    if (known) return known
    const session = new RoleSession(role)
    this.#sessions.set(identity, session)
    return session
  }
}
