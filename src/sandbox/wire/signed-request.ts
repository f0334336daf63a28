import type { IncomingHttpHeaders } from 'node:http'

/** An HTTP request with its body read. */
export interface SignedRequest {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
  /** The IP address that the request came from. */
  sourceAddress: string
}
