"""CloudTrail commands for D3 SOAR: a function for each command, run by the service CloudTrail commands.

Paste this file into the Python script of a custom integration. D3 gives it `runtime` (the connection) and `pb` (the output).
"""
from cloudtrail_commands import Client, CommandError, error_text
from cloudtrail_forms import aws_name, body_of, data_of, one_value

# What one command may take, with its waits and its job, in seconds.
BUDGET = 600

# <commands>

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


# <functions>
