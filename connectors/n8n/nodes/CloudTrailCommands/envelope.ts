import type { IDataObject } from 'n8n-workflow'

/** An error of a command, as far as people read it. */
export interface CommandError extends IDataObject {
  failureIndicator: string
  statusCode: number | string
  message: string
  input?: string
  field?: string
  region?: string
  hint?: string
}

/** The service's response at every HTTP status. */
export interface Envelope extends IDataObject {
  returnData: 'Successful' | 'Partially Successful' | 'Failed' | 'Running'
  contextData: (IDataObject & { data?: IDataObject; input?: string; region?: string })[]
  errors: CommandError[]
  job?: { id: string; inputs: { done: number; total: number } }
}

export function isEnvelope(body: unknown): body is Envelope {
  return typeof body === 'object' && body !== null && 'returnData' in body
}

/** The errors for people: a line for each, in D3's form, with the input and the hint. */
export function errorText(errors: CommandError[]): string {
  return errors
    .map(({ failureIndicator, statusCode, message, input, field, hint }) => {
      const where = input ?? field
      const text = `${failureIndicator} Status Code: ${statusCode}. Message: ${message.replace(/\.+$/, '')}.`
      return text + (where ? ` Input: ${where}.` : '') + (hint ? ` Hint: ${hint}` : '')
    })
    .join('\n')
}

/** A sentence that names the failed inputs of a Partially Successful command. */
export function warningOf({ errors }: Envelope): string {
  const failed = new Set(errors.map(({ input, region }) => input ?? region ?? 'a page'))
  return `Partially Successful, failed: ${[...failed].join(', ')}.\n${errorText(errors)}`
}

/** A row for each input or object found: its data, its result, and the error of an input that failed. */
export function rowsOf({ contextData, errors }: Envelope): IDataObject[] {
  return contextData.map(({ data, ...row }) => {
    const own = errors.filter(({ input, region }) => input === row.input && region === row.region)
    const failed = row.result === 'Failed' && own.length > 0
    return { ...data, ...row, ...(failed ? { error: errorText(own) } : {}) }
  })
}
