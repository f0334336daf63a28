"""CloudTrail commands for D3 SOAR: a function for each command, run by the service CloudTrail commands.

Paste this file into the Python script of a custom integration. D3 gives it `runtime` (the connection) and `pb` (the output).
"""
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


# What one command may take, with its waits and its job, in seconds.
BUDGET = 600

COMMANDS = {
    "test-connection": {"title": "Test Connection", "quota": "read", "fields": {}},
    "create-trails": {"title": "Create Trails", "quota": "write", "fields": {"trailNames": ["list", False], "s3BucketName": ["text", False], "s3KeyPrefix": ["text", False], "snsTopicName": ["text", False], "includeGlobalServiceEvents": ["boolean", False], "applyTrailToAllRegions": ["boolean", False], "organizationTrail": ["boolean", False], "enableLogFileValidation": ["boolean", False], "recursiveLogging": ["boolean", False], "cloudWatchLogsLogGroupArn": ["text", False], "cloudWatchLogsRoleArn": ["text", False], "kmsKeyId": ["text", False], "tags": ["json", False], "dryRun": ["boolean", False], "connection": ["text", False]}},
    "delete-trails": {"title": "Delete Trails", "quota": "write", "fields": {"trailNames": ["list", False], "dryRun": ["boolean", False], "connection": ["text", False]}},
    "describe-trails": {"title": "Describe Trails", "quota": "read", "fields": {"trailNames": ["list", False], "includeShadowTrails": ["boolean", False], "regions": ["list", False], "connection": ["text", False]}},
    "get-event-selectors": {"title": "Get Event Selectors", "quota": "read", "fields": {"trailNames": ["list", False], "connection": ["text", False]}},
    "get-insight-selectors": {"title": "Get Insight Selectors", "quota": "read", "fields": {"trailNames": ["list", False], "connection": ["text", False]}},
    "get-trails": {"title": "Get Trails", "quota": "read", "fields": {"trailNames": ["list", False], "connection": ["text", False]}},
    "get-trail-status": {"title": "Get Trail Status", "quota": "read", "fields": {"trailNames": ["list", False], "regions": ["list", False], "connection": ["text", False]}},
    "list-tags": {"title": "List Tags", "quota": "read", "fields": {"trailArns": ["list", False], "connection": ["text", False]}},
    "list-trails": {"title": "List Trails", "quota": "read", "fields": {"regions": ["list", False], "connection": ["text", False]}},
    "lookup-events": {"title": "Lookup Events", "quota": "lookup", "fields": {"attributeKey": ["choice", False], "attributeValue": ["text", False], "filters": ["json", False], "startTime": ["text", False], "endTime": ["text", False], "eventCategory": ["choice", False], "limit": ["number", False], "nextToken": ["text", False], "regions": ["list", False], "connection": ["text", False]}},
    "put-event-selectors": {"title": "Put Event Selectors", "quota": "write", "fields": {"trailNames": ["list", False], "readWriteType": ["choice", False], "includeManagementEvents": ["boolean", False], "dataEventsS3": ["list", False], "dataEventsLambda": ["list", False], "dataEventsDynamoDb": ["list", False], "excludeManagementEventSources": ["list", False], "eventSelectors": ["json", False], "advancedEventSelectors": ["json", False], "replaceExisting": ["boolean", False], "dryRun": ["boolean", False], "connection": ["text", False]}},
    "put-insight-selectors": {"title": "Put Insight Selectors", "quota": "write", "fields": {"trailNames": ["list", False], "insightTypes": ["list", False], "eventCategories": ["list", False], "replaceExisting": ["boolean", False], "dryRun": ["boolean", False], "connection": ["text", False]}},
    "add-tags": {"title": "Add Tags", "quota": "write", "fields": {"trailArn": ["text", False], "tags": ["json", False], "dryRun": ["boolean", False], "connection": ["text", False]}},
    "remove-tags": {"title": "Remove Tags", "quota": "write", "fields": {"trailArn": ["text", False], "tagKeys": ["list", False], "dryRun": ["boolean", False], "connection": ["text", False]}},
    "start-logging": {"title": "Start Logging", "quota": "write", "fields": {"trailNames": ["list", False], "dryRun": ["boolean", False], "connection": ["text", False]}},
    "stop-logging": {"title": "Stop Logging", "quota": "write", "fields": {"trailNames": ["list", False], "dryRun": ["boolean", False], "connection": ["text", False]}},
    "update-trails": {"title": "Update Trails", "quota": "write", "fields": {"trailNames": ["list", False], "s3BucketName": ["text", False], "s3KeyPrefix": ["text", True], "snsTopicName": ["text", True], "includeGlobalServiceEvents": ["boolean", False], "applyTrailToAllRegions": ["boolean", False], "organizationTrail": ["boolean", False], "enableLogFileValidation": ["boolean", False], "recursiveLogging": ["boolean", False], "cloudWatchLogsLogGroupArn": ["text", True], "cloudWatchLogsRoleArn": ["text", True], "kmsKeyId": ["text", True], "dryRun": ["boolean", False], "connection": ["text", False]}},
}

