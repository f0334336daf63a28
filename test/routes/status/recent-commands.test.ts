import t from 'tap'
import type { CommandResponse } from '../../../src/envelope/envelope.js'
import { RecentCommands } from '../../../src/routes/status/recent-commands.js'

const response = (command: string, requestId: string) =>
  ({
    status: 200,
    envelope: {
      command,
      returnData: 'Successful',
      errors: [],
      meta: { requestId, connection: 'default', regions: ['us-east-1'], durationMs: 5 },
    },
  }) as unknown as CommandResponse
const request = { key: 'soar', isDryRun: false, isJob: false }

t.test('holds half an hour of five commands per second in a bounded number of rows', (t) => {
  let now = 0
  const recent = new RecentCommands(() => now)
  const commands = 30 * 60 * 5
  for (let index = 0; index < commands; index += 1) {
    now = index * 200
    recent.onCommand(response(`command-${index % 17}`, `request-${index}`), request)
  }
  const rows = recent.list()
  t.equal(
    rows.reduce((sum, { count }) => sum + count, 0),
    commands,
    'no command is missing',
  )
  t.equal(rows.length, 30 * 17)
  t.match(rows[0], { requestId: `request-${commands - 1}`, key: 'soar' }, 'the newest is first')
  t.end()
})

t.test('drops the oldest rows when no two commands are equal', (t) => {
  const recent = new RecentCommands()
  for (let index = 0; index < 5_000; index += 1)
    recent.onCommand(response(`c${index}`, 'r'), request)
  t.equal(recent.list().length, 600)
  t.equal(recent.list().at(-1)?.command, 'c4400')
  t.end()
})
