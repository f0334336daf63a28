import type {
  AddTagsCommandInput,
  ListTagsCommandInput,
  RemoveTagsCommandInput,
} from '@aws-sdk/client-cloudtrail'
import { AddTags$, ListTags$, RemoveTags$ } from '@aws-sdk/client-cloudtrail'

import type { Call } from '../state/call.js'
import { commonError, modelledError } from '../errors.js'
import { invalidArn, parseTrailArn, wrongAccount, wrongRegion } from '../rules/find-trail.js'
import type { Trail } from '../state/world.js'
import { checkNewTags } from '../rules/tags.js'
import { operation } from './operation.js'

/** AddTags: adds tags to a trail, or replaces the values of keys that it has. */
export const addTags = operation(AddTags$, (input: AddTagsCommandInput, call) => {
  const trail = taggedTrail(call, input.ResourceId)
  trail.tags = checkNewTags(trail.tags, input.TagsList ?? [])
  return {}
})

/** RemoveTags: removes tags by their keys; keys that the trail lacks are ignored. */
export const removeTags = operation(RemoveTags$, (input: RemoveTagsCommandInput, call) => {
  const trail = taggedTrail(call, input.ResourceId)
  const keys = new Set((input.TagsList ?? []).map(({ Key }) => Key))
  trail.tags = trail.tags.filter(({ Key }) => !keys.has(Key))
  return {}
})

/** ListTags: the tags of up to 20 trails of one owner. */
export const listTags = operation(ListTags$, (input: ListTagsCommandInput, call) => {
  const arns = input.ResourceIdList ?? []
  if (arns.length === 0 || arns.length > 20) {
    throw commonError(
      'ValidationException',
      `1 validation error detected: Value at 'resourceIdList' failed to satisfy constraint: Member must have length between 1 and 20, inclusive`,
    )
  }
  if (input.NextToken !== undefined) {
    throw modelledError('InvalidTokenException', 'The token is not valid.')
  }
  const owners = new Set(arns.map((arn) => resourceArn(arn).accountId))
  if (owners.size > 1) {
    throw modelledError(
      'CloudTrailARNInvalidException',
      'You cannot have resources belonging to multiple owners',
    )
  }
  const ResourceTagList = arns.map((arn) => ({
    ResourceId: arn,
    TagsList: taggedTrail(call, arn).tags,
  }))
  return { ResourceTagList }
})

/** Finds the trail of an ARN. Tags are kept in the home region alone, a shadow trail has none. */
function taggedTrail(call: Call, arn = ''): Trail {
  const { accountId, region } = resourceArn(arn)
  if (accountId !== call.account.accountId) throw wrongAccount(call)
  if (region !== call.region) throw wrongRegion(call)
  const trail = call.account.trails.get(arn)
  if (trail === undefined) {
    throw modelledError('ResourceNotFoundException', `The specified resource was not found: ${arn}`)
  }
  return trail
}

/** Takes the ARN of a resource apart; channels and event data stores are not kept by the sandbox. */
function resourceArn(arn: string): { accountId: string; region: string } {
  if (!arn.startsWith('arn:')) throw invalidArn(arn)
  if (/^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:\d{12}:(?!trail\/)[a-z]+\//.test(arn)) {
    throw modelledError(
      'ResourceTypeNotSupportedException',
      `The resource type of ${arn} is not supported.`,
    )
  }
  return parseTrailArn(arn)
}
