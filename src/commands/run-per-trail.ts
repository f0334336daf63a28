import type { CloudTrail } from '../cloudtrail/cloudtrail.js'
import { parseTrailArn, trailError, type TrailError } from '../aws/trail-name.js'
import type { WireBody } from '../cloudtrail/wire-body.js'
import { FailureError } from '../envelope/failure.js'
import type { InputFailure, Outcome, Row } from '../envelope/outcome.js'
import { serviceFailure } from '../envelope/service-failure.js'
import { homeOf, withHomeHint } from './home-region.js'
import type { TrailDone, TrailResult } from './send-write.js'

/** How many trails one command works on at a time: as many as the read quota starts per second. */
const CONCURRENCY = 10

/** The result or the failure of one input, and its region. */
type InputResult<Data extends object> = (TrailResult<Data> | InputFailure) & { region: string }

/**
 * Runs a command once for each trail, some at a time, and returns the rows in the order of the inputs. The failure of
 * one trail, a defect of the service included, leaves the others alone. A name or ARN that AWS cannot take is refused
 * without a call. A trail given by the ARN of another region is worked on in that region, its home.
 *
 * @param work makes the calls for one trail, in the region chosen for it
 * @param placeOf chooses that region; left out: the trail's home, where it is known
 */
export async function runPerTrail<Data extends { trailArn?: string }>(
  trails: readonly string[],
  cloudTrail: CloudTrail,
  work: (trail: string, home: CloudTrail) => Promise<TrailResult<Data>>,
  placeOf: (trail: string, cloudTrail: CloudTrail) => CloudTrail = homeOf,
): Promise<Outcome<Data>> {
  const runOne = async (trail: string, index: number): Promise<InputResult<Data>> => {
    const { region } = cloudTrail.connection
    const broken = trailError(trail)
    if (broken) return { ...badName(broken, index), input: trail, region }
    let home = cloudTrail
    try {
      home = placeOf(trail, cloudTrail)
      return { ...(await work(trail, home)), region: home.connection.region }
    } catch (error) {
      const failure =
        error instanceof FailureError
          ? await withHomeHint(error.failure, trail, home)
          : home.failureOf(error)
      return { ...failure, input: trail, region: home.connection.region }
    }
  }
  cloudTrail.inputs = trails
  const results = await mapInOrder(trails, runOne, (done) =>
    cloudTrail.progress(done, trails.length),
  )
  return collect(trails, results, cloudTrail.connection.region)
}

/** Maps items with a bounded concurrency; the results have the order of the items. */
async function mapInOrder<Item, Result>(
  items: readonly Item[],
  map: (item: Item, index: number) => Promise<Result>,
  onDone: (done: number) => void,
): Promise<Result[]> {
  const results: Result[] = []
  const queue = items.entries()
  let done = 0
  onDone(done)
  const worker = async () => {
    // the workers share one iterator: each item is taken once
    for (const [index, item] of queue) {
      results[index] = await map(item, index)
      onDone(++done)
    }
  }
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, worker))
  return results
}

function collect<Data extends { trailArn?: string }>(
  trails: readonly string[],
  results: readonly InputResult<Data>[],
  region: string,
): Outcome<Data> {
  const contextData: Row<Data>[] = []
  const rawData: WireBody[] = []
  const failures: InputFailure[] = []
  const names: string[] = []
  const arns: string[] = []
  for (const [index, result] of results.entries()) {
    const input = trails[index] ?? ''
    if ('code' in result) {
      contextData.push({ input, region: result.region, result: 'Failed' })
      failures.push(result)
      continue
    }
    contextData.push({ input, region: result.region, result: 'Successful', ...rowOf(result) })
    const done = 'data' in result ? result : undefined
    if (done) rawData.push(namesTrail(done.body) ? done.body : { Name: input, ...done.body })
    const arn = [done?.data.trailArn, input].find((text) => text?.startsWith('arn:'))
    names.push(arn === undefined ? input : (parseTrailArn(arn)?.name ?? input))
    if (arn !== undefined) arns.push(arn)
  }
  const regions = results.length === 0 ? [region] : results.map((result) => result.region)
  return {
    contextData,
    keyFields: { TrailNames: names, TrailARNs: arns },
    rawData,
    failures,
    anySuccess: failures.length < trails.length,
    meta: { regions: [...new Set(regions)] },
  }
}

function rowOf<Data extends object>(result: TrailResult<Data>): Partial<Row<Data>> {
  if ('dryRun' in result) return { dryRun: result.dryRun }
  const { data, recovered }: TrailDone<Data> = result
  return recovered === undefined ? { data } : { data, recovered: true, note: recovered }
}

/** Whether a response body names its trail. */
function namesTrail(body: WireBody): boolean {
  return 'Name' in body || 'TrailARN' in body || 'Trail' in body
}

function badName({ code, message }: TrailError, index: number): InputFailure {
  const field = `trailNames[${index}]`
  // the message says it all
  const { hint: _hint, ...failure } = serviceFailure('ValidationError', message, { field })
  return { ...failure, code }
}
