/** A field of the form that a person fills in for a connection. */
function field(
  order: number,
  type: 'string' | 'securestring',
  displayName: string,
  description: string,
) {
  return {
    type,
    uiDefinition: {
      displayName,
      description,
      tooltip: description,
      constraints: {
        required: 'true',
        tabIndex: order,
        ...(type === 'securestring' ? { clearText: false } : {}),
      },
    },
  }
}

const PREFIX = 'x-ms-apimTemplateParameter'

/** Address and API key, entered once for a connection, and put into every request. */
const API_PROPERTIES = {
  properties: {
    connectionParameters: {
      serverUrl: field(
        1,
        'string',
        'Server URL',
        'Address of the service, for example https://cloudtrail-commands.example.com',
      ),
      api_key: field(2, 'securestring', 'API key', 'API key of the service, ctk_…, without Bearer'),
    },
    iconBrandColor: '#b0084d',
    capabilities: ['actions'],
    policyTemplateInstances: [
      {
        templateId: 'dynamichosturl',
        title: 'Address of the service',
        parameters: { [`${PREFIX}.urlTemplate`]: "@connectionParameters('serverUrl')" },
      },
      {
        templateId: 'setheader',
        title: 'API key as a bearer token',
        parameters: {
          [`${PREFIX}.name`]: 'Authorization',
          [`${PREFIX}.value`]: "Bearer @connectionParameters('api_key')",
          [`${PREFIX}.existsAction`]: 'override',
          'x-ms-apimTemplate-policySection': 'Request',
        },
      },
    ],
  },
}

/** Files of the platforms that import OpenAPI, by their path below connectors/openapi. */
export function openApiFiles(): Record<string, string> {
  return { 'apiProperties.json': `${JSON.stringify(API_PROPERTIES, null, 2)}\n` }
}
