import t from 'tap'
import { readConfig } from '../../src/config.js'
import { readCollector } from '../../src/tracing/collector.js'

const read = (endpoint: string, headers?: string) =>
  readCollector({
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    ...(headers !== undefined && { OTEL_EXPORTER_OTLP_HEADERS: headers }),
  })

t.test('sends traces to /v1/traces below the endpoint, with the configured headers', async (t) => {
  t.equal(readCollector({}), undefined)
  t.same(read('http://127.0.0.1:4318'), { url: 'http://127.0.0.1:4318/v1/traces', headers: {} })
  t.equal(read('https://collector.example/otlp/')?.url, 'https://collector.example/otlp/v1/traces')
  t.same(read('http://a', 'authorization=Bearer%20a=b, x-a = 1 ,')?.headers, {
    authorization: 'Bearer a=b',
    'x-a': '1',
  })
})

t.test(
  'refuses to start with an invalid collector, and names the variable without its value',
  async (t) => {
    for (const endpoint of [
      'collector:4318',
      'grpc://a:4317',
      'http://user:marked-secret@a',
      'http://a?key=marked-secret',
      '/a',
    ]) {
      t.throws(() => read(endpoint), { message: /^OTEL_EXPORTER_OTLP_ENDPOINT must be/ }, endpoint)
    }
    for (const headers of ['marked-secret', 'a b=1', '=1', 'a=%', 'a=1%0d%0ax: y', 'a=%C3%A9']) {
      t.throws(() => read('http://a', headers), { message: /^OTEL_EXPORTER_OTLP_HEADERS must be/ })
    }
    const faulty = {
      AUTH: 'none',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a',
      OTEL_EXPORTER_OTLP_HEADERS: 'marked-secret',
    }
    t.throws(() => readConfig(faulty), {
      name: 'ConfigError',
      message: /OTEL_EXPORTER_OTLP_HEADERS/,
    })
    try {
      readConfig(faulty)
    } catch (error) {
      t.notMatch(String(error), 'marked-secret')
    }
  },
)
