#!/usr/bin/python3
"""find-secrets.py [OPTION...] PLANTED TRACE: searches a trace (strace -f -v -y) of one command and
its children for secrets where none may be, and prints one line a finding, which names the secret
and does not quote it.  Status 0: none, 1: some, 2: the trace shows too little to be judged.

PLANTED holds a secret a line: kind, name and value, separated by tabs.  The kinds are

    long-term   the caller's own secret key: in nothing but what the command was started with
    secret      tokens and codes: the network may see them too
    target      what opens a SCIM server, as secret
    password    of somebody: the network alone may see it
    personal    user names, attribute values: the network, files and standard output may see them

The keys and tokens that the command got on its way (from STS, a container endpoint, a process)
are taken from the trace itself, and so is the token that assume-role makes for its command; they
count as secrets.  What is searched:

    argv        the arguments of every program
    env         the environment of every program but the first
    stderr      what anyone wrote to descriptor 2 or to the file --stderr
    stdout      what anyone wrote to the file --stdout
    file        what anyone wrote to another file; and a file made, or opened up, for others than
                its owner (whatever the umask: strace does not show it)
    network     the caller's secret key in what was sent, but to the command's own helper; an address
                that is not of this machine

A part of a secret counts as the secret: any 15 characters of it in a row.

    --role-in-environment   the role's keys may be in the environment of children
    --needed-by NAME,...    of a script: no other program may have anything secret in its environment
    --target-needed-by NAME,...    and what is of kind target, no other than these
    --role-on-stdout        they may be on standard output
    --learns                a trace in which no role's keys were seen shows too little
"""
import argparse
import collections
import ipaddress
import os
import re
import sys
import urllib.parse

WINDOW, STEP = 12, 4
STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"(\.\.\.)?')
CALL = re.compile(rb'^(\d+) +(\w+)\((.*)$')
ESCAPE = re.compile(rb'\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)', re.S)
PLAIN = {b'n': b'\n', b't': b'\t', b'r': b'\r', b'v': b'\v', b'f': b'\f', b'a': b'\a', b'b': b'\b'}
ISSUED = re.compile(
    rb'<(SecretAccessKey|SessionToken)>([^<]+)<|'
    rb'"(SecretAccessKey|SessionToken|Token)"\s*:\s*"([^"]+)"')
# Headers of ours that are as good as keys; a signature is not.
SHOWN = re.compile(rb'\r\n(Authorization|X-aws-ec2-metadata-token): (?!AWS4-)([^\r]{6,})\r', re.I)
# What assume-role serves to its command has a token that must stand in that command's environment.
MADE = re.compile(rb'^AWS_CONTAINER_AUTHORIZATION_TOKEN=(.*)$', re.S)
# Kinds of secrets: what AWS is asked with, and all.
FOR_AWS = {"long-term", "secret", "role", "made"}
CLOSED = FOR_AWS | {"target", "password"}
Secret = collections.namedtuple("Secret", "kind name windows")


def unescape(text):
    def one(match):
        code = match.group(1)
        if code[:1] == b'x':
            return bytes([int(code[1:], 16)])
        if code[:1].isdigit():
            return bytes([int(code, 8) & 255])
        return PLAIN.get(code, code)
    return ESCAPE.sub(one, text)


def strings(text):
    """The decoded strings of a call, and whether strace cut one."""
    found = STRING.findall(text)
    return [unescape(s) for s, cut in found], any(cut for s, cut in found)


def windows(value):
    """The pieces by which a secret is known, as it is and as forms carry it."""
    pieces = set()
    for form in (value, urllib.parse.quote(value, safe="").encode()):
        last = max(len(form) - WINDOW, 0)
        pieces.update(form[i:i + WINDOW] for i in [*range(0, last, STEP), last])
    return pieces


class Trace:
    """One trace: its calls, decoded."""

    def __init__(self, path):
        self.calls = []         # (name, first words of the arguments, strings)
        self.received = b""
        self.seen = b""
        self.cut = False
        self.pairs = set()      # sockets between the command and its helper
        with open(path, "rb") as f:
            for line in f:
                self.add(line)

    def add(self, line):
        match = CALL.match(line)
        if match is None:
            # The rest of an interrupted call: only what was read stands in it, or who is a pair.
            if b"<... socketpair resumed>" in line:
                self.pairs.update(re.findall(rb'\d+<([^>]*)>', line))
            text = b"".join(strings(line)[0])
            self.received += text
            self.seen += text
            return
        name, rest = match.group(2).decode(), match.group(3)
        found, cut = strings(rest)
        self.cut = self.cut or cut
        text = b"".join(found)
        self.seen += text + b"\n"
        if name == "socketpair":
            self.pairs.update(re.findall(rb'\d+<([^>]*)>', rest))
        if name in ("read", "readv", "recvfrom", "recvmsg"):
            self.received += text
        else:
            self.calls.append((name, rest, found))


def fd_of(rest):
    """The descriptor and what it stands for."""
    match = re.match(rb'(\d+)(?:<((?:[^>\\]|\\.|->)*)>)?', rest)
    if match is None:
        return -1, b""
    return int(match.group(1)), match.group(2) or b""


def is_socket(what):
    return re.match(rb'(TCP|UDP|TCPv6|UDPv6|UNIX|socket)\b', what) is not None


