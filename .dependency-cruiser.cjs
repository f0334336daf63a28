/**
 * The imports that the layers allow, as docs and CONTRIBUTING.md draw them:
 *
 *   app -> routes, plugins -> service -> commands -> cloudtrail -> quota -> redis
 *
 * Every layer may import envelope/ and aws/, and the files at the root of src/ (log, version, reloaded-file).
 */
const layers = ['redis', 'quota', 'cloudtrail', 'commands', 'service']

/** A layer imports only itself and the layers before it. */
const upward = layers.map((layer, index) => ({
  name: `no-import-up-from-${layer}`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: {
    path: `^src/(${['app', 'main', 'plugins', 'routes', ...layers.slice(index + 1)].join('|')})\\b`,
  },
}))

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...upward,
    {
      name: 'shared-words-import-nothing',
      comment: 'envelope/ and aws/ are imported by every layer',
      severity: 'error',
      from: { path: '^src/(envelope|aws)/' },
      to: { path: '^src/', pathNot: '^src/(envelope|aws)/' },
    },
    {
      name: 'auth-is-on-its-own',
      comment: 'API keys are data: their users are the plugin and the service layer',
      severity: 'error',
      from: { path: '^src/auth/' },
      to: { path: '^src/', pathNot: '^src/(auth|log|reloaded-file)\\b' },
    },
    {
      name: 'tracing-is-beside-service',
      comment: 'a trace implements the interface that cloudtrail/ calls',
      severity: 'error',
      from: { path: '^src/(tracing|metrics)/' },
      to: { path: '^src/(app|main|plugins|routes|service|commands)\\b' },
    },
    {
      name: 'nothing-imports-routes-but-app',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(app\\.ts|routes/)' },
      to: { path: '^src/routes/' },
    },
    {
      name: 'only-the-http-layer-knows-fastify',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(app\\.ts|main\\.ts|plugins/|routes/)' },
      to: { path: 'node_modules/(@fastify|fastify|fastify-plugin)/' },
    },
    {
      name: 'sandbox-is-on-its-own',
      comment: 'the sandbox shares nothing but names with the side that calls AWS',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^src/', pathNot: '^src/(sandbox|aws)/' },
    },
    {
      name: 'only-main-starts-the-sandbox',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main\\.ts|sandbox/)' },
      to: { path: '^src/sandbox/' },
    },
    {
      name: 'src-imports-src',
      comment: 'the image has only what is compiled from src',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'no-dev-dependencies',
      comment: 'the image is installed without them',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
