#!/usr/bin/python3 -BS
"""fake-sts.py MODE COMMAND...: runs COMMAND with AWS_ENDPOINT_URL_STS pointing to an STS on loopback
that answers every AssumeRole, signed or not, as the file MODE says at that moment:

    ok SECONDS        credentials that last so long; the access key ends in the number of the call
    fail STATUS CODE [TEXT]  an error
    hang              nothing, until MODE says something else

Each request is a line in MODE.log: its number and the mode.  Ends with COMMAND's status.
"""
import os
import subprocess
import sys
import threading
import time

import lean_http

ANSWER = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/reader/x</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>ASIAFAKEFAKEFAKE%04d</AccessKeyId>
<SecretAccessKey>canaryOfTheFakeSecretKey</SecretAccessKey>
<SessionToken>canaryOfTheFakeSessionToken</SessionToken>
<Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""
ERROR = """<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>"""

mode_path = sys.argv[1]
calls = 0
ended = threading.Event()


class Handler(lean_http.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def mode(self):
        """Its words, once there are any: a shell empties the file before it writes."""
        while True:
            with open(mode_path, encoding="ascii") as f:
                text = f.read()
            if text.split() or ended.wait(0.01):
                return text.split() or ["ended"]

    def do_POST(self):
        global calls
        self.rfile.read(int(self.headers["Content-Length"]))
        calls += 1
        number = calls
        mode = self.mode()
        with open(mode_path + ".log", "a", encoding="ascii") as f:
            print(number, *mode, file=f)
        while mode[0] == "hang" and not ended.wait(0.02):
            mode = self.mode()
        if mode[0] == "ok":
            end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + int(mode[1])))
            self.answer(200, ANSWER % (number, end))
        elif mode[0] == "fail":
            self.answer(int(mode[1]), ERROR % (mode[2], " ".join(mode[3:]) or "as the mode says"))

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = lean_http.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
status = subprocess.call(sys.argv[2:], env=dict(
    os.environ, AWS_ENDPOINT_URL_STS="http://127.0.0.1:%d" % server.server_port,
    AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE", AWS_REGION="us-east-1",
    AWS_SECRET_ACCESS_KEY="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
ended.set()
sys.exit(status if status >= 0 else 128 - status)
