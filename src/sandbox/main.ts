import closeWithGrace from 'close-with-grace'
import { pino } from 'pino'

import { readOptions } from './environment.js'
import { startSandbox } from './sandbox.js'

/*
 * The sandbox by itself, without the service: `npm run sandbox:only`. Other tools can point at it, and
 * it runs until SIGTERM or SIGINT.
 */
const logger = pino({ name: 'cloudtrail-sandbox' })
const sandbox = await startSandbox(readOptions(process.env))
const { url, accessKey, accountId } = sandbox
logger.info(
  { url, accessKey, accountId },
  `CloudTrail sandbox listens. Try: AWS_ACCESS_KEY_ID=${accessKey} AWS_SECRET_ACCESS_KEY=any aws --region us-east-1 --endpoint-url ${url} cloudtrail describe-trails`,
)
closeWithGrace(async ({ signal }) => {
  logger.info({ signal }, 'CloudTrail sandbox shuts down')
  await sandbox.close()
})
