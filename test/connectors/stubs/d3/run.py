"""Runs one command of the script, as D3 SOAR would; JSON in, JSON out. Arguments are positional."""
import json
import sys


class Pb:
    """What D3 gives a script as `pb`; made for these tests, from its documentation."""

    @staticmethod
    def returnOutputModel(result_data, return_data, key_fields, context_data, raw_data, error):
        return {"resultData": result_data, "returnData": return_data, "keyFields": key_fields,
                "contextData": context_data, "rawData": raw_data, "error": error}


call = json.load(sys.stdin)
script = {"pb": Pb, "runtime": {"connector": call["settings"]}, "__name__": "d3"}
with open(call["file"]) as source:
    exec(compile(source.read(), "cloudtrail_commands_d3.py", "exec"), script)
json.dump(script[call["command"]](*call["args"]), sys.stdout)
