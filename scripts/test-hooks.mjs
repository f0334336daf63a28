/** Options of Node.js for every process of the tests. */
export const HOOKS = [
  // every response of a sandbox, in any test, is checked against the SDK schemas
  '--import=./.build/test/sandbox/support/check-every-response.mjs',
  // every response of the service is compared with the OpenAPI document
  '--import=./.build/test/support/check-api-responses.mjs',
  // and everything that the service writes is searched for secrets
  '--import=./.build/test/support/search-leaks.mjs',
  // the memory test collects garbage
  '--expose-gc',
]
