import { addTags } from './tags/add-tags.js'
import type { CommandDefinition } from './define-command.js'
import { createTrails } from './trails/create-trails.js'
import { deleteTrails } from './trails/delete-trails.js'
import { describeTrails } from './trails/describe-trails.js'
import { getEventSelectors } from './selectors/get-event-selectors.js'
import { getInsightSelectors } from './selectors/get-insight-selectors.js'
import { getTrailStatus } from './trails/get-trail-status.js'
import { getTrails } from './trails/get-trails.js'
import { listTags } from './tags/list-tags.js'
import { listTrails } from './trails/list-trails.js'
import { lookupEvents } from './events/lookup-events.js'
import { putEventSelectors } from './selectors/put-event-selectors.js'
import { putInsightSelectors } from './selectors/put-insight-selectors.js'
import { removeTags } from './tags/remove-tags.js'
import { startLogging } from './trails/start-logging.js'
import { stopLogging } from './trails/stop-logging.js'
import { testConnection } from './connection/test-connection.js'
import { updateTrails } from './trails/update-trails.js'

/** Every command: those of D3's document in its order, with Add Tags beside Remove Tags, and Test Connection. Routes, OpenAPI, `GET /commands`, README and IAM policy follow from it. */
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
  addTags,
  removeTags,
  startLogging,
  stopLogging,
  updateTrails,
  testConnection,
]
