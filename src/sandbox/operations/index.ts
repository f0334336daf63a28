import { addTags, listTags, removeTags } from './tags.js'
import { createTrail } from './create-trail.js'
import { deleteTrail } from './delete-trail.js'
import { describeTrails, getTrail, listTrails } from './trail-descriptions.js'
import { getEventSelectors, putEventSelectors } from './event-selectors.js'
import { getInsightSelectors, putInsightSelectors } from './insight-selectors.js'
import { getTrailStatus } from './trail-status.js'
import { lookupEvents } from './lookup-events.js'
import { startLogging, stopLogging } from './logging.js'
import { updateTrail } from './update-trail.js'
import type { Operation } from './operation.js'

/** The operations that the sandbox carries out, by their names in `x-amz-target`. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  [
    addTags,
    createTrail,
    deleteTrail,
    describeTrails,
    getEventSelectors,
    getInsightSelectors,
    getTrail,
    getTrailStatus,
    listTags,
    listTrails,
    lookupEvents,
    putEventSelectors,
    putInsightSelectors,
    removeTags,
    startLogging,
    stopLogging,
    updateTrail,
  ].map((operation) => [operation.shape.name, operation]),
)
