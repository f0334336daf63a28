import { readFileSync, writeFileSync } from 'node:fs'

import { Value } from '@sinclair/typebox/value'

import { EventHistory } from './event-history.js'
import type { SandboxState } from './state-schema.js'
import { StateSchema } from './state-schema.js'
import type { World } from './world.js'

/** All accounts with their trails and event histories. */
export function exportState(world: World): object {
  const accounts = [...world.accounts.values()].map(({ accountId, trails, history }) => ({
    accountId,
    trails: [...trails.values()],
    events: Object.fromEntries(history.regions().map((region) => [region, history.of(region)])),
  }))
  return { version: 1, accounts }
}

/**
 * Replaces all accounts by those of an exported state.
 *
 * @throws Error that names the field and the rule when the value is not a state; nothing is changed then
 */
export function importState(world: World, value: unknown): void {
  const state = Value.Default(StateSchema, value)
  const violation = Value.Errors(StateSchema, state).First()
  if (violation !== undefined) {
    throw new Error(`This is not a sandbox state: ${violation.path || '/'}: ${violation.message}.`)
  }
  const { accounts } = state as SandboxState
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

/**
 * Loads a state from a file, when there is one.
 *
 * @throws Error that names the file when it cannot be read or holds no state
 */
export function loadStateFile(world: World, path: string): void {
  try {
    importState(world, JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`The sandbox cannot load its state from ${path}: ${reason}`, { cause: error })
  }
}

/** Saves the state into a file, over what was in it. */
export function saveStateFile(world: World, path: string): void {
  writeFileSync(path, `${JSON.stringify(exportState(world))}\n`)
}
