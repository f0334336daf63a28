import t from 'tap'
import { COMMANDS } from '../../scripts/connectors/command-model.js'
import { keysFile } from '../support/keys.js'
import { startSandboxService } from '../support/service.js'
import { checkConnector, type Shown, type Way } from './support/check-connector.js'
import { loadPackage, runNode, testCredential } from './support/n8n.js'

t.test('n8n', async (t) => {
  const built = loadPackage(t)

  const credentials = (way: Way) => ({
    url: way.url,
    apiKey: way.key,
    connection: '',
    ca: way.ca?.pem ?? '',
    ignoreSslIssues: way.trustAny ?? false,
  })

  async function run(way: Way, parameters: Record<string, unknown>): Promise<Shown> {
    const { items, hints, error } = await runNode(built, credentials(way), [parameters])
    return {
      isError: error !== undefined,
      text: error ? (error.description ?? error.message) : hints.join('\n'),
      rows: items
        .map(({ json }) => json)
        .filter(({ result }) => result === 'Successful')
        .map((json) => ({ ...json, Name: json.name })),
      all: { items, hints, message: error?.message, description: error?.description },
    }
  }

  checkConnector(t, {
    testConnection: (_, way) => run(way, { operation: 'test-connection' }),
    startLogging: (_, way, trailNames) => run(way, { operation: 'start-logging', trailNames }),
    getTrails: (_, way, trails) =>
      run(way, { operation: 'get-trails', trailNames: trails.join(', ') }),
  })

  t.test(
    "the credential's test passes with the right key, and fails with a wrong one",
    async (t) => {
      const keys = keysFile(t)
      const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: keys.file })
      const way = { url: `${service.url}/`, key: keys.made.read.key }
      t.equal(await testCredential(built, credentials(way)), true)
      t.equal(await testCredential(built, credentials({ ...way, key: 'ctk_wrong' })), false)
    },
  )

  t.test('each input item runs by itself, and names the item that it came from', async (t) => {
    const service = await startSandboxService(t)
    const inputs = ['management-events', 'no-such-trail', 'data-events'].map((trailNames) => ({
      operation: 'get-trails',
      trailNames,
    }))
    const way = credentials({ url: service.url, key: '' })
    const { items } = await runNode(built, way, inputs, true)
    t.match(items, [
      { json: { name: 'management-events' }, pairedItem: { item: 0 } },
      { json: { error: /Unknown trail.*Hint: / }, pairedItem: { item: 1 } },
      { json: { name: 'data-events' }, pairedItem: { item: 2 } },
    ])
    const { error } = await runNode(built, way, inputs)
    t.equal(error.context.itemIndex, 1)
    t.equal(error.httpCode, '400')
  })

  t.test('an input that failed is a row with its error', async (t) => {
    const service = await startSandboxService(t)
    const way = credentials({ url: service.url, key: '' })
    const { items } = await runNode(built, way, [
      { operation: 'get-trails', trailNames: ['management-events', 'no-such-trail'] },
    ])
    t.match(items[1], {
      json: { input: 'no-such-trail', result: 'Failed', error: /Unknown trail/ },
    })
  })

  t.test('options become fields of the body, and the whole response is one item', async (t) => {
    const service = await startSandboxService(t)
    const way = credentials({ url: service.url, key: '' })
    const [found, updated, refused] = await Promise.all([
      runNode(built, way, [
        {
          operation: 'lookup-events',
          output: 'response',
          options: {
            attributeKey: 'EventName',
            attributeValue: 'StopLogging',
            limit: 1,
            regions: 'all',
          },
        },
      ]),
      runNode(built, way, [
        {
          operation: 'create-trails',
          trailNames: 'n8n-trail',
          s3BucketName: 'acme-cloudtrail-logs',
          options: { tags: '[{"key": "team", "value": "soc"}]', dryRun: true },
        },
      ]),
      runNode(built, way, [
        { operation: 'add-tags', trailArn: 'arn:aws:cloudtrail:us-east-1:1:trail/x', tags: '{' },
      ]),
    ])
    t.equal(found.items.length, 1)
    t.match(found.items[0]!.json, { returnData: 'Successful', keyFields: {} })
    t.equal(updated.error, undefined, updated.error?.message)
    t.match(updated.items[0]!.json, { dryRun: { operation: 'CreateTrail' } })
    t.match(refused.error.message, /tags must be JSON/)
  })

  t.test(
    'the package has the node, the credential and their icons, and nothing else',
    async (t) => {
      t.ok(
        built.files.every((path) =>
          /^(dist\/(icons|nodes|credentials)\/|package.json|README.md)/.test(path),
        ),
        built.files.join(),
      )
      const { properties } = built.node.description
      const offered = properties
        .filter(({ name }: any) => name === 'operation')
        .flatMap(({ options }: any) => options.map(({ value }: any) => value))
      t.strictSame(offered.sort(), [...COMMANDS.map(({ name }) => name), 'test-connection'].sort())
    },
  )
})
