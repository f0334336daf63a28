import { randomUUID } from 'node:crypto'
import {
  NodeApiError,
  NodeOperationError,
  sleep,
  type IDataObject,
  type IExecuteFunctions,
  type IHttpRequestOptions,
  type IN8nHttpFullResponse,
} from 'n8n-workflow'
import { errorText, isEnvelope, type Envelope } from './envelope'
import { describe, isLasting } from './network-error'

/** Statuses that ask for a retry when a Retry-After stands beside them: AWS's ConflictException, key in use, quota, unavailable. */
const RETRY_STATUSES = [400, 409, 429, 503]
/** Time for one HTTP request; the service's own deadline is 60 s by default. */
const READ_TIMEOUT_MS = 90_000
/** A command that is expected to run longer is started as a job. */
const JOB_FROM_SECONDS = 15
/** Time for one run, with its waits and its job. */
const BUDGET_SECONDS = 900
/** CloudTrail's quotas per second: requests, and for lookups events (two pages of 50). */
const PER_SECOND = { read: 10, write: 1, lookup: 100 }

export type Quota = keyof typeof PER_SECOND

/** The credential of the service. */
export interface Settings {
  url: string
  apiKey: string
  connection: string
  ca: string
  ignoreSslIssues: boolean
}

/** Runs commands for one input item. */
export class Client {
  private readonly url: string
  private deadline = 0

  constructor(
    private readonly context: IExecuteFunctions,
    private readonly settings: Settings,
    private readonly itemIndex: number,
  ) {
    this.url = `${settings.url.trim().replace(/\/+$/, '')}/`
    if (!/^https?:\/\/[^/@\s]+\//.test(this.url)) {
      throw this.failure(
        'The server URL must be http(s)://host[:port], without user name or password.',
      )
    }
  }

  /**
   * Runs a command to its end, following its job if it became one.
   *
   * A run has one idempotency key, which all its attempts share; the next run has another.
   *
   * @throws NodeApiError, also for returnData Failed
   */
  async run(command: string, quota: Quota, body: IDataObject): Promise<Envelope> {
    this.deadline = Date.now() + BUDGET_SECONDS * 1000
    const headers: IDataObject = quota === 'write' ? { 'idempotency-key': randomUUID() } : {}
    if (expectedSeconds(body, quota) > JOB_FROM_SECONDS) headers.prefer = 'respond-async'
    // a test of the connection reports a network error at once
    const attempts = command === 'test-connection' ? 1 : 4
    let response = await this.send(
      { method: 'POST', url: `commands/${command}`, body, headers },
      attempts,
    )
    let envelope = this.read(response)
    while (envelope.returnData === 'Running' && envelope.job) {
      const { id, inputs } = envelope.job
      const progress = `${command}: ${inputs.done} of ${inputs.total} inputs are done`
      await this.wait(retryAfter(response) ?? 1, progress)
      response = await this.send({ method: 'GET', url: `jobs/${id}` }, 4)
      envelope = this.read(response)
    }
    if (envelope.returnData === 'Failed') {
      throw this.failure(errorText(envelope.errors), response.statusCode)
    }
    return envelope
  }

  /** Sends a request, again while the service asks for it or does not respond, until the deadline. */
  private async send(
    request: IHttpRequestOptions,
    attempts: number,
  ): Promise<IN8nHttpFullResponse> {
    for (let pause = 1; ; pause *= 2) {
      attempts -= 1
      let problem: string
      try {
        const response = await this.request(request)
        const seconds = retryAfter(response)
        if (!RETRY_STATUSES.includes(response.statusCode) || seconds === undefined) return response
        // a stored response stays the same however often its idempotency key is sent
        if (response.headers['idempotency-replayed'] !== undefined) return response
        if (Date.now() + seconds * 1000 > this.deadline) return response
        problem = `HTTP ${response.statusCode}`
        pause = seconds
        attempts += 1
      } catch (error) {
        problem = describe(error, this.url)
        if (attempts < 1 || isLasting(error)) {
          throw new NodeApiError(
            this.context.getNode(),
            { message: problem },
            this.options(problem),
          )
        }
      }
      // the same request has the same idempotency key: it is never carried out twice
      await this.wait(pause, problem)
    }
  }

  private async request(request: IHttpRequestOptions): Promise<IN8nHttpFullResponse> {
    const { ca, ignoreSslIssues } = this.settings
    return (await this.context.helpers.httpRequestWithAuthentication.call(
      this.context,
      'cloudTrailCommandsApi',
      {
        ...request,
        url: this.url + request.url,
        json: true,
        timeout: READ_TIMEOUT_MS,
        returnFullResponse: true,
        ignoreHttpStatusErrors: true,
        disableFollowRedirect: true,
        skipSslCertificateValidation: ignoreSslIssues,
        ...(ca ? { agentOptions: { ca } } : {}),
      },
    )) as IN8nHttpFullResponse
  }

  private read(response: IN8nHttpFullResponse): Envelope {
    const body: unknown = response.body
    if (isEnvelope(body)) return body
    const text = `HTTP ${response.statusCode} from ${this.url} is not a response of CloudTrail commands. Hint: check the server URL, and proxies on the way.`
    throw this.failure(text, response.statusCode)
  }

  private async wait(seconds: number, reason: string): Promise<void> {
    if (Date.now() + seconds * 1000 > this.deadline) {
      throw this.failure(`The time of ${BUDGET_SECONDS} s is used up. ${reason}.`)
    }
    await sleep(seconds * 1000)
  }

  private failure(text: string, status?: number): NodeApiError | NodeOperationError {
    const node = this.context.getNode()
    if (status === undefined)
      return new NodeOperationError(node, text, { itemIndex: this.itemIndex })
    return new NodeApiError(node, { message: text }, this.options(text, status))
  }

  /** The first line is the title of n8n's error, all of them its description. */
  private options(text: string, status?: number) {
    const [message = ''] = text.split('\n')
    const httpCode = status === undefined ? {} : { httpCode: String(status) }
    return { message, description: text, itemIndex: this.itemIndex, ...httpCode }
  }
}

/** Seconds of the Retry-After header. */
function retryAfter({ headers }: IN8nHttpFullResponse): number | undefined {
  const value = String(headers['retry-after'] ?? '')
  return /^\d+$/.test(value) ? Number(value) : undefined
}

/** Time that a command takes at AWS's quotas when it has them alone. */
function expectedSeconds(body: IDataObject, quota: Quota): number {
  const inputs = Array.isArray(body.trailNames) ? body.trailNames.length : 5
  const count = quota === 'lookup' ? Number(body.limit ?? 50) : inputs
  return count / PER_SECOND[quota]
}
