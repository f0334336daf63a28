import type { ValidationError } from '../../envelope/validation-error.js'
import type { TrailSettings } from '../fields.js'

/** The rules between the settings of a trail (CreateTrail and UpdateTrail of the CloudTrail API reference). */
export function trailSettingsErrors(settings: Partial<TrailSettings>): ValidationError[] {
  const faults: ValidationError[] = []
  if (settings.applyTrailToAllRegions === true && settings.includeGlobalServiceEvents === false) {
    faults.push({
      field: 'includeGlobalServiceEvents',
      message:
        'must be true with applyTrailToAllRegions: Multi-Region trail must include global service events.',
      code: 'InvalidParameterCombinationException',
    })
  }
  const { cloudWatchLogsLogGroupArn: group, cloudWatchLogsRoleArn: role } = settings
  if ((group === undefined) !== (role === undefined)) {
    faults.push({
      field: group === undefined ? 'cloudWatchLogsLogGroupArn' : 'cloudWatchLogsRoleArn',
      message: 'must be given: cloudWatchLogsLogGroupArn and cloudWatchLogsRoleArn go together',
      code: 'InvalidParameterCombinationException',
    })
  }
  return faults
}
