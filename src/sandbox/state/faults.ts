/** The ways in which the sandbox can be told to fail. */
export const FAULT_KINDS = [
  /** 400 ThrottlingException, as when the quota is used up. */
  'throttle',
  /** 400 AccessDeniedException. */
  'access-denied',
  /** 500 InternalFailure. */
  'error',
  /** 503 with an HTML page, as a proxy on the way would answer. */
  'html',
  /** 200 with no body at all. */
  'empty',
  /** The head and half of the body, then the connection ends. */
  'half-body',
  /** The connection is reset before any answer. */
  'reset',
  /** No answer: the connection stays open and silent. */
  'timeout',
] as const

/** One of {@link FAULT_KINDS}. */
export type FaultKind = (typeof FAULT_KINDS)[number]

/** A plan for the next calls of an operation. */
export interface Fault {
  /** The operation, for example `DescribeTrails`, or `*` for any. */
  operation: string
  kind: FaultKind
  /** How many calls fail; 1 when left out. */
  times?: number
  /**
   * Whether the call is carried out before it fails, so that only its answer is lost. Without it the
   * call has no effect.
   */
  afterEffect?: boolean
}

/** Makes sure that a text is the name of a fault. */
export function isFaultKind(text: unknown): text is FaultKind {
  return FAULT_KINDS.some((kind) => kind === text)
}

/** The plans that are not used up, in the order in which they were made. */
export class FaultPlan {
  #faults: Required<Fault>[] = []

  /** Adds a plan behind those that are there. */
  add(fault: Fault): void {
    this.#faults.push({ times: 1, afterEffect: false, ...fault })
  }

  /** Takes the fault of the next call of an operation off the plan, if one is planned. */
  take(operation: string): Required<Fault> | undefined {
    const fault = this.#faults.find(
      (planned) => planned.operation === operation || planned.operation === '*',
    )
    if (fault === undefined) return undefined
    fault.times -= 1
    if (fault.times === 0) this.#faults = this.#faults.filter((planned) => planned !== fault)
    return fault
  }

  /** What is still planned. */
  list(): Required<Fault>[] {
    return this.#faults.map((fault) => ({ ...fault }))
  }

  /** Forgets every plan. */
  clear(): void {
    this.#faults = []
  }
}
