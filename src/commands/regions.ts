import { Type } from '@sinclair/typebox'
import type { CloudTrail } from '../cloudtrail/cloudtrail.js'
import type { WireBody } from '../cloudtrail/wire-body.js'
import { partitionOfRegion, regionsOfPartition } from '../aws/partitions.js'
import { refused } from '../envelope/envelope.js'
import type { Outcome } from '../envelope/outcome.js'
import type { ValidationError } from '../envelope/validation-error.js'

/** The regions of a command that reads several: names, or the word `all`. */
export type Regions = 'all' | string[]

/** The field `regions` of the commands that read several regions at once. */
export const RegionsField = Type.Optional(
  Type.Unsafe<Regions>({
    type: ['array', 'string'],
    title: 'Regions',
    items: { type: 'string', maxLength: 32 },
    minItems: 1,
    maxItems: 100,
    uniqueItems: true,
    pattern: '^all$',
    description:
      'The regions to read, all at the same time, each under its own quota: a list of names, or `all` for every region of the partition. A region that is not enabled, or denies, fails by itself. Left out: the region of the connection.',
    examples: [['us-east-1', 'eu-west-1']],
  }),
)

/** The validation errors of `regions`: names that are no region of any partition. */
export function regionErrors(regions: Regions | undefined): ValidationError[] {
  if (regions === undefined || regions === 'all') return []
  return regions.flatMap((region, index) =>
    partitionOfRegion(region) === undefined
      ? [{ field: `regions[${index}]`, message: 'must be an AWS region, such as eu-west-1' }]
      : [],
  )
}

/** The names of the regions that a command reads. */
export function regionsOf(regions: Regions | undefined, cloudTrail: CloudTrail): string[] {
  const { region } = cloudTrail.connection
  if (regions === undefined) return [region]
  return regions === 'all' ? [...regionsOfPartition(region)] : regions
}

/**
 * Runs a reading command in each region at the same time, and joins the outcomes in the order of the regions. A
 * failure in one region leaves the others alone.
 *
 * @param list the member of AWS's response bodies whose items are joined; left out where `rawData` is a list itself
 */
export async function runInRegions<Data extends object>(
  regions: Regions | undefined,
  cloudTrail: CloudTrail,
  run: (there: CloudTrail) => Promise<Outcome<Data>>,
  list?: string,
): Promise<Outcome<Data>> {
  if (regions === undefined) return run(cloudTrail)
  const names = regionsOf(regions, cloudTrail)
  const outcomes = await Promise.all(names.map((name) => runInRegion(name, cloudTrail, run)))
  const truncated = outcomes.find(({ meta }) => meta?.truncated !== undefined)?.meta?.truncated
  return {
    contextData: outcomes.flatMap(({ contextData }) => contextData),
    keyFields: joinKeyFields(outcomes),
    rawData: joinRawData(outcomes, list),
    failures: outcomes.flatMap(({ failures }) => failures),
    anySuccess: outcomes.some(({ anySuccess }) => anySuccess),
    meta: { regions: [...names], ...(truncated !== undefined && { truncated }) },
  }
}

async function runInRegion<Data extends object>(
  region: string,
  cloudTrail: CloudTrail,
  run: (there: CloudTrail) => Promise<Outcome<Data>>,
): Promise<Outcome<Data>> {
  try {
    return await run(cloudTrail.in(region))
  } catch (error) {
    return refused([{ ...cloudTrail.failureOf(error), region }])
  }
}

/** A multi-region trail is found in each region; key fields name it once. */
function joinKeyFields(outcomes: readonly Outcome<object>[]): Record<string, string[]> {
  const joined: Record<string, string[]> = {}
  for (const { keyFields } of outcomes) {
    for (const [name, values] of Object.entries(keyFields)) {
      joined[name] = [...new Set([...(joined[name] ?? []), ...values])]
    }
  }
  return joined
}

function joinRawData(outcomes: readonly Outcome<object>[], list: string | undefined): unknown {
  const bodies = outcomes.flatMap(({ rawData }) => rawData ?? []) as WireBody[]
  if (list === undefined || bodies.length === 0) return list === undefined ? bodies : null
  return { [list]: bodies.flatMap((body) => body[list] as unknown[]) }
}
