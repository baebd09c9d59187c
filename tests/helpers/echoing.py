#!/usr/bin/python3 -BS
"""echoing.py [OPTION...] HOW COMMAND...: runs COMMAND beside a server on loopback that is STS, the
pool, the container endpoint and the instance metadata in one, and answers every request, with
--after N those behind the first N, with secrets: what came with the request (headers and body), and
what stands in the file --secrets, a line each.  The variables lead there.  Ends with COMMAND's
status.  HOW is

    text      HTTP 200 and all of it, as it is     page      HTTP 500 and all of it in HTML
    header    HTTP 400 and all of it in headers    redirect  HTTP 302, all of it in Location
    code      HTTP 400 and all of it as the code   status    all of it behind HTTP/1.1 400
    json      HTTP 400 and a service's message     xml       HTTP 400 and one of STS
    lacking   HTTP 200, keys without their name    broken    HTTP 200, keys that end in the middle
    odd       HTTP 200, keys with a blank in them
"""
import argparse
import json
import os
import subprocess
import sys
import threading

import lean_http


def escape(text):
    """For XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sts(text, secret):
    return (f"<AssumeRoleResponse><AssumeRoleResult><Credentials>{text}"
            f"<SecretAccessKey>{secret}</SecretAccessKey><SessionToken>{secret}</SessionToken>"
            "</Credentials></AssumeRoleResult></AssumeRoleResponse>")


class Handler(lean_http.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.take():
            text = b"reader"    # a token of the metadata, a role's name
            self.send_response_only(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
            return
        # Tokens first, before anybody cuts; signatures are no secret.
        headers = [value for value in self.headers.values() if not value.startswith("AWS4-")]
        headers.sort(key=len, reverse=True)
        everything = " ".join([*self.server.secrets, *headers, body.decode("utf-8", "replace")])
        line = everything.replace("\r", " ").replace("\n", " ")
        secret = everything.split()[0]
        keys = {"SecretAccessKey": secret, "SessionToken": secret, "Token": secret}
        form = self.headers.get("Content-Type", "").startswith("application/x-www-form")
        how = self.server.how
        status, headers, reason = 200, {}, None
        if how == "text":
            text = everything
        elif how == "page":
            status, text = 500, f"<html>{everything}</html>"
        elif how == "header":
            status, text = 400, ""
            headers = {"x-amzn-ErrorType": line, "x-amzn-RequestId": line, "Date": line}
        elif how == "redirect":
            status, text, headers = 302, "", {"Location": f"http://127.0.0.1:1/{line}"}
        elif how == "code":
            status = 400
            text = (f"<ErrorResponse><Error><Code>{escape(line)}</Code>"
                    "<Message>m</Message></Error></ErrorResponse>") if form else json.dumps(
                        {"__type": line, "code": line, "Code": line, "message": "m"})
        elif how == "status":
            status, text, reason = 400, "", line
        elif how == "json":
            status = 400
            text = json.dumps({"__type": "OddException", "code": "Odd", "message": line})
        elif how == "xml":
            status = 400
            text = ("<ErrorResponse><Error><Code>Odd</Code><Message>"
                    f"{escape(line)}</Message></Error></ErrorResponse>")
        elif form:
            odd = {"odd": f"<AccessKeyId>{secret} </AccessKeyId>"}.get(how, "")
            text = sts(odd, secret)
        elif how == "lacking":
            text = json.dumps(keys)
        else:
            text = json.dumps(dict(keys, AccessKeyId=secret + " x", Expiration=secret))
        if how == "broken":
            text = text[:-2]
        data = text.encode()
        self.send_response_only(status, reason)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *args):
        pass


class Server(lean_http.ThreadingHTTPServer):
    def take(self):
        """Whether this is one of the first N requests."""
        with self.lock:
            self.after -= 1
            return self.after >= 0

    def handle_error(self, request, client_address):
        pass  # a client that goes away in the middle is no news


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--secrets", default=os.devnull)
    parser.add_argument("--after", type=int, default=0)
    parser.add_argument("how")
    parser.add_argument("argv", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    server = Server(("127.0.0.1", 0), Handler)
    server.how, server.after, server.lock = options.how, options.after, threading.Lock()
    with open(options.secrets, encoding="ascii") as f:
        server.secrets = f.read().split()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}"
    env = dict(os.environ, AWS_ENDPOINT_URL=here)
    for name in ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_EC2_METADATA_SERVICE_ENDPOINT"):
        if name in env:
            env[name] = here + env[name]
    try:
        status = subprocess.run(options.argv, env=env, check=False,
                                close_fds=False).returncode
    except FileNotFoundError as error:
        print(f"echoing.py: {error}", file=sys.stderr)
        return 127
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
