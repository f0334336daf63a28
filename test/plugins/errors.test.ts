import { pino } from 'pino'
import t from 'tap'
import { buildApp } from '../../src/app.js'
import { readConfig } from '../../src/config.js'

t.test(
  'puts any error of a route in the envelope: 4xx with its message, a defect without',
  async (t) => {
    const log: string[] = []
    const app = await buildApp(readConfig({ AUTH: 'none' }), {
      logger: pino({ level: 'error' }, { write: (line: string) => void log.push(line) }),
      audit: { write: () => Promise.resolve() },
    })
    t.teardown(() => app.close())
    app.get('/client-error', () => {
      throw Object.assign(new Error('The range cannot be satisfied'), { statusCode: 416 })
    })
    app.get('/defect', () => {
      throw new TypeError('undefined is not a function')
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const get = async (path: string) => {
      const response = await fetch(url + path)
      return { status: response.status, body: await response.json() }
    }
    t.match(await get('/client-error'), {
      status: 416,
      body: {
        returnData: 'Failed',
        errors: [
          { code: 'InvalidRequest', statusCode: 416, message: 'The range cannot be satisfied' },
        ],
      },
    })
    t.equal(log.length, 0)
    const defect = await get('/defect')
    t.match(defect, { status: 500, body: { errors: [{ code: 'InternalError', statusCode: 500 }] } })
    t.notMatch(JSON.stringify(defect), /not a function/)
    t.match(
      log.map((line) => JSON.parse(line)),
      [{ err: { type: 'TypeError' } }],
    )
  },
)
