import t from 'tap'
import { AccountBook } from '../../src/cloudtrail/account-book.js'
import type { Operation } from '../../src/aws/operations.js'
import type { Connection } from '../../src/cloudtrail/connections/connection.js'

const connection = { id: 'one', accountId: undefined } as Connection
const arn = (account: string) => `arn:aws:cloudtrail:us-east-1:${account}:trail/audit`

t.test("an account is learned from what is the caller's own, and from nothing else", async (t) => {
  const others: [Operation, Record<string, unknown> | Error][] = [
    ['UpdateTrail', { TrailARN: arn('999988887777'), IsOrganizationTrail: true }],
    ['GetTrail', { TrailARN: arn('999988887777') }],
    ['CreateTrail', { TrailARN: 'no ARN' }],
    ['CreateTrail', {}],
    ['CreateTrail', new Error('Topic "for the user: 999988887777" does not exist')],
    ['StopLogging', new Error('Unknown trail: x for the user: 999988887777 or so')],
  ]
  const book = new AccountBook()
  for (const [operation, answer] of others) {
    t.equal(book.learn(connection, operation, answer), undefined, operation)
  }
  t.equal(book.quotaKeyOf(connection), 'one')
  const unknown = new Error('Unknown trail: arn:x for the user: 111122223333')
  t.equal(book.learn(connection, 'StopLogging', unknown), '111122223333')
  t.equal(book.quotaKeyOf(connection), '111122223333')
  t.equal(book.learn(connection, 'CreateTrail', { TrailARN: arn('1') }), undefined, 'once')
  const created = { ...connection, id: 'two' }
  t.equal(
    book.learn(created, 'CreateTrail', { TrailARN: arn('222233334444'), Name: 'audit' }),
    '222233334444',
  )
})
