import { PAGE_SIZE, type Range } from './page.js'
import type { Shard } from './shard.js'

/**
 * How full a page is expected to be when a split is placed: a little less than full, so that a small error of the
 * estimate does not cost the newer part another page.
 */
const FILL = 0.98

/**
 * Into how many parts a range is divided before anything is known. Not quite a whole number: round times of round
 * numbers of events would otherwise end just on a page's border, and cost a page more each.
 */
const PARTS = 8.2

/** How much more than what is wanted is reckoned with: one page measures the density only roughly. */
const SLACK = 1.25

/** A place to split: the shard, and the newest second of the part that is handed over. */
export interface Split {
  shard: Shard
  to: number
}

/**
 * Events that a shard still has to fetch, by the density that is known around it.
 *
 * @param expected events per second as long as nothing is known
 */
export function estimate(shards: readonly Shard[], index: number, expected: number): number {
  const shard = shards[index]
  if (!shard || shard.isOver) return 0
  const seconds = shard.cursor - shard.from + 1
  const newer = shards.slice(0, index + 1).findLast(({ rate }) => rate !== undefined)?.rate
  const older = shards.slice(index + 1).find(({ rate }) => rate !== undefined)?.rate
  const rate = ((newer ?? older ?? expected) + (older ?? newer ?? expected)) / 2
  return rate * seconds
}

/**
 * Where one more chain helps most: in the shard that has the most pages still to fetch, of those that are wanted. Its
 * newer half stays with its chain, the older half is handed over, so that both end at the same time.
 *
 * The place is chosen by the density that the shard's own pages showed, at a whole number of pages. A second is never
 * split: where thousands of events share one, its chain reads them alone.
 *
 * @param wanted how many events are wanted, from the first shard on
 * @param expected events per second as long as nothing is known
 */
export function bestSplit(
  shards: readonly Shard[],
  wanted: number,
  expected: number,
): Split | undefined {
  let best: Split | undefined
  let most = 1.5
  let ahead = 0
  const horizon = wanted * SLACK
  for (const [index, shard] of shards.entries()) {
    if (ahead >= horizon) break
    const left = estimate(shards, index, expected)
    const pages = Math.min(left, horizon - ahead - shard.buffered) / PAGE_SIZE
    ahead += shard.buffered + left
    if (pages <= most) continue
    const rate = shard.rate ?? left / (shard.cursor - shard.from + 1)
    const kept = (Math.ceil(pages / 2) * PAGE_SIZE * FILL) / rate
    const to = shard.cursor - Math.max(1, Math.floor(kept))
    if (to < shard.from) continue
    best = { shard, to }
    most = pages
  }
  return best
}

/**
 * Where to look before anything is known: at an eighth of the range from its newest end, then at two eighths, and so
 * on. Halving what is left over later gives equal parts, if the range is evenly filled.
 *
 * @param shard the oldest of the shards
 * @param count how many such places were taken before
 */
export function blindSplit(shard: Shard, range: Range, count: number): Split | undefined {
  const to = range.to - Math.floor(((range.to - range.from) * (count + 1)) / PARTS)
  return to >= shard.from && to < shard.cursor ? { shard, to } : undefined
}
