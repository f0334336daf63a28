import type { Follower } from './call-context.js'

/** The inputs of a command that are done, and how many there are, by region. */
export class Progress {
  readonly #regions = new Map<string, { done: number; total: number }>()

  constructor(private readonly follower: Follower | undefined) {}

  /** Sets the progress in one region, and reports the sum over all regions. */
  report(region: string, done: number, total: number): void {
    this.#regions.set(region, { done, total })
    const regions = [...this.#regions.values()]
    const sum = (count: 'done' | 'total') => regions.reduce((all, one) => all + one[count], 0)
    this.follower?.onProgress(sum('done'), sum('total'))
  }
}
