"""CloudTrail commands for Splunk SOAR: every action is a command of the service CloudTrail commands."""
import ast
import re

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector

from cloudtrail_commands import Client, CommandError, warning_of
from cloudtrail_commands_actions import ACTIONS
from cloudtrail_forms import body_of, rows_of


class CloudTrailCommandsConnector(BaseConnector):
    def initialize(self):
        config = self.get_config()
        try:
            self._client = Client(
                config.get("server_url"), config.get("api_key"), verify=config.get("verify_server_cert", True),
                agent="splunk-soar", on_progress=lambda text: self.save_progress(literal(text)))
        except CommandError as error:
            return self.set_status(phantom.APP_ERROR, literal(error))
        return phantom.APP_SUCCESS

    def handle_action(self, param):
        action = self.get_action_identifier()
        # the keys of an assumed role are no part of the result
        shown = {name: value for name, value in param.items() if name != "credentials"}
        result = self.add_action_result(ActionResult(shown))
        try:
            return self._test(result) if action == "test_connectivity" else self._run(ACTIONS[action], param, result)
        except CommandError as error:
            if error.envelope:
                result.set_summary(summary_of(error.envelope))
            return self._failed(action, result, error)
        except ValueError as error:
            return self._failed(action, result, error)

    def _failed(self, action, result, error):
        if action == "test_connectivity":
            self.save_progress(literal(error))
            self.save_progress("Test Connectivity Failed")
        return result.set_status(phantom.APP_ERROR, literal(error))

    def _test(self, result):
        self.save_progress("Calling DescribeTrails by the connection of the service")
        connection = self.get_config().get("connection")
        self._client.run("test-connection", {"connection": connection} if connection else {}, "read")
        self.save_progress("Test Connectivity Passed")
        return result.set_status(phantom.APP_SUCCESS)

    def _run(self, action, param, result):
        values = {field: param.get(parameter) for field, parameter in action["parameters"].items()}
        body = body_of(action["fields"], values, self.get_config().get("connection"))
        for time in ("startTime", "endTime"):
            # the official app takes days
            if re.match(r"^\d{4}-\d\d-\d\d$", str(body.get(time, ""))):
                body[time] += "T00:00:00Z"
        if param.get("credentials"):
            body["connection"] = self._assumed_role(param["credentials"])
        envelope = self._client.run(action["command"], body, action["quota"])
        for row in rows_of(envelope):
            result.add_data(event_of(row) if action["command"] == "lookup-events" else row)
        result.set_summary(dict(summary_of(envelope), **official_summary(action["command"], result.get_data_size())))
        message = warning_of(envelope) or message_of(action["command"], result.get_data_size())
        return result.set_status(phantom.APP_SUCCESS, literal(message))

    def _assumed_role(self, text):
        """The output of the AWS STS app as a connection: its keys are sent with this one request."""
        try:
            keys = ast.literal_eval(text)
            return {"serverUrl": self.get_config().get("aws_server_url") or "https://cloudtrail.us-east-1.amazonaws.com",
                    "accessKey": keys["AccessKeyId"], "accessSecret": keys["SecretAccessKey"],
                    "sessionToken": keys["SessionToken"]}
        except (ValueError, SyntaxError, KeyError, TypeError):
            raise ValueError("credentials must be the Credentials of an assume role action: AccessKeyId, "
                             "SecretAccessKey and SessionToken") from None


def literal(text):
    """SOAR formats messages: braces of an AWS message would be taken for places to fill."""
    return str(text).replace("{", "(").replace("}", ")")


def event_of(row):
    """An event as the official app has it: its time without offset, the event itself as an object."""
    record = row.pop("CloudTrailEvent", None)
    time = str(row.get("EventTime", ""))[:19].replace("T", " ")
    return dict(row, EventTime=time, ExtractedCloudTrailEvent=record if isinstance(record, dict) else None)


def summary_of(envelope):
    return {
        "return_data": envelope["returnData"],
        "request_id": envelope["meta"]["requestId"],
        "total_successful": sum(row["result"] == "Successful" for row in envelope["contextData"]),
        "total_failed": len(envelope["errors"]),
        "next_token": envelope["meta"].get("nextToken", ""),
        "failures": [{"input": error.get("input", ""), "code": error["code"], "message": error["message"],
                      "hint": error.get("hint", "")} for error in envelope["errors"]],
    }


def official_summary(command, count):
    """The summaries of the official app's two actions."""
    return {"describe-trails": {"message": "Received %d trails" % count},
            "lookup-events": {"total_lookup_events": count}}.get(command, {})


def message_of(command, count):
    """What the official app's two actions say, and the others likewise."""
    return {"describe-trails": "Message: Received %d trails", "lookup-events": "Total lookup events: %d"}.get(
        command, "Successful: %d") % count


if __name__ == "__main__":
    import sys

    with open(sys.argv[1]) as action_json:
        print(CloudTrailCommandsConnector()._handle_action(action_json.read(), None))
