import type { Static } from '@sinclair/typebox'
import type { CloudTrail } from '../../cloudtrail/cloudtrail.js'
import { FailureError } from '../../envelope/failure.js'
import type { CommandTools } from '../define-command.js'
import type { InputFailure, Outcome, Row } from '../../envelope/outcome.js'
import { foundRow, truncatedBy } from '../run-once.js'
import type { Densities } from './densities.js'
import { eventData, type EventData } from './event-data.js'
import type { Plan } from './filters.js'
import type { LookAheadShare } from './look-ahead.js'
import { PAGE_SIZE, type FetchPage, type Range, type WireEvent } from './page.js'
import { startOf } from './position.js'
import { PATIENCE_MS, REPEATED_TOKEN, Search } from './search.js'
import { newestOf, Source } from './source.js'
import type { SearchState } from './token.js'

/** Events that were read between two checkpoints of a stream. */
const CHECKPOINT_EVENTS = PAGE_SIZE / 2

/** `meta.truncated` of a search that found more than it was to return. */
const LIMIT_REACHED = { code: 'LimitReached', message: 'more events than the limit' }

/** A search as the command asks for it. */
export interface LookupQuery {
  plan: Plan
  category: 'insight' | undefined
  limit: number
  state: SearchState
  /** What a token of this search is bound to. */
  bound: unknown
}

/**
 * Runs a search over its regions and values at the same time, each under its own quota, and merges what is found,
 * newest first. Where regions have events of the same second, they come in the order of the regions.
 *
 * What stops a region before its end (the deadline, a throttle that does not end, an error) stops that region alone:
 * up to there its events are without a gap, and the token continues from there.
 *
 * @param tools its `sink` takes the events one by one where they are streamed; without it they stand in the outcome
 */
export async function lookup(
  query: LookupQuery,
  cloudTrail: CloudTrail,
  tools: CommandTools,
): Promise<Outcome<Static<typeof EventData>>> {
  const share = tools.lookAhead.open()
  try {
    return await search(query, cloudTrail, tools, share)
  } finally {
    share.close()
  }
}

async function search(
  query: LookupQuery,
  cloudTrail: CloudTrail,
  { tokens, densities, sink }: CommandTools,
  share: LookAheadShare,
): Promise<Outcome<Static<typeof EventData>>> {
  const { plan, limit, state, bound } = query
  const sealed = (places: SearchState['places']) =>
    tokens.seal({ window: state.window, places }, bound)
  const counts = { scanned: 0, matched: 0 }
  const wanted = () => eventsToScan(limit - counts.matched, counts)
  const { sources, searches, failures } = sourcesOf(query, cloudTrail, wanted, densities, share)
  const contextData: Row<Static<typeof EventData>>[] = []
  const rawEvents: WireEvent[] = []
  const ids: string[] = []
  try {
    await Promise.all(sources.map((source) => source.load()))
    for (;;) {
      const stopped = new Set(sources.filter(({ failure }) => failure).map(({ region }) => region))
      const source = newestOf(sources.filter(({ region }) => !stopped.has(region)))
      if (!source) break
      const event = source.take()
      counts.scanned += 1
      if (plan.accepts(event, source.valueIndex)) {
        counts.matched += 1
        const row = foundRow(source.region, eventData(event))
        if (sink) {
          await sink.row(row)
        } else {
          contextData.push(row)
          rawEvents.push(event)
          ids.push(event.EventId ?? '')
        }
      }
      if (counts.matched >= limit) break
      if (sink && counts.scanned % CHECKPOINT_EVENTS === 0) {
        const places = placesOf(state, sources)
        if (places.length > 0) await sink.checkpoint(sealed(places))
      }
      await source.load()
    }
  } finally {
    await Promise.all(sources.map((source) => source.end()))
    for (const [name, { covered }] of searches) densities.learn(name, covered)
  }
  for (const source of sources) {
    if (!source.failure || failures.some(({ region }) => region === source.region)) continue
    failures.push({ ...source.failure, region: source.region })
  }
  const places = placesLeft(state, sources, failures)
  const responded = sources.filter((source) => source.responded)
  const anySuccess = responded.length > 0
  const cut = failures.find((failure) => responded.some(({ region }) => region === failure.region))
  const isOver = places.length === 0 || !anySuccess
  const truncated = cut ? truncatedBy(cut) : isOver ? undefined : LIMIT_REACHED
  return {
    contextData,
    keyFields: { EventIds: ids },
    rawData: { Events: rawEvents },
    failures,
    anySuccess: anySuccess || failures.length === 0,
    meta: {
      ...counts,
      regions: state.places.map(({ region }) => region),
      window: { startTime: iso(state.window.from), endTime: iso(state.window.to) },
      ...(truncated !== undefined && { truncated }),
      ...(!isOver && { nextToken: sealed(places) }),
    },
  }
}

