"""CloudTrail commands for Cortex XSOAR: `aws-cloudtrail-*` commands, run by the service CloudTrail commands."""
import re

import demistomock as demisto
from CommonServerPython import *  # noqa: F401,F403
from CommonServerUserPython import *  # noqa: F401,F403
import ssl
import time
import uuid
from urllib.parse import urljoin, urlsplit

import requests
import requests.adapters
import urllib3

# Statuses that say "try again" when a Retry-After stands beside them: AWS's ConflictException, key in use, quota, unavailable.
RETRY_STATUSES = (400, 409, 429, 503)
# How long the service may take for one HTTP request, in seconds: its own deadline is 60 by default.
READ_TIMEOUT = 90
CONNECT_TIMEOUT = 10
# A command that is expected to run longer than this, in seconds, is started as a job.
JOB_FROM = 15
# What CloudTrail lets through per second: requests, and for lookups events (two pages of 50).
PER_SECOND = {"read": 10, "write": 1, "lookup": 100}


class CommandError(Exception):
    """The command failed, or the service could not be used; the text is for people and holds no secret.

    `envelope` is the service's response where there was one, else None; `status` its HTTP status.
    """

    def __init__(self, message, envelope=None, status=None):
        super().__init__(message)
        self.envelope = envelope
        self.status = status


class BearerKey(requests.auth.AuthBase):
    """Sends the API key. As `auth`, so that neither a .netrc file nor a redirect can replace or carry it off."""

    def __init__(self, key):
        self._key = key

    def __call__(self, request):
        if self._key:
            request.headers["authorization"] = "Bearer " + self._key
        return request


class PrivateCa(requests.adapters.HTTPAdapter):
    """Trusts the certificate authorities of a PEM text besides the public ones."""

    def __init__(self, pem):
        self._context = ssl.create_default_context()
        self._context.load_verify_locations(cadata=pem)
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        return super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def proxy_manager_for(self, *args, **kwargs):
        return super().proxy_manager_for(*args, ssl_context=self._context, **kwargs)


