#!/usr/bin/python3
"""hostile-check.py: judges what commands made of sound and poisoned records (hostile.py), by Python's
own readers.  Standard input has a line of words for each:

    NAME KIND WHAT MIXED SOUND OUTPUT REJECTS CLEAN

    KIND    ndjson, csv, cognito, json, ldif, bulk: the form of OUTPUT; with ":N", N lines in front
    WHAT    what must have come through unchanged: a key of SAME; a layout's file, for what its
            columns take; "record", "flat" (each member under its name), or - for nothing
    MIXED   all records, and SOUND the sound ones alone
    OUTPUT, REJECTS   what the command made of MIXED
    CLEAN   what it makes of SOUND; - where that cannot be compared

or, for the output of a pipeline, whose records have no lines any more,

    NAME KIND among COUNT - OUTPUT REJECTS CLEAN

where COUNT is how many users the pool has, or - if OUTPUT has other rows.

Says on standard output, "NAME: ...", what is wrong:

  * a record that is neither in OUTPUT nor in REJECTS, or that is in both;
  * a sound record that is rejected, or whose bytes differ from those in CLEAN;
  * a value that does not come out as it went in;
  * a reject whose line, stream or record is wrong;
  * a seal that is not the only one, at the end, and right, where INPUT has one.
"""
import base64
import csv
import decimal
import functools
import io
import json
import shlex
import sys

csv.field_size_limit(1 << 30)
LINE_MAX = 1048576