/**
 * How many events are worth fetching for so many that are wanted. Where they are filtered here, as many are read as
 * the share that matched so far suggests; while nothing matched, as many again as were read in vain.
 */
function eventsToScan(missing: number, { scanned, matched }: { scanned: number; matched: number }) {
  if (matched === scanned) return missing
  return matched > 0 ? (missing * scanned) / matched : missing + scanned
}

function sourcesOf(
  query: LookupQuery,
  cloudTrail: CloudTrail,
  wanted: () => number,
  densities: Densities,
  share: LookAheadShare,
) {
  const { state, plan, category } = query
  const failures: InputFailure[] = []
  const searches = new Map<string, Search>()
  const open = state.places.flatMap(({ positions }) => positions).filter((one) => one !== null)
  const options = {
    wanted,
    patienceMs: PATIENCE_MS,
    maxBuffered: () => share.events() / Math.max(1, open.length),
  }
  const sources = state.places.flatMap(({ region, positions }) => {
    try {
      const there = cloudTrail.in(region)
      return positions.flatMap((position, index) => {
        if (position === null) return []
        const value = plan.values[index]
        const account = there.accountId ?? there.connection.id
        const name = JSON.stringify([account, region, category, plan.key, value])
        const fetch = fetchFrom(there, query, value)
        const density = densities.of(name, position.to - state.window.from)
        const search = new Search(fetch, state.window, position, { ...options, density })
        searches.set(name, search)
        return new Source(region, index, search, position, (error) => there.failureOf(error))
      })
    } catch (error) {
      // for example a VPC endpoint, which serves one region
      if (!(error instanceof FailureError)) throw error
      failures.push({ ...error.failure, region })
      return []
    }
  })
  return { sources, searches, failures }
}

/** Asks LookupEvents; always for whole pages, since a token must come with the parameters that it was given for. */
function fetchFrom(
  cloudTrail: CloudTrail,
  { plan, category }: LookupQuery,
  value: string | undefined,
): FetchPage {
  return async ({ range, token, signal, onPermit }) => {
    const { body } = await cloudTrail.send(
      'LookupEvents',
      {
        StartTime: new Date(range.from * 1000),
        EndTime: new Date(range.to * 1000),
        MaxResults: PAGE_SIZE,
        NextToken: token,
        ...(plan.key && { LookupAttributes: [{ AttributeKey: plan.key, AttributeValue: value }] }),
        ...(category && { EventCategory: category }),
      },
      { signal, onPermit },
    )
    return {
      events: body.Events as WireEvent[],
      nextToken: typeof body.NextToken === 'string' ? body.NextToken : undefined,
    }
  }
}

/** Where every source stands. */
function placesOf({ places }: SearchState, sources: readonly Source[]): SearchState['places'] {
  return places
    .map(({ region, positions }) => ({
      region,
      positions: positions.map((before, index) => {
        const source = sources.find((one) => one.region === region && one.valueIndex === index)
        return source ? source.position : before
      }),
    }))
    .filter(({ positions }) => positions.some((position) => position !== null))
}

/**
 * Where the search continues. What has begun keeps its place, whatever stopped it; a region that has never responded, and
 * whose error is permanent, is left out, and so is an endpoint that would lead the search round for ever.
 */
function placesLeft(
  state: SearchState,
  sources: readonly Source[],
  failures: readonly InputFailure[],
): SearchState['places'] {
  return placesOf(state, sources).filter(({ region, positions }) => {
    const failure = failures.find((one) => one.region === region)
    if (failure?.code === REPEATED_TOKEN) return false
    const hasBegun =
      sources.some((source) => source.region === region && source.responded) ||
      positions.some((position) => position?.after !== undefined)
    return hasBegun || (failure?.retryable ?? true)
  })
}

/** The state of a search that has not begun. */
export function newState(window: Range, regions: readonly string[], plan: Plan): SearchState {
  const positions = Array.from({ length: Math.max(1, plan.values.length) }, () => startOf(window))
  return { window, places: regions.map((region) => ({ region, positions: [...positions] })) }
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
