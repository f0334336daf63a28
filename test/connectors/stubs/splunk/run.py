"""Runs one action of the app, as Splunk SOAR would; JSON in, JSON out."""
import json
import sys

call = json.load(sys.stdin)
sys.path.insert(0, call["file"])
from cloudtrail_commands_connector import CloudTrailCommandsConnector  # noqa: E402
from cloudtrail_commands_view import display_rows  # noqa: E402

connector = CloudTrailCommandsConnector()
connector.prepare(call["settings"], call["command"])
if connector.initialize():
    connector.handle_action(call["args"])
context = {}
template = display_rows(call["command"], [({}, connector.results)], context)
json.dump({
    "status": "success" if connector.status[0] else "failed", "message": connector.status[1],
    "results": [result.get_dict() for result in connector.results], "log": connector.progress,
    "view": {"template": template, "results": context["results"]},
}, sys.stdout)
