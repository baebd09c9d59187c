#!/usr/bin/python3
"""capture.py LOG COMMAND...: runs COMMAND with AWS_ENDPOINT_URL pointing to a proxy on loopback that
passes everything on to the AWS_ENDPOINT_URL it was itself started with, byte for byte (Host too, so
that signatures stay good), and appends every request to LOG as one JSON line:

    {"method","path","headers":[[name,value]...],"body"}

and, for STS, whose answers hold the keys that later requests are signed with, "answer".
Bytes that are not UTF-8 stand as lone surrogates.  Ends with COMMAND's status.
"""
import http.client
import http.server
import json
import os
import subprocess
import sys
import threading
import urllib.parse


def text(data):
    return data.decode("utf-8", "surrogateescape")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    upstream = None

    def setup(self):
        super().setup()
        to = self.server.to
        self.upstream = http.client.HTTPConnection(to.hostname, to.port)

    def finish(self):
        self.upstream.close()
        super().finish()

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            self.upstream.putheader(name, value)
        self.upstream.endheaders(body)
        answer = self.upstream.getresponse()
        data = answer.read()
        record = {"method": self.command, "path": self.path, "headers": self.headers.items(),
                  "body": text(body)}
        if "X-Amz-Target" not in self.headers:
            record["answer"] = text(data)
        self.server.write(record)
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    do_DELETE = do_GET = do_HEAD = do_POST = do_PUT = pass_on

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, to, path):
        super().__init__(("127.0.0.1", 0), Handler)
        self.to = urllib.parse.urlsplit(to)
        self.log = open(path, "a", encoding="ascii")
        self.lock = threading.Lock()

    def write(self, record):
        with self.lock:
            self.log.write(json.dumps(record) + "\n")
            self.log.flush()

    def handle_error(self, request, client_address):
        pass  # a client that goes away in the middle is no news


def main():
    server = Server(os.environ["AWS_ENDPOINT_URL"], sys.argv[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = dict(os.environ, AWS_ENDPOINT_URL=f"http://127.0.0.1:{server.server_port}")
    try:
        status = subprocess.run(sys.argv[2:], env=environment, check=False).returncode
    except FileNotFoundError as error:
        print(f"capture.py: {error}", file=sys.stderr)
        return 127
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
