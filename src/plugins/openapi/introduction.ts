/** The introduction of the OpenAPI document, in Markdown. */
export const INTRODUCTION = `AWS CloudTrail commands for SOAR playbooks: the 16 commands of D3's integration, Add Tags and Test Connection.

- **Authentication**: send \`authorization: Bearer <API key>\`. A key has a scope (read, write or admin) and may be bound to connections.
- **Connection**: the AWS credentials are configured at the service; \`connection\` in the body names them. Left out: \`default\`.
- **Envelope**: every response of a command, errors included, has \`returnData\`, \`contextData\` (rows), \`keyFields\`, \`rawData\` (AWS's response), \`error\`, \`errors\` and \`meta\`. Branch on \`errors[].code\`.
- **Status**: 200 Successful, 207 Partially Successful, else Failed. AWS's refusals keep its status on the wire, 400, 403 or 409: an unknown trail is 400. 404 is the service's alone.
- **Quotas**: the service holds CloudTrail's quotas (10 reads, 2 lookups, 1 write per second for each account and region). A command waits for its permit; 429 with \`retry-after\` says that the wait would pass the deadline.
- **Long commands**: \`x-deadline-ms\` sets the deadline. With \`prefer: respond-async\` the response is 202 with a job to follow at \`location\`.
- **Retries**: send writes with an \`idempotency-key\`: the same request with the same key is carried out once.
- **JSON paths** in descriptions, such as \`$.Trails[*].Name\`, are relative to \`rawData\`.
- **Sandbox**: \`npm run sandbox\` starts the service on an embedded CloudTrail. It needs no AWS account and no key, and every example works there.`
