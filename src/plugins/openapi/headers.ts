/** The response headers of the service, for clients that are generated from the document. */
const HEADERS = {
  'x-request-id': { type: 'string', description: 'The id of the request, as in `meta.requestId`.' },
  'idempotency-replayed': {
    type: 'string',
    enum: ['true'],
    description: 'Present where the response is that of an earlier request with the same key.',
  },
  'retry-after': { type: 'integer', minimum: 1, description: 'When to try again, in seconds.' },
  'ratelimit-policy': {
    type: 'string',
    description:
      "The quota of the command's class: `q` requests in a window of `w` seconds (IETF draft RateLimit header fields): `\"read\";q=10;w=1`, `\"lookup\";q=2;w=1` or `\"write\";q=1;w=1` by default.",
  },
  ratelimit: {
    type: 'string',
    description:
      'What is left of it (`r` requests), and in how many seconds (`t`) there is more: `"write";r=0;t=1`.',
  },
  location: {
    type: 'string',
    description:
      'The address of the job: `/jobs/<id>`, below PUBLIC_URL where the service has one.',
    examples: ['/jobs/3b0c1f5e-8a53-4d6c-9a57-0d6a7c1f2b11'],
  },
  'preference-applied': {
    type: 'string',
    description:
      'The preferences that the response keeps to: `respond-async`, `wait=<seconds>`, or both.',
  },
  'www-authenticate': { type: 'string', description: 'How to authenticate: `Bearer`.' },
} as const

export type HeaderName = keyof typeof HEADERS

/** Some of the response headers, as a route's schema has them. */
export function headers(...names: HeaderName[]): Record<string, object> {
  return Object.fromEntries(names.map((name) => [name, HEADERS[name]]))
}
