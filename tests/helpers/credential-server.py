#!/usr/bin/python3 -BS
"""credential-server.py [OPTION...] -- COMMAND...: runs COMMAND beside a container endpoint for
credentials (that of ECS and EKS) or, with --metadata, beside the instance metadata of EC2, on
loopback, and with the variables that lead there.  Variables with keys are taken away: COMMAND has
what the server gives, which by default are the keys that serve-pool knows.  Ends with COMMAND's
status.

A script is a list of steps with commas; request after request gets its step, the last one serves all
that follow.  The steps:

    ok        what is asked for                 redirect  HTTP 302 back to here
    400, 503  this status with an error in JSON silent    nothing, until the client gives up
    garbage   HTTP 200 and no JSON              cut       half of a body, then the end
    empty     HTTP 200 and nothing              long      HTTP 200 and more than anyone wants
    code      HTTP 200, Code and Message        expired   credentials whose time is over
    oddcode   the same with an unusual Code     refused   the connection closed without a word
"""
import argparse
import datetime
import json
import os
import select
import subprocess
import sys
import threading

import lean_http

KEYS = {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE",
        "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
TAKEN = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION"]
PATH = "/v2/credentials/canary-of-the-path?id=1"
TOKEN_PATH = "/latest/api/token"
ROLE_PATH = "/latest/meta-data/iam/security-credentials/"
SILENCE = 60


class Script:
    def __init__(self, text):
        self.steps = text.split(",")

    def next(self):
        return self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]


