import fastify from 'fastify'

/** A Fastify without anything, in a process of its own as the service is: what one POST costs at least. */
const app = fastify()
app.post('/', () => ({ ok: true }))
const url = await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.({ url })
process.once('disconnect', () => process.exit(0))