class Client:
    """Runs commands.

    url         of the service, for example https://cloudtrail-commands.example.com
    api_key     of the service, not of AWS; may be empty where the service runs with AUTH=none
    verify      False trusts any certificate
    ca          PEM text of a private certificate authority
    use_proxy   whether HTTPS_PROXY and the other proxy and certificate variables of the environment apply
    budget      seconds that one run may take, with its waits and its job
    on_progress called with a line of text while a run waits
    """

    def __init__(self, url, api_key, verify=True, ca=None, use_proxy=True, budget=900, agent="python",
                 on_progress=lambda text: None, sleep=time.sleep):
        parts = urlsplit((url or "").strip())
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            raise CommandError("The server URL must be http(s)://host[:port], without user name or password.")
        try:
            (api_key or "").encode("ascii")
        except UnicodeEncodeError:
            raise CommandError("The API key must be ASCII: it looks like ctk_ and 43 more characters.") from None
        self._url = parts.scheme + "://" + parts.netloc + parts.path.rstrip("/") + "/"
        self._verify = verify
        self._budget = budget
        self._on_progress = on_progress
        self._sleep = sleep
        self._session = requests.Session()
        self._session.trust_env = use_proxy
        self._session.auth = BearerKey((api_key or "").strip())
        self._session.headers["user-agent"] = "cloudtrail-commands-" + agent
        if not verify:
            # it was asked for: every request would warn
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        elif ca:
            try:
                self._session.mount("https://", PrivateCa(ca))
            except ssl.SSLError:
                raise CommandError("The CA certificate must be PEM text: -----BEGIN CERTIFICATE-----…") from None

    def run(self, command, body, quota):
        """Runs a command to its end, following its job if it became one; returns the envelope of a success.

        A run has one idempotency key, which all its attempts share; the next run has another.

        quota   the command's quota class: "read", "lookup" or "write"
        raises CommandError, also for returnData Failed
        """
        deadline = time.monotonic() + self._budget
        envelope, location, wait = self.start(command, body, quota, deadline)
        while location:
            self._wait(wait, deadline, "%s: %d of %d inputs are done" % (command, *progress_of(envelope)))
            envelope, location, wait = self.poll(location, deadline)
        return envelope

    def start(self, command, body, quota, deadline=None):
        """Sends a command: (envelope, None, 0), or as poll() if it may take long and was started as a job."""
        deadline = deadline or time.monotonic() + self._budget
        headers = {"idempotency-key": str(uuid.uuid4())} if quota == "write" else {}
        if expected_seconds(body, quota) > JOB_FROM:
            headers["prefer"] = "respond-async"
        # who tests a connection wants to know now
        attempts = 1 if command == "test-connection" else 4
        return self._outcome(self._send("POST", "commands/" + command, deadline, attempts, json=body, headers=headers))

    def poll(self, location, deadline=None):
        """Asks for a job: (envelope, None, 0) when finished, else (job document, location, seconds to wait)."""
        return self._outcome(self._send("GET", location, deadline or time.monotonic() + self._budget))

    def _send(self, method, path, deadline, attempts=4, **request):
        """Sends a request, again and again while the service says "later" or does not respond, until the deadline."""
        pause = 1
        while True:
            attempts -= 1
            try:
                response = self._session.request(
                    method, urljoin(self._url, path.lstrip("/")), verify=self._verify, allow_redirects=False,
                    timeout=(CONNECT_TIMEOUT, READ_TIMEOUT), **request)
            except requests.RequestException as error:
                problem = describe(error, self._url)
                lasting = isinstance(error, requests.exceptions.SSLError)
                if attempts < 1 or lasting or not isinstance(error, (requests.ConnectionError, requests.Timeout)):
                    raise CommandError(problem) from None
                # the same request has the same idempotency key: it is never carried out twice
                self._wait(pause, deadline, problem)
                pause *= 2
                continue
            wait = response.headers.get("retry-after", "")
            # a stored response stays the same however often its idempotency key is sent
            stored = "idempotency-replayed" in response.headers
            if stored or response.status_code not in RETRY_STATUSES or not wait.isdigit():
                return response
            if time.monotonic() + int(wait) > deadline:
                return response
            self._wait(int(wait), deadline, "HTTP %d, trying again in %s s" % (response.status_code, wait))

    def _outcome(self, response):
        """Reads a response: (document, location of a job that runs, seconds until it is worth asking again)."""
        try:
            envelope = response.json()
        except ValueError:
            envelope = None
        if not isinstance(envelope, dict) or "returnData" not in envelope:
            raise CommandError("HTTP %d from %s is not a response of CloudTrail commands. Hint: check the server URL, "
                               "and proxies on the way." % (response.status_code, self._url), status=response.status_code)
        if envelope["returnData"] == "Running":
            wait = response.headers.get("retry-after", "1")
            return envelope, "jobs/" + envelope["job"]["id"], int(wait) if wait.isdigit() else 1
        if envelope["returnData"] == "Failed":
            raise CommandError(error_text(envelope), envelope, response.status_code)
        return envelope, None, 0

    def _wait(self, seconds, deadline, why):
        if time.monotonic() + seconds > deadline:
            raise CommandError("The time of %d s is used up. %s." % (self._budget, why))
        self._on_progress(why)
        self._sleep(seconds)


def progress_of(job):
    """How many inputs of a job are done, and of how many."""
    return job["job"]["inputs"]["done"], job["job"]["inputs"]["total"]


def expected_seconds(body, quota):
    """How long a command takes at AWS's quotas when it has them alone; every region has its own."""
    count = body.get("limit", 50) if quota == "lookup" else len(body.get("trailNames") or [None] * 5)
    return count / PER_SECOND[quota]


def error_text(envelope):
    """The errors of an envelope for people: a line each, in D3's form, with the input and the hint."""
    lines = []
    for error in envelope["errors"]:
        where = error.get("input") or error.get("field")
        line = "%s Status Code: %s. Message: %s." % (
            error["failureIndicator"], error["statusCode"], error["message"].rstrip("."))
        lines.append(line + (" Input: %s." % where if where else "")
                     + (" Hint: %s" % error["hint"] if error.get("hint") else ""))
    return "\n".join(lines)