def run_command(name, values):
    """Runs a command with what the task was given, and returns D3's output. A failure is an output too, not an exception."""
    spec = COMMANDS[name]
    connector = runtime.get("connector", {})  # noqa: F821
    try:
        given = {field: one_value(field, value) if spec["fields"][field][0] in ("text", "choice") else value
                 for field, value in values.items() if value != []}
        body = body_of(spec["fields"], given, connection_of(connector))
        envelope = client_of(connector).run(name, body, spec["quota"])
    except CommandError as error:
        if not error.envelope:
            return failed(spec["title"], error)
        envelope = error.envelope
    except ValueError as error:
        return failed(spec["title"], error)
    return pb.returnOutputModel(  # noqa: F821
        [shown(row) for row in envelope["contextData"]], envelope["returnData"], envelope["keyFields"],
        envelope["contextData"], envelope["rawData"], error_text(envelope))


def client_of(connector):
    return Client(
        connector.get("serviceurl"), connector.get("apikey"), ca=connector.get("cacertificate"), budget=BUDGET, agent="d3",
        verify=str(connector.get("trustanycertificate") or False).lower() != "true")


def connection_of(connector):
    """The AWS connection: the document's three fields, or the name of one that is configured at the service."""
    if connector.get("accesskey"):
        return {"serverUrl": connector.get("serverurl"), "accessKey": connector["accesskey"],
                "accessSecret": connector.get("accesssecret")}
    return connector.get("connection")


def failed(title, error):
    """The output of a command to which the service never responded."""
    line = "%s failed. Status Code: N/A. Message: %s" % (title, error)
    return pb.returnOutputModel([], "Failed", {}, [], None, line)  # noqa: F821


def shown(row):
    """A row of the table for people: what has no parts."""
    flat = {aws_name(name): value for name, value in data_of(row).items() if not isinstance(value, (list, dict))}
    return dict({"Input": row.get("input", ""), "Result": row["result"], "Region": row["region"]}, **flat)


def TestConnection(*args):
    """Calls DescribeTrails once: the URL, the API key and the AWS keys are right."""
    return run_command("test-connection", {})


def CreateTrails(trailnames=None, s3bucketname=None, s3keyprefix=None, snstopicname=None, includeglobalserviceevents=None, applytrailtoallregions=None, organizationtrail=None, enablelogfilevalidation=None, recursivelogging=None, cloudwatchlogsloggrouparn=None, cloudwatchlogsrolearn=None, kmskeyid=None, tags=None, dryrun=None, connection=None):
    """Creates trails that deliver log files to an S3 bucket. A new trail does not log until Start Logging is run. AWS allows five trails a region, and one write per second for each account and region. A retry fails with TrailAlreadyExistsException where the trail was created, unless an attempt whose response was lost created it with the same settings; with an idempotency-key it returns the first response."""
    return run_command("create-trails", {"trailNames": trailnames, "s3BucketName": s3bucketname, "s3KeyPrefix": s3keyprefix, "snsTopicName": snstopicname, "includeGlobalServiceEvents": includeglobalserviceevents, "applyTrailToAllRegions": applytrailtoallregions, "organizationTrail": organizationtrail, "enableLogFileValidation": enablelogfilevalidation, "recursiveLogging": recursivelogging, "cloudWatchLogsLogGroupArn": cloudwatchlogsloggrouparn, "cloudWatchLogsRoleArn": cloudwatchlogsrolearn, "kmsKeyId": kmskeyid, "tags": tags, "dryRun": dryrun, "connection": connection})


