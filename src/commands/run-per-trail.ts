import type { WireBody } from '../cloudtrail/wire-response.js'
import type { CloudTrail } from '../cloudtrail/cloudtrail.js'
import { FailureError } from '../envelope/failure.js'
import { parseTrailArn, trailError } from '../cloudtrail/trail-name.js'
import { homeOf, withHomeHint } from './home-region.js'
import type { InputFailure, Outcome, Row } from '../envelope/outcome.js'

/** How many trails of one command are worked on at a time: as many as the read quota starts in a second. */
const CONCURRENCY = 10

/** What one trail's call brought. */
export interface TrailResult {
  data: Record<string, unknown>
  /** What AWS answered for this trail. */
  body: WireBody
  /** Why it counts as done although AWS refused the last attempt: what a read showed. */
  recovered?: string
}

/**
 * Runs a command once for each trail, some at a time, and tells the outcome of each, in the order of the inputs. One
 * trail's error is that trail's alone: the others go on. A name or ARN that AWS cannot take is refused here, without
 * a call. A trail given by the ARN of another region is worked on in that region, which is its home.
 *
 * @param work makes the call for one trail, in the region that it is told
 * @param placeOf chooses that region; left out: the trail's home, where it is known
 */
export async function runPerTrail(
  trails: readonly string[],
  cloudTrail: CloudTrail,
  work: (trail: string, home: CloudTrail) => Promise<TrailResult>,
  placeOf: (trail: string, cloudTrail: CloudTrail) => CloudTrail = homeOf,
): Promise<Outcome> {
  const { region } = cloudTrail.connection
  const results = new Array<TrailOutcome | undefined>(trails.length)
  let next = 0
  let done = 0
  cloudTrail.progress(0, trails.length)
  const worker = async (): Promise<void> => {
    for (let index = next++; index < trails.length; index = next++) {
      results[index] = await runOne(index)
      cloudTrail.progress(++done, trails.length)
    }
  }
  const runOne = async (index: number): Promise<TrailOutcome> => {
    const trail = trails[index] ?? ''
    const fault = trailError(trail)
    if (fault) return { ...badName(fault, `trailNames[${index}]`), input: trail, region }
    let home = cloudTrail
    try {
      home = placeOf(trail, cloudTrail)
      const result = await work(trail, home)
      const told = home.isDryRun ? { ...result, data: result.body } : result
      return { ...told, region: home.connection.region }
    } catch (error) {
      if (!(error instanceof FailureError)) throw error
      const failure = await withHomeHint(error.failure, trail, home)
      return { ...failure, input: trail, region: home.connection.region }
    }
  }
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, trails.length) }, worker))
  const outcome = collect(trails, results as TrailOutcome[])
  return trails.length > 0 ? outcome : { ...outcome, meta: { regions: [region] } }
}

/** What came of one trail, and in which region. */
type TrailOutcome = (TrailResult & { region: string }) | (InputFailure & { region: string })

function collect(trails: readonly string[], results: readonly TrailOutcome[]): Outcome {
  const contextData: Row[] = []
  const rawData: WireBody[] = []
  const failures: InputFailure[] = []
  const names: string[] = []
  const arns: string[] = []
  for (const [index, result] of results.entries()) {
    const input = trails[index] ?? ''
    const { region } = result
    if ('code' in result) {
      contextData.push({ input, region, result: 'Failed' })
      failures.push(result)
      continue
    }
    const { data, body, recovered: note } = result
    const recovered = note === undefined ? {} : { recovered: true as const, note }
    contextData.push({ input, region, result: 'Successful', data, ...recovered })
    rawData.push(namesTrail(body) ? body : { Name: input, ...body })
    const arn = [data.trailArn, input].find(
      (text): text is string => typeof text === 'string' && text.startsWith('arn:'),
    )
    names.push(arn === undefined ? input : (parseTrailArn(arn)?.name ?? input))
    if (arn !== undefined) arns.push(arn)
  }
  return {
    contextData,
    keyFields: { TrailNames: names, TrailARNs: arns },
    rawData,
    failures,
    anySuccess: failures.length < trails.length,
    meta: { regions: [...new Set(results.map(({ region }) => region))] },
  }
}

/** Whether an answer says which trail it is about. */
function namesTrail(body: WireBody): boolean {
  return 'Name' in body || 'TrailARN' in body || 'Trail' in body
}

function badName(fault: { code: string; message: string }, field: string): InputFailure {
  return {
    ...fault,
    source: 'service',
    statusCode: 400,
    httpStatus: 400,
    retryable: false,
    attempts: 0,
    field,
  }
}
