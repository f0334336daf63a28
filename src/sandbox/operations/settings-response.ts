import type { TrailSettings } from '../state/world.js'

/** The output of CreateTrail and UpdateTrail: the settings of the trail except its home region. */
export function settingsResponse(settings: TrailSettings): object {
  return { ...settings, HomeRegion: undefined }
}
