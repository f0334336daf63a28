import { readFileSync } from 'node:fs'
import t from 'tap'
import { startSandboxService } from '../support/service.js'

const PAGE = readFileSync('docs/connectors/write-your-own.md', 'utf8')

/** Request, status line with headers, and body, as the page shows an exchange. */
const EXCHANGE =
  /```http\n([\s\S]*?)```\n\n```text\nHTTP\/1\.1 (\d+)[\s\S]*?```\n\n```json\n([\s\S]*?)```/g

/** The names and the types of a document, with the values that decide what a connector does. */
function shapeOf(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => shapeOf(item))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([member, one]) => [member, shapeOf(one, member)]),
    )
  }
  const decides = [
    'command',
    'returnData',
    'result',
    'code',
    'field',
    'input',
    'status',
    'statusCode',
  ]
  return decides.includes(name) ? value : typeof value
}

t.test('every exchange of write-your-own.md is as the sandbox responds', async (t) => {
  const service = await startSandboxService(t, { QUOTA_WRITE_TPS: '1' })
  let job = ''
  const exchanges = [...PAGE.matchAll(EXCHANGE)]
  t.strictSame(
    exchanges.map(([, , status]) => status),
    ['200', '207', '400', '202', '200'],
  )
  for (const [, request = '', status, shown = ''] of exchanges) {
    const [head = '', body] = request.split('\n\n')
    const [line = '', ...lines] = head.trim().split('\n')
    const [method = '', path = ''] = line.split(' ')
    const headers = lines
      .map((header) => header.split(': ') as [string, string])
      .filter(([name]) => name !== 'authorization')
    const options = { method, headers, ...(body ? { body } : {}) }
    const url = job === '' ? path : job
    let response = await service.fetch(url, options)
    while (job !== '' && response.status === 202) response = await service.fetch(url, options)
    job = response.headers.get('location') ?? ''
    t.equal(String(response.status), status, line)
    t.strictSame(shapeOf(await response.json()), shapeOf(JSON.parse(shown)), line)
  }
})