def warning_of(envelope):
    """A sentence that names the failed inputs of a Partially Successful command; empty for a Successful one."""
    failed = list(dict.fromkeys(error.get("input") or error.get("region") or "a page" for error in envelope["errors"]))
    return "Partially Successful, failed: %s.\n%s" % (", ".join(failed), error_text(envelope)) if failed else ""


def describe(error, url):
    """What went wrong on the way to the service, without the text of the exception, which may quote a proxy's URL."""
    cause, reason = error, ""
    while cause is not None:
        reason = getattr(cause, "strerror", None) or getattr(cause, "verify_message", None) or reason
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, requests.exceptions.SSLError):
        return ("The certificate of %s is not trusted%s. Hint: give the connector the private CA, or correct the "
                "server URL." % (url, ": " + reason if reason else ""))
    if isinstance(error, requests.exceptions.ProxyError):
        return "The proxy on the way to %s cannot be used." % url
    if isinstance(error, requests.exceptions.ReadTimeout):
        return "No response of %s within %d s." % (url, READ_TIMEOUT)
    return "%s cannot be reached%s. Hint: check the server URL, the network and the proxy." % (
        url, ": " + reason if reason else "")

import json


def body_of(fields, values, connection=None):
    """The body of a command from what a person or a playbook put into a form. What is empty is left out.

    fields      name of each field -> (kind, nullable): kind is text, choice, boolean, number, list or json
    values      name of each field -> value; a text, or what the platform made of one
    connection  the connection of the platform's settings, where the form names none
    raises ValueError, which names the field and the rule
    """
    body = {}
    for name, (kind, nullable) in fields.items():
        value = values.get(name)
        if nullable and isinstance(value, str) and value.strip().lower() == "null":
            body[name] = None
        elif value is not None and value != "":
            body[name] = form_value(name, kind, value)
    # the word stands in place of a list
    if body.get("regions") == ["all"]:
        body["regions"] = "all"
    if connection and "connection" not in body:
        body["connection"] = connection
    return body


def form_value(name, kind, value):
    """One value of a form. A list may be JSON, or texts with commas between them."""
    text = value.strip() if isinstance(value, str) else value
    if kind == "boolean":
        words = {"true": True, "yes": True, "false": False, "no": False}
        if str(text).lower() not in words:
            raise ValueError("%s must be true or false" % name)
        return words[str(text).lower()]
    if kind == "number":
        try:
            # 50.0, as some platforms pass 50; 50.5 is the service's to refuse
            return int(float(text)) if float(text).is_integer() else float(text)
        except (TypeError, ValueError, OverflowError):
            raise ValueError("%s must be a number" % name) from None
    if kind in ("list", "json") and isinstance(text, str):
        if text[:1] in ("[", "{") or kind == "json":
            try:
                text = json.loads(text)
            except ValueError:
                raise ValueError("%s must be JSON" % name) from None
        else:
            text = [item.strip() for item in text.split(",") if item.strip()]
    if kind == "list":
        return text if isinstance(text, list) else [text]
    return text if kind == "json" else str(text)


def rows_of(envelope):
    """The successful rows with AWS's own names (TrailARN, S3BucketName) and their Region; of a dry run, the planned calls."""
    return [dict(aws_names(data_of(row)), Region=row["region"])
            for row in envelope["contextData"] if row["result"] == "Successful" and data_of(row)]


def data_of(row):
    """What a row holds: its data, or what a dry run would send."""
    return row.get("data") or (dict(row["dryRun"], dryRun=True) if row.get("dryRun") else {})


