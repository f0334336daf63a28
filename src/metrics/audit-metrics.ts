import { Counter, Gauge, type Registry } from 'prom-client'

/** The state of log and audit log, as far as it is counted. */
export interface WrittenState {
  waiting: number
  dropped: number
  openIntents: number
  leftOpen: number
  droppedLogLines: number
}

/** Creates the metrics of log and audit log: their backlog, and what was lost. */
export function createAuditMetrics(registry: Registry, state: () => WrittenState): void {
  const gauges = {
    cloudtrail_audit_entries_waiting: ['waiting', 'Audit entries that wait to be written.'],
    cloudtrail_audit_intents_open: [
      'openIntents',
      'Running commands whose intent to write is recorded and whose outcome is not.',
    ],
    cloudtrail_audit_intents_left_open: [
      'leftOpen',
      'Intents without an outcome that an earlier process left in AUDIT_FILE, as found at start.',
    ],
  } as const
  const counters = {
    cloudtrail_audit_entries_dropped_total: [
      'dropped',
      'Audit entries of reads and refusals that were dropped while the audit log was stuck.',
    ],
    cloudtrail_log_lines_dropped_total: [
      'droppedLogLines',
      'Log lines that were dropped while nobody read standard output.',
    ],
  } as const
  for (const [name, [field, help]] of Object.entries(gauges)) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(state()[field])
      },
    })
  }
  for (const [name, [field, help]] of Object.entries(counters)) {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset()
        this.inc(state()[field])
      },
    })
  }
}
