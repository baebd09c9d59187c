#!/usr/bin/python3
"""scripted-idp.py ANSWERS [LOG] -- CMD...: runs CMD beside a server that answers what a file says.

ANSWERS is JSON: {"Operation": answer, "Operation detail": answer, ...}.  The detail is the page
token, or what is asked for: a client's id, a provider's name, a domain, a category of limits; the
longer name wins.  An answer is the body, a text as it is, or {"!": "Code"} for a refusal (with
"status", else 400); a list is one after the other, the last again and again.  What has no answer is
UnknownOperationException.  LOG gets a line "Operation detail" for each request.
"""
import http.server
import json
import os
import subprocess
import sys
import threading

at = sys.argv.index("--")
with open(sys.argv[1], encoding="utf-8") as file:
    ANSWERS = json.load(file)
LOG = open(sys.argv[2], "w", encoding="utf-8") if at > 2 else None
lock = threading.Lock()


def detail(request):
    for name in ("NextToken", "ClientId", "ProviderName", "Domain"):
        if name in request:
            return request[name]
    return request.get("LimitDefinition", {}).get("Attributes", {}).get("Category", "")


def answer_for(operation, request):
    for name in (f"{operation} {detail(request)}", operation):
        if name in ANSWERS:
            answer = ANSWERS[name]
            if isinstance(answer, list):
                answer = answer.pop(0) if len(answer) > 1 else answer[0]
            return answer
    return {"!": "UnknownOperationException"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        operation = self.headers["X-Amz-Target"].split(".")[1]
        with lock:
            answer = answer_for(operation, request)
            if LOG:
                print(operation, detail(request), json.dumps(request), file=LOG, flush=True)
        status = 200
        if isinstance(answer, dict) and "!" in answer:
            status = answer.get("status", 400)
            answer = {"__type": answer["!"], "message": answer.get("message", "no")}
        body = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:  # CMD wants no more
            self.close_connection = True

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
server.handle_error = lambda *_: None  # the same, while it reads
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.exit(subprocess.run(sys.argv[at + 1:], check=False, env={
    **os.environ, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "eu-west-1",
    "COGNITO_USER_POOL_ID": "eu-west-1_a"}).returncode)
