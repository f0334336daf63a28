import t from 'tap'
import {
  parseTrailArn,
  trailArnError,
  trailError,
  trailNameError,
} from '../../src/aws/trail-name.js'

t.test('a name is taken just inside each rule, and refused just outside', async (t) => {
  const inside = [
    'abc',
    'a'.repeat(128),
    '1ab',
    'ab1',
    'a.b_c-d',
    '192.168.5',
    '192.168.5.4a',
    'Trail.2026',
  ]
  for (const name of inside) t.equal(trailNameError(name), undefined, name)
  const outside: [string, RegExp][] = [
    ['', /cannot be blank/],
    ['   ', /cannot be blank/],
    ['ab', /too short.*3 characters.*Specified name length: 2/],
    ['a'.repeat(129), /too long.*128 characters.*Specified name length: 129/],
    ['-abc', /starts with a letter or number/],
    ['.abc', /starts with a letter or number/],
    ['abc_', /ends with a letter or number/],
    ['abc-', /ends with a letter or number/],
    ['my-_trail', /adjacent/],
    ['my--trail', /adjacent/],
    ['my..trail', /adjacent/],
    ['192.168.5.4', /IP address/],
    ['tràil', /can only contain/],
    ['my trail', /can only contain/],
    ['trail/a', /can only contain/],
    ['аудит', /can only contain/],
  ]
  for (const [name, message] of outside) {
    t.match(trailNameError(name), { code: 'InvalidTrailNameException', message }, name)
  }
})

t.test('trail ARNs of every partition are read', async (t) => {
  const regions = {
    aws: 'us-east-1',
    'aws-cn': 'cn-north-1',
    'aws-us-gov': 'us-gov-west-1',
    'aws-eusc': 'eusc-de-east-1',
    'aws-iso': 'us-iso-east-1',
    'aws-iso-b': 'us-isob-east-1',
    'aws-iso-e': 'eu-isoe-west-1',
    'aws-iso-f': 'us-isof-south-1',
  }
  for (const [partition, region] of Object.entries(regions)) {
    const arn = `arn:${partition}:cloudtrail:${region}:111122223333:trail/audit`
    t.same(parseTrailArn(arn), { partition, region, accountId: '111122223333', name: 'audit' })
    t.equal(trailError(arn), undefined)
  }
})

t.test('what is no trail ARN is refused in AWS words', async (t) => {
  const bad = [
    'lll',
    'arn:aws:cloudtrail:us-east-1:111122223333:trail/',
    'arn:aws:cloudtrail:us-east-1:111122223333:trail/ab',
    'arn:aws:cloudtrail:us-east-1:111122223333:channel/audit',
    'arn:aws:cloudtrail:us-east-1:11112222333:trail/audit',
    'arn:aws:cloudtrail::111122223333:trail/audit',
    'arn:azure:cloudtrail:us-east-1:111122223333:trail/audit',
    'arn:aws:s3:::bucket',
    'arn:aws:cloudtrail:us-east-1:111122223333:trail/audit\n',
  ]
  for (const arn of bad) {
    t.same(trailArnError(arn), {
      code: 'CloudTrailARNInvalidException',
      message: `The ARN ${arn} is invalid.`,
    })
  }
})
