import { pino } from 'pino'
import { buildApp } from '../src/app.js'
import { readConfig } from '../src/config.js'
import { RECORDED_RESPONSES } from '../src/routes/commands/recorded-responses.js'
import { commandsReference } from './commands-reference.js'
import { configurationReference } from './configuration.js'
import { connectorFiles } from './connectors/files.js'
import { errorsReference } from './errors-reference.js'
import { LOCAL_SERVER, type OpenApi } from '../src/plugins/openapi/document.js'
import { openApi20 } from './openapi/openapi-2.0.js'
import { openApi30 } from '../src/plugins/openapi/openapi-3.0.js'
import { iamPolicyFiles } from './iam-policies.js'
import { recordResponses } from './openapi/record-responses.js'
import { toYaml } from './openapi/yaml.js'
import { prometheusRule } from './prometheus-rule.js'

/** The documents that follow from the code, by their path in the repository. */
export type Documents = Record<string, string>

/**
 * Writes out what follows from the catalogue and the routes: OpenAPI, the IAM policies, the references of the commands, of
 * the errors and of the configuration, and the connectors.
 */
export async function makeDocuments(): Promise<Documents> {
  const recorded = await recordResponses()
  Object.assign(RECORDED_RESPONSES, recorded)
  const config = readConfig({ AUTH: 'none' })
  const app = await buildApp(config, {
    logger: pino({ level: 'silent' }),
    audit: { write: () => Promise.resolve() },
  })
  await app.ready()
  const openapi = app.swagger()
  await app.close()
  const older = openApi30(openapi as unknown as OpenApi, {
    url: `${LOCAL_SERVER.scheme}://${LOCAL_SERVER.host}`,
    description: 'Replace it by the address of your service.',
  })
  return {
    'src/routes/commands/assets/recorded-responses.json': `${JSON.stringify(recorded, null, 2)}\n`,
    'openapi/openapi.json': `${JSON.stringify(openapi, null, 2)}\n`,
    'openapi/openapi.yaml': toYaml(openapi),
    'openapi/openapi-3.0.yaml': toYaml(older),
    'openapi/openapi-2.0.json': `${JSON.stringify(openApi20(older), null, 2)}\n`,
    ...iamPolicyFiles(),
    'docs/reference/commands.md': commandsReference(),
    'docs/reference/errors.md': errorsReference(),
    'docs/reference/configuration.md': configurationReference(),
    'deploy/kubernetes/components/prometheus/prometheus-rule.yaml': prometheusRule(),
    ...(await connectorFiles()),
  }
}
