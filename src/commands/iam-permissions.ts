/** IAM actions that only some requests of a command need: a statement of its policy. */
export interface IamPermission {
  /** The statement's `Sid`. */
  sid: string
  /** The requests that need it, as a sentence for the documents. */
  neededWhen: string
  actions: string[]
  /** The resources; left out: every one. */
  resource?: string
  condition?: Record<string, Record<string, string>>
}

/** Without it a bare name that AWS does not know here gets no hint with its home region. */
export const FIND_HOME_REGION: IamPermission = {
  sid: 'FindHomeRegion',
  neededWhen: 'The error of an unknown trail name gives the home region in its hint.',
  actions: ['cloudtrail:ListTrails'],
}

/** Without it a trail that a lost attempt created is reported as TrailAlreadyExistsException. */
export const RECOGNIZE_CREATED: IamPermission = {
  sid: 'RecognizeCreatedTrail',
  neededWhen:
    'The response to an attempt was lost: the trail is read, to report it as created by this request.',
  actions: ['cloudtrail:GetTrail', 'cloudtrail:ListTags'],
}

/** Without it a trail that a lost attempt deleted is reported as TrailNotFoundException. */
export const RECOGNIZE_DELETED: IamPermission = {
  sid: 'RecognizeDeletedTrail',
  neededWhen:
    'The response to an attempt was lost: the trail is looked for, to report it as deleted by this request.',
  actions: ['cloudtrail:GetTrail', 'cloudtrail:ListTrails'],
}

/** `tags` of Create Trails (CreateTrail of the Service Authorization Reference). */
export const TAG_NEW_TRAIL: IamPermission = {
  sid: 'TagNewTrail',
  neededWhen: 'The request has `tags`.',
  actions: ['cloudtrail:AddTags'],
}

/** `cloudWatchLogsRoleArn` (CreateTrail and UpdateTrail of the Service Authorization Reference). */
export const PASS_LOGS_ROLE: IamPermission = {
  sid: 'PassRoleToCloudTrail',
  neededWhen:
    'The request has `cloudWatchLogsRoleArn`. Narrow `Resource` to that role; in China and GovCloud its ARN begins with `arn:aws-cn` and `arn:aws-us-gov`.',
  actions: ['iam:PassRole'],
  resource: 'arn:aws:iam::*:role/*',
  condition: { StringEquals: { 'iam:PassedToService': 'cloudtrail.amazonaws.com' } },
}

/**
 * `organizationTrail`: the actions that the CloudTrail User Guide lists as the minimum (Prepare for creating a trail for
 * your organization), but for organizations:DisableAWSServiceAccess, which no command needs: it revokes trusted access.
 */
export const ORGANIZATION_TRAIL: IamPermission = {
  sid: 'OrganizationTrail',
  neededWhen:
    'The request has `"organizationTrail": true`, in the management account or that of a delegated administrator, after [trusted access](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-an-organizational-trail-prepare.html) was enabled. AWS also lists `organizations:DisableAWSServiceAccess`, which revokes trusted access; no command needs it.',
  actions: [
    'iam:CreateServiceLinkedRole',
    'iam:GetRole',
    'organizations:DescribeOrganization',
    'organizations:EnableAWSServiceAccess',
    'organizations:ListAWSServiceAccessForOrganization',
    'organizations:ListAccounts',
  ],
}
