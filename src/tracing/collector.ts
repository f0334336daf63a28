/** Where spans are sent, and with which headers. */
export interface Collector {
  /** The address for traces: the endpoint with `/v1/traces`, as the OTLP specification says. */
  url: string
  headers: Record<string, string>
}

/** The variables that OpenTelemetry specifies for a collector. */
export interface CollectorVariables {
  OTEL_EXPORTER_OTLP_ENDPOINT?: string
  OTEL_EXPORTER_OTLP_HEADERS?: string
}

/** A header's name, as RFC 9110 has it. */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/

/** What a header's value may hold: visible characters and blanks. */
const VALUE = /^[\t\x20-\x7e]*$/

/**
 * Reads where spans are sent. OpenTelemetry's own reader ignores in silence what it does not understand, and the missing
 * traces are noticed only when they are needed.
 *
 * @returns nothing when OTEL_EXPORTER_OTLP_ENDPOINT is not set
 * @throws {Error} which names the variable and its rule, and never a header's value
 */
export function readCollector(environment: CollectorVariables): Collector | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers } = environment
  if (endpoint === undefined) return undefined
  return { url: tracesUrl(endpoint), headers: readHeaders(headers ?? '') }
}

function tracesUrl(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search) {
    throw new Error(
      'OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https address without user, password and query, for example http://127.0.0.1:4318',
    )
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}/v1/traces`
}

function readHeaders(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '')
  return Object.fromEntries(pairs.map(readHeader))
}

function readHeader(pair: string): [string, string] {
  const [name = '', ...rest] = pair.split('=')
  const value = decode(rest.join('=').trim())
  if (!TOKEN.test(name.trim()) || rest.length === 0 || value === undefined || !VALUE.test(value)) {
    throw new Error(
      'OTEL_EXPORTER_OTLP_HEADERS must be name=value, comma separated, the values percent-encoded',
    )
  }
  return [name.trim(), value]
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined
  }
}
