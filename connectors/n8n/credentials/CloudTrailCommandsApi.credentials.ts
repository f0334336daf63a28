import type {
  IAuthenticateGeneric,
  ICredentialTestRequest,
  ICredentialType,
  INodeProperties,
} from 'n8n-workflow'

/** Address and API key of the service. AWS keys stay at the service. */
export class CloudTrailCommandsApi implements ICredentialType {
  name = 'cloudTrailCommandsApi'
  displayName = 'CloudTrail Commands API'
  icon = {
    light: 'file:../icons/cloudtrail.svg',
    dark: 'file:../icons/cloudtrail.dark.svg',
  } as const
  documentationUrl = 'https://cloudtrail-commands.example.com/docs/connectors/n8n'
  properties: INodeProperties[] = [
    {
      displayName: 'Server URL',
      name: 'url',
      type: 'string',
      default: '',
      required: true,
      placeholder: 'https://cloudtrail-commands.example.com',
      description: 'Address of the service, not of AWS',
    },
    {
      displayName: 'API Key',
      name: 'apiKey',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      placeholder: 'ctk_…',
      description: 'API key of the service; empty where the service runs with AUTH=none',
    },
    {
      displayName: 'Connection',
      name: 'connection',
      type: 'string',
      default: '',
      description: 'Name of the AWS connection at the service; empty: the one named default',
    },
    {
      displayName: 'CA Certificate',
      name: 'ca',
      type: 'string',
      typeOptions: { rows: 4 },
      default: '',
      placeholder: '-----BEGIN CERTIFICATE-----',
      description:
        'PEM text of a private certificate authority, trusted instead of the public ones. The test of this credential does not use it: test with the Test Connection operation.',
    },
    {
      displayName: 'Ignore SSL Issues (Insecure)',
      name: 'ignoreSslIssues',
      type: 'boolean',
      default: false,
      description: 'Whether to trust any certificate. For tests only.',
    },
  ]
  authenticate: IAuthenticateGeneric = {
    type: 'generic',
    properties: { headers: { authorization: '=Bearer {{$credentials.apiKey}}' } },
  }
  test: ICredentialTestRequest = {
    request: {
      method: 'POST',
      baseURL: '={{$credentials.url.replace(/\\/+$/, "")}}',
      url: '/commands/test-connection',
      body: {},
      json: true,
      skipSslCertificateValidation: '={{$credentials.ignoreSslIssues}}',
    },
  }
}
