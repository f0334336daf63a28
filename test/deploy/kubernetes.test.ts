import {
  PodMonitor,
  PrometheusRule,
} from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1'
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { Namespace, Service, ServiceAccount } from 'kubernetes-models/v1'
import t from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import { ConfigSchema, readConfig } from '../../src/config.js'

const FOLDER = 'deploy/kubernetes'

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => join(FOLDER, file))

const read = (file: string): any => parse(readFileSync(join(FOLDER, file), 'utf8'))

const kustomizations = files.filter((file) => file.endsWith('/kustomization.yaml'))

/** Files that a kustomization names as patches, and so are no whole resources. */
const patches = new Set(
  kustomizations.flatMap((file) =>
    (parse(readFileSync(file, 'utf8')).patches ?? []).map((patch: any) =>
      join(dirname(file), patch.path),
    ),
  ),
)

/** The resources of all manifests, with the file of each. */
const resources = files
  .filter((file) => !kustomizations.includes(file) && !patches.has(file))
  .flatMap((file) =>
    parseAllDocuments(readFileSync(file, 'utf8')).map((document) => ({
      file,
      resource: document.toJS(),
    })),
  )

const MODELS: Record<string, new (data: any) => { validate(): void }> = {
  Deployment,
  Ingress,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  PodMonitor,
  PrometheusRule,
  Service,
  ServiceAccount,
  StatefulSet,
}

const base = read('base/deployment.yaml').spec.template.spec
const [container] = base.containers

t.test('every manifest is valid by the schema of its kind', async (t) => {
  for (const { file, resource } of resources) {
    const Model = MODELS[resource.kind]
    t.ok(Model, `${file}: ${resource.kind}`)
    t.doesNotThrow(() => new Model!(resource).validate(), file)
  }
  const { kind } = resources[0]!.resource
  t.throws(() => new MODELS[kind]!({ spec: { replicas: 'three' } }).validate(), 'schemas refuse')
})

t.test('kustomizations name files that exist, and every file is named by one', async (t) => {
  const named = new Set<string>()
  for (const file of kustomizations) {
    const {
      resources = [],
      patches = [],
      configMapGenerator = [],
    } = parse(readFileSync(file, 'utf8'))
    for (const name of [
      ...resources,
      ...patches.map(({ path }: any) => path),
      ...configMapGenerator.flatMap(({ envs }: any) => envs),
    ]) {
      const path = join(dirname(file), name)
      t.ok(existsSync(path), `${file}: ${name}`)
      named.add(path)
    }
  }
  for (const file of files) {
    if (!kustomizations.includes(file)) t.ok(named.has(file), `${file} is used`)
  }
})

t.test(
  'pods hold to the restricted standard, on a root file system that is read-only',
  async (t) => {
    const pods = resources.filter(({ resource }) => resource.spec?.template?.spec?.containers)
    t.equal(pods.length, 2, 'the service and Redis')
    for (const { file, resource } of pods) {
      const { spec } = resource.spec.template
      t.match(spec.securityContext, {
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      })
      t.equal(spec.automountServiceAccountToken, false, file)
      for (const one of spec.containers) {
        t.same(
          one.securityContext,
          {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          file,
        )
        t.ok(one.resources.limits.memory, file)
        t.ok(one.resources.limits.cpu, file)
      }
    }
  },
)

t.test('probes, ports and selectors of the service fit together', async (t) => {
  const { template, selector } = read('base/deployment.yaml').spec
  const [port] = container.ports
  t.same(port, { name: 'http', containerPort: 3000 })
  t.equal(container.livenessProbe.httpGet.path, '/livez')
  t.equal(container.readinessProbe.httpGet.path, '/readyz')
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    t.equal(container[probe].httpGet.port, port.name, probe)
  }
  const service = read('base/service.yaml').spec
  t.equal(service.ports[0].targetPort, port.name)
  t.equal(
    read('components/prometheus/pod-monitor.yaml').spec.podMetricsEndpoints[0].port,
    port.name,
  )
  for (const labels of [
    selector.matchLabels,
    service.selector,
    read('base/disruption-budget.yaml').spec.selector.matchLabels,
    read('base/network-policy.yaml').spec.podSelector.matchLabels,
    read('components/prometheus/pod-monitor.yaml').spec.selector.matchLabels,
  ]) {
    t.same(labels, template.metadata.labels)
  }
  const [rule] = read('components/ingress/ingress.yaml').spec.rules
  t.same(rule.http.paths[0].backend.service, {
    name: read('base/service.yaml').metadata.name,
    port: { name: service.ports[0].name },
  })
})

