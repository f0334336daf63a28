"""CloudTrail commands for Cortex XSOAR: `aws-cloudtrail-*` commands, run by the service CloudTrail commands."""
import re

import demistomock as demisto
from CommonServerPython import *  # noqa: F401,F403
from CommonServerUserPython import *  # noqa: F401,F403
from cloudtrail_commands import Client, CommandError, progress_of, warning_of
from cloudtrail_forms import body_of, rows_of

# XSOAR polls no more often than every 10 seconds; a job of the service has 900 seconds.
POLL_SECONDS = 10
POLL_TIMEOUT = 960
# What one execution of a command may take before XSOAR stops its container after 5 minutes.
BUDGET = 240

# <commands>

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
