import { readdirSync, readFileSync } from 'node:fs'
import { Deployment } from 'kubernetes-models/apps/v1'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Namespace, Service, ServiceAccount } from 'kubernetes-models/v1'
import t from 'tap'
import { parse } from 'yaml'
import { ConfigSchema } from '../../src/config.js'

const FOLDER = 'deploy/kubernetes'
const files = readdirSync(FOLDER).filter((file) => file !== 'kustomization.yaml')
const read = (file: string): any => parse(readFileSync(`${FOLDER}/${file}`, 'utf8'))

const MODELS: Record<string, new (data: any) => { validate(): void }> = {
  ConfigMap,
  Deployment,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
  ServiceAccount,
}

t.test("every manifest is valid by Kubernetes' own schemas, and kustomize lists it", async (t) => {
  t.same([...read('kustomization.yaml').resources].sort(), files.sort())
  for (const file of files) {
    const manifest = read(file)
    const Model = MODELS[manifest.kind]
    t.ok(Model, `${file}: ${manifest.kind}`)
    t.doesNotThrow(() => new Model!(manifest).validate(), file)
  }
})

t.test('the pod holds to the restricted standard, on a root that it cannot write', async (t) => {
  const { spec } = read('deployment.yaml').spec.template
  const [container] = spec.containers
  t.match(spec.securityContext, {
    runAsNonRoot: true,
    runAsUser: 1000,
    seccompProfile: { type: 'RuntimeDefault' },
  })
  t.same(container.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  })
  t.equal(spec.automountServiceAccountToken, false)
  t.ok(container.resources.limits.memory)
  t.ok(container.resources.limits.cpu)
})

t.test('probes, ports and selectors fit together', async (t) => {
  const { template, selector } = read('deployment.yaml').spec
  const [container] = template.spec.containers
  const [port] = container.ports
  t.same(port, { name: 'http', containerPort: 3000 })
  t.equal(container.livenessProbe.httpGet.path, '/livez')
  t.equal(container.readinessProbe.httpGet.path, '/readyz')
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    t.equal(container[probe].httpGet.port, port.name, probe)
  }
  const service = read('service.yaml').spec
  t.equal(service.ports[0].targetPort, port.name)
  for (const chosen of [
    selector.matchLabels,
    service.selector,
    read('disruption-budget.yaml').spec.selector.matchLabels,
    read('network-policy.yaml').spec.podSelector.matchLabels,
  ]) {
    t.same(chosen, template.metadata.labels)
  }
  // jobs may run so long, and the service finishes them
  t.ok(template.spec.terminationGracePeriodSeconds > 3600)
})

t.test('every variable is one that the service reads, and secrets are references', async (t) => {
  const known = new Set(Object.keys(ConfigSchema.properties))
  const [container] = read('deployment.yaml').spec.template.spec.containers
  const { data } = read('config-map.yaml')
  for (const name of [...container.env.map((one: any) => one.name), ...Object.keys(data)]) {
    t.ok(known.has(name), name)
  }
  const isSecret = /SECRET|TOKEN|REDIS_URL|ACCESS_KEY/
  for (const { name, value } of container.env) {
    if (isSecret.test(name)) t.equal(value, undefined, `${name} is a reference`)
  }
  t.notMatch(Object.keys(data).join(), isSecret)
  const mount = container.volumeMounts[0].mountPath
  t.ok(container.env.find((one: any) => one.name === 'API_KEYS_FILE').value.startsWith(mount))
  t.notOk(
    files.some((file) => read(file).kind === 'Secret'),
    'no secret stands in the repository',
  )
})
