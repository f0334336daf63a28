import { readFileSync } from 'node:fs'
import { parse, stringify } from 'yaml'

/** The alerts of deploy/prometheus as a resource of the Prometheus operator. */
export function prometheusRule(): string {
  const spec = parse(readFileSync('deploy/prometheus/alerts.yaml', 'utf8')) as object
  const resource = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'cloudtrail-commands' },
    spec,
  }
  return `# Written by \`npm run openapi\` from deploy/prometheus/alerts.yaml.\n${stringify(resource, { lineWidth: 0, singleQuote: true })}`
}
