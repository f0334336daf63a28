import type { FastifyReply, FastifyRequest } from 'fastify'
import { once } from 'node:events'
import type { RowSink } from '../commands/define-command.js'
import type { CommandResponse } from '../envelope/envelope.js'

/** The media type of streamed answers: a JSON object a line. */
export const NDJSON = 'application/x-ndjson'

/** How long a stream is silent at most, in milliseconds: proxies end connections that are. */
const KEEP_ALIVE_MS = 10_000

/** How long a reader may take for what is left when the command is over, in milliseconds. */
const LINGER_MS = 15_000

/**
 * A streamed answer: `{"event": row}` for each row, `{"keepAlive": …}` while there is nothing to tell, and at last
 * `{"envelope": …}`, the envelope without the rows. The status is 200 from the first line on; where there is none
 * before the envelope, it is the envelope's own.
 */
class NdjsonStream {
  #timer: NodeJS.Timeout | undefined
  #rows = 0

  /** @param ended aborts when the reader hangs up, and when the command's time is up */
  constructor(
    private readonly reply: FastifyReply,
    private readonly ended: AbortSignal,
  ) {
    this.#keepAlive()
  }

  /**
   * Writes a row, and waits while the reader is slower. When the time is up nobody waits any more: what was fetched
   * already is written, for the reader to take.
   */
  readonly sink: RowSink = async (row) => {
    this.#rows += 1
    if (this.#write({ event: row }) || this.ended.aborted) return
    await once(this.reply.raw, 'drain', { signal: this.ended }).catch(() => undefined)
  }

  /** Writes the envelope as the last line. */
  end({ status, retryAfter, envelope }: CommandResponse): void {
    clearTimeout(this.#timer)
    const { contextData: _rows, rawData: _raw, keyFields: _keys, ...rest } = envelope
    if (!this.reply.raw.headersSent && retryAfter !== undefined) {
      this.reply.header('retry-after', String(retryAfter))
    }
    this.#write({ envelope: rest }, status)
    clearTimeout(this.#timer)
    const { raw } = this.reply
    const cut = setTimeout(() => raw.destroy(), LINGER_MS).unref()
    raw.once('close', () => clearTimeout(cut))
    raw.end()
  }

  /** Frees what the stream holds. One that has not ended is cut, so that nobody takes it for whole. */
  close(): void {
    clearTimeout(this.#timer)
    const { raw } = this.reply
    if (raw.headersSent && !raw.writableEnded) raw.destroy()
  }

  #write(line: object, status = 200): boolean {
    const { reply } = this
    const { raw } = reply
    if (raw.destroyed) return true
    if (!raw.headersSent) {
      reply.hijack()
      raw.writeHead(status, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': NDJSON,
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
    }
    this.#keepAlive()
    return raw.write(`${JSON.stringify(line)}\n`)
  }

  #keepAlive(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      // a reader who has something to read is not kept waiting
      if (this.reply.raw.writableNeedDrain) this.#keepAlive()
      else this.#write({ keepAlive: { rows: this.#rows } })
    }, KEEP_ALIVE_MS)
  }
}

/** Streams the answer of a command that is run with a sink for its rows. */
export async function streamAnswer(
  reply: FastifyReply,
  request: FastifyRequest,
  ended: AbortSignal,
  run: (sink: RowSink) => Promise<CommandResponse>,
): Promise<FastifyReply> {
  const stream = new NdjsonStream(reply, ended)
  try {
    stream.end(await run(stream.sink))
  } catch (error) {
    /* c8 ignore start -- a defect that is known is mended, not tested */
    if (!reply.raw.headersSent) throw error
    request.log.error({ err: error }, 'a streamed command failed in the service')
    /* c8 ignore stop */
  } finally {
    stream.close()
  }
  return reply
}
