import type { INodeProperties } from 'n8n-workflow'
import type { Quota } from './client'
import type { Fields } from './form'

// Written by scripts/connectors from the catalogue of commands.

interface Command {
  quota: Quota
  required: string[]
  fields: Fields
}

export const COMMANDS: Record<string, Command> = {
  "create-trails": {
    "quota": "write",
    "required": [
      "trailNames",
      "s3BucketName"
    ],
    "fields": {
      "trailNames": [
        "list",
        false
      ],
      "s3BucketName": [
        "text",
        false
      ],
      "s3KeyPrefix": [
        "text",
        false
      ],
      "snsTopicName": [
        "text",
        false
      ],
      "includeGlobalServiceEvents": [
        "boolean",
        false
      ],
      "applyTrailToAllRegions": [
        "boolean",
        false
      ],
      "organizationTrail": [
        "boolean",
        false
      ],
      "enableLogFileValidation": [
        "boolean",
        false
      ],
      "recursiveLogging": [
        "boolean",
        false
      ],
      "cloudWatchLogsLogGroupArn": [
        "text",
        false
      ],
      "cloudWatchLogsRoleArn": [
        "text",
        false
      ],
      "kmsKeyId": [
        "text",
        false
      ],
      "tags": [
        "json",
        false
      ],
      "dryRun": [
        "boolean",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "delete-trails": {
    "quota": "write",
    "required": [
      "trailNames"
    ],
    "fields": {
      "trailNames": [
        "list",
        false
      ],
      "dryRun": [
        "boolean",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "describe-trails": {
    "quota": "read",
    "required": [],
    "fields": {
      "trailNames": [
        "list",
        false
      ],
      "includeShadowTrails": [
        "boolean",
        false
      ],
      "regions": [
        "list",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "get-event-selectors": {
    "quota": "read",
    "required": [
      "trailNames"
    ],
    "fields": {
      "trailNames": [
        "list",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "get-insight-selectors": {
    "quota": "read",
    "required": [
      "trailNames"
    ],
    "fields": {
      "trailNames": [
        "list",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "get-trails": {
    "quota": "read",
    "required": [
      "trailNames"
    ],
    "fields": {
      "trailNames": [
        "list",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "get-trail-status": {
    "quota": "read",
    "required": [
      "trailNames"
    ],
    "fields": {
      "trailNames": [
        "list",
        false
      ],
      "regions": [
        "list",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "list-tags": {
    "quota": "read",
    "required": [
      "trailArns"
    ],
    "fields": {
      "trailArns": [
        "list",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "list-trails": {
    "quota": "read",
    "required": [],
    "fields": {
      "regions": [
        "list",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "lookup-events": {
    "quota": "lookup",
    "required": [],
    "fields": {
      "attributeKey": [
        "choice",
        false
      ],
      "attributeValue": [
        "text",
        false
      ],
      "filters": [
        "json",
        false
      ],
      "startTime": [
        "text",
        false
      ],
      "endTime": [
        "text",
        false
      ],
      "eventCategory": [
        "choice",
        false
      ],
      "limit": [
        "number",
        false
      ],
      "nextToken": [
        "text",
        false
      ],
      "regions": [
        "list",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "put-event-selectors": {
    "quota": "write",
    "required": [],
    "fields": {
      "trailNames": [
        "list",
        false
      ],
      "readWriteType": [
        "choice",
        false
      ],
      "includeManagementEvents": [
        "boolean",
        false
      ],
      "dataEventsS3": [
        "list",
        false
      ],
      "dataEventsLambda": [
        "list",
        false
      ],
      "dataEventsDynamoDb": [
        "list",
        false
      ],
      "excludeManagementEventSources": [
        "list",
        false
      ],
      "eventSelectors": [
        "json",
        false
      ],
      "advancedEventSelectors": [
        "json",
        false
      ],
      "replaceExisting": [
        "boolean",
        false
      ],
      "dryRun": [
        "boolean",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "put-insight-selectors": {
    "quota": "write",
    "required": [
      "trailNames"
    ],
    "fields": {
      "trailNames": [
        "list",
        false
      ],
      "insightTypes": [
        "list",
        false
      ],
      "eventCategories": [
        "list",
        false
      ],
      "replaceExisting": [
        "boolean",
        false
      ],
      "dryRun": [
        "boolean",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "add-tags": {
    "quota": "write",
    "required": [
      "trailArn",
      "tags"
    ],
    "fields": {
      "trailArn": [
        "text",
        false
      ],
      "tags": [
        "json",
        false
      ],
      "dryRun": [
        "boolean",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "remove-tags": {
    "quota": "write",
    "required": [
      "trailArn",
      "tagKeys"
    ],
    "fields": {
      "trailArn": [
        "text",
        false
      ],
      "tagKeys": [
        "list",
        false
      ],
      "dryRun": [
        "boolean",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "start-logging": {
    "quota": "write",
    "required": [
      "trailNames"
    ],
    "fields": {
      "trailNames": [
        "list",
        false
      ],
      "dryRun": [
        "boolean",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "stop-logging": {
    "quota": "write",
    "required": [
      "trailNames"
    ],
    "fields": {
      "trailNames": [
        "list",
        false
      ],
      "dryRun": [
        "boolean",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "update-trails": {
    "quota": "write",
    "required": [
      "trailNames",
      "s3BucketName"
    ],
    "fields": {
      "trailNames": [
        "list",
        false
      ],
      "s3BucketName": [
        "text",
        false
      ],
      "s3KeyPrefix": [
        "text",
        true
      ],
      "snsTopicName": [
        "text",
        true
      ],
      "includeGlobalServiceEvents": [
        "boolean",
        false
      ],
      "applyTrailToAllRegions": [
        "boolean",
        false
      ],
      "organizationTrail": [
        "boolean",
        false
      ],
      "enableLogFileValidation": [
        "boolean",
        false
      ],
      "recursiveLogging": [
        "boolean",
        false
      ],
      "cloudWatchLogsLogGroupArn": [
        "text",
        true
      ],
      "cloudWatchLogsRoleArn": [
        "text",
        true
      ],
      "kmsKeyId": [
        "text",
        true
      ],
      "dryRun": [
        "boolean",
        false
      ],
      "connection": [
        "text",
        false
      ]
    }
  },
  "test-connection": {
    "quota": "read",
    "required": [],
    "fields": {}
  }
}

export const PROPERTIES: INodeProperties[] = [
  {
    "displayName": "Resource",
    "name": "resource",
    "type": "options",
    "noDataExpression": true,
    "options": [
      {
        "name": "Connection",
        "value": "connection"
      },
      {
        "name": "Event",
        "value": "event"
      },
      {
        "name": "Selector",
        "value": "selector"
      },
      {
        "name": "Tag",
        "value": "tag"
      },
      {
        "name": "Trail",
        "value": "trail"
      }
    ],
    "default": "trail"
  },
  {
    "displayName": "Operation",
    "name": "operation",
    "type": "options",
    "noDataExpression": true,
    "displayOptions": {
      "show": {
        "resource": [
          "connection"
        ]
      }
    },
    "options": [
      {
        "name": "Test Connection",
        "value": "test-connection",
        "action": "Test connection",
        "description": "Checks the address and key of the service, and the credentials of its connection"
      }
    ],
    "default": "test-connection"
  },
  {
    "displayName": "Operation",
    "name": "operation",
    "type": "options",
    "noDataExpression": true,
    "displayOptions": {
      "show": {
        "resource": [
          "event"
        ]
      }
    },
    "options": [
      {
        "name": "Lookup Events",
        "value": "lookup-events",
        "action": "Lookup events",
        "description": "Management events and Insights events of the last 90 days, newest first, in one region or in several. AWS allows two requests of 50 events per second for each account and region. Global services such as IAM are recorded in us-east-1. With accept: application/x-ndjson the events are streamed."
      }
    ],
    "default": "lookup-events"
  },
  {
    "displayName": "Operation",
    "name": "operation",
    "type": "options",
    "noDataExpression": true,
    "displayOptions": {
      "show": {
        "resource": [
          "selector"
        ]
      }
    },
    "options": [
      {
        "name": "Get Event Selectors",
        "value": "get-event-selectors",
        "action": "Get event selectors",
        "description": "Which management and data events trails log: basic or advanced event selectors, never both. Works only in the region in which the trails were created."
      },
      {
        "name": "Get Insight Selectors",
        "value": "get-insight-selectors",
        "action": "Get insight selectors",
        "description": "The Insights that trails collect. A trail without Insights has an empty list; it is no error. Works only in the home region of the trails; an ARN names it."
      },
      {
        "name": "Put Event Selectors",
        "value": "put-event-selectors",
        "action": "Put event selectors",
        "description": "Replaces the event selectors of trails: the management and data events that they log. Without trailNames it changes every trail whose home is the region of the connection. Give the fields of one basic selector, or eventSelectors, or advancedEventSelectors; a trail has basic selectors or advanced ones, never both. A trail whose existing selectors would be dropped although the request does not name them fails with 409, unless replaceExisting is true. Works only in the home region of the trails; an ARN names it. A retry is safe: it sets the same selectors."
      },
      {
        "name": "Put Insight Selectors",
        "value": "put-insight-selectors",
        "action": "Put insight selectors",
        "description": "Turns CloudTrail Insights of trails on or off. AWS replaces all Insights of a trail: a trail whose other Insights would be dropped fails with 409, unless replaceExisting is true or insightTypes is empty. The trail must log management events: ApiCallRateInsight needs write events, ApiErrorRateInsight read or write events. Works only in the home region of the trails; an ARN names it. A retry is safe: it sets the same Insights."
      }
    ],
    "default": "get-event-selectors"
  },
  {
    "displayName": "Operation",
    "name": "operation",
    "type": "options",
    "noDataExpression": true,
    "displayOptions": {
      "show": {
        "resource": [
          "tag"
        ]
      }
    },
    "options": [
      {
        "name": "Add Tags",
        "value": "add-tags",
        "action": "Add tags",
        "description": "Adds tags to a trail, in the region of its ARN. The value of a key that the trail has already is overwritten, and the row has the old one as previousValue. A trail has at most 50 tags. A retry is safe: it writes the same values, but previousValue then is the value of the first attempt."
      },
      {
        "name": "List Tags",
        "value": "list-tags",
        "action": "List tags",
        "description": "The tags of up to 20 trails, in one call for each region that their ARNs name. One ARN that AWS does not take fails the others of its region."
      },
      {
        "name": "Remove Tags",
        "value": "remove-tags",
        "action": "Remove tags",
        "description": "Removes tags from a trail, in the region of its ARN. A key that the trail does not have is no error, so a retry is safe."
      }
    ],
    "default": "add-tags"
  },
  {
    "displayName": "Operation",
    "name": "operation",
    "type": "options",
    "noDataExpression": true,
    "displayOptions": {
      "show": {
        "resource": [
          "trail"
        ]
      }
    },
    "options": [
      {
        "name": "Create Trails",
        "value": "create-trails",
        "action": "Create trails",
        "description": "Creates trails that deliver log files to an S3 bucket. A new trail does not log until Start Logging is run. AWS allows five trails a region, and one write per second for each account and region. A retry fails with TrailAlreadyExistsException where the trail was created, unless an attempt whose response was lost created it with the same settings; with an idempotency-key it returns the first response."
      },
      {
        "name": "Delete Trails",
        "value": "delete-trails",
        "action": "Delete trails",
        "description": "Deletes trails. Works only in the region in which the trails were created. Log files that were delivered stay in their bucket. A retry fails with TrailNotFoundException where the trail was deleted, unless the response to an earlier attempt of the same request was lost; with an idempotency-key it returns the first response."
      },
      {
        "name": "Describe Trails",
        "value": "describe-trails",
        "action": "Describe trails",
        "description": "The settings of all trails of the region of the connection (or of the regions given), or of those named, in one call per region. AWS leaves out names that it does not know, without an error; Get Trails has an error for each."
      },
      {
        "name": "Get Trail Status",
        "value": "get-trail-status",
        "action": "Get trail status",
        "description": "Whether trails are logging, when logging was started and stopped, and the last delivery errors, in the region of the connection or in the regions given"
      },
      {
        "name": "Get Trails",
        "value": "get-trails",
        "action": "Get trails",
        "description": "The settings of trails, one by one: a trail that cannot be read fails by itself"
      },
      {
        "name": "List Trails",
        "value": "list-trails",
        "action": "List trails",
        "description": "All trails of the account, whatever their home region, and the organization trails that it sees. One region knows them all, so leave regions out."
      },
      {
        "name": "Start Logging",
        "value": "start-logging",
        "action": "Start logging",
        "description": "Starts recording AWS API calls and delivering log files. Works only in the region in which the trails were created, not on shadow trails. A retry is safe: a trail that logs stays so."
      },
      {
        "name": "Stop Logging",
        "value": "stop-logging",
        "action": "Stop logging",
        "description": "Stops recording AWS API calls and delivering log files: the only way to pause a trail. Works only in the region in which the trails were created, not on shadow trails. Attackers do this to hide (MITRE ATT&CK T1562.008). A retry is safe: a trail that is stopped stays so."
      },
      {
        "name": "Update Trails",
        "value": "update-trails",
        "action": "Update trails",
        "description": "Changes where and how trails deliver their log files. Logging need not be stopped for it. A setting that is left out stays as it is; null removes one. A retry is safe: it sets the same settings. Works only in the region in which the trails were created."
      }
    ],
    "default": "get-trail-status"
  },
  {
    "displayName": "Trail Names",
    "name": "trailNames",
    "type": "string",
    "default": "",
    "description": "Names of the new trails. A name is 3 to 128 ASCII letters, digits, periods (.), underscores (_) and dashes (-), starts and ends with a letter or digit, has no two of ., _, - side by side, and is not an IP address. 1 to 100 names or trail ARNs, no duplicates. One that breaks the rules of names or ARNs fails by itself, with field and rule; the others continue. Several with commas, or a list.",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "create-trails"
        ]
      }
    }
  },
  {
    "displayName": "S3 Bucket Name",
    "name": "s3BucketName",
    "type": "string",
    "default": "",
    "description": "The S3 bucket that receives the log files: 3 to 63 lower-case letters, digits, periods (.) and dashes (-), a letter or digit first and last. Its policy must let CloudTrail write. In the sandbox, missing-… does not exist and denied-… has no such policy.",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "create-trails"
        ]
      }
    }
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "create-trails"
        ]
      }
    },
    "options": [
      {
        "displayName": "Apply Trail To All Regions",
        "name": "applyTrailToAllRegions",
        "type": "boolean",
        "default": false,
        "description": "Whether the trail logs all regions (true) or its own only (false). Default false."
      },
      {
        "displayName": "Cloud Watch Logs Log Group Arn",
        "name": "cloudWatchLogsLogGroupArn",
        "type": "string",
        "default": "",
        "description": "ARN of the CloudWatch Logs group that receives the events, ending in :*. Only together with cloudWatchLogsRoleArn."
      },
      {
        "displayName": "Cloud Watch Logs Role Arn",
        "name": "cloudWatchLogsRoleArn",
        "type": "string",
        "default": "",
        "description": "ARN of the role with which CloudTrail writes to the log group. Only together with cloudWatchLogsLogGroupArn."
      },
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      },
      {
        "displayName": "Dry Run",
        "name": "dryRun",
        "type": "boolean",
        "default": false,
        "description": "Whether to write nothing: everything is checked, and the dryRun of each row has the call that would be made (operation, input). Default false."
      },
      {
        "displayName": "Enable Log File Validation",
        "name": "enableLogFileValidation",
        "type": "boolean",
        "default": false,
        "description": "Whether digest files prove that log files are unchanged. Default false."
      },
      {
        "displayName": "Include Global Service Events",
        "name": "includeGlobalServiceEvents",
        "type": "boolean",
        "default": true,
        "description": "Whether events of global services, such as IAM, are logged. Must be true for a multi-region trail. Default true."
      },
      {
        "displayName": "Kms Key Id",
        "name": "kmsKeyId",
        "type": "string",
        "default": "",
        "description": "KMS key that encrypts the log files: a key id, alias/<name>, or the ARN of a key or an alias"
      },
      {
        "displayName": "Organization Trail",
        "name": "organizationTrail",
        "type": "boolean",
        "default": false,
        "description": "Whether the trail logs all accounts of the organization. Needs the organization's management account or its delegated administrator. Default false."
      },
      {
        "displayName": "Recursive Logging",
        "name": "recursiveLogging",
        "type": "boolean",
        "default": false,
        "description": "Whether the trail logs its own deliveries to the bucket as data events, where the bucket's data events are logged. Default true."
      },
      {
        "displayName": "S3 Key Prefix",
        "name": "s3KeyPrefix",
        "type": "string",
        "default": "",
        "description": "Prefix of the log files in the bucket, 1 to 200 characters"
      },
      {
        "displayName": "Sns Topic Name",
        "name": "snsTopicName",
        "type": "string",
        "default": "",
        "description": "Name or ARN of the SNS topic that is notified of each log file, 1 to 256 characters"
      },
      {
        "displayName": "Tags",
        "name": "tags",
        "type": "json",
        "default": "",
        "description": "Tags of the new trails: 1 to 50, no key twice"
      }
    ]
  },
  {
    "displayName": "Trail Names",
    "name": "trailNames",
    "type": "string",
    "default": "",
    "description": "The trails, by name or ARN. List Trails returns both in rawData ($.Trails[*].Name, $.Trails[*].TrailARN). 1 to 100 names or trail ARNs, no duplicates. One that breaks the rules of names or ARNs fails by itself, with field and rule; the others continue. Several with commas, or a list.",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "delete-trails"
        ]
      }
    }
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "delete-trails"
        ]
      }
    },
    "options": [
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      },
      {
        "displayName": "Dry Run",
        "name": "dryRun",
        "type": "boolean",
        "default": false,
        "description": "Whether to write nothing: everything is checked, and the dryRun of each row has the call that would be made (operation, input). Default false."
      }
    ]
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "describe-trails"
        ]
      }
    },
    "options": [
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      },
      {
        "displayName": "Include Shadow Trails",
        "name": "includeShadowTrails",
        "type": "boolean",
        "default": true,
        "description": "Whether to list shadow trails too: the replicas, in this region, of multi-region trails whose home is elsewhere. Default true."
      },
      {
        "displayName": "Regions",
        "name": "regions",
        "type": "string",
        "default": "",
        "description": "The regions to read, all at the same time, each under its own quota: a list of names, or all for every region of the partition. A region that is not enabled, or denies, fails by itself. Left out: the region of the connection. Several with commas, or a list."
      },
      {
        "displayName": "Trail Names",
        "name": "trailNames",
        "type": "string",
        "default": "",
        "description": "The trails; left out: all of the region. Trails of other regions by ARN. 1 to 100 names or trail ARNs, no duplicates. One that breaks the rules of names or ARNs fails by itself, with field and rule; the others continue. Several with commas, or a list."
      }
    ]
  },
  {
    "displayName": "Trail Names",
    "name": "trailNames",
    "type": "string",
    "default": "",
    "description": "The trails, by name or ARN. List Trails returns both in rawData ($.Trails[*].Name, $.Trails[*].TrailARN). 1 to 100 names or trail ARNs, no duplicates. One that breaks the rules of names or ARNs fails by itself, with field and rule; the others continue. Several with commas, or a list.",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "get-event-selectors"
        ]
      }
    }
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "get-event-selectors"
        ]
      }
    },
    "options": [
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      }
    ]
  },
  {
    "displayName": "Trail Names",
    "name": "trailNames",
    "type": "string",
    "default": "",
    "description": "The trails, by name or ARN. List Trails returns both in rawData ($.Trails[*].Name, $.Trails[*].TrailARN). 1 to 100 names or trail ARNs, no duplicates. One that breaks the rules of names or ARNs fails by itself, with field and rule; the others continue. Several with commas, or a list.",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "get-insight-selectors"
        ]
      }
    }
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "get-insight-selectors"
        ]
      }
    },
    "options": [
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      }
    ]
  },
  {
    "displayName": "Trail Names",
    "name": "trailNames",
    "type": "string",
    "default": "",
    "description": "The trails, by name or ARN. List Trails returns both in rawData ($.Trails[*].Name, $.Trails[*].TrailARN). 1 to 100 names or trail ARNs, no duplicates. One that breaks the rules of names or ARNs fails by itself, with field and rule; the others continue. Several with commas, or a list.",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "get-trails"
        ]
      }
    }
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "get-trails"
        ]
      }
    },
    "options": [
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      }
    ]
  },
  {
    "displayName": "Trail Names",
    "name": "trailNames",
    "type": "string",
    "default": "",
    "description": "The trails, by name or ARN. List Trails returns both in rawData ($.Trails[*].Name, $.Trails[*].TrailARN). 1 to 100 names or trail ARNs, no duplicates. One that breaks the rules of names or ARNs fails by itself, with field and rule; the others continue. Several with commas, or a list.",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "get-trail-status"
        ]
      }
    }
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "get-trail-status"
        ]
      }
    },
    "options": [
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      },
      {
        "displayName": "Regions",
        "name": "regions",
        "type": "string",
        "default": "",
        "description": "The regions to read, all at the same time, each under its own quota: a list of names, or all for every region of the partition. A region that is not enabled, or denies, fails by itself. Left out: the region of the connection. Several with commas, or a list."
      }
    ]
  },
  {
    "displayName": "Trail Arns",
    "name": "trailArns",
    "type": "string",
    "default": "",
    "description": "1 to 20 trail ARNs, no duplicates, all of the same account. Several with commas, or a list.",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "list-tags"
        ]
      }
    }
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "list-tags"
        ]
      }
    },
    "options": [
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      }
    ]
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "list-trails"
        ]
      }
    },
    "options": [
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      },
      {
        "displayName": "Regions",
        "name": "regions",
        "type": "string",
        "default": "",
        "description": "The regions to ask: a list of names, or all. Leave it out: AWS lists all trails of the account in each region, so that a further region only repeats them. Left out: the region of the connection. Several with commas, or a list."
      }
    ]
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "lookup-events"
        ]
      }
    },
    "options": [
      {
        "displayName": "Attribute Key",
        "name": "attributeKey",
        "type": "options",
        "options": [
          {
            "name": "EventId",
            "value": "EventId"
          },
          {
            "name": "AccessKeyId",
            "value": "AccessKeyId"
          },
          {
            "name": "ResourceName",
            "value": "ResourceName"
          },
          {
            "name": "Username",
            "value": "Username"
          },
          {
            "name": "EventName",
            "value": "EventName"
          },
          {
            "name": "ResourceType",
            "value": "ResourceType"
          },
          {
            "name": "EventSource",
            "value": "EventSource"
          },
          {
            "name": "ReadOnly",
            "value": "ReadOnly"
          }
        ],
        "default": "EventId",
        "description": "The attribute to filter by, together with attributeValue: EventId, AccessKeyId, ResourceName, Username, EventName, ResourceType, EventSource, ReadOnly. Insights events: EventId, EventName, EventSource only."
      },
      {
        "displayName": "Attribute Value",
        "name": "attributeValue",
        "type": "string",
        "default": "",
        "description": "The exact value of the attribute, 1 to 2000 characters; an EventId is a UUID, ReadOnly is true or false. Only together with attributeKey."
      },
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      },
      {
        "displayName": "End Time",
        "name": "endTime",
        "type": "string",
        "default": "",
        "description": "Events at or before this time. Left out: now. ISO 8601 with offset, epoch seconds, or a time ago such as -15m, -2h, -7d."
      },
      {
        "displayName": "Event Category",
        "name": "eventCategory",
        "type": "options",
        "options": [
          {
            "name": "insight",
            "value": "insight"
          }
        ],
        "default": "insight",
        "description": "Insight for Insights events; left out: management events"
      },
      {
        "displayName": "Filters",
        "name": "filters",
        "type": "json",
        "default": "",
        "description": "Several conditions at once: an event must have one of the values of every key. The most selective attribute is asked of AWS, the rest is applied here; meta.scanned and meta.matched count the events that were read and found."
      },
      {
        "displayName": "Limit",
        "name": "limit",
        "type": "number",
        "default": 50,
        "description": "How many events are wanted, newest first: 1 to 10000, or to 1000000 in a stream (accept: application/x-ndjson); default 50"
      },
      {
        "displayName": "Next Token",
        "name": "nextToken",
        "type": "string",
        "default": "",
        "description": "Meta.nextToken of an earlier response, with the same query and connection: continues exactly there."
      },
      {
        "displayName": "Regions",
        "name": "regions",
        "type": "string",
        "default": "",
        "description": "The regions to read, all at the same time, each under its own quota: a list of names, or all for every region of the partition. A region that is not enabled, or denies, fails by itself. Left out: the region of the connection. Several with commas, or a list."
      },
      {
        "displayName": "Start Time",
        "name": "startTime",
        "type": "string",
        "default": "",
        "description": "Events at or after this time, at most 90 days back. Left out: 90 days back. ISO 8601 with offset, epoch seconds, or a time ago such as -15m, -2h, -7d."
      }
    ]
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "put-event-selectors"
        ]
      }
    },
    "options": [
      {
        "displayName": "Advanced Event Selectors",
        "name": "advancedEventSelectors",
        "type": "json",
        "default": "",
        "description": "Advanced event selectors, at most 500 values in all. They replace basic ones, and cannot stand beside them."
      },
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      },
      {
        "displayName": "Data Events Dynamo Db",
        "name": "dataEventsDynamoDb",
        "type": "string",
        "default": "",
        "description": "DynamoDB tables whose data events are logged, 1 to 250 together with the other dataEvents fields. All tables (arn:aws:dynamodb), or one by its full ARN. No wildcards. Several with commas, or a list."
      },
      {
        "displayName": "Data Events Lambda",
        "name": "dataEventsLambda",
        "type": "string",
        "default": "",
        "description": "Lambda functions whose data events are logged, 1 to 250 together with the other dataEvents fields. All functions (arn:aws:lambda), or one by its full ARN without version or alias. No wildcards. Several with commas, or a list."
      },
      {
        "displayName": "Data Events S3",
        "name": "dataEventsS3",
        "type": "string",
        "default": "",
        "description": "S3 buckets or prefixes whose data events are logged, 1 to 250 together with the other dataEvents fields. All buckets (arn:aws:s3), one bucket (arn:aws:s3:::bucket/, with the slash), or a prefix (arn:aws:s3:::bucket/prefix). No wildcards. Several with commas, or a list."
      },
      {
        "displayName": "Dry Run",
        "name": "dryRun",
        "type": "boolean",
        "default": false,
        "description": "Whether to write nothing: everything is checked, and the dryRun of each row has the call that would be made (operation, input). Default false."
      },
      {
        "displayName": "Event Selectors",
        "name": "eventSelectors",
        "type": "json",
        "default": "",
        "description": "1 to 5 basic event selectors as Get Event Selectors returns them, in place of the fields of a single one"
      },
      {
        "displayName": "Exclude Management Event Sources",
        "name": "excludeManagementEventSources",
        "type": "string",
        "default": "",
        "description": "High-volume services whose management events are left out: kms.amazonaws.com, rdsdata.amazonaws.com. Only with includeManagementEvents. Several with commas, or a list."
      },
      {
        "displayName": "Include Management Events",
        "name": "includeManagementEvents",
        "type": "boolean",
        "default": false,
        "description": "Whether management events are logged. Default true."
      },
      {
        "displayName": "Read Write Type",
        "name": "readWriteType",
        "type": "options",
        "options": [
          {
            "name": "All",
            "value": "All"
          },
          {
            "name": "ReadOnly",
            "value": "ReadOnly"
          },
          {
            "name": "WriteOnly",
            "value": "WriteOnly"
          },
          {
            "name": "Read And Write",
            "value": "Read And Write"
          },
          {
            "name": "Read Only",
            "value": "Read Only"
          },
          {
            "name": "Write Only",
            "value": "Write Only"
          }
        ],
        "default": "All",
        "description": "Which events to log: All, ReadOnly or WriteOnly (or Read And Write, Read Only, Write Only). Default All."
      },
      {
        "displayName": "Replace Existing",
        "name": "replaceExisting",
        "type": "boolean",
        "default": false,
        "description": "Whether existing selectors that the request does not name may be dropped. Default false: such a trail fails with 409, and nothing is written to it."
      },
      {
        "displayName": "Trail Names",
        "name": "trailNames",
        "type": "string",
        "default": "",
        "description": "The trails; left out: every trail whose home is the region of the connection, and then at least one field of selectors is required. 1 to 100 names or trail ARNs, no duplicates. One that breaks the rules of names or ARNs fails by itself, with field and rule; the others continue. Several with commas, or a list."
      }
    ]
  },
  {
    "displayName": "Trail Names",
    "name": "trailNames",
    "type": "string",
    "default": "",
    "description": "The trails, by name or ARN. List Trails returns both in rawData ($.Trails[*].Name, $.Trails[*].TrailARN). 1 to 100 names or trail ARNs, no duplicates. One that breaks the rules of names or ARNs fails by itself, with field and rule; the others continue. Several with commas, or a list.",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "put-insight-selectors"
        ]
      }
    }
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "put-insight-selectors"
        ]
      }
    },
    "options": [
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      },
      {
        "displayName": "Dry Run",
        "name": "dryRun",
        "type": "boolean",
        "default": false,
        "description": "Whether to write nothing: everything is checked, and the dryRun of each row has the call that would be made (operation, input). Default false."
      },
      {
        "displayName": "Event Categories",
        "name": "eventCategories",
        "type": "string",
        "default": "",
        "description": "The events that each of the Insights counts: Management, Data or both. Data needs a trail that logs data events. Left out: Management, as AWS has it. Several with commas, or a list."
      },
      {
        "displayName": "Insight Types",
        "name": "insightTypes",
        "type": "string",
        "default": "",
        "description": "The Insights to collect: ApiCallRateInsight, ApiErrorRateInsight or both. An empty list turns Insights off. Default: ApiCallRateInsight. Several with commas, or a list."
      },
      {
        "displayName": "Replace Existing",
        "name": "replaceExisting",
        "type": "boolean",
        "default": false,
        "description": "Whether existing selectors that the request does not name may be dropped. Default false: such a trail fails with 409, and nothing is written to it."
      }
    ]
  },
  {
    "displayName": "Trail Arn",
    "name": "trailArn",
    "type": "string",
    "default": "",
    "description": "A trail ARN: arn:<partition>:cloudtrail:<region>:<account>:trail/<name>. List Trails returns it in rawData ($.Trails[*].TrailARN).",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "add-tags"
        ]
      }
    }
  },
  {
    "displayName": "Tags",
    "name": "tags",
    "type": "json",
    "default": "",
    "description": "The tags to add or overwrite: 1 to 50, no key twice",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "add-tags"
        ]
      }
    }
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "add-tags"
        ]
      }
    },
    "options": [
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      },
      {
        "displayName": "Dry Run",
        "name": "dryRun",
        "type": "boolean",
        "default": false,
        "description": "Whether to write nothing: everything is checked, and the dryRun of each row has the call that would be made (operation, input). Default false."
      }
    ]
  },
  {
    "displayName": "Trail Arn",
    "name": "trailArn",
    "type": "string",
    "default": "",
    "description": "A trail ARN: arn:<partition>:cloudtrail:<region>:<account>:trail/<name>. List Trails returns it in rawData ($.Trails[*].TrailARN).",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "remove-tags"
        ]
      }
    }
  },
  {
    "displayName": "Tag Keys",
    "name": "tagKeys",
    "type": "string",
    "default": "",
    "description": "The keys to remove: 1 to 50, no duplicates. List Tags returns them in rawData ($.ResourceTagList[*].TagsList[*].Key). Several with commas, or a list.",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "remove-tags"
        ]
      }
    }
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "remove-tags"
        ]
      }
    },
    "options": [
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      },
      {
        "displayName": "Dry Run",
        "name": "dryRun",
        "type": "boolean",
        "default": false,
        "description": "Whether to write nothing: everything is checked, and the dryRun of each row has the call that would be made (operation, input). Default false."
      }
    ]
  },
  {
    "displayName": "Trail Names",
    "name": "trailNames",
    "type": "string",
    "default": "",
    "description": "The trails, by name or ARN. List Trails returns both in rawData ($.Trails[*].Name, $.Trails[*].TrailARN). 1 to 100 names or trail ARNs, no duplicates. One that breaks the rules of names or ARNs fails by itself, with field and rule; the others continue. Several with commas, or a list.",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "start-logging"
        ]
      }
    }
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "start-logging"
        ]
      }
    },
    "options": [
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      },
      {
        "displayName": "Dry Run",
        "name": "dryRun",
        "type": "boolean",
        "default": false,
        "description": "Whether to write nothing: everything is checked, and the dryRun of each row has the call that would be made (operation, input). Default false."
      }
    ]
  },
  {
    "displayName": "Trail Names",
    "name": "trailNames",
    "type": "string",
    "default": "",
    "description": "The trails, by name or ARN. List Trails returns both in rawData ($.Trails[*].Name, $.Trails[*].TrailARN). 1 to 100 names or trail ARNs, no duplicates. One that breaks the rules of names or ARNs fails by itself, with field and rule; the others continue. Several with commas, or a list.",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "stop-logging"
        ]
      }
    }
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "stop-logging"
        ]
      }
    },
    "options": [
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      },
      {
        "displayName": "Dry Run",
        "name": "dryRun",
        "type": "boolean",
        "default": false,
        "description": "Whether to write nothing: everything is checked, and the dryRun of each row has the call that would be made (operation, input). Default false."
      }
    ]
  },
  {
    "displayName": "Trail Names",
    "name": "trailNames",
    "type": "string",
    "default": "",
    "description": "The trails, by name or ARN. List Trails returns both in rawData ($.Trails[*].Name, $.Trails[*].TrailARN). 1 to 100 names or trail ARNs, no duplicates. One that breaks the rules of names or ARNs fails by itself, with field and rule; the others continue. Several with commas, or a list.",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "update-trails"
        ]
      }
    }
  },
  {
    "displayName": "S3 Bucket Name",
    "name": "s3BucketName",
    "type": "string",
    "default": "",
    "description": "The S3 bucket that receives the log files: 3 to 63 lower-case letters, digits, periods (.) and dashes (-), a letter or digit first and last. Its policy must let CloudTrail write. In the sandbox, missing-… does not exist and denied-… has no such policy.",
    "required": true,
    "displayOptions": {
      "show": {
        "operation": [
          "update-trails"
        ]
      }
    }
  },
  {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "displayOptions": {
      "show": {
        "operation": [
          "update-trails"
        ]
      }
    },
    "options": [
      {
        "displayName": "Apply Trail To All Regions",
        "name": "applyTrailToAllRegions",
        "type": "boolean",
        "default": false,
        "description": "Whether the trail logs all regions (true) or its own only (false). Left out: stays as it is."
      },
      {
        "displayName": "Cloud Watch Logs Log Group Arn",
        "name": "cloudWatchLogsLogGroupArn",
        "type": "string",
        "default": "",
        "description": "ARN of the CloudWatch Logs group that receives the events, ending in :*. Only together with cloudWatchLogsRoleArn. Left out: stays as it is. null: removed. The word null clears it."
      },
      {
        "displayName": "Cloud Watch Logs Role Arn",
        "name": "cloudWatchLogsRoleArn",
        "type": "string",
        "default": "",
        "description": "ARN of the role with which CloudTrail writes to the log group. Only together with cloudWatchLogsLogGroupArn. Left out: stays as it is. null: removed. The word null clears it."
      },
      {
        "displayName": "Connection",
        "name": "connection",
        "type": "string",
        "default": "",
        "description": "Name of the AWS connection at the service. Left out: that of the settings, or the one named default."
      },
      {
        "displayName": "Dry Run",
        "name": "dryRun",
        "type": "boolean",
        "default": false,
        "description": "Whether to write nothing: everything is checked, and the dryRun of each row has the call that would be made (operation, input). Default false."
      },
      {
        "displayName": "Enable Log File Validation",
        "name": "enableLogFileValidation",
        "type": "boolean",
        "default": false,
        "description": "Whether digest files prove that log files are unchanged. Left out: stays as it is."
      },
      {
        "displayName": "Include Global Service Events",
        "name": "includeGlobalServiceEvents",
        "type": "boolean",
        "default": false,
        "description": "Whether events of global services, such as IAM, are logged. Must be true for a multi-region trail. Left out: stays as it is."
      },
      {
        "displayName": "Kms Key Id",
        "name": "kmsKeyId",
        "type": "string",
        "default": "",
        "description": "KMS key that encrypts the log files: a key id, alias/<name>, or the ARN of a key or an alias. Left out: stays as it is. null: removed. The word null clears it."
      },
      {
        "displayName": "Organization Trail",
        "name": "organizationTrail",
        "type": "boolean",
        "default": false,
        "description": "Whether the trail logs all accounts of the organization. Needs the organization's management account or its delegated administrator. Left out: stays as it is."
      },
      {
        "displayName": "Recursive Logging",
        "name": "recursiveLogging",
        "type": "boolean",
        "default": false,
        "description": "Whether the trail logs its own deliveries to the bucket as data events, where the bucket's data events are logged. Left out: stays as it is."
      },
      {
        "displayName": "S3 Key Prefix",
        "name": "s3KeyPrefix",
        "type": "string",
        "default": "",
        "description": "Prefix of the log files in the bucket, 1 to 200 characters. Left out: stays as it is. null: removed. The word null clears it."
      },
      {
        "displayName": "Sns Topic Name",
        "name": "snsTopicName",
        "type": "string",
        "default": "",
        "description": "Name or ARN of the SNS topic that is notified of each log file, 1 to 256 characters. Left out: stays as it is. null: removed. The word null clears it."
      }
    ]
  },
  {
    "displayName": "Output",
    "name": "output",
    "type": "options",
    "options": [
      {
        "name": "Rows",
        "value": "rows",
        "description": "An item for each input or object found"
      },
      {
        "name": "Whole Response",
        "value": "response",
        "description": "One item with the service's response: key fields, raw data, next token"
      }
    ],
    "default": "rows"
  }
]
