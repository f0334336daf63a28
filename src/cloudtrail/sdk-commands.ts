import {
  AddTagsCommand,
  CreateTrailCommand,
  DeleteTrailCommand,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
  ListTagsCommand,
  ListTrailsCommand,
  LookupEventsCommand,
  PutEventSelectorsCommand,
  PutInsightSelectorsCommand,
  RemoveTagsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
  type CloudTrailClientResolvedConfig,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-cloudtrail'
import type { Command } from '@smithy/types'
import type { Operation } from '../aws/operations.js'

/** The SDK's command class of each operation. */
const COMMANDS = {
  AddTags: AddTagsCommand,
  CreateTrail: CreateTrailCommand,
  DeleteTrail: DeleteTrailCommand,
  DescribeTrails: DescribeTrailsCommand,
  GetEventSelectors: GetEventSelectorsCommand,
  GetInsightSelectors: GetInsightSelectorsCommand,
  GetTrail: GetTrailCommand,
  GetTrailStatus: GetTrailStatusCommand,
  ListTags: ListTagsCommand,
  ListTrails: ListTrailsCommand,
  LookupEvents: LookupEventsCommand,
  PutEventSelectors: PutEventSelectorsCommand,
  PutInsightSelectors: PutInsightSelectorsCommand,
  RemoveTags: RemoveTagsCommand,
  StartLogging: StartLoggingCommand,
  StopLogging: StopLoggingCommand,
  UpdateTrail: UpdateTrailCommand,
} satisfies Record<Operation, new (input: never) => object>

type Classes = typeof COMMANDS

/** The input of an operation, as the SDK types it. */
export type InputOf<Name extends Operation> = InstanceType<Classes[Name]>['input']

/** The output of an operation, as the SDK types it: times are `Date`. */
export type OutputOf<Name extends Operation> = Awaited<
  ReturnType<ReturnType<InstanceType<Classes[Name]>['resolveMiddleware']>>
>['output']

/** A command of the SDK, which carries the middleware of one call. */
export type SdkCommand<Name extends Operation> = Command<
  ServiceInputTypes,
  InputOf<Name>,
  ServiceOutputTypes,
  OutputOf<Name>,
  CloudTrailClientResolvedConfig
>

/** The command classes as constructors whose input and output belong to their name. */
const CONSTRUCTORS: { [Name in Operation]: new (input: InputOf<Name>) => SdkCommand<Name> } =
  COMMANDS

/** Makes the SDK's command for one call of an operation. */
export function sdkCommand<Name extends Operation>(
  operation: Name,
  input: InputOf<Name>,
): SdkCommand<Name> {
  return new CONSTRUCTORS[operation](input)
}
