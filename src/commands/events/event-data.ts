import type { WireEvent } from './page.js'
import { toData } from '../to-data.js'

/** An event as a row's `data`: names in camelCase, its time in ISO 8601, and the full event parsed. */
export function eventData(event: WireEvent): Record<string, unknown> {
  const { CloudTrailEvent: json, EventTime: seconds, ...members } = event
  return {
    ...toData(members),
    ...(seconds !== undefined && { eventTime: new Date(seconds * 1000).toISOString() }),
    ...(json !== undefined && { cloudTrailEvent: parse(json) }),
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    /* c8 ignore start -- CloudTrail has never been seen to send an event that is not JSON */
    return json
    /* c8 ignore stop */
  }
}
