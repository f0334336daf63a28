import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startSandboxService } from '../support/service.js'
import { waitFor } from '../support/wait-for.js'
import { testDirectory } from '../support/test-directory.js'

t.test('protects the trails of PROTECTED_TRAILS_FILE, as it is now', async (t) => {
  const file = join(
    testDirectory(t, { trails: '# by name\ninsights # the detector\n\nother,more\n' }),
    'trails',
  )
  const service = await startSandboxService(t, {
    PROTECTED_TRAILS: 'management-events',
    PROTECTED_TRAILS_FILE: file,
  })
  const logged = (text: string) =>
    service.log.filter(({ msg }) => String(msg).includes(text)).length
  const codesOf = async (...trailNames: string[]) => {
    const { body } = await service.run('stop-logging', { trailNames })
    return trailNames.map((name) => body.errors.find(({ input }) => input === name)?.code)
  }
  const isProtected = 'ProtectedTrail'
  t.same(await codesOf('management-events', 'insights'), [isProtected, isProtected])

  writeFileSync(file, 'data-events\n')
  await waitFor('the file is read again', () => logged('was read again') === 1)
  t.same(
    await codesOf('management-events', 'insights', 'data-events'),
    [isProtected, undefined, isProtected],
    'PROTECTED_TRAILS stays in force beside it',
  )

  writeFileSync(file, 'no spaces\n')
  await waitFor('the broken file is logged', () => logged('is broken') === 1)
  t.match(
    service.log.find(({ msg }) => String(msg).includes('is broken')),
    { reason: /PROTECTED_TRAILS_FILE: no spaces is neither a trail name/ },
  )
  t.same(await codesOf('data-events'), [isProtected], 'what was read before stays in force')
})

t.test('does not start with a PROTECTED_TRAILS_FILE that it cannot use', async (t) => {
  const dir = testDirectory(t, { broken: 'a b\n' })
  for (const [name, message] of [
    ['none', /^PROTECTED_TRAILS_FILE .*none cannot be read \(ENOENT\)$/],
    ['broken', /^PROTECTED_TRAILS_FILE: a b is neither a trail name/],
  ] as const) {
    const env = { PROTECTED_TRAILS_FILE: join(dir, name) }
    await t.rejects(startSandboxService(t, env), { name: 'ProtectedTrailsError', message }, name)
  }
})
