import { isObject, rebuild, type Json, type OpenApi } from './document.js'
import { schema30 } from './schema-3.0.js'

/**
 * The document in version 3.0.3, for tools that do not read 3.1 yet (Shuffle, older generators): no type arrays, no type
 * null, one example for each schema.
 *
 * @param server importers want an absolute URL
 */
export function openApi30(document: OpenApi, server: OpenApi['servers'][number]): OpenApi {
  const { identifier: _spdx, ...license } = document.info.license as Json & { name: string }
  const { schemas = {}, ...components } = document.components
  return {
    ...document,
    openapi: '3.0.3',
    info: { ...document.info, license },
    servers: [server],
    paths: withSchemas(document.paths) as OpenApi['paths'],
    components: {
      ...(withSchemas(components) as OpenApi['components']),
      schemas: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, schema30(schema)])),
    },
  }
}

/** Rewrites the schemas of parameters, bodies, responses and headers, each of which stands in a member `schema`. */
function withSchemas(part: unknown): unknown {
  return rebuild(part, (object, key) => {
    if (key === 'value' || key === 'example' || !isObject(object.schema)) return object
    return { ...object, schema: schema30(object.schema) }
  })
}
