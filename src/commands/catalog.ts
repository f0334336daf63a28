import type { CommandDefinition } from './command.js'
import { createTrails } from './create-trails.js'
import { deleteTrails } from './delete-trails.js'
import { describeTrails } from './describe-trails.js'
import { getEventSelectors } from './get-event-selectors.js'
import { getInsightSelectors } from './get-insight-selectors.js'
import { getTrailStatus } from './get-trail-status.js'
import { getTrails } from './get-trails.js'
import { listTags } from './list-tags.js'
import { listTrails } from './list-trails.js'
import { lookupEvents } from './lookup-events.js'
import { putEventSelectors } from './put-event-selectors.js'
import { putInsightSelectors } from './put-insight-selectors.js'
import { removeTags } from './remove-tags.js'
import { startLogging } from './start-logging.js'
import { stopLogging } from './stop-logging.js'
import { testConnection } from './test-connection.js'
import { updateTrails } from './update-trails.js'

/** Every command, in the order of D3's document. Routes, OpenAPI, `GET /commands`, README and IAM policy follow from it. */
export const CATALOG: readonly CommandDefinition[] = [
  createTrails,
  deleteTrails,
  describeTrails,
  getEventSelectors,
  getInsightSelectors,
  getTrails,
  getTrailStatus,
  listTags,
  listTrails,
  lookupEvents,
  putEventSelectors,
  putInsightSelectors,
  removeTags,
  startLogging,
  stopLogging,
  updateTrails,
  testConnection,
]
