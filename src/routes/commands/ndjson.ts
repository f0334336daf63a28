import { once } from 'node:events'
import type { FastifyReply } from 'fastify'
import type { RowSink } from '../../commands/define-command.js'
import type { CommandResponse } from '../../envelope/envelope.js'
import type { Executed } from '../../service/execute-command.js'

/** The media type of streamed responses: one JSON object per line. */
export const NDJSON = 'application/x-ndjson'

/** The longest silence of a stream, in milliseconds: proxies close idle connections. */
const KEEP_ALIVE_MS = 10_000

/** How long a client may take to read what is left when the command has finished, in milliseconds. */
const LINGER_MS = 15_000

/**
 * A streamed response: `{"event": row}` for each row, `{"checkpoint": …}` where a client may continue when the stream breaks,
 * `{"keepAlive": …}` while there is neither, and at last `{"envelope": …}`, the envelope without the rows. The status is
 * 200 once a line was written; if the envelope is the first line, it is the envelope's own.
 */
class NdjsonStream {
  #timer: NodeJS.Timeout | undefined
  #rows = 0

  constructor(private readonly reply: FastifyReply) {
    this.#keepAlive()
  }

  /**
   * Writes rows and checkpoints, and waits while the client reads more slowly. Once `ended` aborts it no longer waits: the rows that were
   * fetched already are written all the same.
   *
   * @param ended aborts when the client disconnects, and at the deadline of the command
   */
  sink(ended: AbortSignal): RowSink {
    const write = async (line: object) => {
      if (this.#write(line) || ended.aborted) return
      await once(this.reply.raw, 'drain', { signal: ended }).catch(() => undefined)
    }
    return {
      row: (row) => {
        this.#rows += 1
        return write({ event: row })
      },
      checkpoint: (nextToken) => write({ checkpoint: { rows: this.#rows, nextToken } }),
    }
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

  /** Releases the timer. A stream that has no envelope is cut, so that no client takes it for complete. */
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
      // a client that has data left to read needs no keep-alive
      if (this.reply.raw.writableNeedDrain) this.#keepAlive()
      else this.#write({ keepAlive: { rows: this.#rows } })
    }, KEEP_ALIVE_MS)
  }
}

/**
 * Streams the response of a command.
 *
 * @param run runs the command; it opens the sink of its rows with the signal that ends it
 */
export async function streamResponse(
  reply: FastifyReply,
  run: (openSink: (ended: AbortSignal) => RowSink) => Promise<Executed>,
): Promise<FastifyReply> {
  const stream = new NdjsonStream(reply)
  try {
    const { response, report } = await run((ended) => stream.sink(ended))
    try {
      stream.end(response)
    } finally {
      report()
    }
  } catch (error) {
    if (!reply.raw.headersSent) throw error
    reply.log.error({ err: error }, 'a streamed command failed in the service')
  } finally {
    stream.close()
  }
  return reply
}
