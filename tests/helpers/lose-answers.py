#!/usr/bin/python3
"""lose-answers.py RULE... -- COMMAND...: runs COMMAND with AWS_ENDPOINT_URL pointing to a proxy on loopback
that passes requests on to the AWS_ENDPOINT_URL it was itself started with (Host too).  A RULE is
OPERATION:KIND@N for the Nth request of that operation ("*": of all), OPERATION:KIND for every one:

    lost       passed on, and the connection closed without an answer
    500        passed on, and answered with InternalErrorException
    +CODE      passed on, and answered with this code
    CODE       not passed on, and answered with this code
    swap-A-B   passed on, and answered with each A in it made a B
    redirect   not passed on, and answered with 307 and another place
    expired    not passed on, and answered as S3 does where a URL is too old
    page       not passed on, and answered with 200 and a page of HTML; +page: passed on before
    nothing    not passed on, and answered with 200 and an empty object; +nothing: passed on before
    error      not passed on, and answered with 200 and an error; +error: passed on before
    kill       not passed on, and COMMAND is killed (SIGKILL)
    kill-after passed on, and COMMAND is killed before it has the answer

A PUT, of a file to the URL of an import job, is the operation PutObject.
Ends with COMMAND's status, as a shell shows it.  With LOG in the environment each operation that was
passed on is appended to that file.
"""
import http.client
import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.parse


BODIES = {"page": b"<html>Welcome</html>", "nothing": b"{}", "error": b'{"__type":"UserNotFoundException"}'}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def kind(self, operation):
        with self.server.lock:
            for name in (operation, "*"):
                self.server.count[name] = self.server.count.get(name, 0) + 1
            for name, kind, number in self.server.rules:
                if name in (operation, "*") and number in (0, self.server.count[name]):
                    return kind
        return ""

    def pass_on(self, body):
        to = self.server.to
        connection = http.client.HTTPConnection(to.hostname, to.port)
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, data

    def answer(self, status, data):
        self.send_response_only(status)
        if status == 307:
            self.send_header("Location", "http://127.0.0.1:9/canary-of-another-place")
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def cut(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        operation = self.headers.get("X-Amz-Target", "").split(".")[-1]
        if self.command == "PUT":
            operation = "PutObject"
        kind = self.kind(operation)
        if kind == "kill":
            self.server.child.send_signal(signal.SIGKILL)
            self.cut()
            return
        if kind in BODIES:
            self.answer(200, BODIES[kind])
            return
        if kind in ("redirect", "expired"):
            self.answer(307 if kind == "redirect" else 403, b"<Error><Code>%s</Code><Message>Request has expired</Message></Error>"
                        % (b"TemporaryRedirect" if kind == "redirect" else b"AccessDenied"))
            return
        if kind not in ("", "lost", "500", "kill-after") and kind[0] != "+" and not kind.startswith("swap-"):
            self.answer(400, json.dumps({"__type": kind, "message": "planted"}).encode())
            return
        status, data = self.pass_on(body)
        if "LOG" in os.environ:
            with self.server.lock, open(os.environ["LOG"], "a", encoding="ascii") as log:
                log.write(operation + "\n")
        if kind == "kill-after":
            self.server.child.send_signal(signal.SIGKILL)
        if kind == "500":
            self.answer(500, b'{"__type":"InternalErrorException","message":"planted"}')
        elif kind.startswith("swap-"):
            self.answer(status, data.replace(*(word.encode() for word in kind.split("-")[1:])))
        elif kind[1:] in BODIES:
            self.answer(200, BODIES[kind[1:]])
        elif kind.startswith("+"):
            self.answer(400, json.dumps({"__type": kind[1:], "message": "planted"}).encode())
        elif kind in ("lost", "kill-after"):
            self.cut()
        else:
            self.answer(status, data)

    do_PUT = do_POST

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    child = None

    def __init__(self, to, rules):
        super().__init__(("127.0.0.1", 0), Handler)
        self.to = urllib.parse.urlsplit(to)
        self.rules = rules
        self.count = {}
        self.lock = threading.Lock()

    def handle_error(self, request, client_address):
        pass  # a client that goes away in the middle is no news


def read_rule(text):
    name, kind = text.split(":", 1)
    kind, _, number = kind.partition("@")
    return name, kind, int(number or 0)


def main():
    split = sys.argv.index("--")
    server = Server(os.environ["AWS_ENDPOINT_URL"], [read_rule(a) for a in sys.argv[1:split]])
    environment = dict(os.environ, AWS_ENDPOINT_URL=f"http://127.0.0.1:{server.server_port}")
    # Whatever the plan says of the target was made for the place behind us.
    if os.environ.get("PLAN"):
        with open(os.environ["PLAN"], encoding="utf-8") as plan:
            text = plan.read().replace(os.environ["AWS_ENDPOINT_URL"], environment["AWS_ENDPOINT_URL"])
        reseal(text, os.environ["PLAN"] + ".here")
    server.child = subprocess.Popen(sys.argv[split + 1:], env=environment)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    status = server.child.wait()
    return 128 - status if status < 0 else status


def reseal(text, path):
    """Writes the rows of a sealed stream with a seal that counts them as they are now."""
    lines = text.splitlines(keepends=True)
    seal = json.loads(lines[-1])
    seal["~end"]["bytes"] = len("".join(lines[:-1]).encode())
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(lines[:-1])
        f.write(json.dumps(seal, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    sys.exit(main())