def DeleteTrails(trailnames=None, dryrun=None, connection=None):
    """Deletes trails. Works only in the region in which the trails were created. Log files that were delivered stay in their bucket. A retry fails with TrailNotFoundException where the trail was deleted, unless the response to an earlier attempt of the same request was lost; with an idempotency-key it returns the first response."""
    return run_command("delete-trails", {"trailNames": trailnames, "dryRun": dryrun, "connection": connection})


def DescribeTrails(trailnames=None, includeshadowtrails=None, regions=None, connection=None):
    """The settings of all trails of the region of the connection (or of the regions given), or of those named, in one call per region. AWS leaves out names that it does not know, without an error; Get Trails has an error for each."""
    return run_command("describe-trails", {"trailNames": trailnames, "includeShadowTrails": includeshadowtrails, "regions": regions, "connection": connection})


def GetEventSelectors(trailnames=None, connection=None):
    """Which management and data events trails log: basic or advanced event selectors, never both. Works only in the region in which the trails were created."""
    return run_command("get-event-selectors", {"trailNames": trailnames, "connection": connection})


def GetInsightSelectors(trailnames=None, connection=None):
    """The Insights that trails collect. A trail without Insights has an empty list; it is no error. Works only in the home region of the trails; an ARN names it."""
    return run_command("get-insight-selectors", {"trailNames": trailnames, "connection": connection})


def GetTrails(trailnames=None, connection=None):
    """The settings of trails, one by one: a trail that cannot be read fails by itself."""
    return run_command("get-trails", {"trailNames": trailnames, "connection": connection})


def GetTrailStatus(trailnames=None, regions=None, connection=None):
    """Whether trails are logging, when logging was started and stopped, and the last delivery errors, in the region of the connection or in the regions given."""
    return run_command("get-trail-status", {"trailNames": trailnames, "regions": regions, "connection": connection})


def ListTags(trailarns=None, connection=None):
    """The tags of up to 20 trails, in one call for each region that their ARNs name. One ARN that AWS does not take fails the others of its region."""
    return run_command("list-tags", {"trailArns": trailarns, "connection": connection})


def ListTrails(regions=None, connection=None):
    """All trails of the account, whatever their home region, and the organization trails that it sees. One region knows them all, so leave regions out."""
    return run_command("list-trails", {"regions": regions, "connection": connection})


def LookupEvents(attributekey=None, attributevalue=None, filters=None, starttime=None, endtime=None, eventcategory=None, limit=None, nexttoken=None, regions=None, connection=None):
    """Management events and Insights events of the last 90 days, newest first, in one region or in several. AWS allows two requests of 50 events per second for each account and region. Global services such as IAM are recorded in us-east-1. With accept: application/x-ndjson the events are streamed."""
    return run_command("lookup-events", {"attributeKey": attributekey, "attributeValue": attributevalue, "filters": filters, "startTime": starttime, "endTime": endtime, "eventCategory": eventcategory, "limit": limit, "nextToken": nexttoken, "regions": regions, "connection": connection})


def PutEventSelectors(trailnames=None, readwritetype=None, includemanagementevents=None, dataeventss3=None, dataeventslambda=None, dataeventsdynamodb=None, excludemanagementeventsources=None, eventselectors=None, advancedeventselectors=None, replaceexisting=None, dryrun=None, connection=None):
    """Replaces the event selectors of trails: the management and data events that they log. Without trailNames it changes every trail whose home is the region of the connection. Give the fields of one basic selector, or eventSelectors, or advancedEventSelectors; a trail has basic selectors or advanced ones, never both. A trail whose existing selectors would be dropped although the request does not name them fails with 409, unless replaceExisting is true. Works only in the home region of the trails; an ARN names it. A retry is safe: it sets the same selectors."""
    return run_command("put-event-selectors", {"trailNames": trailnames, "readWriteType": readwritetype, "includeManagementEvents": includemanagementevents, "dataEventsS3": dataeventss3, "dataEventsLambda": dataeventslambda, "dataEventsDynamoDb": dataeventsdynamodb, "excludeManagementEventSources": excludemanagementeventsources, "eventSelectors": eventselectors, "advancedEventSelectors": advancedeventselectors, "replaceExisting": replaceexisting, "dryRun": dryrun, "connection": connection})


