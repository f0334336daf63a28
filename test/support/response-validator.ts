import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { TestService } from './service.js'

/** The formats of the OpenAPI document. */
const FORMATS = { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) }

/** Validates a response of a command, and returns the errors as text: an empty text for a valid response. */
export type ResponseValidator = (command: string, status: number, body: unknown) => string

/** Returns a validator by the service's own OpenAPI document. */
export async function responseValidator(service: TestService): Promise<ResponseValidator> {
  const document = (await (await service.fetch('/openapi.json')).json()) as object
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: FORMATS })
  ajv.addSchema({ $id: 'openapi', ...document })
  const validators = new Map<string, ValidateFunction>()
  return (command, status, body) => {
    const path = `/paths/~1commands~1${command}/post/responses/${status}/content/application~1json/schema`
    const validate = validators.get(path) ?? ajv.compile({ $ref: `openapi#${path}` })
    validators.set(path, validate)
    return validate(body) ? '' : ajv.errorsText(validate.errors)
  }
}
