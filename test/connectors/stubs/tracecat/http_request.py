"""One request of Tracecat's core.http_request and core.http_poll: httpx, the library that Tracecat uses, with its defaults.

Reads {method, url, headers, payload, timeout, verify_ssl} as JSON from standard input; prints {status_code, data}.
"""

import json
import sys

import httpx

args = json.load(sys.stdin)
with httpx.Client(verify=args["verify_ssl"], timeout=args["timeout"]) as client:
    response = client.request(args["method"], args["url"], headers=args["headers"], json=args["payload"])
is_json = "json" in response.headers.get("content-type", "")
print(json.dumps({"status_code": response.status_code, "data": response.json() if is_json else response.text}))
