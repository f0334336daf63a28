import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A text that is served compressed, and not at all to a browser that has it. It is compressed once. */
export class CompressedText {
  readonly #etag: string
  readonly #gzip: Buffer

  constructor(
    private readonly type: string,
    private readonly text: Buffer,
  ) {
    this.#etag = `"${createHash('sha256').update(text).digest('base64url')}"`
    this.#gzip = gzipSync(text, { level: 9 })
  }

  /** Sends it; 304 where `if-none-match` names it. */
  send({ headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
    void reply.headers({
      'cache-control': 'no-cache',
      vary: 'accept-encoding',
      etag: this.#etag,
    })
    if (headers['if-none-match']?.includes(this.#etag)) return reply.code(304).send()
    void reply.type(this.type)
    const takesGzip = /(^|,)\s*gzip\s*(;\s*q=(1|0\.\d*[1-9])|,|$)/.test(
      headers['accept-encoding'] ?? '',
    )
    if (!takesGzip) return reply.send(this.text)
    return reply.header('content-encoding', 'gzip').send(this.#gzip)
  }
}
