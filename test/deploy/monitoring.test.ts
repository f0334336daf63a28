import { readFileSync } from 'node:fs'
import { parser } from '@prometheus-io/lezer-promql'
import t from 'tap'
import { parse } from 'yaml'
import { startSandboxService } from '../support/service.js'

/** Every expression of the alert rules and of the dashboard, with where it stands. */
function expressions(): [string, string][] {
  const alerts = parse(readFileSync('deploy/prometheus/alerts.yaml', 'utf8')) as {
    groups: { rules: { alert: string; expr: string }[] }[]
  }
  const dashboard = JSON.parse(readFileSync('deploy/grafana/dashboard.json', 'utf8')) as {
    panels: { title: string; targets?: { expr: string }[] }[]
  }
  return [
    ...alerts.groups.flatMap(({ rules }) =>
      rules.map(({ alert, expr }) => [alert, expr] as [string, string]),
    ),
    ...dashboard.panels.flatMap(({ title, targets = [] }) =>
      // what Grafana puts there is a time
      targets.map(
        ({ expr }) => [title, expr.replaceAll('$__rate_interval', '5m')] as [string, string],
      ),
    ),
  ]
}

/** Metrics and labels that an expression names; throws where it is no PromQL. */
function namesIn(expression: string): { metrics: string[]; labels: string[] } {
  const metrics: string[] = []
  const labels: string[] = []
  parser.parse(expression).iterate({
    enter(node) {
      if (node.type.isError) throw new Error(`no PromQL at ${node.from}: ${expression}`)
      const text = expression.slice(node.from, node.to)
      if (node.name === 'VectorSelector') metrics.push(/^\w+/.exec(text)?.[0] ?? '')
      if (node.name === 'LabelName') labels.push(text)
    },
  })
  return { metrics, labels }
}

t.test('alerts and dashboard name only metrics and labels that exist', async (t) => {
  const service = await startSandboxService(t)
  await service.run('list-trails')
  await service.run('get-trails', { trailNames: ['no-such-trail'] })
  const text = await (await service.fetch('/metrics')).text()
  const exposed = new Set<string>()
  for (const [, name = '', type] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    if (type !== 'histogram') exposed.add(name)
    else for (const part of ['bucket', 'sum', 'count']) exposed.add(`${name}_${part}`)
  }
  // these two Prometheus itself adds
  const labels = new Set(['job', 'instance'])
  for (const [, label = ''] of text.matchAll(/[{,](\w+)="/g)) labels.add(label)
  const all = expressions()
  t.ok(all.length > 20)
  for (const [where, expression] of all) {
    const named = namesIn(expression)
    t.ok(named.metrics.length > 0, where)
    for (const metric of named.metrics) t.ok(exposed.has(metric), `${where}: ${metric}`)
    for (const label of named.labels) t.ok(labels.has(label), `${where}: ${label}`)
  }
  const shown = new Set(all.flatMap(([, expression]) => namesIn(expression).metrics))
  for (const metric of exposed) {
    // of what prom-client measures of every process, the dashboard shows a part
    if (/_(sum|count)$|^(process|nodejs)_/.test(metric)) continue
    t.ok(shown.has(metric), `${metric} is shown somewhere`)
  }
})

t.test('what is no PromQL is found, and what does not exist is named', async (t) => {
  t.throws(() => namesIn('sum by (x (up)'), /no PromQL/)
  t.same(namesIn('sum by (a) (rate(up{b="c"}[5m]))'), { metrics: ['up'], labels: ['a', 'b'] })
})
