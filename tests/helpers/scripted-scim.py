#!/usr/bin/python3 -BS
"""scripted-scim.py SCRIPT COMMAND...: runs COMMAND beside an HTTP server on loopback that answers what
the Python file SCRIPT says, so that a test can have any misbehaviour, byte for byte.  SCRIPT defines

    def answer(r): ...

where r has method, path (without the prefix /scim/v2), query (a dictionary), body (text), json,
headers, nth (how often this method and path came before, from 1). It returns (STATUS, BODY) or
(STATUS, BODY, HEADERS); BODY is None, a text, or something that becomes JSON. DROP closes the
connection without an answer, cut(STATUS, BODY, N) closes it after N bytes of the body, and
raw(TEXT) sends these bytes and closes.  SCRIPT may use

    page(r, RESOURCES, **MEMBERS)  a ListResponse, by the request's startIndex and count
    error(STATUS, TYPE, DETAIL)    a SCIM Error          token(TEXT, SECONDS)  an OAuth2 answer
    user(N), group(N, MEMBERS)     resources

Every request is a line in SCRIPT.log: method, path with query, Authorization if it is none of the
usual, status. COMMAND finds the server in SCIM_URL and its token endpoint in TOKEN_URL; SCIM_TOKEN
is a token unless it is set, or NO_TOKEN is. Ends with COMMAND's status.
"""
import collections
import json
import os
import subprocess
import sys
import threading
import types
import urllib.parse

import lean_http

PREFIX = "/scim/v2"
TOKEN = "canary-of-the-bearer-token"
DROP = object()
Raw = collections.namedtuple("Raw", "data")
Cut = collections.namedtuple("Cut", "status body size")
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"


def page(r, resources, **members):
    start = int(r.query.get("startIndex", 1))
    count = int(r.query.get("count", 100))
    return (200, {"schemas": [LIST], "totalResults": len(resources),
                  "Resources": resources[start - 1:start - 1 + count], **members})


def error(status, kind=None, detail=None, headers=None):
    body = {"schemas": [ERROR], "status": str(status)}
    if kind:
        body["scimType"] = kind
    if detail:
        body["detail"] = detail
    return (status, body, headers or {})


def token(text, seconds=3600, **members):
    return (200, {"access_token": text, "token_type": "Bearer", "expires_in": seconds, **members})


def user(n):
    return {"schemas": [CORE + "User"], "id": f"u{n}", "externalId": f"sub{n}",
            "userName": f"name{n}", "meta": {"resourceType": "User"}}


def group(n, members=None):
    g = {"schemas": [CORE + "Group"], "id": f"g{n}", "displayName": f"group{n}"}
    if members is not None:
        g["members"] = [{"value": m, "type": "User"} for m in members]
    return g


class Handler(lean_http.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 64 * 1024    # head and body in one piece: two would wait for each other

    def log_message(self, *_):
        pass

    def handle_one(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length).decode()
        address = urllib.parse.urlsplit(self.path)
        path = address.path[len(PREFIX):] if address.path.startswith(PREFIX) else address.path
        r = types.SimpleNamespace(
            method=self.command, path=path, body=body, headers=self.headers,
            query=dict(urllib.parse.parse_qsl(address.query, keep_blank_values=True)))
        try:
            r.json = json.loads(body)
        except ValueError:
            r.json = None
        with self.server.lock:
            self.server.counts[self.command + path] += 1
            r.nth = self.server.counts[self.command + path]
            result = self.server.script["answer"](r)
            self.note(address, path, result)
        self.give(result)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one

    def note(self, address, path, result):
        status = ("drop" if result is DROP else "raw" if isinstance(result, Raw) else
                  f"cut-{result.status}" if isinstance(result, Cut) else result[0])
        query = "?" + address.query if address.query else ""
        sent = self.headers.get("Authorization", "none")
        sent = "" if sent == "Bearer " + TOKEN else " " + sent
        with open(sys.argv[1] + ".log", "a", encoding="utf-8") as f:
            print(self.command, path + query, str(status) + sent, file=f)

    def give(self, result):
        if result is DROP or isinstance(result, Raw):
            if result is not DROP:
                self.wfile.write(result.data.encode())
            self.close_connection = True
            return
        status, body, headers = (tuple(result) + ({},))[:3]
        size = None
        if isinstance(result, Cut):
            status, body, size, headers = *result, {}
        data = b"" if body is None else (
            body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Type" not in headers and body is not None:
            self.send_header("Content-Type", "application/scim+json")
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:size])
        if size is not None:
            self.close_connection = True


names = {"page": page, "error": error, "token": token, "user": user, "group": group, "DROP": DROP,
         "cut": Cut, "raw": Raw, "TOKEN": TOKEN}
with open(sys.argv[1], encoding="utf-8") as source:
    exec(compile(source.read(), sys.argv[1], "exec"), names)
open(sys.argv[1] + ".log", "w", encoding="utf-8").close()
server = lean_http.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.script = names
server.counts = collections.Counter()
server.lock = threading.Lock()
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
environment = dict(os.environ, SCIM_URL=base + PREFIX, TOKEN_URL=base + "/token")
if "NO_TOKEN" not in environment:
    environment.setdefault("SCIM_TOKEN", TOKEN)
status = subprocess.call(sys.argv[2:], env=environment)
sys.exit(status if status >= 0 else 128 - status)
