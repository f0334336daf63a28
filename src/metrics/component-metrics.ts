import { Gauge, type Registry } from 'prom-client'

/** The state of a part of the service, as far as it is counted. */
export type ComponentStates = Record<string, () => { ready: boolean; up?: boolean }>

/** Creates the gauge of the parts of the service. */
export function createComponentMetrics(registry: Registry, components: ComponentStates): void {
  new Gauge<'component'>({
    name: 'cloudtrail_component_up',
    help: 'Whether a part of the service works: 1, or 0 while it does not.',
    labelNames: ['component'],
    registers: [registry],
    collect() {
      for (const [component, state] of Object.entries(components)) {
        const { ready, up: isUp = ready } = state()
        this.set({ component }, isUp ? 1 : 0)
      }
    },
  })
}
