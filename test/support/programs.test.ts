import { readFileSync } from 'node:fs'
import t from 'tap'
import { DEBIAN_PACKAGES } from './programs.js'

t.test('.ci/run installs every program that the system suite runs', async (t) => {
  const [, packages = ''] = /^packages=\((.*)\)$/m.exec(readFileSync('.ci/run', 'utf8')) ?? []
  t.same([...new Set(packages.split(' '))].sort(), [...DEBIAN_PACKAGES].sort())
})
