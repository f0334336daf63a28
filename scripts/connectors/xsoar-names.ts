import { awsName, type ConnectorCommand } from './command-model.js'

/** What the official AWS - CloudTrail integration calls a command and its arguments (demisto/content). */
interface OfficialNames {
  name: string
  /** Its names of our fields. */
  arguments: Record<string, string>
  /** Fields that are required here, and optional there. */
  optional?: string[]
}

/** The eight commands of the official integration, by ours. Playbooks keep them. */
const OFFICIAL: Record<string, OfficialNames> = {
  'create-trails': {
    name: 'create-trail',
    arguments: { trailNames: 'name', applyTrailToAllRegions: 'isMultiRegionTrail' },
  },
  'update-trails': {
    name: 'update-trail',
    arguments: { trailNames: 'name', applyTrailToAllRegions: 'isMultiRegionTrail' },
    optional: ['s3BucketName'],
  },
  'delete-trails': { name: 'delete-trail', arguments: { trailNames: 'name' } },
  'describe-trails': { name: 'describe-trails', arguments: { trailNames: 'trailNameList' } },
  'start-logging': { name: 'start-logging', arguments: { trailNames: 'name' } },
  'stop-logging': { name: 'stop-logging', arguments: { trailNames: 'name' } },
  'get-trail-status': { name: 'get-trail-status', arguments: { trailNames: 'name' } },
  'lookup-events': { name: 'lookup-events', arguments: {} },
}

/** Where rows stand in the context, below `AWS.CloudTrail`; a command without an entry has rows of its own. */
const PATHS: Record<string, string> = {
  'create-trails': 'Trails',
  'update-trails': 'Trails',
  'describe-trails': 'Trails',
  'get-trails': 'Trails',
  'list-trails': 'Trails',
  'get-trail-status': 'TrailStatus',
  'lookup-events': 'Events',
  'get-event-selectors': 'EventSelectors',
  'put-event-selectors': 'EventSelectors',
  'get-insight-selectors': 'InsightSelectors',
  'put-insight-selectors': 'InsightSelectors',
  'list-tags': 'Tags',
  // nothing but that it was done: the table shows it
  'delete-trails': '',
  'start-logging': '',
  'stop-logging': '',
  'add-tags': '',
  'remove-tags': '',
}

/** Whether the official integration has the command. */
export const isOfficial = ({ name }: ConnectorCommand) => name in OFFICIAL

/** `create-trails` is `aws-cloudtrail-create-trail`. */
export const xsoarName = ({ name }: ConnectorCommand) =>
  `aws-cloudtrail-${OFFICIAL[name]?.name ?? name}`

/** The argument of a field: the official name, else the field's own. */
export const xsoarArgument = ({ name }: ConnectorCommand, field: string) =>
  OFFICIAL[name]?.arguments[field] ?? field

/** Whether an argument must be given: what is optional at the official integration stays so. */
export const isRequiredInXsoar = ({ name }: ConnectorCommand, field: string) =>
  !(OFFICIAL[name]?.optional ?? []).includes(field)

/** The context path of a command's rows below `AWS.CloudTrail`; empty where it has none. */
export const contextPath = ({ name }: ConnectorCommand) =>
  PATHS[name] ?? awsName(name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()))
