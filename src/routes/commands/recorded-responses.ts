/** A response of the sandbox to one of a command's own examples. */
export interface RecordedResponse {
  /** The name of the request's example. */
  name: string
  summary: string
  status: number
  value: unknown
}

export const RESPONSE_EXAMPLES: Record<string, RecordedResponse[]> = {}