def aws_names(value):
    """camelCase to the names that AWS uses. Events of `cloudTrailEvent` are AWS's own, and stay as they are."""
    if isinstance(value, list):
        return [aws_names(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {aws_name(name): member if name == "cloudTrailEvent" else aws_names(member) for name, member in value.items()}


def aws_name(name):
    """trailArn is TrailARN, snsTopicArn is SnsTopicARN; other ARNs are Arn at AWS too."""
    special = {"trailArn": "TrailARN", "snsTopicArn": "SnsTopicARN"}
    return special.get(name, name[:1].upper() + name[1:])


def one_value(name, value):
    """The text of a field that takes one, from a platform that passes lists: ["audit"] is audit."""
    if isinstance(value, str) and value.strip().startswith("["):
        value = form_value(name, "list", value)
    if not isinstance(value, list):
        return value
    if len(value) > 1:
        raise ValueError("%s takes one value, and %d were given" % (name, len(value)))
    return value[0] if value else None


# XSOAR polls no more often than every 10 seconds; a job of the service has 900 seconds.
POLL_SECONDS = 10
POLL_TIMEOUT = 960
# What one execution of a command may take before XSOAR stops its container after 5 minutes.
BUDGET = 240

COMMANDS = {
    "aws-cloudtrail-create-trail": {"command": "create-trails", "title": "Create Trails", "quota": "write", "path": "Trails", "key": "TrailARN", "columns": ["Name", "TrailARN", "HomeRegion", "S3BucketName", "S3KeyPrefix", "SnsTopicName", "SnsTopicARN", "IncludeGlobalServiceEvents", "Region"], "needsBucket": False, "arguments": {"trailNames": "name", "s3BucketName": "s3BucketName", "s3KeyPrefix": "s3KeyPrefix", "snsTopicName": "snsTopicName", "includeGlobalServiceEvents": "includeGlobalServiceEvents", "applyTrailToAllRegions": "isMultiRegionTrail", "organizationTrail": "organizationTrail", "enableLogFileValidation": "enableLogFileValidation", "recursiveLogging": "recursiveLogging", "cloudWatchLogsLogGroupArn": "cloudWatchLogsLogGroupArn", "cloudWatchLogsRoleArn": "cloudWatchLogsRoleArn", "kmsKeyId": "kmsKeyId", "tags": "tags", "dryRun": "dryRun", "connection": "connection"}, "fields": {"trailNames": ["list", False], "s3BucketName": ["text", False], "s3KeyPrefix": ["text", False], "snsTopicName": ["text", False], "includeGlobalServiceEvents": ["boolean", False], "applyTrailToAllRegions": ["boolean", False], "organizationTrail": ["boolean", False], "enableLogFileValidation": ["boolean", False], "recursiveLogging": ["boolean", False], "cloudWatchLogsLogGroupArn": ["text", False], "cloudWatchLogsRoleArn": ["text", False], "kmsKeyId": ["text", False], "tags": ["json", False], "dryRun": ["boolean", False], "connection": ["text", False]}},
    "aws-cloudtrail-delete-trail": {"command": "delete-trails", "title": "Delete Trails", "quota": "write", "path": "", "key": "Name", "columns": ["Name", "TrailARN", "Region"], "needsBucket": False, "arguments": {"trailNames": "name", "dryRun": "dryRun", "connection": "connection"}, "fields": {"trailNames": ["list", False], "dryRun": ["boolean", False], "connection": ["text", False]}},
    "aws-cloudtrail-describe-trails": {"command": "describe-trails", "title": "Describe Trails", "quota": "read", "path": "Trails", "key": "TrailARN", "columns": ["Name", "TrailARN", "HomeRegion", "S3BucketName", "S3KeyPrefix", "SnsTopicName", "SnsTopicARN", "IncludeGlobalServiceEvents", "Region"], "needsBucket": False, "arguments": {"trailNames": "trailNameList", "includeShadowTrails": "includeShadowTrails", "regions": "regions", "connection": "connection"}, "fields": {"trailNames": ["list", False], "includeShadowTrails": ["boolean", False], "regions": ["list", False], "connection": ["text", False]}},
    "aws-cloudtrail-get-event-selectors": {"command": "get-event-selectors", "title": "Get Event Selectors", "quota": "read", "path": "EventSelectors", "key": "TrailARN", "columns": ["Name", "TrailARN", "EventSelectors", "AdvancedEventSelectors", "Region"], "needsBucket": False, "arguments": {"trailNames": "trailNames", "connection": "connection"}, "fields": {"trailNames": ["list", False], "connection": ["text", False]}},
    "aws-cloudtrail-get-insight-selectors": {"command": "get-insight-selectors", "title": "Get Insight Selectors", "quota": "read", "path": "InsightSelectors", "key": "TrailARN", "columns": ["Name", "TrailARN", "InsightSelectors", "Region"], "needsBucket": False, "arguments": {"trailNames": "trailNames", "connection": "connection"}, "fields": {"trailNames": ["list", False], "connection": ["text", False]}},
    "aws-cloudtrail-get-trails": {"command": "get-trails", "title": "Get Trails", "quota": "read", "path": "Trails", "key": "TrailARN", "columns": ["Name", "TrailARN", "HomeRegion", "S3BucketName", "S3KeyPrefix", "SnsTopicName", "SnsTopicARN", "IncludeGlobalServiceEvents", "Region"], "needsBucket": False, "arguments": {"trailNames": "trailNames", "connection": "connection"}, "fields": {"trailNames": ["list", False], "connection": ["text", False]}},
    "aws-cloudtrail-get-trail-status": {"command": "get-trail-status", "title": "Get Trail Status", "quota": "read", "path": "TrailStatus", "key": "Name", "columns": ["Name", "TrailARN", "IsLogging", "StartLoggingTime", "StopLoggingTime", "LatestDeliveryTime", "LatestDeliveryError", "LatestNotificationTime", "Region"], "needsBucket": False, "arguments": {"trailNames": "name", "regions": "regions", "connection": "connection"}, "fields": {"trailNames": ["list", False], "regions": ["list", False], "connection": ["text", False]}},
    "aws-cloudtrail-list-tags": {"command": "list-tags", "title": "List Tags", "quota": "read", "path": "Tags", "key": "TrailARN", "columns": ["Name", "TrailARN", "Tags", "Region"], "needsBucket": False, "arguments": {"trailArns": "trailArns", "connection": "connection"}, "fields": {"trailArns": ["list", False], "connection": ["text", False]}},
    "aws-cloudtrail-list-trails": {"command": "list-trails", "title": "List Trails", "quota": "read", "path": "Trails", "key": "TrailARN", "columns": ["Name", "TrailARN", "HomeRegion", "Region"], "needsBucket": False, "arguments": {"regions": "regions", "connection": "connection"}, "fields": {"regions": ["list", False], "connection": ["text", False]}},
    "aws-cloudtrail-lookup-events": {"command": "lookup-events", "title": "Lookup Events", "quota": "lookup", "path": "Events", "key": "EventId", "columns": ["EventTime", "EventName", "Username", "ResourceName", "SourceIPAddress", "ErrorCode", "EventId"], "needsBucket": False, "arguments": {"attributeKey": "attributeKey", "attributeValue": "attributeValue", "filters": "filters", "startTime": "startTime", "endTime": "endTime", "eventCategory": "eventCategory", "limit": "limit", "nextToken": "nextToken", "regions": "regions", "connection": "connection"}, "fields": {"attributeKey": ["choice", False], "attributeValue": ["text", False], "filters": ["json", False], "startTime": ["text", False], "endTime": ["text", False], "eventCategory": ["choice", False], "limit": ["number", False], "nextToken": ["text", False], "regions": ["list", False], "connection": ["text", False]}},
    "aws-cloudtrail-put-event-selectors": {"command": "put-event-selectors", "title": "Put Event Selectors", "quota": "write", "path": "EventSelectors", "key": "TrailARN", "columns": ["Name", "TrailARN", "EventSelectors", "AdvancedEventSelectors", "Before", "Region"], "needsBucket": False, "arguments": {"trailNames": "trailNames", "readWriteType": "readWriteType", "includeManagementEvents": "includeManagementEvents", "dataEventsS3": "dataEventsS3", "dataEventsLambda": "dataEventsLambda", "dataEventsDynamoDb": "dataEventsDynamoDb", "excludeManagementEventSources": "excludeManagementEventSources", "eventSelectors": "eventSelectors", "advancedEventSelectors": "advancedEventSelectors", "replaceExisting": "replaceExisting", "dryRun": "dryRun", "connection": "connection"}, "fields": {"trailNames": ["list", False], "readWriteType": ["choice", False], "includeManagementEvents": ["boolean", False], "dataEventsS3": ["list", False], "dataEventsLambda": ["list", False], "dataEventsDynamoDb": ["list", False], "excludeManagementEventSources": ["list", False], "eventSelectors": ["json", False], "advancedEventSelectors": ["json", False], "replaceExisting": ["boolean", False], "dryRun": ["boolean", False], "connection": ["text", False]}},
    "aws-cloudtrail-put-insight-selectors": {"command": "put-insight-selectors", "title": "Put Insight Selectors", "quota": "write", "path": "InsightSelectors", "key": "TrailARN", "columns": ["Name", "TrailARN", "InsightSelectors", "Before", "Region"], "needsBucket": False, "arguments": {"trailNames": "trailNames", "insightTypes": "insightTypes", "eventCategories": "eventCategories", "replaceExisting": "replaceExisting", "dryRun": "dryRun", "connection": "connection"}, "fields": {"trailNames": ["list", False], "insightTypes": ["list", False], "eventCategories": ["list", False], "replaceExisting": ["boolean", False], "dryRun": ["boolean", False], "connection": ["text", False]}},
    "aws-cloudtrail-add-tags": {"command": "add-tags", "title": "Add Tags", "quota": "write", "path": "", "key": "TrailARN", "columns": ["Name", "TrailARN", "Tags", "Region"], "needsBucket": False, "arguments": {"trailArn": "trailArn", "tags": "tags", "dryRun": "dryRun", "connection": "connection"}, "fields": {"trailArn": ["text", False], "tags": ["json", False], "dryRun": ["boolean", False], "connection": ["text", False]}},
    "aws-cloudtrail-remove-tags": {"command": "remove-tags", "title": "Remove Tags", "quota": "write", "path": "", "key": "TrailARN", "columns": ["Name", "TrailARN", "TagKeys", "Region"], "needsBucket": False, "arguments": {"trailArn": "trailArn", "tagKeys": "tagKeys", "dryRun": "dryRun", "connection": "connection"}, "fields": {"trailArn": ["text", False], "tagKeys": ["list", False], "dryRun": ["boolean", False], "connection": ["text", False]}},
    "aws-cloudtrail-start-logging": {"command": "start-logging", "title": "Start Logging", "quota": "write", "path": "", "key": "Name", "columns": ["Name", "TrailARN", "Region"], "needsBucket": False, "arguments": {"trailNames": "name", "dryRun": "dryRun", "connection": "connection"}, "fields": {"trailNames": ["list", False], "dryRun": ["boolean", False], "connection": ["text", False]}},
    "aws-cloudtrail-stop-logging": {"command": "stop-logging", "title": "Stop Logging", "quota": "write", "path": "", "key": "Name", "columns": ["Name", "TrailARN", "Region"], "needsBucket": False, "arguments": {"trailNames": "name", "dryRun": "dryRun", "connection": "connection"}, "fields": {"trailNames": ["list", False], "dryRun": ["boolean", False], "connection": ["text", False]}},
    "aws-cloudtrail-update-trail": {"command": "update-trails", "title": "Update Trails", "quota": "write", "path": "Trails", "key": "TrailARN", "columns": ["Name", "TrailARN", "HomeRegion", "S3BucketName", "S3KeyPrefix", "SnsTopicName", "SnsTopicARN", "IncludeGlobalServiceEvents", "Region"], "needsBucket": True, "arguments": {"trailNames": "name", "s3BucketName": "s3BucketName", "s3KeyPrefix": "s3KeyPrefix", "snsTopicName": "snsTopicName", "includeGlobalServiceEvents": "includeGlobalServiceEvents", "applyTrailToAllRegions": "isMultiRegionTrail", "organizationTrail": "organizationTrail", "enableLogFileValidation": "enableLogFileValidation", "recursiveLogging": "recursiveLogging", "cloudWatchLogsLogGroupArn": "cloudWatchLogsLogGroupArn", "cloudWatchLogsRoleArn": "cloudWatchLogsRoleArn", "kmsKeyId": "kmsKeyId", "dryRun": "dryRun", "connection": "connection"}, "fields": {"trailNames": ["list", False], "s3BucketName": ["text", False], "s3KeyPrefix": ["text", True], "snsTopicName": ["text", True], "includeGlobalServiceEvents": ["boolean", False], "applyTrailToAllRegions": ["boolean", False], "organizationTrail": ["boolean", False], "enableLogFileValidation": ["boolean", False], "recursiveLogging": ["boolean", False], "cloudWatchLogsLogGroupArn": ["text", True], "cloudWatchLogsRoleArn": ["text", True], "kmsKeyId": ["text", True], "dryRun": ["boolean", False], "connection": ["text", False]}},
}

def client_of(params):
    return Client(
        params.get("url"), (params.get("credentials") or {}).get("password"),
        verify=not argToBoolean(params.get("insecure") or False), budget=BUDGET, agent="xsoar",
        on_progress=demisto.debug)


def run_command(client, params, name, args):
    """Runs a command, or asks for the job that an earlier execution of the same task started."""
    spec = COMMANDS[name]
    if args.get("job"):
        envelope, location, wait = client.poll(args["job"])
    else:
        values = {field: args.get(argument) for field, argument in spec["arguments"].items()}
        body = body_of(spec["fields"], values, params.get("connection"))
        complete(client, params, spec, body, args)
        envelope, location, wait = client.start(spec["command"], body, spec["quota"])
    if location:
        return scheduled(name, args, envelope, location, wait)
    return results_of(spec, envelope)


def scheduled(name, args, job, location, wait):
    done, total = progress_of(job)
    return CommandResults(
        readable_output="%d of %d inputs are done." % (done, total),
        scheduled_command=ScheduledCommand(
            command=name, next_run_in_seconds=max(POLL_SECONDS, wait), args=dict(args, job=location),
            timeout_in_seconds=POLL_TIMEOUT))


def results_of(spec, envelope):
    """The context, a table for the war room, and a warning that names what failed."""
    rows = [in_context(spec, row) for row in rows_of(envelope)]
    if spec["command"] == "lookup-events":
        texts = {event["EventId"]: event.get("CloudTrailEvent") for event in (envelope["rawData"] or {}).get("Events", [])}
        rows = [event_in_context(row, texts) for row in rows]
    outputs = last_run(envelope)
    is_dry_run = any("DryRun" in row for row in rows)
    if spec["path"] and rows and not is_dry_run:
        outputs["AWS.CloudTrail.%s(val.%s && val.%s == obj.%s)" % (spec["path"], *[spec["key"]] * 3)] = rows
    columns = None if is_dry_run else spec["columns"]
    results = [CommandResults(
        readable_output=tableToMarkdown("AWS CloudTrail: " + spec["title"], rows, headers=columns, removeNull=True),
        outputs=outputs, raw_response=envelope["rawData"])]
    warning = warning_of(envelope)
    if warning:
        results.append(CommandResults(readable_output=warning, entry_type=EntryType.WARNING))
    return results


def last_run(envelope):
    """What a playbook branches on: the outcome of the last run of each command, and its errors."""
    return {"AWS.CloudTrail.LastRun(val.Command && val.Command == obj.Command)": {
        "Command": envelope["command"],
        "ReturnData": envelope["returnData"],
        "RequestId": envelope["meta"]["requestId"],
        "NextToken": envelope["meta"].get("nextToken"),
        "Errors": [{"Input": error.get("input"), "Code": error["code"], "Message": error["message"],
                    "Hint": error.get("hint"), "Retryable": error["retryable"]} for error in envelope["errors"]],
    }}


def in_context(spec, row):
    """A row as the official integration has it: times as 2026-11-25T14:00:00+00:00, trails with their home region."""
    if spec["path"] == "Trails" and "HomeRegion" not in row and row.get("TrailARN"):
        row["HomeRegion"] = row["TrailARN"].split(":")[3]
    return {name: value.replace(".000Z", "Z").replace("Z", "+00:00") if name.endswith("Time") else value
            for name, value in row.items()}


def event_in_context(row, texts):
    """An event as the official integration has it: the first resource beside all of them, the event as its JSON text."""
    first = (row.get("Resources") or [{}])[0]
    record = row.get("CloudTrailEvent")
    more = {"ErrorCode": record.get("errorCode"), "SourceIPAddress": record.get("sourceIPAddress"),
            "AwsRegion": record.get("awsRegion")} if isinstance(record, dict) else {}
    return dict(row, ResourceName=first.get("ResourceName"), ResourceType=first.get("ResourceType"),
                CloudTrailEvent=texts.get(row["EventId"]), **more)


def complete(client, params, spec, body, args):
    """Arguments of the official integration that are no field of the command."""
    if spec["command"] == "get-trail-status" and args.get("trailNameList"):
        body["trailNames"] = list(dict.fromkeys(body.get("trailNames", []) + argToList(args["trailNameList"])))
    if args.get("roleArn"):
        body["connection"] = connection_of_role(params, args["roleArn"])
    if args.get("region"):
        in_region(client, spec, body, args["region"])
    for time in ("startTime", "endTime"):
        # times without an offset are UTC
        if re.match(r"^\d{4}-\d\d-\d\dT[\d:.]+$", str(body.get(time, ""))):
            body[time] += "Z"
    if spec["needsBucket"] and "s3BucketName" not in body:
        body["s3BucketName"] = bucket_of(client, body)


def connection_of_role(params, role):
    """Roles belong to the service's connections; the integration's settings say which connection has a role."""
    pairs = [line.split("=", 1) for line in (params.get("role_connections") or "").split() if "=" in line]
    for pattern, connection in pairs:
        if pattern == role:
            return connection
    raise ValueError("roleArn: no connection is set for this role. Name the service's connection in the argument "
                     "connection, or add a line roleArn=connection to the integration's Connections by role.")


def in_region(client, spec, body, region):
    """Commands that read take regions; the others find a trail's home by its ARN, or run where their connection is."""
    here = {"connection": body["connection"]} if "connection" in body else {}
    if "regions" in spec["fields"]:
        body.setdefault("regions", [region])
    elif spec["command"] == "create-trails":
        own = rows_of(client.run("test-connection", here, "read"))[0]["Region"]
        if own != region:
            raise ValueError("region: the connection creates trails in %s. Name a connection of %s in the argument "
                             "connection." % (own, region))
    elif "trailNames" in body:
        found = rows_of(client.run("describe-trails", dict(here, regions=[region]), "read"))
        arns = {row["Name"]: row["TrailARN"] for row in found}
        unknown = [name for name in body["trailNames"] if not name.startswith("arn:") and name not in arns]
        if unknown:
            raise ValueError("There is no trail %s in %s." % (", ".join(unknown), region))
        body["trailNames"] = [arns.get(name, name) for name in body["trailNames"]]


def bucket_of(client, body):
    """The bucket that the trails have, which an update without s3BucketName keeps."""
    asked = {name: body[name] for name in ("trailNames", "connection") if name in body}
    buckets = {row["S3BucketName"] for row in rows_of(client.run("get-trails", asked, "read"))}
    if len(buckets) != 1:
        raise ValueError("s3BucketName: the trails have different buckets (%s); update them one by one, or name one." %
                         ", ".join(sorted(buckets)))
    return buckets.pop()


def main():
    try:
        params, name = demisto.params(), demisto.command()
        handle_proxy()
        client = client_of(params)
        if name == "test-module":
            connection = params.get("connection")
            client.run("test-connection", {"connection": connection} if connection else {}, "read")
            return_results("ok")
        elif name in COMMANDS:
            return_results(run_command(client, params, name, demisto.args()))
        else:
            raise NotImplementedError("The command %s is unknown." % name)
    except CommandError as error:
        return_error(str(error), outputs=last_run(error.envelope) if error.envelope else None)
    except (ValueError, NotImplementedError) as error:
        return_error(str(error))


if __name__ in ("__main__", "__builtin__", "builtins"):
    main()
