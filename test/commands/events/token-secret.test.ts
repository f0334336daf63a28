import { join } from 'node:path'
import t from 'tap'
import { tokenSecret } from '../../../src/commands/events/token-secret.js'
import { readConfig } from '../../../src/config.js'
import { testDirectory } from '../../support/test-directory.js'

t.test('makes a secret of its own where the file of API keys cannot be read', (t) => {
  const config = readConfig({ AUTH: 'none', API_KEYS_FILE: join(testDirectory(t), 'gone.json') })
  const secret = tokenSecret(config, {})
  t.match(secret, /^[0-9a-f]{64}$/)
  t.not(tokenSecret(config, {}), secret)
  t.end()
})
