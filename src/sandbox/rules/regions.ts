import { partitionOfRegion } from '../../aws/partitions.js'

/** The form of a region name, in every partition. */
const REGION = /^[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}$/

/** Whether a text has the form of an AWS region name. Regions that AWS does not have are accepted. */
export function isRegion(text: string): boolean {
  return REGION.test(text)
}

/** The partition of a region, as ARNs name it; `aws` for a region that the SDK does not know. */
export function partitionOf(region: string): string {
  return partitionOfRegion(region) ?? 'aws'
}
