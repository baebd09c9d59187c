#!/usr/bin/python3 -BS
"""poisoned-pool.py SCRIPT COMMAND...: runs COMMAND beside an HTTP server on loopback that answers as
Cognito does, with what serve-pool cannot be brought to send: any bytes at all.  The Python file
SCRIPT defines

    users = [...]     each the text of a UserType, bytes or str; groups likewise
    members = {...}   by a group's name: who is in it, likewise
    header = "..."    the text of the list of headings
    answer(operation, request, nth)   or this, which is asked first: None, or (STATUS, BODY); operation
                      is None and request bytes where it is STS that is asked

The command finds the pool in the environment, as behind serve-pool.  Ends with COMMAND's status.
"""
import collections
import json
import os
import subprocess
import sys
import threading
import types

import lean_http

PAGE = 60


def to_bytes(text):
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def page(items, request, member, token):
    start = int(request.get(token, 0))
    text = b'{"%s":[%s]' % (member.encode(), b",".join(to_bytes(i) for i in items[start:start + PAGE]))
    if start + PAGE < len(items):
        text += b',"%s":"%d"' % (token.encode(), start + PAGE)
    return 200, text + b"}"


class Pool:
    def __init__(self, script):
        self.script = script
        self.counts = collections.Counter()
        self.lock = threading.Lock()

    def get(self, name, otherwise):
        return getattr(self.script, name, otherwise)

    def answer(self, operation, request):
        with self.lock:
            self.counts[operation] += 1
            nth = self.counts[operation]
        own = self.get("answer", lambda *_: None)(operation, request, nth)
        if own is not None:
            return own[0], to_bytes(own[1])
        if operation is None:
            return 403, b"<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"
        if operation == "ListUsers":
            return page(self.get("users", []), request, "Users", "PaginationToken")
        if operation == "ListGroups":
            return page(self.get("groups", []), request, "Groups", "NextToken")
        if operation == "ListUsersInGroup":
            return page(self.get("members", {}).get(request["GroupName"], []), request, "Users", "NextToken")
        if operation == "GetGroup":
            return 200, b'{"Group":{"GroupName":%s}}' % json.dumps(request["GroupName"]).encode()
        if operation == "GetCSVHeader":
            return 200, to_bytes('{"UserPoolId":"us-east-1_EXAMPLE1","CSVHeader":%s}' % self.get("header", "[]"))
        return 400, b'{"__type":"AccessDeniedException","message":"no"}'


def handler(pool):
    class Handler(lean_http.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_POST(self):
            target = self.headers["X-Amz-Target"]
            text = self.rfile.read(int(self.headers["Content-Length"]))
            request = json.loads(text) if target else text
            status, body = pool.answer(target.split(".")[-1] if target else None, request)
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, *args):
            pass

    return Handler


def main():
    script = types.ModuleType("script")
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    sys.dont_write_bytecode = True
    with open(sys.argv[1], encoding="utf-8") as file:
        exec(compile(file.read(), sys.argv[1], "exec"), script.__dict__)
    server = lean_http.ThreadingHTTPServer(("127.0.0.1", 0), handler(Pool(script)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = dict(os.environ, COGNITO_USER_POOL_ID="us-east-1_EXAMPLE1", AWS_REGION="us-east-1",
                       AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY="secret",
                       AWS_ENDPOINT_URL="http://127.0.0.1:%d" % server.server_port)
    status = subprocess.call(sys.argv[2:], env=environment)
    sys.exit(status if status >= 0 else 128 - status)


main()
