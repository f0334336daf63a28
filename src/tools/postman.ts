import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import converter from 'openapi-to-postmanv2'

/** A member of a Postman collection, format 2.1: a folder with items, or a request. */
export interface PostmanItem {
  id?: string
  name: string
  item?: PostmanItem[]
  request?: PostmanRequest
}

/** A request of a Postman collection. */
export interface PostmanRequest {
  method: string
  url: { host: string[]; path: string[]; variable: PostmanVariable[] }
  header: (PostmanVariable & { disabled?: boolean })[]
  body?: { mode?: 'raw'; raw?: string }
}

/** A name with its value: a header, a variable of a path or of the collection. */
export interface PostmanVariable {
  key: string
  value: string
  description?: unknown
}

/** A Postman collection, format 2.1. */
export interface PostmanCollection {
  info: { _postman_id: string; name: string }
  item: PostmanItem[]
  auth: unknown
  variable: PostmanVariable[]
}

const OPTIONS = {
  folderStrategy: 'Tags',
  parametersResolution: 'Example',
  enableOptionalParameters: false,
  alwaysInheritAuthentication: true,
}

const convert = promisify(converter.convertV2.bind(converter))

/**
 * Makes the Postman collection of an OpenAPI document: a folder for each tag, a request for each operation with the
 * document's first example. The same document gives the same collection.
 */
export async function postmanCollection(openapi: object): Promise<PostmanCollection> {
  // the converter writes into what it is given
  const input = { type: 'json' as const, data: structuredClone(openapi) }
  const { output, reason } = await convert(input, OPTIONS)
  const made = output?.[0]?.data as PostmanCollection | undefined
  /* c8 ignore next -- the lint of the document comes before: what it lets through can be converted */
  if (!made) throw new Error(`no Postman collection was made: ${reason ?? ''}`)
  return {
    ...made,
    info: { ...made.info, _postman_id: idOf(made.info.name) },
    item: made.item.map((item) => settled(item, '')),
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{apiKey}}', type: 'string' }] },
    variable: [
      { key: 'baseUrl', value: 'http://127.0.0.1:3000', description: 'Where the service is.' },
      { key: 'apiKey', value: '', description: 'Not needed where the service has AUTH=none.' },
      { key: 'jobId', value: '', description: 'The `job.id` of an answer with status 202.' },
    ],
  }
}

/** An item with an id of its place, in the place of the converter's random one, and without made-up values. */
function settled({ name, item, request }: PostmanItem, folder: string): PostmanItem {
  const path = `${folder}/${name}`
  return {
    id: idOf(path),
    name,
    ...(item && { item: item.map((one) => settled(one, path)) }),
    ...(request && { request: withoutFakes(request) }),
  }
}

function withoutFakes(request: PostmanRequest): PostmanRequest {
  return {
    ...request,
    url: {
      ...request.url,
      variable: request.url.variable.map((one) => ({ ...one, value: '{{jobId}}' })),
    },
    header: request.header.map((one) => (one.disabled ? { ...one, value: '' } : one)),
  }
}

/** An id in the form of a UUID that follows from a text. */
function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-')
}
