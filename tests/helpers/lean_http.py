"""As much of Python's http.server as the servers here use, under the same names: that one imports what
reads mail, and takes longer to start than the command that it is there for.
"""
import socket
import threading
import time

REASONS = {200: "OK", 201: "Created", 204: "No Content", 302: "Found", 304: "Not Modified",
           400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict",
           429: "Too Many Requests", 500: "Internal Server Error", 501: "Not Implemented",
           503: "Service Unavailable"}
LINE_MAX = 65536


class Headers:
    """In their order, found whatever the case of their names."""

    def __init__(self, pairs):
        self.pairs = pairs

    def get(self, name, default=None):
        return next((value for own, value in self.pairs if own.lower() == name.lower()), default)

    def items(self):
        return list(self.pairs)

    def values(self):
        return [value for _, value in self.pairs]

    def __contains__(self, name):
        return self.get(name) is not None

    __getitem__ = get


class BaseHTTPRequestHandler:
    """A connection: do_METHOD is called for each of its requests."""
    protocol_version = "HTTP/1.0"
    wbufsize = 0            # of wfile; 0: what is written is sent at once

    def __init__(self, connection, client_address, server):
        self.connection, self.client_address, self.server = connection, client_address, server
        self.setup()
        try:
            self.handle()
        finally:
            self.finish()

    def setup(self):
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", self.wbufsize) if self.wbufsize else self
        self.head = []

    def finish(self):
        if self.wfile is not self:
            try:
                self.wfile.close()
            except OSError:
                pass        # the client is gone
        self.rfile.close()

    def write(self, data):
        self.connection.sendall(data)
        return len(data)

    def flush(self):
        """Nothing is kept."""

    def handle(self):
        self.close_connection = False
        while not self.close_connection and self.read_head():
            method = getattr(self, "do_" + self.command, None)
            if method is None:
                self.close_connection = True
                self.send_response(501)
                self.end_headers()
                return
            method()
            self.wfile.flush()

    def read_head(self):
        """Whether there was another request."""
        words = self.rfile.readline(LINE_MAX).decode("latin-1").split()
        if len(words) != 3:
            return False
        self.command, self.path, version = words
        pairs = []
        while (line := self.rfile.readline(LINE_MAX).decode("latin-1").rstrip("\r\n")):
            name, _, value = line.partition(":")
            pairs.append((name, value.strip()))
        self.headers = Headers(pairs)
        kept = self.headers.get("Connection", "").lower()
        both = version >= "HTTP/1.1" and self.protocol_version >= "HTTP/1.1"
        self.close_connection = kept == "close" or not (both or kept == "keep-alive")
        if both and self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100, "Continue")
            self.end_headers()
        return True

    def send_response(self, status, reason=None):
        self.send_response_only(status, reason)
        self.send_header("Date", time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime()))

    def send_response_only(self, status, reason=None):
        self.head.append(f"{self.protocol_version} {status} {reason or REASONS.get(status, 'X')}")

    def send_header(self, name, value):
        self.head.append(f"{name}: {value}")
        if name.lower() == "connection":
            self.close_connection = value.lower() == "close"

    def end_headers(self):
        self.wfile.write(("\r\n".join(self.head) + "\r\n\r\n").encode("latin-1", "strict"))
        self.head = []


class ThreadingHTTPServer:
    """A thread for each connection."""

    def __init__(self, address, handler):
        self.handler = handler
        self.socket = socket.create_server(address, backlog=128)
        self.server_address = self.socket.getsockname()
        self.server_port = self.server_address[1]

    def serve_forever(self):
        while True:
            try:
                connection, address = self.socket.accept()
            except OSError:
                continue    # a handshake that failed
            threading.Thread(target=self.serve, args=(connection, address), daemon=True).start()

    def serve(self, connection, address):
        try:
            self.handler(connection, address, self)
        except Exception:   # whatever a handler has met
            self.handle_error(connection, address)
        finally:
            try:
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            connection.close()

    def handle_error(self, request, client_address):
        """As its parent: on standard error."""
        import traceback
        traceback.print_exc()
