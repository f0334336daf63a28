import t from 'tap'
import { accountIdOfAccessKey } from '../../src/aws/account-id.js'

t.test('published access key ids decode to their published accounts', async (t) => {
  t.equal(accountIdOfAccessKey('ASIAY34FZKBOKMUTVV7A'), '609629065308')
  t.equal(accountIdOfAccessKey('ASIAQNZGKIQY56JQ7WML'), '029608264753')
})

t.test('an id of the old generation, or no id at all, holds no account', async (t) => {
  for (const id of [
    'AKIAIOSFODNN7EXAMPLE',
    'AKIAJAAAAAAAAAAAAAAA',
    '',
    'x',
    'AKIA',
    'akiay34fzkbokmutvv7a',
  ]) {
    t.equal(accountIdOfAccessKey(id), undefined, id)
  }
})
