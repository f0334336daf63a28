import { spawnSync } from 'node:child_process'
import process from 'node:process'
import t from 'tap'

/** Programs that tests of the system suite run: the call that finds each, and its Debian package. */
const PROGRAMS = {
  'redis-server': { call: ['redis-server', '--version'], debian: 'redis-server' },
  chromium: { call: ['chromium', '--version'], debian: 'chromium' },
  aws: { call: ['aws', '--version'], debian: 'awscli' },
  boto3: { call: ['python3', '-c', 'import boto3'], debian: 'python3-boto3' },
  requests: { call: ['python3', '-c', 'import requests'], debian: 'python3-requests' },
  pytest: { call: ['python3', '-c', 'import pytest'], debian: 'python3-pytest' },
  'docker-compose': { call: ['docker-compose', 'version'], debian: 'docker-compose' },
  curl: { call: ['curl', '--version'], debian: 'curl' },
  jq: { call: ['jq', '--version'], debian: 'jq' },
  promtool: { call: ['promtool', '--version'], debian: 'prometheus' },
} as const

export type Program = keyof typeof PROGRAMS

/** The Debian packages of all of them. */
export const DEBIAN_PACKAGES = Object.values(PROGRAMS).map(({ debian }) => debian)

/** The programs that this machine lacks, each with how to install it. */
export function missingPrograms(names = Object.keys(PROGRAMS) as Program[]): string[] {
  return names
    .filter((name) => {
      const [program, ...args] = PROGRAMS[name].call
      return spawnSync(program, args, { stdio: 'ignore' }).status !== 0
    })
    .map((name) => `${name} (apt-get install ${PROGRAMS[name].debian})`)
}

/**
 * Called first in a file of the system suite, which is skipped without these programs. In CI the suite does not start when
 * one is missing (scripts/run-tests.mjs).
 */
export function needs(...names: Program[]): void {
  const missing = missingPrograms(names)
  if (missing.length === 0) return
  t.plan(0, `needs ${missing.join(', ')}`)
  process.exit(0)
}
