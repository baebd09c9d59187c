#!/usr/bin/python3
"""terminal.py [STEP...] -- COMMAND...: runs COMMAND in a session and a pseudo-terminal of its own,
as its standard input, output and error, and plays the person before it.  The steps, in order:

    expect=TEXT  waits until TEXT has been shown, behind what the last expect found
    send=TEXT    types TEXT; ^C, ^D and ^M at its end are the keys, and ^M is Enter

All that was shown goes to standard output.  Ends with COMMAND's status (128 + N for a death by signal
N), or with 99 and a word on standard error if a step's TEXT does not come.
"""
import os
import pty
import select
import sys
import time

PATIENCE = 60
KEYS = {"^C": b"\x03", "^D": b"\x04", "^M": b"\r"}


class Person:
    def __init__(self, fd):
        self.fd = fd
        self.seen = b""
        self.mark = 0

    def look(self, wait):
        """Takes what is shown; False at the end."""
        if not select.select([self.fd], [], [], wait)[0]:
            return True
        try:
            data = os.read(self.fd, 4096)
        except OSError:
            return False
        self.seen += data
        return data != b""

    def expect(self, text):
        end = time.monotonic() + PATIENCE
        while True:
            at = self.seen.find(text, self.mark)
            if at >= 0:
                self.mark = at + len(text)
                return True
            if time.monotonic() > end or not self.look(1):
                return False

    def send(self, text):
        tail = b""
        for name, key in KEYS.items():
            if text.endswith(name):
                text, tail = text[:-len(name)], key
        os.write(self.fd, text.encode() + tail)


def main():
    at = sys.argv.index("--")
    steps, command = sys.argv[1:at], sys.argv[at + 1:]
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    person = Person(fd)
    missing = None
    for step in steps:
        what, text = step.split("=", 1)
        if what == "send":
            person.send(text)
        elif not person.expect(text.encode()):
            missing = text
            break
    end = time.monotonic() + PATIENCE
    while missing is None and person.look(1):
        if time.monotonic() > end:
            missing = "the end"
    os.write(1, person.seen)
    os.close(fd)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if missing is not None:
        print("terminal.py: not shown: %s" % missing, file=sys.stderr)
        sys.exit(99)
    sys.exit(status if status >= 0 else 128 - status)


main()
