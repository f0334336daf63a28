import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import t from 'tap'
import {
  PARTITION_REGIONS,
  partitionOfRegion,
  regionsOfPartition,
} from '../../src/aws/partitions.js'

const require = createRequire(import.meta.url)

t.test("the regions are those of the SDK's partition data, none more and none fewer", async (t) => {
  const core = dirname(require.resolve('@aws-sdk/core/package.json'))
  const file = 'dist-es/submodules/client/util-endpoints/lib/aws/partitions.js'
  const source = await readFile(join(core, file), 'utf8')
  const data = `data:text/javascript,${encodeURIComponent(source)}`
  const { partitionsInfo } = await import(data)
  const ofSdk = Object.fromEntries(
    partitionsInfo.partitions.map(({ id, regions }: any) => [
      id,
      Object.keys(regions).filter((region) => !region.endsWith('-global')),
    ]),
  )
  t.same(PARTITION_REGIONS, ofSdk)
})

t.test('a region has one partition, and an unknown one none', async (t) => {
  t.equal(partitionOfRegion('cn-north-1'), 'aws-cn')
  t.equal(partitionOfRegion('us-gov-west-1'), 'aws-us-gov')
  t.equal(partitionOfRegion('eu-west-1'), 'aws')
  t.equal(partitionOfRegion('zz-nowhere-9'), undefined)
  t.same(regionsOfPartition('cn-north-1'), ['cn-north-1', 'cn-northwest-1'])
  t.same(regionsOfPartition('zz-nowhere-9'), PARTITION_REGIONS.aws)
})
