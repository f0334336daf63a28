import { execFile } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { needs } from '../support/needs.js'
import { testDirectory } from '../support/test-directory.js'

needs('docker-compose')

const { services } = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  services: Record<string, { profiles?: string[] }>
}
const profiles = new Set(Object.values(services).flatMap(({ profiles = [] }) => profiles))

t.test('docker-compose accepts the file with every profile', async (t) => {
  // a fresh checkout has none of the settings that an operator writes
  const folder = testDirectory(t, { deploy: {} })
  cpSync('docker-compose.yml', join(folder, 'docker-compose.yml'))
  cpSync('deploy/aws.env.example', join(folder, 'deploy/aws.env.example'))
  for (const profile of ['', ...profiles]) {
    const chosen = profile === '' ? [] : ['--profile', profile]
    const { stdout } = await promisify(execFile)('docker-compose', [...chosen, 'config'], {
      cwd: folder,
    })
    t.match(stdout, 'services:', profile)
  }
})