def PutInsightSelectors(trailnames=None, insighttypes=None, eventcategories=None, replaceexisting=None, dryrun=None, connection=None):
    """Turns CloudTrail Insights of trails on or off. AWS replaces all Insights of a trail: a trail whose other Insights would be dropped fails with 409, unless replaceExisting is true or insightTypes is empty. The trail must log management events: ApiCallRateInsight needs write events, ApiErrorRateInsight read or write events. Works only in the home region of the trails; an ARN names it. A retry is safe: it sets the same Insights."""
    return run_command("put-insight-selectors", {"trailNames": trailnames, "insightTypes": insighttypes, "eventCategories": eventcategories, "replaceExisting": replaceexisting, "dryRun": dryrun, "connection": connection})


def AddTags(trailarn=None, tags=None, dryrun=None, connection=None):
    """Adds tags to a trail, in the region of its ARN. The value of a key that the trail has already is overwritten, and the row has the old one as previousValue. A trail has at most 50 tags. A retry is safe: it writes the same values, but previousValue then is the value of the first attempt."""
    return run_command("add-tags", {"trailArn": trailarn, "tags": tags, "dryRun": dryrun, "connection": connection})


def RemoveTags(trailarn=None, tagkeys=None, dryrun=None, connection=None):
    """Removes tags from a trail, in the region of its ARN. A key that the trail does not have is no error, so a retry is safe."""
    return run_command("remove-tags", {"trailArn": trailarn, "tagKeys": tagkeys, "dryRun": dryrun, "connection": connection})


def StartLogging(trailnames=None, dryrun=None, connection=None):
    """Starts recording AWS API calls and delivering log files. Works only in the region in which the trails were created, not on shadow trails. A retry is safe: a trail that logs stays so."""
    return run_command("start-logging", {"trailNames": trailnames, "dryRun": dryrun, "connection": connection})


def StopLogging(trailnames=None, dryrun=None, connection=None):
    """Stops recording AWS API calls and delivering log files: the only way to pause a trail. Works only in the region in which the trails were created, not on shadow trails. Attackers do this to hide (MITRE ATT&CK T1562.008). A retry is safe: a trail that is stopped stays so."""
    return run_command("stop-logging", {"trailNames": trailnames, "dryRun": dryrun, "connection": connection})


def UpdateTrails(trailnames=None, s3bucketname=None, includeglobalserviceevents=None, applytrailtoallregions=None, organizationtrail=None, enablelogfilevalidation=None, s3keyprefix=None, snstopicname=None, recursivelogging=None, cloudwatchlogsloggrouparn=None, cloudwatchlogsrolearn=None, kmskeyid=None, dryrun=None, connection=None):
    """Changes where and how trails deliver their log files. Logging need not be stopped for it. A setting that is left out stays as it is; null removes one. A retry is safe: it sets the same settings. Works only in the region in which the trails were created."""
    return run_command("update-trails", {"trailNames": trailnames, "s3BucketName": s3bucketname, "includeGlobalServiceEvents": includeglobalserviceevents, "applyTrailToAllRegions": applytrailtoallregions, "organizationTrail": organizationtrail, "enableLogFileValidation": enablelogfilevalidation, "s3KeyPrefix": s3keyprefix, "snsTopicName": snstopicname, "recursiveLogging": recursivelogging, "cloudWatchLogsLogGroupArn": cloudwatchlogsloggrouparn, "cloudWatchLogsRoleArn": cloudwatchlogsrolearn, "kmsKeyId": kmskeyid, "dryRun": dryrun, "connection": connection})
