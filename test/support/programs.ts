import { spawnSync } from 'node:child_process'

/** Programs that tests of the system suite run: the call that finds each, and its Debian package. */
const PROGRAMS = {
  'redis-server': { call: ['redis-server', '--version'], debian: 'redis-server' },
  chromium: { call: ['chromium', '--version'], debian: 'chromium' },
  aws: { call: ['aws', '--version'], debian: 'awscli' },
  boto3: { call: ['python3', '-c', 'import boto3'], debian: 'python3-boto3' },
  requests: { call: ['python3', '-c', 'import requests'], debian: 'python3-requests' },
  httpx: { call: ['/usr/bin/python3', '-c', 'import httpx'], debian: 'python3-httpx' },
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
