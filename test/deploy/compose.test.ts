import { readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { ConfigSchema, readConfig } from '../../src/config.js'

/** The services that `up` starts: those that are named, and what they depend on. */
function startedWith(names: readonly string[]): string[] {
  return names.flatMap((name) => [
    name,
    ...startedWith((file.services[name]?.depends_on ?? []) as string[]),
  ])
}

const file = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  services: Record<string, any>
}

t.test('no two services that are started together want the same port', async (t) => {
  const commands = [
    ...[...readFileSync('docs/how-to/run-replicas.md', 'utf8').matchAll(/docker compose .*up.*/g)],
    ...[...readFileSync('docs/how-to/deploy.md', 'utf8').matchAll(/docker compose .*up.*/g)],
    ...[...readFileSync('docker-compose.yml', 'utf8').matchAll(/docker compose .*? up[^`]*/g)],
  ].map(([command]) => command)
  t.ok(commands.length >= 5)
  for (const command of commands) {
    const profile = /--profile (\S+)/.exec(command)?.[1]
    const named = Object.keys(file.services).filter((name) =>
      command.slice(command.indexOf(' up')).split(/\s+/).includes(name),
    )
    // without a name: all that have no profile, and those of the profile
    const byDefault = Object.entries(file.services)
      .filter(([, { profiles }]) => !profiles || profiles.includes(profile))
      .map(([name]) => name)
    const started = new Set(named.length > 0 ? startedWith(named) : byDefault)
    const ports = [...started].flatMap((name) => (file.services[name].ports ?? []) as string[])
    t.ok(ports.length > 0, command)
    t.equal(new Set(ports).size, ports.length, command)
  }
})

t.test('our services are hardened, and published on this machine alone', async (t) => {
  const ours = Object.entries(file.services).filter(([, { build }]) => build !== undefined)
  t.ok(ours.length >= 2)
  for (const [name, service] of ours) {
    t.equal(service.read_only, true, name)
    t.same(service.cap_drop, ['ALL'], name)
    t.same(service.security_opt, ['no-new-privileges:true'], name)
  }
  for (const [name, { ports = [] }] of Object.entries(file.services)) {
    for (const port of ports) t.match(port, /^127\.0\.0\.1:/, name)
  }
})

t.test('the sandbox is reached from the machine, with its admin routes', async (t) => {
  const { environment, ports } = file.services['cloudtrail-commands']
  t.match(environment, { SANDBOX: 'true', SANDBOX_HOST: '0.0.0.0' })
  t.ok(ports.includes(`127.0.0.1:4010:${readConfig({ AUTH: 'none' }).SANDBOX_PORT}`))
})

t.test('a stopped service may finish its jobs', async (t) => {
  const { MAX_DEADLINE_MS, AWS_TIMEOUT_MS } = readConfig({ AUTH: 'none' })
  for (const [name, { build, stop_grace_period }] of Object.entries(file.services)) {
    if (build === undefined) continue
    const [, minutes] = /^(\d+)m$/.exec(stop_grace_period ?? '') ?? []
    t.ok(Number(minutes) * 60_000 > MAX_DEADLINE_MS + AWS_TIMEOUT_MS, `${name}: ${minutes} minutes`)
  }
})

t.test('every variable in it is one that the service reads', async (t) => {
  const known = new Set(Object.keys(ConfigSchema.properties))
  const example = readFileSync('deploy/aws.env.example', 'utf8')
  const names = [
    ...Object.values(file.services)
      .filter(({ build }) => build !== undefined)
      .flatMap(({ environment = {} }) => Object.keys(environment as object)),
    ...[...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name = '']) => name),
  ]
  t.ok(names.length > 5)
  for (const name of names) t.ok(known.has(name), name)
  t.notMatch(example, /^[A-Z_]*(SECRET|KEY)=.+/m, 'no secret stands in the repository')
})
