import type { StoredEvent } from './event-history.js'
import type { Trail, World } from './state.js'
import { EventHistory } from './event-history.js'

/** A sandbox's state as JSON. Sessions, quotas and planned faults are not part of it. */
export interface StateFile {
  version: 1
  accounts: { accountId: string; trails: Trail[]; events: Record<string, StoredEvent[]> }[]
}

/** All accounts with their trails and event histories. */
export function exportState(world: World): StateFile {
  const accounts = [...world.accounts.values()].map(({ accountId, trails, history }) => ({
    accountId,
    trails: [...trails.values()],
    events: Object.fromEntries(
      history.regions().map((region) => [region, [...history.of(region)]]),
    ),
  }))
  return { version: 1, accounts }
}

/**
 * Replaces all accounts by those of a state file.
 *
 * @throws Error that names the field and the rule when the value is not a state; nothing has changed then
 */
export function importState(world: World, value: unknown): void {
  const { accounts } = value as StateFile
  world.accounts.clear()
  for (const { accountId, trails, events } of accounts) {
    const history = new EventHistory()
    for (const [region, list] of Object.entries(events)) {
      for (const event of list) history.add(region, event)
    }
    const byArn = new Map(trails.map((trail) => [trail.settings.TrailARN, trail]))
    world.accounts.set(accountId, { accountId, trails: byArn, history })
  }
}
