"""The part of Cortex XSOAR's CommonServerPython that the integration uses; made for these tests, from its documentation."""
import os
import sys

import demistomock as demisto


class EntryType:
    NOTE = 1
    ERROR = 4
    WARNING = 11


class ScheduledCommand:
    def __init__(self, command, next_run_in_seconds, args=None, timeout_in_seconds=None):
        if next_run_in_seconds < 10:
            raise ValueError("the platform polls every 10 seconds at most")
        self.entry = {"PollingCommand": command, "NextRun": str(next_run_in_seconds), "PollingArgs": args or {},
                      "Timeout": str(timeout_in_seconds)}


class CommandResults:
    def __init__(self, outputs_prefix=None, outputs_key_field=None, outputs=None, readable_output=None, raw_response=None,
                 entry_type=None, scheduled_command=None):
        self.entry = {"Type": entry_type or EntryType.NOTE, "HumanReadable": readable_output, "Contents": raw_response,
                      "EntryContext": outputs or {}}
        if scheduled_command:
            self.entry.update(scheduled_command.entry)


def return_results(results):
    for result in results if isinstance(results, list) else [results]:
        demisto.results(result.entry if isinstance(result, CommandResults) else result)


def return_error(message, error="", outputs=None):
    demisto.error(str(message))
    demisto.results({"Type": EntryType.ERROR, "Contents": str(message), "EntryContext": outputs})
    sys.exit(0)


def handle_proxy(proxy_param_name="proxy", checkbox_default_value=False, insecure_param_name="insecure"):
    if not demisto.params().get(proxy_param_name, checkbox_default_value):
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            os.environ.pop(name, None)
    if demisto.params().get(insecure_param_name):
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            os.environ.pop(name, None)


def argToBoolean(value):
    if isinstance(value, bool):
        return value
    words = {"y": True, "yes": True, "true": True, "n": False, "no": False, "false": False}
    return words[str(value).lower()]


def argToList(value):
    if not value:
        return []
    return value if isinstance(value, list) else [item.strip() for item in value.split(",")]


def tableToMarkdown(name, rows, headers=None, removeNull=False):
    rows = rows if isinstance(rows, list) else [rows]
    headers = headers or list(dict.fromkeys(key for row in rows for key in row))
    if removeNull:
        headers = [header for header in headers if any(row.get(header) not in (None, "") for row in rows)]
    if not rows:
        return "### %s\n**No entries.**\n" % name
    lines = [headers, ["---"] * len(headers)] + [[str(row.get(header, "")) for header in headers] for row in rows]
    return "### %s\n" % name + "".join("|%s|\n" % "|".join(line) for line in lines)
