import {
  NodeApiError,
  NodeConnectionTypes,
  NodeOperationError,
  type IDataObject,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow'
import { Client, type Settings } from './client'
import { COMMANDS, PROPERTIES } from './commands'
import { rowsOf, warningOf } from './envelope'
import { bodyOf } from './form'

export class CloudTrailCommands implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'CloudTrail Commands',
    name: 'cloudTrailCommands',
    icon: {
      light: 'file:../../icons/cloudtrail.svg',
      dark: 'file:../../icons/cloudtrail.dark.svg',
    },
    group: ['transform'],
    version: 1,
    subtitle: '={{$parameter["operation"]}}',
    description: 'Run AWS CloudTrail commands within the quotas of CloudTrail',
    defaults: { name: 'CloudTrail Commands' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'cloudTrailCommandsApi', required: true }],
    properties: PROPERTIES,
  }

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    const output: INodeExecutionData[] = []
    for (const itemIndex of this.getInputData().keys()) {
      try {
        for (const json of await runItem(this, itemIndex)) {
          output.push({ json, pairedItem: { item: itemIndex } })
        }
      } catch (error) {
        // wrapped again, a NodeApiError would lose its description and status
        const problem =
          error instanceof NodeApiError || error instanceof NodeOperationError
            ? error
            : new NodeOperationError(this.getNode(), error as Error, { itemIndex })
        if (!this.continueOnFail()) throw problem
        output.push({
          json: { error: problem.description ?? problem.message },
          pairedItem: { item: itemIndex },
        })
      }
    }
    return [output]
  }
}

/** Runs the command of one input item, and returns its output items. */
async function runItem(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject[]> {
  const settings = await context.getCredentials<Settings>('cloudTrailCommandsApi', itemIndex)
  const operation = context.getNodeParameter('operation', itemIndex) as string
  const command = COMMANDS[operation]
  if (!command) {
    throw new NodeOperationError(context.getNode(), `Unknown operation ${operation}`, { itemIndex })
  }
  const values: IDataObject = {
    ...(context.getNodeParameter('options', itemIndex, {}) as IDataObject),
  }
  for (const name of command.required)
    values[name] = context.getNodeParameter(name, itemIndex) as string
  const body = bodyOf(command.fields, values, settings.connection)
  const envelope = await new Client(context, settings, itemIndex).run(
    operation,
    command.quota,
    body,
  )
  if (envelope.returnData === 'Partially Successful') {
    context.addExecutionHints({
      message: warningOf(envelope),
      type: 'warning',
      location: 'outputPane',
    })
  }
  return context.getNodeParameter('output', itemIndex, 'rows') === 'response'
    ? [envelope]
    : rowsOf(envelope)
}
