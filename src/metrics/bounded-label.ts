/**
 * Values that get a label of their own: the first so many. What comes after them is `other`, so that no client can fill
 * the memory of this process, or of Prometheus.
 */
export class BoundedLabel {
  readonly #known = new Set<string>()

  constructor(private readonly max: number) {}

  /** The label for a value that is counted. */
  of(value: string): string {
    if (this.#known.size < this.max) this.#known.add(value)
    return this.known(value)
  }

  /** The label that a value has, where it has one. */
  known(value: string): string {
    return this.#known.has(value) ? value : 'other'
  }
}
