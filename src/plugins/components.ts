import fp from 'fastify-plugin'

/** The state of one part of the service, in words for the operator. */
export interface ComponentState {
  /** Whether the service is ready, as far as it depends on this part. */
  ready: boolean
  /** Whether the part itself works, where the service is ready without it. */
  up?: boolean
  detail: string
}

/** Parts of the service with a state, by name. */
export type Components = Record<string, () => ComponentState>

declare module 'fastify' {
  interface FastifyInstance {
    /** The parts that decide readiness. */
    components: Components
  }
}

/** Names the parts that decide whether the service is ready. */
export const componentsPlugin = fp<{ isSandbox: boolean }>(
  async (app, { isSandbox }) => {
    const { replicas } = app
    app.decorate('components', {
      connection: () => ({
        ready: true,
        detail: isSandbox ? 'sandbox: the embedded CloudTrail, not AWS' : 'AWS',
      }),
      ...(replicas && { redis: () => replicas.state }),
    })
  },
  { name: 'components', dependencies: ['quota'] },
)
