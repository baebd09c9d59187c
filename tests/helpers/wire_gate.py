"""A gate on loopback between a command and a server: passes requests on, byte for byte, and answers one of
them, or all from one on, as no server should.  For wire-matrix.py.

FAULTS has, by name, what is done and how it is meant to be taken:
    passing   another try may find a whole answer
    lasting   no answer of the service: nobody asks for the same again
    page      a whole answer of somebody in between
    harmless  the right answer, in an unusual form
"""
import hashlib
import json
import re
import socket
import struct
import threading
import time

FORGED = b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"Users":[]}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BLANKS = b" " * 65536


def length(body):
    return b"Content-Length: %d\r\n\r\n" % len(body)


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def say(*parts, on=False):
    """What is sent, made of the right answer's status line and body; then the end, unless on."""
    def do(client, status, body):
        for part in parts:
            client.sendall(part(status, body) if callable(part) else part)
        return on
    return do


def reset(client, *_):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def for_ever(data, *before, pause=0):
    def do(client, status, body):
        say(*before)(client, status, body)
        while True:
            client.sendall(data)
            time.sleep(pause)
    return do


def hang(*before):
    def do(client, status, body):
        say(*before)(client, status, body)
        while client.recv(4096):
            pass
    return do


def page(status, body=b"<html>A gateway</html>", more=b""):
    return say(b"HTTP/1.1 " + status + b"\r\n" + more + length(body) + body, on=True)


def whole(status, body):
    return status + b"\r\n" + length(body) + body