def text_of(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def parse(data):
    """JSON whose numbers are what they say."""
    return json.loads(data, parse_int=decimal.Decimal, parse_float=decimal.Decimal)


class Wrong(Exception):
    pass


# --- the rows of an output, as bytes

def split_lines(data):
    if data and not data.endswith(b"\n"):
        raise Wrong("the last line has no end")
    return data.split(b"\n")[:-1]


def split_csv(data):
    """The rows of RFC 4180, each with its line end."""
    rows, start, quoted = [], 0, False
    for part in data.split(b"\n")[:-1]:
        start_of_part = rows.pop() + b"\n" if quoted else b""
        quoted ^= part.count(b'"') % 2 == 1
        rows.append(start_of_part + part)
    if quoted or not data.endswith(b"\n"):
        raise Wrong("the file ends within a row")
    return rows


def split_json(data):
    """The records of an array, a line each."""
    lines = split_lines(data)
    json.loads(data)
    if not lines[0].startswith(b"[") or not lines[-1].endswith(b"]"):
        raise Wrong("no array")
    lines[0], lines[-1] = lines[0][1:], lines[-1][:-1] + b","
    if any(not line.endswith(b",") for line in lines):
        raise Wrong("a record that is no line")
    return [line[:-1] for line in lines]


def split_ldif(data):
    return [entry for entry in data.strip(b"\n").split(b"\n\n") if entry != b""]


def split_bulk(data):
    """The operations of all requests."""
    text, at, rows = data.decode(), 0, []
    while at < len(text):
        request, at = json.JSONDecoder().raw_decode(text, at)
        rows += [json.dumps(o, separators=(",", ":")).encode() for o in request.get("Operations", [request])]
        while text[at:at + 1].isspace():
            at += 1
    return rows


SPLIT = {"ndjson": split_lines, "csv": split_csv, "cognito": split_lines, "json": split_json,
         "ldif": split_ldif, "bulk": split_bulk}


def split_cognito(row):
    """No quotes; a comma that is no separator has a backslash before it."""
    cells = [""]
    text = iter(row.decode())
    for c in text:
        if c == "\\":
            cells[-1] += next(text)
        elif c == ",":
            cells.append("")
        else:
            cells[-1] += c
    return cells


def read_ldif(entry):
    """{attribute: [value]} by RFC 2849."""
    record = {}
    for line in entry.replace(b"\n ", b"").split(b"\n"):
        name, value = line.split(b":", 1)
        if value.startswith(b":"):
            value = base64.b64decode(value[1:].strip(b" "), validate=True)
        elif value.startswith(b"<"):
            raise Wrong("a value that is a URL")
        else:
            value = value[1:]
        record.setdefault(name.decode(), []).append(value.decode())
    return {name: values[0] if len(values) == 1 else values for name, values in record.items()}


# --- what comes through unchanged: the member of the output, and that of the input

def names(*pairs):
    return dict(pair.split("=") for pair in pairs)


PERSON = names("givenName=given_name", "sn=family_name")
SAME = {
    "users": names("Username=Username", "sub=sub", "given_name=given_name", "name=name", "email=email",
                   "address=address", "locale=locale", "identities=identities", "zoneinfo=zoneinfo",
                   "custom:note=custom:note", "UserStatus=UserStatus"),
    "auth0": names("user_id=sub", "email=email", "name=name", "given_name=given_name",
                   "family_name=family_name", "nickname=nickname", "picture=picture"),
    "cognito": names("name=name", "given_name=given_name", "nickname=nickname", "email=email"),
    "entra": {},
    "fusionauth": names("email=email", "fullName=name", "firstName=given_name", "lastName=family_name"),
    "google": names("FirstName=given_name", "LastName=family_name"),
    "jumpcloud": names("Username=Username", "FirstName=given_name", "LastName=family_name",
                       "Email=email", "MiddleName=middle_name", "preferredName=nickname"),
    "keycloak": names("username=Username", "email=email", "firstName=given_name",
                      "lastName=family_name"),
    "oci": {"User ID": "Username", "Last Name": "family_name", "First Name": "given_name",
            "Middle Name": "middle_name", "Nick Name": "nickname", "Profile URL": "profile",
            "TimeZone": "zoneinfo", "Work Email": "email", "External Id": "sub"},
    "okta": names("firstName=given_name", "lastName=family_name", "middleName=middle_name",
                  "email=email", "nickName=nickname", "profileUrl=profile", "timezone=zoneinfo"),
    "onelogin": names("username=Username", "firstname=given_name", "lastname=family_name",
                      "email=email", "phone=phone_number"),
    "scim": names("externalId=sub", "userName=Username", "nickName=nickname"),
    "ldif": {**PERSON, "uid": "Username", "mail": "email", "mobile": "phone_number"},
    "csvde": {**PERSON, "mail": "email", "mobile": "phone_number"},
}

TRIMMED = ["cognito", "entra"]		# by the mapping, since the target does


@functools.lru_cache
def columns_of(layout):
    """The names in records of the layout's columns."""
    with open(layout, encoding="utf-8") as file:
        lines = [shlex.split(text, comments=True) for text in file]
    return {words[1]: words[2] for words in lines if words[:1] == ["column"] and words[2] != "constant"}


def value_of(record, name):
    attributes = record.get("Attributes")
    if name in record:
        return record[name]
    return attributes.get(name) if isinstance(attributes, dict) else None


def compare(what, line, made, say):
    """Whether the member that came out has the value that went in."""
    if what == "record":
        if parse(line) != parse(made):
            say("comes out as another record")
        return
    record = json.loads(line)
    if what == "flat":
        same = {name: name for name in record}
    else:
        same = columns_of(what) if "/" in what else SAME.get(what, {})
    for to, source in same.items():
        value, got = value_of(record, source), made.get(to)
        # By itself in capital letters, or left out where the target has no word for nothing.
        if isinstance(value, str) and value != "" and to in made and got != value and \
                (what not in TRIMMED or got != value.strip(" \t\r\n")):
            say("%s: %s comes out as %s" % (source, ascii(value)[:60], ascii(got)[:60]))


class Output:
    def __init__(self, kind, what, path):
        self.kind, _, front = kind.partition(":")
        self.what = what
        with open(path, "rb") as file:
            data = file.read()
        self.lines = data.split(b"\n")[:-1]
        self.rows = SPLIT[self.kind](data) if data else []
        self.front = self.rows[:int(front or 0)]
        del self.rows[:int(front or 0)]

    def take_seal(self):
        """Of a stream of records, or of BulkRequests, a line each."""
        seals = [line for line in self.lines if line.startswith(b'{"~end"')]
        if len(seals) != 1 or self.lines[-1] != seals[0]:
            raise Wrong("%d seals, or not at the end" % len(seals))
        del self.rows[-1]
        seal = json.loads(seals[0])["~end"]
        if seal["ok"] is not True or seal["rows"] != len(self.lines) - 1 or \
                seal["bytes"] != sum(len(line) + 1 for line in self.lines[:-1]):
            raise Wrong("the seal is not right")
        return seal

    def decode(self, row):
        """The row as the input's reader sees it."""
        if self.kind == "csv":
            cells = next(csv.reader(io.StringIO(row.decode(), newline="")))
            heads = next(csv.reader(io.StringIO(self.front[-1].decode().lstrip("\ufeff"), newline="")))
            if len(cells) != len(heads):
                raise Wrong("a row of %d cells, not %d" % (len(cells), len(heads)))
            return dict(zip(heads, cells))
        if self.kind == "cognito":
            return dict(zip(split_cognito(self.front[-1]), split_cognito(row)))
        if self.kind == "ldif":
            return read_ldif(row)
        made = json.loads(row)
        return made.get("data", made) if self.kind == "bulk" else made


def check_reject(reject, lines, say):
    if sorted(reject) != ["Line", "Reason", "Record", "Stream"] or reject["Reason"] == "":
        say("a reject of another shape")
        return
    line = lines[reject["Line"] - 1]
    if len(line) > LINE_MAX:
        expected = ""
    else:
        try:
            expected = json.loads(line)
            if not isinstance(expected, dict):
                expected = None
        except (ValueError, RecursionError):
            expected = None
    record = reject["Record"]
    if expected is not None and record != expected and not isinstance(record, str):
        say("another record is rejected than stands in line %d" % reject["Line"])


def read_records(path):
    """Its lines without the seal, and whether there is one."""
    with open(path, "rb") as file:
        lines = file.read().split(b"\n")[:-1]
    sealed = bool(lines) and lines[-1].startswith(b'{"~end"')
    return lines[:-1] if sealed else lines, sealed


def check(name, kind, what, mixed, sound, output, rejects, clean):
    def say(text):
        print("%s: %s" % (name, text))

    lines, sealed = read_records(mixed)
    made = Output(kind, what, output)
    with open(rejects, "rb") as file:
        rejected = [json.loads(line) for line in split_lines(file.read())]
    if sealed and kind in ("ndjson", "bulk"):
        if made.take_seal()["rejected"] != len(rejected):
            say("the seal counts other rejects")
    for reject in rejected:
        check_reject(reject, lines, say)
    gone = {reject["Line"] for reject in rejected}
    if len(gone) != len(rejected):
        say("a line is rejected twice")
    kept = [line for n, line in enumerate(lines, 1) if n not in gone]
    if len(kept) != len(made.rows):
        say("%d records, %d rejects, %d rows" % (len(lines), len(gone), len(made.rows)))
        return
    if clean != "-":
        pure = Output(kind, what, clean)
        if sealed and kind in ("ndjson", "bulk"):
            pure.take_seal()
        neighbours = set(read_records(sound)[0])
        if [row for line, row in zip(kept, made.rows) if line in neighbours] != pure.rows:
            say("sound records come out otherwise")
    for line, row in zip(kept, made.rows):
        if what != "-":
            compare(what, line, row if what == "record" else made.decode(row),
                    lambda text: say("%s: %s" % (ascii(text_of(line[:40])), text)))


def name_in(row):
    names = [row.get(key) for key in ["Username", "userName", "username", "uid", "User ID", "login", "sAMAccountName",
                                      "User name [userPrincipalName] Required", "user_id",
                                      "cognito:username", "User Name", "Email Address [Required]"]]
    return next((name for name in names if name), "")


def check_among(name, kind, count, output, rejects, clean):
    """That the rows of CLEAN are in OUTPUT, in their order, and no other row is a sound user's."""
    made, pure = Output(kind, "-", output), Output(kind, "-", clean)
    if made.rows and made.rows[-1].startswith(b'{"~end"'):
        made.take_seal()
        pure.take_seal()
    with open(rejects, "rb") as file:
        rejected = [json.loads(line) for line in split_lines(file.read())]
    rest = iter(made.rows)
    if not all(row in rest for row in pure.rows):
        print("%s: sound records come out otherwise" % name)
    if count == "-":
        return
    # A membership is rejected beside its user, and a user may be once more for the members' sake.
    users = {json.dumps(r["Record"]) for r in rejected
             if not r["Stream"].startswith("ListUsersInGroup:") and r["Stream"] != "members"}
    if len(made.rows) + len(users) != int(count):
        print("%s: of %s users %d are there and %d rejected" % (name, count, len(made.rows), len(users)))
    sound = [row for row in made.rows if name_in(made.decode(row)).startswith("sound-")]
    if len(sound) != len([row for row in pure.rows if b"sound-" in row]):
        print("%s: a row of a sound user that is none" % name)


def main():
    for text in sys.stdin:
        words = text.split()
        try:
            if words[2] == "among":
                check_among(*words[:2], words[3], *words[5:])
            else:
                check(*words)
        except (Wrong, ValueError, IndexError, KeyError, OSError, StopIteration) as e:
            print("%s: %s: %s" % (words[0], type(e).__name__, e))


main()
