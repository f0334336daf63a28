"""Tests of the integration against a service on its sandbox.

CLOUDTRAIL_COMMANDS_URL names it, for example http://127.0.0.1:3000 after `npm run sandbox`. Without it they are skipped.
"""
import os

import pytest

import demistomock as demisto

URL = os.environ.get("CLOUDTRAIL_COMMANDS_URL")
pytestmark = pytest.mark.skipif(not URL, reason="CLOUDTRAIL_COMMANDS_URL names no service")


@pytest.fixture
def run(monkeypatch):
    """Runs a command as the platform does; its entries."""
    import CloudTrailCommands

    def run_command(command, **args):
        entries = []
        monkeypatch.setattr(demisto, "params", lambda: {"url": URL})
        monkeypatch.setattr(demisto, "command", lambda: command)
        monkeypatch.setattr(demisto, "args", lambda: args)
        monkeypatch.setattr(demisto, "results", entries.append)
        try:
            CloudTrailCommands.main()
        except SystemExit:
            pass
        return entries

    return run_command


def test_module_is_ok(run):
    assert run("test-module") == ["ok"]


def test_describe_trails_gives_the_context_of_the_official_integration(run):
    entry = run("aws-cloudtrail-describe-trails", trailNameList="management-events")[0]
    [trails] = [value for path, value in entry["EntryContext"].items() if path.startswith("AWS.CloudTrail.Trails(")]
    assert trails[0]["Name"] == "management-events"
    assert trails[0]["HomeRegion"] == "us-east-1"
    assert "|management-events|" in entry["HumanReadable"]


def test_a_mixed_batch_warns_and_names_the_failed_input(run):
    note, warning = run("aws-cloudtrail-start-logging", name="data-events,no-such-trail")
    assert "data-events" in note["HumanReadable"]
    assert warning["Type"] == 11
    assert "no-such-trail" in warning["HumanReadable"]


def test_a_failure_is_an_error_with_its_hint(run):
    [error] = run("aws-cloudtrail-get-trails", trailNames="no-such-trail")
    assert error["Type"] == 4
    assert "Status Code: " in error["Contents"]
    assert "Hint: " in error["Contents"]


def test_an_argument_that_is_no_number_is_named(run):
    [error] = run("aws-cloudtrail-lookup-events", limit="many")
    assert error["Contents"] == "limit must be a number"
