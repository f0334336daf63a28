import { Type } from '@sinclair/typebox'
import { defineCommand } from '../define-command.js'
import { ConnectionField, STRICT } from '../fields.js'
import { endedBy, foundRow, succeeded } from '../run-once.js'

/** Test Connection: one DescribeTrails, which needs the endpoint, the keys, the region and a policy to be right. */
export const testConnection = defineCommand({
  name: 'test-connection',
  title: 'Test Connection',
  summary: 'Check that credentials and endpoint of a connection work',
  description:
    'Whether the credentials and the endpoint of a connection work: calls DescribeTrails once. AccessDeniedException means that both work and the policy lacks cloudtrail:DescribeTrails.',
  apiClass: 'read',
  iamActions: ['cloudtrail:DescribeTrails'],
  scope: 'read',
  body: Type.Object({ connection: ConnectionField }, STRICT),
  data: Type.Object(
    {
      serverUrl: Type.String({ description: 'The endpoint that responded.' }),
      region: Type.String({ description: 'Its region.' }),
      status: Type.Literal('Passed', { description: 'D3 shows this word.' }),
    },
    { title: 'ConnectionTestData' },
  ),
  examples: { 'the default connection': {} },
  async run(_body, cloudTrail) {
    const { region, endpoint } = cloudTrail.connection
    try {
      const response = await cloudTrail.send('DescribeTrails', { includeShadowTrails: false })
      return succeeded({
        contextData: [foundRow(region, { serverUrl: endpoint, region, status: 'Passed' as const })],
        keyFields: {},
        rawData: response.body,
      })
    } catch (error) {
      return endedBy(error, cloudTrail)
    }
  },
})