class Handler(lean_http.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send(self, status, body, headers=()):
        if isinstance(body, dict):
            body = json.dumps(body)
        data = body.encode("utf-8", "surrogateescape")
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def step(self, script, good):
        """Answers as the script wants it; good() makes the right body."""
        step = script.next()
        if step == "ok":
            self.send(200, good())
        elif step.isdigit():
            self.send(int(step), {"code": "NotToday", "message": "canary of the message"})
        elif step == "code":
            self.send(200, {"Code": "AssumeRoleUnauthorizedAccess", "Message": "canary of the message"})
        elif step == "oddcode":
            self.send(200, {"Code": "canary \u001b[31m", "Message": "canary of the message"})
        elif step == "garbage":
            self.send(200, "<html>canary of the body</html>")
        elif step == "empty":
            self.send(200, "")
        elif step == "long":
            self.send(200, json.dumps(dict(KEYS, Padding="x" * 200_000)))
        elif step == "expired":
            self.send(200, self.server.credentials(-3600))
        elif step == "redirect":
            self.send(302, "", [("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")])
        elif step == "cut":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
            self.close_connection = True
        elif step == "refused":
            self.close_connection = True
        elif step == "silent":
            select.select([self.connection], [], [], SILENCE)
            self.close_connection = True
        else:
            sys.exit(f"credential-server.py: no such step: {step}")

    def container(self):
        server = self.server
        if self.command != "GET" or self.path != PATH:
            self.send(404, {"code": "NotFound", "message": "canary of the message"})
        elif self.headers.get("Authorization") != server.wanted:
            self.send(401, {"code": "Unauthorized", "message": "canary of the message"})
        else:
            self.step(server.answers, server.credentials)
            server.rotate()

    def metadata(self):
        server = self.server
        if self.command == "PUT" and self.path == TOKEN_PATH:
            if self.headers.get("X-aws-ec2-metadata-token-ttl-seconds") == "21600":
                self.step(server.tokens, lambda: server.wanted)
            else:
                self.send(400, "")
        elif self.command != "GET":
            self.send(405, "")
        elif self.headers.get("X-aws-ec2-metadata-token") != server.wanted:
            self.send(401, "")
        elif self.path == ROLE_PATH:
            self.step(server.roles, lambda: server.options.role)
        elif self.path == ROLE_PATH + server.options.role.split("\n")[0]:
            self.step(server.answers, server.credentials)
        else:
            self.send(404, "")

    def any_method(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.write({"method": self.command, "path": self.path,
                           "headers": dict(self.headers.items())})
        if self.server.options.metadata:
            self.metadata()
        else:
            self.container()

    do_DELETE = do_GET = do_HEAD = do_POST = do_PUT = any_method

    def log_message(self, *args):
        pass


class Server(lean_http.ThreadingHTTPServer):
    def __init__(self, options):
        super().__init__((options.host, options.port), Handler)
        self.options = options
        self.lock = threading.Lock()
        self.answers = Script(options.answers)
        self.tokens = Script(options.tokens)
        self.roles = Script(options.roles)
        self.wanted = options.token
        if options.metadata:
            self.wanted = "canary-of-the-session-token=="
        self.rotate()
        if options.tls:
            import ssl      # which takes as long as all the others
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*options.tls)
            self.socket = context.wrap_socket(self.socket, server_side=True)

    def rotate(self):
        """Another token in the file: the one that was good is so no longer."""
        if self.options.token_file:
            self.wanted = "Bearer canary-" + os.urandom(8).hex()
            with open(self.options.token_file, "w", encoding="ascii") as f:
                f.write(self.wanted + "\n")

    def credentials(self, lifetime=None):
        """The body of an answer."""
        if self.options.body:
            with open(self.options.body, encoding="utf-8", errors="surrogateescape") as f:
                return f.read()
        keys = dict(KEYS)
        if self.options.command:
            made = json.loads(subprocess.run(["sh", "-c", self.options.command], check=True,
                                             stdout=subprocess.PIPE).stdout)
            return {"AccessKeyId": made["AccessKeyId"], "SecretAccessKey": made["SecretAccessKey"],
                    "Token": made["SessionToken"], "Expiration": made["Expiration"]}
        if self.options.metadata:
            keys["Code"] = "Success"
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(
            seconds=self.options.lifetime if lifetime is None else lifetime)
        keys["Expiration"] = end.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return keys

    def write(self, record):
        if self.options.log:
            with self.lock, open(self.options.log, "a", encoding="ascii") as f:
                f.write(json.dumps(record) + "\n")

    def handle_error(self, request, client_address):
        pass  # a client that goes away in the middle is no news


def variables(options, port):
    """The environment of the command."""
    env = {name: value for name, value in os.environ.items() if name not in TAKEN}
    scheme = "https" if options.tls else "http"
    if options.metadata:
        env.pop("AWS_EC2_METADATA_DISABLED", None)
        env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = f"http://{options.host}:{port}"
        return env
    if options.relative:
        env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = PATH
    else:
        env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"{scheme}://{options.host}:{port}{PATH}"
    if options.token_file:
        env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = options.token_file
    elif options.token:
        env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = options.token
    return env


def parse(argv):
    p = argparse.ArgumentParser(description="a fake of ECS, EKS and EC2", allow_abbrev=False)
    p.add_argument("--metadata", action="store_true")
    p.add_argument("--answers", default="ok", help="the script of the credentials")
    p.add_argument("--tokens", default="ok", help="the script of metadata's session tokens")
    p.add_argument("--roles", default="ok", help="the script of metadata's list of roles")
    p.add_argument("--role", default="reader", help="the text of that list")
    p.add_argument("--body", help="a file with the answer")
    p.add_argument("--command", help="prints fresh credentials for every answer, as a process does")
    p.add_argument("--lifetime", type=float, default=3600, help="in seconds")
    p.add_argument("--token", help="what Authorization must be; unused with --token-file")
    p.add_argument("--token-file", help="written with another token after every answer")
    p.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    p.add_argument("--relative", action="store_true", help="as in ECS; wants --host and --port")
    p.add_argument("--host", default="127.0.0.1")
    p.add_argument("--port", type=int, default=0)
    p.add_argument("--log", help="a file that gets a line for each request")
    p.add_argument("argv", nargs="+")
    return p.parse_args(argv)


def main():
    options = parse(sys.argv[1:])
    server = Server(options)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        status = subprocess.run(options.argv, env=variables(options, server.server_port),
                                check=False).returncode
    except FileNotFoundError as error:
        print(f"credential-server.py: {error}", file=sys.stderr)
        return 127
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
