import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { keysFile } from '../../support/keys.js'
import { startSandboxService } from '../../support/service.js'
import { testDirectory } from '../../support/test-directory.js'

const MEGABYTE = 1024 * 1024

t.test('a name of a megabyte writes a few kilobytes to response, audit log and log', async (t) => {
  const keys = keysFile(t)
  const audit = join(
    testDirectory(t, { 'keys.json': readFileSync(keys.file, 'utf8') }),
    'audit.ndjson',
  )
  const service = await startSandboxService(t, {
    AUTH: 'api-key',
    API_KEYS_FILE: keys.file,
    AUDIT_FILE: audit,
  })
  const long = 'x'.repeat(MEGABYTE - 100)
  const bodies: [command: string, body: object][] = [
    ['get-trails', { trailNames: [long] }],
    ['list-tags', { trailArns: [long] }],
    ['get-trails', { trailNames: ['audit'], [long]: 1 }],
    ['lookup-events', { attributeKey: 'EventName', attributeValue: long }],
    ['list-trails', { connection: long }],
  ]
  for (const [command, body] of bodies) {
    const logged = service.log.length
    const audited = sizeOf(audit)
    const response = await service.run(command, body, keys.bearer('read'))
    const title = `${command} ${Object.keys(body)[0]}`
    t.equal(response.status, 400, title)
    await service.audited()
    t.ok(JSON.stringify(response.body).length < 8_192, `${title}: the response`)
    t.ok(sizeOf(audit) - audited < 4_096, `${title}: the audit log`)
    t.ok(JSON.stringify(service.log.slice(logged)).length < 8_192, `${title}: the log`)
  }
  t.ok(sizeOf(audit) > 0, 'every request has its audit entry')
})

function sizeOf(file: string): number {
  try {
    return readFileSync(file).length
  } catch {
    return 0
  }
}
