#!/usr/bin/python3
"""line-terminal.py [--columns N] [--raw FILE] -- COMMAND...: runs COMMAND in a pseudo-terminal of its
own, N columns wide (80), and shows what stands on its screen at the end, lines that have scrolled away
included.  The screen is a simple one: it knows CR, LF, backspace and ESC [ K, and is as wide as the
terminal; what else comes shows as it is.  --raw: all bytes that came go to FILE as well.

Ends with COMMAND's status (128 + N for a death by signal N), or with 99 after a minute.
"""
import argparse
import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time

PATIENCE = 60


class Screen:
    def __init__(self, columns):
        self.columns = columns
        self.lines = [[]]
        self.at = 0

    def feed(self, text):
        for part in re.findall(r"\x1b\[K|[\s\S]", text):
            line = self.lines[-1]
            if part == "\r":
                self.at = 0
            elif part == "\n":
                self.lines.append([])       # the terminal's line discipline gives CR as well
            elif part == "\b":
                self.at = max(0, self.at - 1)
            elif part == "\x1b[K":
                del line[self.at:]
            else:
                if self.at == self.columns:  # wraps
                    self.lines.append([])
                    self.at = 0
                    line = self.lines[-1]
                line.extend(" " * (self.at + 1 - len(line)))
                line[self.at] = part
                self.at += 1

    def text(self):
        return "\n".join("".join(line).rstrip() for line in self.lines).rstrip("\n") + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--columns", type=int, default=80)
    parser.add_argument("--raw")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    gate_in, gate_out = os.pipe()
    pid, fd = pty.fork()
    if pid == 0:
        os.close(gate_out)
        os.read(gate_in, 1)                 # the size is set
        os.environ["TERM"] = "xterm"
        os.execvp(options.command[0], options.command)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, options.columns, 0, 0))
    os.close(gate_in)
    os.close(gate_out)
    seen, end = b"", time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if not select.select([fd], [], [], 1)[0]:
            continue
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if data == b"":
            break
        seen += data
    else:
        sys.exit(99)
    if options.raw:
        with open(options.raw, "wb") as f:
            f.write(seen)
    screen = Screen(options.columns)
    screen.feed(seen.decode("ascii", "backslashreplace"))
    sys.stdout.write(screen.text())
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    sys.exit(status if status >= 0 else 128 - status)


main()
