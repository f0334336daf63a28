/** The kinds of failure that can be injected. */
export const FAULT_KINDS = [
  /** 400 ThrottlingException, as when the quota is used up. */
  'throttle',
  /** 400 AccessDeniedException. */
  'access-denied',
  /** 500 InternalFailure. */
  'error',
  /** 503 with an HTML page, as from a proxy. */
  'html',
  /** 200 with no body at all. */
  'empty',
  /** The head and half of the body, then the connection closes. */
  'half-body',
  /** The connection is reset before any response. */
  'reset',
  /** No response: the connection stays open. */
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
   * Whether the call is carried out before it fails, so that only its response is lost. Without it the
   * call has no effect.
   */
  afterEffect?: boolean
}

/** Whether a value is the name of a fault. */
export function isFaultKind(text: unknown): text is FaultKind {
  return FAULT_KINDS.some((kind) => kind === text)
}

/** The faults that are still to be injected, in the order of planning. */
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

  /** Removes every plan. */
  clear(): void {
    this.#faults = []
  }
}