t.test('the network policy covers both IP versions, and never the instance metadata', async (t) => {
  const egress = read('base/network-policy.yaml').spec.egress
  const https = egress.find(({ ports }: any) => ports[0].port === 443).to
  t.same(
    https.map(({ ipBlock }: any) => ipBlock.cidr),
    ['0.0.0.0/0', '::/0'],
  )
  t.ok(https[0].ipBlock.except.includes('169.254.0.0/16'))
  t.ok(https[1].ipBlock.except.includes('fd00:ec2::/32'))
  const agent = read('components/pod-identity/network-policy.yaml')[0].value.to
  t.same(
    agent.map(({ ipBlock }: any) => ipBlock.cidr),
    ['169.254.170.23/32', 'fd00:ec2::23/128'],
    'the EKS Pod Identity Agent',
  )
})

t.test('replicas share one Redis that evicts nothing and that only they reach', async (t) => {
  const { spec } = read('replicas/deployment.yaml')
  t.ok(spec.replicas > 1)
  const redis = resources.filter(({ file }) => file.endsWith('replicas/redis.yaml'))
  const [set, , policy] = redis.map(({ resource }) => resource)
  t.ok(
    set.spec.template.spec.containers[0].args.join(' ').includes('--maxmemory-policy noeviction'),
  )
  t.same(policy.spec.ingress[0].from, [
    { podSelector: read('base/network-policy.yaml').spec.podSelector },
  ])
  t.same(read('replicas/network-policy.yaml')[0].value.to, [
    { podSelector: { matchLabels: set.spec.template.metadata.labels } },
  ])
})

t.test('every variable is one that the service reads, and secrets are references', async (t) => {
  const known = new Set(Object.keys(ConfigSchema.properties))
  const settings = readFileSync(join(FOLDER, 'base/config.env'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('=')[0]!)
  t.ok(settings.length > 0)
  const environments = ['base', 'replicas', 'components/connections-file'].map(
    (folder) => read(`${folder}/deployment.yaml`).spec.template.spec.containers[0],
  )
  const isSecret = /SECRET|TOKEN|REDIS_URL|ACCESS_KEY/
  for (const name of settings) {
    t.ok(known.has(name), name)
    t.notMatch(name, isSecret)
  }
  for (const { env, volumeMounts = [] } of environments) {
    for (const { name, value } of env) {
      t.ok(known.has(name), name)
      if (isSecret.test(name)) t.equal(value, undefined, `${name} is a reference`)
      if (name.endsWith('_FILE')) {
        t.ok(
          volumeMounts.some(({ mountPath }: any) => value.startsWith(`${mountPath}/`)),
          `${name} is in a mounted volume`,
        )
      }
    }
  }
  t.notOk(
    resources.some(({ resource }) => resource.kind === 'Secret'),
    'no secret is in the repository',
  )
})

t.test('a changed setting starts new pods, and a stopped pod may finish its jobs', async (t) => {
  const { configMapGenerator } = read('base/kustomization.yaml')
  t.equal(configMapGenerator[0].name, container.envFrom[0].configMapRef.name)
  const { MAX_DEADLINE_MS, AWS_TIMEOUT_MS } = readConfig({ AUTH: 'none' })
  const preStop = Number(container.lifecycle.preStop.exec.command[1])
  const drain = (MAX_DEADLINE_MS + AWS_TIMEOUT_MS) / 1000
  t.ok(base.terminationGracePeriodSeconds > preStop + drain, `${preStop} s, then ${drain} s`)
})