def half(_, body):
    return body[:len(body) // 2]


def body_of(_, body):
    return body


def moved(code):
    return page(code + b" Elsewhere", b"", b"Location: http://127.0.0.1:9/canary\r\n")


FAULTS = {"passing": {
    "reset": reset, "end": say(), "status-cut": say(b"HTTP/1.1 20"), "head-cut": say(HEAD[:30]),
    "body-cut": say(lambda s, b: HEAD + length(b + b" "), body_of),
    "chunk-cut": say(HEAD, b"Transfer-Encoding: chunked\r\n\r\n", lambda s, b: chunk(b)),
    "unframed": say(HEAD, b"\r\n", body_of), "unframed-cut": say(HEAD, b"\r\n", half),
    "chunk-size": say(HEAD, b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", body_of),
    "500": page(b"500 X"), "502": page(b"502 X"), "503": page(b"503 X"), "504": page(b"504 X"), "408": page(b"408 X"),
    "429": page(b"429 X"), "headers": for_ever(b"X-Filler: x\r\n" * 100, HEAD),
    "continue": for_ever(b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "hang": hang(), "hang-in-body": hang(HEAD, lambda s, b: length(b + b" "), half),
    "drip": for_ever(b"x", HEAD, b"X-Filler: ", pause=0.1),
}, "lasting": {
    "garbage": say(b"\x81\xa6\xcb\xf0\x15:_\x84\r\n\r\n"), "http-0.9": say(b"{}"),
    "http-2": say(b"HTTP/2 200\r\n", lambda s, b: length(b) + b), "icy": say(b"ICY 200 OK\r\n\r\n"),
    "301": moved(b"301"), "302": moved(b"302"), "307": moved(b"307"), "308": moved(b"308"), "304": page(b"304 X", b""),
    "lengths": say(HEAD, lambda s, b: b"Content-Length: 1\r\n" + length(b) + b),
    "both": say(HEAD, lambda s, b: b"Transfer-Encoding: chunked\r\n" + length(b) + chunk(b) + b"0\r\n\r\n"),
    "gzip-coding": say(HEAD, b"Transfer-Encoding: gzip\r\n\r\n", body_of),
    "too-long": hang(HEAD, b"Content-Length: 1000000000\r\n\r\n"),
    "endless-line": for_ever(BLANKS, b"HTTP/1.1 200 OK\r\nX-Filler:"),
}, "page": {
    "login": page(b"200 OK"), "nothing": page(b"200 OK", b""), "object": page(b"200 OK", b"{}"), "list": page(b"200 OK", b"[]"),
    "cut-inside": say(lambda s, b: HEAD + length(b[:-1]) + b[:-1], on=True),
}, "harmless": {
    "whole": say(whole, on=True), "drop": say(whole),
    "ahead": say(lambda s, b: whole(s, b) + FORGED, on=True),
    "chunks": say(lambda s, b: s + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(b + b" ") + b"0\r\n\r\n", on=True),
    "interim": say(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: <x>\r\n\r\n", whole, on=True),
    "http-1.0": say(lambda s, b: whole(s.replace(b"1.1", b"1.0"), b)),
}}
SLOW = {"hang", "hang-in-body", "drip"}         # what only a time-out ends


class Peer:
    """A connection of which messages are read."""

    def __init__(self, connection):
        self.connection, self.kept = connection, b""

    def more(self):
        data = self.connection.recv(65536)
        if not data:
            raise ConnectionError
        self.kept += data

    def take(self, n):
        while len(self.kept) < n:
            self.more()
        data, self.kept = self.kept[:n], self.kept[n:]
        return data

    def line(self):
        while b"\r\n" not in self.kept:
            self.more()
        return self.take(self.kept.index(b"\r\n") + 2)

    def message(self):
        """A head with its blank line and a body, and all of it as it came."""
        head = line = self.line()
        while line != b"\r\n":
            line = self.line()
            head += line
        named = dict(re.findall(rb"\r\n([^:\r]+): *([^\r]*)", head.lower()))
        if b"chunked" not in named.get(b"transfer-encoding", b""):
            body = self.take(int(named.get(b"content-length", 0)))
            return head, body, head + body
        body = raw = b""
        while True:
            size = self.line()
            data = self.take(int(size, 16) + 2)
            raw += size + data
            body += data[:-2]
            if data == b"\r\n":
                return head, body, head + raw


def name_of(head):
    """What a request asks for: the operation of an AWS service, else method and resource."""
    target = re.search(rb"\r\nX-Amz-Target: \w+\.(\w+)", head)
    if target:
        return target[1].decode()
    method, path = head.split(b" ")[:2]
    return method.decode() + " " + path.split(b"?")[0].split(b"/")[-1].decode()


class Gate:
    """at: the number of the request that is answered wrongly, 0 none; on: all behind it as well; early: such
    requests are not passed on.  asked has, in order, name, digest of all of the request but its date and
    signature, and whether it was passed on."""

    def __init__(self, port, fault=None, at=0, on=False, early=False):
        self.port, self.fault, self.at, self.on, self.early = port, fault, at, on, early
        self.asked, self.lock = [], threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.place = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            with client, socket.create_connection(("127.0.0.1", self.port)) as server:
                ours, theirs = Peer(client), Peer(server)
                while self.exchange(ours, theirs):
                    pass
        except (OSError, ConnectionError):
            pass        # whoever goes away goes away

    def exchange(self, client, server):
        head, body, raw = client.message()
        digest = hashlib.sha256(name_of(head).encode() + head.split(b"\r\n")[0] + body).hexdigest()
        with self.lock:
            number = len(self.asked) + 1
            wrong = self.at > 0 and (number == self.at or (self.on and number > self.at))
            self.asked.append((name_of(head), digest, not (wrong and self.early)))
        status, answer = b"HTTP/1.1 200 OK", b"{}"
        if not (wrong and self.early):
            server.connection.sendall(raw)
            head, answer, raw = server.message()
            status = head.split(b"\r\n")[0]
        if wrong:
            return self.fault(client.connection, status, answer)
        client.connection.sendall(raw)
        return True

    def repeated(self):
        """Whether the request that was first answered wrongly came again."""
        digests = [digest for _, digest, _ in self.asked]
        return 0 < self.at <= len(digests) and digests[self.at - 1] in digests[self.at:]

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def without_times(text):
    """Records as they compare between runs: no times, places, words of checks or seals' counts of bytes."""
    text = re.sub(r"127\.0\.0\.1:\d+", "HOST", text)
    rows = []
    for line in text.splitlines():
        row = {k: v for k, v in json.loads(line).items() if k not in ("Made", "Detail")}
        if "~end" in row:
            row = {"~end": {k: row["~end"][k] for k in ("ok", "rows")}}
        rows.append(row)
    return rows
