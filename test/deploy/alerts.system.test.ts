import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { needs } from '../support/needs.js'

needs('promtool')

t.test('each alert fires on the series that it is for', async (t) => {
  const alerts = parse(readFileSync('deploy/prometheus/alerts.yaml', 'utf8')).groups.flatMap(
    ({ rules }: any) => rules.map(({ alert }: any) => alert),
  )
  const tested = parse(readFileSync('deploy/prometheus/alerts.test.yaml', 'utf8'))
    .tests.flatMap((one: any) => one.alert_rule_test)
    .filter(({ exp_alerts }: any) => exp_alerts.length > 0)
    .map(({ alertname }: any) => alertname)
  t.same([...new Set(tested)].sort(), [...alerts].sort(), 'every alert has a test')
  const output = execFileSync('promtool', ['test', 'rules', 'alerts.test.yaml'], {
    cwd: 'deploy/prometheus',
    encoding: 'utf8',
  })
  t.match(output, 'SUCCESS')
})
