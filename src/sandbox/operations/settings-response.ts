import type { TrailSettings } from '../state/world.js'

/** The answer of CreateTrail and UpdateTrail: the trail's settings, all but its home region. */
export function settingsAnswer(settings: TrailSettings): object {
  return { ...settings, HomeRegion: undefined }
}