class Search:
    def __init__(self, trace, planted, options):
        self.trace, self.options = trace, options
        self.secrets = planted
        self.findings = []
        self.learned = 0
        self.stderr = b""
        self.blind = False      # a program was started and its words could not be read

    def learn(self):
        for match in ISSUED.finditer(self.trace.received):
            name, value = match.group(1) or match.group(3), match.group(2) or match.group(4)
            # What was planted can come back from a fake endpoint; it keeps its kind.
            if any(s.kind == "long-term" and windows(value) & s.windows for s in self.secrets):
                continue
            self.secrets.append(Secret("role", "the role's " + name.decode(), windows(value)))
            self.learned += 1
        starts = [found for name, rest, found in self.trace.calls if name == "execve"]
        made = {match.group(1) for found in starts[1:] for match in map(MADE.match, found) if match}
        shown = {(match.group(1), match.group(2)) for name, rest, found in self.trace.calls
                 for match in SHOWN.finditer(b"".join(found))}
        for token in made:
            self.secrets.append(Secret("made", "the token made for the command", windows(token)))
        for header, token in shown:
            # As above, what was planted keeps its kind.
            if token not in made and not any(windows(token) & s.windows for s in self.secrets):
                self.secrets.append(Secret("secret", "the token in " + header.decode(),
                                           windows(token)))

    def say(self, text):
        if text not in self.findings:
            self.findings.append(text)

    def look(self, where, text, kinds):
        for secret in self.secrets:
            if secret.kind in kinds and any(w in text for w in secret.windows):
                self.say(f"{where}: {secret.name}")

    def program(self, rest, found, first):
        if not found:
            self.blind = True
        # execve("path", ["argv"...], ["env"...]): the environment begins behind the "], [" that is
        # in no string.
        outside = STRING.split(rest)[::3]
        split = next((i for i, text in enumerate(outside) if b"], [" in text), len(found))
        argv, env = found[:split], found[split:]
        name = os.path.basename(argv[0].decode("utf-8", "replace")) if argv else "?"
        # Whoever is on the machine sees them.
        for word in argv[1:]:
            self.look(f"argv: of {name}", word, CLOSED | {"personal"})
        if first:
            return
        allowed = {"made", "role"} if self.options.role_in_environment else {"made"}
        if self.options.needed_by:
            allowed = FOR_AWS if name in self.options.needed_by.split(",") else set()
            if name in self.options.target_needed_by.split(","):
                allowed = allowed | {"target"}
        for word in env:
            self.look(f"env: of {name}", word, CLOSED - allowed)

    def written(self, name, rest, found):
        fd, what = fd_of(rest)
        text = b"".join(found)
        if fd == 2 or what == self.options.stderr:
            self.stderr += text
        elif what == self.options.stdout:
            allowed = {"role"} if self.options.role_on_stdout else set()
            self.look("stdout", text, CLOSED - allowed)
        elif is_socket(what) and what not in self.trace.pairs:
            self.look("network: sent", text, {"long-term"})
        elif what.startswith(b"/") and not what.startswith(b"/dev/"):
            self.look(f"file: {os.path.basename(what).decode()}", text, CLOSED)

    def address(self, rest):
        for family, pattern in ((4, rb'inet_addr\("([^"]*)"\)'),
                                (6, rb'inet_pton\(AF_INET6, "([^"]*)"')):
            for host in re.findall(pattern, rest):
                if not ipaddress.ip_address(host.decode()).is_loopback:
                    self.say(f"network: an address of another machine, IPv{family}")

    def opened(self, name, rest, found):
        if b"O_CREAT" not in rest and b"O_TMPFILE" not in rest and name != "creat":
            return
        mode = re.search(rb', 0(\d*)\)? *(=|<unfinished|$)', rest)
        path = found[0].decode("utf-8", "replace") if found else "?"
        if not path.startswith("/dev/") and (mode is None or int(mode.group(1) or b"0", 8) & 0o077):
            self.say(f"file: {os.path.basename(path)} is made for others than its owner")

    def run(self):
        self.learn()
        first = True
        for name, rest, found in self.trace.calls:
            if name in ("execve", "execveat"):
                self.program(rest, found, first)
                first = False
            elif name in ("connect", "sendto", "sendmsg"):
                self.address(rest)
                self.written(name, rest, found)
            elif name in ("open", "openat", "openat2", "creat"):
                self.opened(name, rest, found)
            elif name in ("chmod", "fchmod", "fchmodat"):
                mode = re.search(rb', 0(\d+)', rest)
                if mode is not None and int(mode.group(1), 8) & 0o077:
                    self.say("file: opened up for others than its owner")
            else:
                self.written(name, rest, found)
        self.look("stderr", self.stderr, CLOSED | {"personal"})
        return self.findings

    def too_little(self):
        if self.trace.cut:
            return "strace cut a string"
        if self.blind:
            return "strace could not read the words of a program"
        if not any(s.kind != "personal" and any(w in self.trace.seen for w in s.windows)
                   for s in self.secrets if s.kind != "role"):
            return "no planted secret was seen at all"
        if self.options.learns and self.learned == 0:
            return "no keys of a role were seen"
        return None


def read_planted(path):
    with open(path, "rb") as f:
        lines = [line.rstrip(b"\n").split(b"\t", 2) for line in f]
    return [Secret(kind.decode(), name.decode(), windows(value)) for kind, name, value in lines]


def real_path(path):
    return os.path.realpath(path).encode()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--role-in-environment", action="store_true")
    parser.add_argument("--needed-by")
    parser.add_argument("--target-needed-by", default="")
    parser.add_argument("--role-on-stdout", action="store_true")
    parser.add_argument("--learns", action="store_true")
    parser.add_argument("--stdout", default="out", type=real_path)
    parser.add_argument("--stderr", default="err", type=real_path)
    parser.add_argument("planted")
    parser.add_argument("trace")
    options = parser.parse_args()
    search = Search(Trace(options.trace), read_planted(options.planted), options)
    findings = search.run()
    for finding in findings:
        print(finding)
    why = search.too_little()
    if why is not None:
        print(f"too little: {why}")
        return 2
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
