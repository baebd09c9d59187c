#!/usr/bin/env python3
"""by-sub.py exact|ignoring USERS COMMAND...: runs COMMAND beside a ListUsers of the users in the file
(records) whose filter by sub tells the cases of letters apart, or which ignores filters."""
import http.server
import json
import os
import re
import subprocess
import sys
import threading

mode, path, command = sys.argv[1], sys.argv[2], sys.argv[3:]
users = [json.loads(line) for line in open(path, encoding="utf-8")]


def meant(sub, text):
    if text is None or mode == "ignoring":
        return True
    operator, value = re.fullmatch(r'sub (\^?=) "(.*)"', text).groups()
    return sub == value if operator == "=" else sub.startswith(value)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        ask = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        at = int(ask.get("PaginationToken", "0"))
        found = [u for u in users if meant(u["Attributes"]["sub"], ask.get("Filter"))]
        answer = {"Users": [
            dict(u, UserCreateDate=1, UserLastModifiedDate=1,
                 Attributes=[{"Name": n, "Value": v} for n, v in u["Attributes"].items()])
            for u in found[at:at + ask["Limit"]]]}
        if at + ask["Limit"] < len(found):
            answer["PaginationToken"] = str(at + ask["Limit"])
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ.update(
    AWS_ENDPOINT_URL="http://127.0.0.1:%d" % server.server_address[1], AWS_REGION="us-east-1",
    AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY="EXAMPLE",
    COGNITO_USER_POOL_ID="us-east-1_EXAMPLE1")
sys.exit(subprocess.run(command).returncode)
