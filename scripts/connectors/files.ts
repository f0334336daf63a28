import { readFile } from 'node:fs/promises'
import { d3Files } from './d3.js'
import { n8nFiles } from './n8n.js'
import { openApiFiles } from './power-platform.js'
import { splunkFiles } from './splunk.js'
import { tracecatFiles } from './tracecat.js'
import { xsoarFiles } from './xsoar.js'

const ROOT = 'connectors'

const read = (path: string) => readFile(`${ROOT}/${path}`, 'utf8')

/**
 * Every file of the connectors that follows from the catalogue, by its path in the repository. What is written by hand
 * is read from connectors/: the Python client, each platform's own code and its image.
 */
export async function connectorFiles(): Promise<Record<string, string>> {
  const modules = {
    cloudtrail_commands: await read('python/cloudtrail_commands.py'),
    cloudtrail_forms: await read('python/cloudtrail_forms.py'),
  }
  const xsoar = xsoarFiles({
    modules,
    integration: await read('xsoar/integration.py'),
    description: await read('xsoar/description.md'),
    image: await readFile(
      `${ROOT}/xsoar/CloudTrailCommands/Integrations/CloudTrailCommands/CloudTrailCommands_image.png`,
    ),
  })
  return {
    ...below('xsoar', xsoar),
    ...below('splunk-soar', splunkFiles(modules)),
    ...below('d3', d3Files(modules, await read('d3/integration.py'))),
    ...below('n8n', n8nFiles()),
    ...below('openapi', openApiFiles()),
    ...below('tracecat', tracecatFiles()),
  }
}

function below(folder: string, files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [`${ROOT}/${folder}/${path}`, text]),
  )
}
