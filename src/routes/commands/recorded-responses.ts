/** The sandbox's response to the first example of each command. Written by `npm run openapi`. */
export const RECORDED_RESPONSES: Record<string, { summary: string; value: unknown }> = {
  "describe-trails": {
    "summary": "one trail",
    "value": {
      "command": "describe-trails",
      "returnData": "Successful",
      "contextData": [
        {
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "management-events",
            "s3BucketName": "cloudtrail-logs-111122223333",
            "includeGlobalServiceEvents": true,
            "isMultiRegionTrail": true,
            "homeRegion": "us-east-1",
            "trailArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
            "logFileValidationEnabled": true,
            "hasCustomEventSelectors": false,
            "hasInsightSelectors": false,
            "isOrganizationTrail": false,
            "recursiveLogging": true
          }
        }
      ],
      "keyFields": {
        "TrailNames": [
          "management-events"
        ],
        "TrailARNs": [
          "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events"
        ]
      },
      "rawData": {
        "trailList": [
          {
            "Name": "management-events",
            "S3BucketName": "cloudtrail-logs-111122223333",
            "IncludeGlobalServiceEvents": true,
            "IsMultiRegionTrail": true,
            "HomeRegion": "us-east-1",
            "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
            "LogFileValidationEnabled": true,
            "IsOrganizationTrail": false,
            "RecursiveLogging": true,
            "HasCustomEventSelectors": false,
            "HasInsightSelectors": false
          }
        ]
      },
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 1,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  },
  "get-event-selectors": {
    "summary": "one trail",
    "value": {
      "command": "get-event-selectors",
      "returnData": "Successful",
      "contextData": [
        {
          "input": "management-events",
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "management-events",
            "eventSelectors": [
              {
                "readWriteType": "All",
                "includeManagementEvents": true,
                "dataResources": [],
                "excludeManagementEventSources": []
              }
            ],
            "trailArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events"
          }
        }
      ],
      "keyFields": {
        "TrailNames": [
          "management-events"
        ],
        "TrailARNs": [
          "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events"
        ]
      },
      "rawData": [
        {
          "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
          "EventSelectors": [
            {
              "ReadWriteType": "All",
              "IncludeManagementEvents": true,
              "DataResources": [],
              "ExcludeManagementEventSources": []
            }
          ]
        }
      ],
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 1,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  },
  "get-insight-selectors": {
    "summary": "one trail",
    "value": {
      "command": "get-insight-selectors",
      "returnData": "Successful",
      "contextData": [
        {
          "input": "insights",
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "insights",
            "trailArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/insights",
            "insightSelectors": [
              {
                "insightType": "ApiCallRateInsight"
              }
            ]
          }
        }
      ],
      "keyFields": {
        "TrailNames": [
          "insights"
        ],
        "TrailARNs": [
          "arn:aws:cloudtrail:us-east-1:111122223333:trail/insights"
        ]
      },
      "rawData": [
        {
          "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/insights",
          "InsightSelectors": [
            {
              "InsightType": "ApiCallRateInsight"
            }
          ]
        }
      ],
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 1,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  },
  "get-trails": {
    "summary": "one trail",
    "value": {
      "command": "get-trails",
      "returnData": "Successful",
      "contextData": [
        {
          "input": "management-events",
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "management-events",
            "s3BucketName": "cloudtrail-logs-111122223333",
            "includeGlobalServiceEvents": true,
            "isMultiRegionTrail": true,
            "homeRegion": "us-east-1",
            "trailArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
            "logFileValidationEnabled": true,
            "hasCustomEventSelectors": false,
            "hasInsightSelectors": false,
            "isOrganizationTrail": false,
            "recursiveLogging": true
          }
        }
      ],
      "keyFields": {
        "TrailNames": [
          "management-events"
        ],
        "TrailARNs": [
          "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events"
        ]
      },
      "rawData": [
        {
          "Trail": {
            "Name": "management-events",
            "S3BucketName": "cloudtrail-logs-111122223333",
            "IncludeGlobalServiceEvents": true,
            "IsMultiRegionTrail": true,
            "HomeRegion": "us-east-1",
            "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
            "LogFileValidationEnabled": true,
            "IsOrganizationTrail": false,
            "RecursiveLogging": true,
            "HasCustomEventSelectors": false,
            "HasInsightSelectors": false
          }
        }
      ],
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 1,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  },
  "get-trail-status": {
    "summary": "one trail",
    "value": {
      "command": "get-trail-status",
      "returnData": "Successful",
      "contextData": [
        {
          "input": "management-events",
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "management-events",
            "isLogging": true,
            "latestDeliveryTime": "2026-11-26T08:58:00.000Z",
            "startLoggingTime": "2026-11-24T09:23:00.000Z",
            "stopLoggingTime": "2026-11-24T09:00:00.000Z",
            "latestDigestDeliveryTime": "2026-11-26T08:23:00.000Z",
            "latestDeliveryAttemptTime": "2026-11-26T08:58:00Z",
            "latestNotificationAttemptTime": "",
            "latestNotificationAttemptSucceeded": "",
            "latestDeliveryAttemptSucceeded": "2026-11-26T08:58:00Z",
            "timeLoggingStarted": "2026-11-24T09:23:00Z",
            "timeLoggingStopped": "2026-11-24T09:00:00Z"
          }
        }
      ],
      "keyFields": {
        "TrailNames": [
          "management-events"
        ],
        "TrailARNs": []
      },
      "rawData": [
        {
          "Name": "management-events",
          "IsLogging": true,
          "LatestDeliveryTime": 1795683480,
          "StartLoggingTime": 1795512180,
          "StopLoggingTime": 1795510800,
          "LatestDigestDeliveryTime": 1795681380,
          "LatestDeliveryAttemptTime": "2026-11-26T08:58:00Z",
          "LatestNotificationAttemptTime": "",
          "LatestNotificationAttemptSucceeded": "",
          "LatestDeliveryAttemptSucceeded": "2026-11-26T08:58:00Z",
          "TimeLoggingStarted": "2026-11-24T09:23:00Z",
          "TimeLoggingStopped": "2026-11-24T09:00:00Z"
        }
      ],
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 1,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  },
  "list-tags": {
    "summary": "tags of one trail",
    "value": {
      "command": "list-tags",
      "returnData": "Successful",
      "contextData": [
        {
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "trailArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
            "tags": [
              {
                "key": "Owner",
                "value": "secops"
              },
              {
                "key": "Environment",
                "value": "production"
              }
            ]
          }
        }
      ],
      "keyFields": {
        "TrailARNs": [
          "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events"
        ],
        "TagKeys": [
          "Owner",
          "Environment"
        ]
      },
      "rawData": {
        "ResourceTagList": [
          {
            "ResourceId": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
            "TagsList": [
              {
                "Key": "Owner",
                "Value": "secops"
              },
              {
                "Key": "Environment",
                "Value": "production"
              }
            ]
          }
        ]
      },
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 1,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  },
  "list-trails": {
    "summary": "all trails",
    "value": {
      "command": "list-trails",
      "returnData": "Successful",
      "contextData": [
        {
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "eu-audit",
            "trailArn": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/eu-audit",
            "homeRegion": "eu-west-1"
          }
        },
        {
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "data-events",
            "trailArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/data-events",
            "homeRegion": "us-east-1"
          }
        },
        {
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "insights",
            "trailArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/insights",
            "homeRegion": "us-east-1"
          }
        },
        {
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "management-events",
            "trailArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
            "homeRegion": "us-east-1"
          }
        }
      ],
      "keyFields": {
        "TrailNames": [
          "eu-audit",
          "data-events",
          "insights",
          "management-events"
        ],
        "TrailARNs": [
          "arn:aws:cloudtrail:eu-west-1:111122223333:trail/eu-audit",
          "arn:aws:cloudtrail:us-east-1:111122223333:trail/data-events",
          "arn:aws:cloudtrail:us-east-1:111122223333:trail/insights",
          "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events"
        ]
      },
      "rawData": {
        "Trails": [
          {
            "TrailARN": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/eu-audit",
            "Name": "eu-audit",
            "HomeRegion": "eu-west-1"
          },
          {
            "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/data-events",
            "Name": "data-events",
            "HomeRegion": "us-east-1"
          },
          {
            "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/insights",
            "Name": "insights",
            "HomeRegion": "us-east-1"
          },
          {
            "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
            "Name": "management-events",
            "HomeRegion": "us-east-1"
          }
        ]
      },
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 1,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  },
  "lookup-events": {
    "summary": "who stopped logging",
    "value": {
      "command": "lookup-events",
      "returnData": "Successful",
      "contextData": [
        {
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "eventName": "StopLogging",
            "readOnly": "false",
            "accessKeyId": "AKIARTX3GSDSQINTRUDE",
            "eventSource": "cloudtrail.amazonaws.com",
            "username": "temp-contractor",
            "resources": [
              {
                "resourceType": "AWS::CloudTrail::Trail",
                "resourceName": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events"
              }
            ],
            "eventId": "3106ab8e-f005-4080-a19a-616acc324d78",
            "eventTime": "2026-11-24T09:00:00.000Z",
            "cloudTrailEvent": {
              "eventVersion": "1.11",
              "userIdentity": {
                "type": "IAMUser",
                "principalId": "AIDATEMPCONTRACTOREXA",
                "arn": "arn:aws:iam::111122223333:user/temp-contractor",
                "accountId": "111122223333",
                "accessKeyId": "AKIARTX3GSDSQINTRUDE",
                "userName": "temp-contractor"
              },
              "eventSource": "cloudtrail.amazonaws.com",
              "eventName": "StopLogging",
              "sourceIPAddress": "203.0.113.77",
              "userAgent": "aws-cli/1.18.69 Python/3.8.10 Linux/5.4.0-kali botocore/1.16.19",
              "requestParameters": {
                "name": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events"
              },
              "responseElements": null,
              "requestID": "829d4108-a04a-4001-af58-1b9625cad654",
              "readOnly": false,
              "eventType": "AwsApiCall",
              "managementEvent": true,
              "eventCategory": "Management",
              "eventTime": "2026-11-24T09:00:00Z",
              "awsRegion": "us-east-1",
              "eventID": "3106ab8e-f005-4080-a19a-616acc324d78",
              "recipientAccountId": "111122223333"
            }
          }
        }
      ],
      "keyFields": {
        "EventIds": [
          "3106ab8e-f005-4080-a19a-616acc324d78"
        ]
      },
      "rawData": {
        "Events": [
          {
            "EventId": "3106ab8e-f005-4080-a19a-616acc324d78",
            "EventName": "StopLogging",
            "ReadOnly": "false",
            "AccessKeyId": "AKIARTX3GSDSQINTRUDE",
            "EventTime": 1795510800,
            "EventSource": "cloudtrail.amazonaws.com",
            "Username": "temp-contractor",
            "Resources": [
              {
                "ResourceType": "AWS::CloudTrail::Trail",
                "ResourceName": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events"
              }
            ],
            "CloudTrailEvent": "{\"eventVersion\":\"1.11\",\"userIdentity\":{\"type\":\"IAMUser\",\"principalId\":\"AIDATEMPCONTRACTOREXA\",\"arn\":\"arn:aws:iam::111122223333:user/temp-contractor\",\"accountId\":\"111122223333\",\"accessKeyId\":\"AKIARTX3GSDSQINTRUDE\",\"userName\":\"temp-contractor\"},\"eventSource\":\"cloudtrail.amazonaws.com\",\"eventName\":\"StopLogging\",\"sourceIPAddress\":\"203.0.113.77\",\"userAgent\":\"aws-cli/1.18.69 Python/3.8.10 Linux/5.4.0-kali botocore/1.16.19\",\"requestParameters\":{\"name\":\"arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events\"},\"responseElements\":null,\"requestID\":\"829d4108-a04a-4001-af58-1b9625cad654\",\"readOnly\":false,\"eventType\":\"AwsApiCall\",\"managementEvent\":true,\"eventCategory\":\"Management\",\"eventTime\":\"2026-11-24T09:00:00Z\",\"awsRegion\":\"us-east-1\",\"eventID\":\"3106ab8e-f005-4080-a19a-616acc324d78\",\"recipientAccountId\":\"111122223333\"}"
          }
        ]
      },
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 1,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true,
        "scanned": 1,
        "matched": 1,
        "window": {
          "startTime": "2026-08-28T09:01:00.000Z",
          "endTime": "2026-11-26T09:00:00.000Z"
        }
      }
    }
  },
  "test-connection": {
    "summary": "the default connection",
    "value": {
      "command": "test-connection",
      "returnData": "Successful",
      "contextData": [
        {
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "serverUrl": "http://127.0.0.1:4010",
            "region": "us-east-1",
            "status": "Passed"
          }
        }
      ],
      "keyFields": {},
      "rawData": {
        "trailList": [
          {
            "Name": "data-events",
            "S3BucketName": "cloudtrail-logs-111122223333",
            "IncludeGlobalServiceEvents": true,
            "IsMultiRegionTrail": false,
            "HomeRegion": "us-east-1",
            "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/data-events",
            "LogFileValidationEnabled": false,
            "IsOrganizationTrail": false,
            "RecursiveLogging": true,
            "HasCustomEventSelectors": true,
            "HasInsightSelectors": false
          },
          {
            "Name": "insights",
            "S3BucketName": "cloudtrail-logs-111122223333",
            "IncludeGlobalServiceEvents": true,
            "IsMultiRegionTrail": false,
            "HomeRegion": "us-east-1",
            "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/insights",
            "LogFileValidationEnabled": false,
            "IsOrganizationTrail": false,
            "RecursiveLogging": true,
            "HasCustomEventSelectors": false,
            "HasInsightSelectors": true
          },
          {
            "Name": "management-events",
            "S3BucketName": "cloudtrail-logs-111122223333",
            "IncludeGlobalServiceEvents": true,
            "IsMultiRegionTrail": true,
            "HomeRegion": "us-east-1",
            "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
            "LogFileValidationEnabled": true,
            "IsOrganizationTrail": false,
            "RecursiveLogging": true,
            "HasCustomEventSelectors": false,
            "HasInsightSelectors": false
          }
        ]
      },
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 1,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  },
  "create-trails": {
    "summary": "one good name and one that is too short",
    "value": {
      "command": "create-trails",
      "returnData": "Partially Successful",
      "contextData": [
        {
          "input": "audit-2026",
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "audit-2026",
            "s3BucketName": "acme-cloudtrail-logs",
            "includeGlobalServiceEvents": true,
            "isMultiRegionTrail": false,
            "trailArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit-2026",
            "logFileValidationEnabled": false,
            "isOrganizationTrail": false,
            "recursiveLogging": true
          }
        },
        {
          "input": "a",
          "region": "us-east-1",
          "result": "Failed"
        }
      ],
      "keyFields": {
        "TrailNames": [
          "audit-2026"
        ],
        "TrailARNs": [
          "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit-2026"
        ]
      },
      "rawData": [
        {
          "Name": "audit-2026",
          "S3BucketName": "acme-cloudtrail-logs",
          "IncludeGlobalServiceEvents": true,
          "IsMultiRegionTrail": false,
          "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit-2026",
          "LogFileValidationEnabled": false,
          "IsOrganizationTrail": false,
          "RecursiveLogging": true
        }
      ],
      "error": "Create Trails failed. Status Code: 400. Message: Trail name too short. Minimum allowed length: 3 characters. Specified name length: 1 characters.",
      "errors": [
        {
          "failureIndicator": "Create Trails failed.",
          "statusCode": 400,
          "message": "Trail name too short. Minimum allowed length: 3 characters. Specified name length: 1 characters.",
          "code": "InvalidTrailNameException",
          "source": "service",
          "retryable": false,
          "attempts": 0,
          "field": "trailNames[1]",
          "input": "a",
          "region": "us-east-1"
        }
      ],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 1,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  },
  "put-event-selectors": {
    "summary": "data events of a bucket",
    "value": {
      "command": "put-event-selectors",
      "returnData": "Successful",
      "contextData": [
        {
          "input": "management-events",
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "management-events",
            "eventSelectors": [
              {
                "readWriteType": "All",
                "includeManagementEvents": true,
                "dataResources": [
                  {
                    "type": "AWS::S3::Object",
                    "values": [
                      "arn:aws:s3:::acme-secrets/"
                    ]
                  }
                ],
                "excludeManagementEventSources": []
              }
            ],
            "trailArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
            "before": {
              "eventSelectors": [
                {
                  "readWriteType": "All",
                  "includeManagementEvents": true,
                  "dataResources": [],
                  "excludeManagementEventSources": []
                }
              ]
            }
          }
        }
      ],
      "keyFields": {
        "TrailNames": [
          "management-events"
        ],
        "TrailARNs": [
          "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events"
        ]
      },
      "rawData": [
        {
          "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
          "EventSelectors": [
            {
              "ReadWriteType": "All",
              "IncludeManagementEvents": true,
              "DataResources": [
                {
                  "Type": "AWS::S3::Object",
                  "Values": [
                    "arn:aws:s3:::acme-secrets/"
                  ]
                }
              ],
              "ExcludeManagementEventSources": []
            }
          ]
        }
      ],
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 2,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  },
  "put-insight-selectors": {
    "summary": "both Insights",
    "value": {
      "command": "put-insight-selectors",
      "returnData": "Successful",
      "contextData": [
        {
          "input": "management-events",
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "management-events",
            "trailArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
            "insightSelectors": [
              {
                "insightType": "ApiCallRateInsight"
              },
              {
                "insightType": "ApiErrorRateInsight"
              }
            ],
            "before": {
              "insightSelectors": []
            }
          }
        }
      ],
      "keyFields": {
        "TrailNames": [
          "management-events"
        ],
        "TrailARNs": [
          "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events"
        ]
      },
      "rawData": [
        {
          "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
          "InsightSelectors": [
            {
              "InsightType": "ApiCallRateInsight"
            },
            {
              "InsightType": "ApiErrorRateInsight"
            }
          ]
        }
      ],
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 2,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  },
  "add-tags": {
    "summary": "add one tag, and overwrite another",
    "value": {
      "command": "add-tags",
      "returnData": "Successful",
      "contextData": [
        {
          "input": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "management-events",
            "trailArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
            "tags": [
              {
                "key": "Incident",
                "value": "IR-2026-114"
              },
              {
                "key": "Owner",
                "value": "incident-response",
                "previousValue": "secops"
              }
            ]
          }
        }
      ],
      "keyFields": {
        "TrailNames": [
          "management-events"
        ],
        "TrailARNs": [
          "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events"
        ],
        "TagKeys": [
          "Incident",
          "Owner"
        ]
      },
      "rawData": {},
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 2,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  },
  "remove-tags": {
    "summary": "remove one tag",
    "value": {
      "command": "remove-tags",
      "returnData": "Successful",
      "contextData": [
        {
          "input": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "management-events",
            "trailArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
            "tagKeys": [
              "Environment"
            ]
          }
        }
      ],
      "keyFields": {
        "TrailNames": [
          "management-events"
        ],
        "TrailARNs": [
          "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events"
        ],
        "TagKeys": [
          "Environment"
        ]
      },
      "rawData": {},
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 1,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  },
  "start-logging": {
    "summary": "one trail",
    "value": {
      "command": "start-logging",
      "returnData": "Successful",
      "contextData": [
        {
          "input": "management-events",
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "management-events"
          }
        }
      ],
      "keyFields": {
        "TrailNames": [
          "management-events"
        ],
        "TrailARNs": []
      },
      "rawData": [
        {
          "Name": "management-events"
        }
      ],
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 1,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  },
  "stop-logging": {
    "summary": "one trail",
    "value": {
      "command": "stop-logging",
      "returnData": "Successful",
      "contextData": [
        {
          "input": "management-events",
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "management-events"
          }
        }
      ],
      "keyFields": {
        "TrailNames": [
          "management-events"
        ],
        "TrailARNs": []
      },
      "rawData": [
        {
          "Name": "management-events"
        }
      ],
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 1,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  },
  "update-trails": {
    "summary": "turn on log file validation",
    "value": {
      "command": "update-trails",
      "returnData": "Successful",
      "contextData": [
        {
          "input": "data-events",
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "data-events",
            "s3BucketName": "acme-cloudtrail-logs",
            "includeGlobalServiceEvents": true,
            "isMultiRegionTrail": false,
            "trailArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/data-events",
            "logFileValidationEnabled": true,
            "isOrganizationTrail": false,
            "recursiveLogging": true
          }
        }
      ],
      "keyFields": {
        "TrailNames": [
          "data-events"
        ],
        "TrailARNs": [
          "arn:aws:cloudtrail:us-east-1:111122223333:trail/data-events"
        ]
      },
      "rawData": [
        {
          "Name": "data-events",
          "S3BucketName": "acme-cloudtrail-logs",
          "IncludeGlobalServiceEvents": true,
          "IsMultiRegionTrail": false,
          "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/data-events",
          "LogFileValidationEnabled": true,
          "IsOrganizationTrail": false,
          "RecursiveLogging": true
        }
      ],
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 1,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  },
  "delete-trails": {
    "summary": "one trail",
    "value": {
      "command": "delete-trails",
      "returnData": "Successful",
      "contextData": [
        {
          "input": "data-events",
          "region": "us-east-1",
          "result": "Successful",
          "data": {
            "name": "data-events"
          }
        }
      ],
      "keyFields": {
        "TrailNames": [
          "data-events"
        ],
        "TrailARNs": []
      },
      "rawData": [
        {
          "Name": "data-events"
        }
      ],
      "error": "",
      "errors": [],
      "meta": {
        "requestId": "soar-4711",
        "apiCalls": 1,
        "throttled": 0,
        "queuedMs": 0,
        "durationMs": 143,
        "connection": "default",
        "accountId": "111122223333",
        "regions": [
          "us-east-1"
        ],
        "sandbox": true
      }
    }
  }
}
