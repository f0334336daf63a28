import t, { type Test } from 'tap'
import { checkConnector, type Shown, type Way } from './support/check-connector.js'
import { runConnector } from './support/python.js'
import { needs } from '../support/needs.js'
import { startSandboxService } from '../support/service.js'

needs('requests')

/** Runs a function of the script with its positional arguments. */
async function run(t: Test, way: Way, command: string, args: unknown[]): Promise<Shown> {
  const settings = {
    serviceurl: way.url,
    apikey: way.key,
    cacertificate: way.ca?.pem ?? '',
    trustanycertificate: way.trustAny ? 'True' : 'False',
  }
  const file = 'connectors/d3/cloudtrail_commands_d3.py'
  const output = await runConnector(t, 'd3', { file, settings, command, args })
  return {
    isError: output.returnData === 'Failed',
    text: output.error,
    rows: output.resultData.filter((row: { Result: string }) => row.Result === 'Successful'),
    all: output,
  }
}

t.test('D3 SOAR', async (t) => {
  checkConnector(t, {
    testConnection: (t, way) => run(t, way, 'TestConnection', []),
    startLogging: (t, way, trails) => run(t, way, 'StartLogging', [trails]),
    // lists come as JSON text too
    getTrails: (t, way, trails) => run(t, way, 'GetTrails', [JSON.stringify(trails)]),
  })

  t.test(
    'the output has the parts of D3: return data, key fields, context and raw data',
    async (t) => {
      const service = await startSandboxService(t)
      const way = { url: service.url, key: '' }
      const { all } = await run(t, way, 'CreateTrails', [
        ['audit-2026', 'a'],
        'acme-cloudtrail-logs',
      ])
      t.match(all, {
        returnData: 'Partially Successful',
        keyFields: { TrailNames: ['audit-2026'] },
        contextData: [{ input: 'audit-2026', result: 'Successful' }, { result: 'Failed' }],
        rawData: [{ Name: 'audit-2026' }],
        error: /^Create Trails failed\. Status Code: 400\. Message: .*Input: a\./,
      })
    },
  )

  t.test("the document's parameters keep their order and forms", async (t) => {
    const service = await startSandboxService(t)
    const way = { url: service.url, key: '' }
    const arn = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events'
    const removed = await run(t, way, 'RemoveTags', [[arn], ['Environment']])
    t.equal(removed.isError, false, removed.text)
    const found = await run(t, way, 'LookupEvents', ['EventName', 'StopLogging'])
    t.ok(found.rows.length > 0)
    t.ok(found.rows.every(({ EventName }) => EventName === 'StopLogging'))
    const updated = await run(t, way, 'UpdateTrails', [
      ...['["data-events"]', 'acme-cloudtrail-logs', 'True', 'False', '', true],
    ])
    t.match(updated.rows, [{ Name: 'data-events', LogFileValidationEnabled: true }])
    const insights = await run(t, way, 'PutInsightSelectors', [
      ['management-events'],
      'ApiCallRateInsight',
    ])
    t.equal(insights.isError, false, insights.text)
    const several = await run(t, way, 'RemoveTags', [[arn, `${arn}-2`], ['Environment']])
    t.match(several.text, /trailArn takes one value, and 2 were given/)
  })

  t.test(
    "the document's connection is sent with the command: URL, access key, secret",
    async (t) => {
      const service = await startSandboxService(t)
      const settings = {
        serviceurl: service.url,
        serverurl: service.sandbox.url,
        accesskey: 'AKIARTX3GSDSQASANDBX',
        accesssecret: 'not-a-secret',
      }
      const output = await runConnector(t, 'd3', {
        ...{ file: 'connectors/d3/cloudtrail_commands_d3.py', settings, command: 'ListTrails' },
        args: [],
      })
      t.match(output, { returnData: 'Successful' })
    },
  )
})
