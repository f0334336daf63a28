import t from 'tap'
import { readConfig } from '../../../src/config.js'
import { createConnections } from '../../../src/cloudtrail/connections/connections.js'

const logger = { info: () => undefined, error: () => undefined }
const PARTS = { logger, env: {}, sandbox: undefined }

const inline = {
  serverUrl: 'https://cloudtrail.us-east-1.amazonaws.com',
  accessKey: 'AKIARTX3GSDSQASANDBX',
  accessSecret: 'x',
}

t.test('where inline connections are not allowed, a request may name one only', async (t) => {
  const config = readConfig({ AUTH: 'none', INLINE_CONNECTIONS: 'false' })
  const connections = createConnections(config, PARTS)
  t.throws(() => connections.resolve(inline), { name: 'ConnectionRefused', reason: 'forbidden' })
  t.equal(connections.resolve('default').name, 'default')
})

t.test('a region that is none is refused when the service starts', async (t) => {
  const config = readConfig({ AUTH: 'none', CLOUDTRAIL_REGION: 'somewhere' })
  t.throws(() => createConnections(config, PARTS), {
    name: 'ConnectionConfigError',
    message: /^CLOUDTRAIL_REGION must be a region such as us-east-1$/,
  })
})

t.test('two connections are the same when endpoint, region and keys are', async (t) => {
  const connections = createConnections(readConfig({ AUTH: 'none' }), PARTS)
  const { id } = connections.resolve(inline)
  t.equal(connections.resolve({ ...inline }).id, id)
  t.not(connections.resolve({ ...inline, accessSecret: 'y' }).id, id)
  t.not(connections.resolve({ ...inline, sessionToken: 'z' }).id, id)
  t.notOk(id.includes(inline.accessKey))
})
