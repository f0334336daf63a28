"""Runs one command of the integration's script, as Cortex XSOAR would; JSON in, JSON out."""
import json
import sys

import demistomock as demisto

call = json.load(sys.stdin)
demisto.state.update(params=call["settings"], command=call["command"], args=call["args"])
try:
    exec(compile(call["script"], "CloudTrailCommands.py", "exec"), {"__name__": "__main__"})
except SystemExit:
    pass
json.dump({"results": demisto.state["results"], "log": demisto.state["log"]}, sys.stdout)
