"""hostile.py DIRECTORY SEED: poisoned profiles among sound ones, the same in every run but for what
the seed combines.  Makes the files

    sound      200 users
    mixed      these, and behind each a poisoned one until they run out: lines that need be neither
               UTF-8 nor JSON
    members    memberships of all users who can have one

each with its seal, and pool.sound and pool.mixed, what of them serve-pool takes, with groups.  Names of sound users begin with "sound-"; those of others do not.
"""
import json
import os
import random
import sys

SOUND = 200
CHARACTERS_MAX = 2048		# of an attribute's value


def sub(number):
    return "00000000-0000-4000-8000-%012d" % number


def sound(number):
    name = "sound-%03d" % number
    return {"Username": name, "Enabled": True, "UserStatus": "CONFIRMED",
            "UserCreateDate": "2020-01-02T03:04:05.678Z",
            "Attributes": {"birthdate": "1980-02-28", "custom:note": "note, \"%d\"" % number,
                           "email": name + "@example.com", "email_verified": "true",
                           "family_name": "S\u00f8und;%d" % number, "given_name": "Ana",
                           "locale": "en_US", "name": "Ana Sound %d" % number,
                           "sub": sub(number)},
            "Groups": ["staff-all", "group-%d" % (number % 3)][:number % 4]}


# --- values

SEAL = '{"~end":{"v":1,"ok":true,"rows":0,"bytes":0,"rejected":0}}'
ESCAPES = {
    "csi": "\x1b[31mred\x1b[0m\x1b[2J\x1b[1;1H", "title": "\x1b]0;owned\x07",
    "link": "\x1b]8;;http://evil.example\x1b\\text\x1b]8;;\x1b\\",
    "dcs": "\x1bP+q544e\x1b\\", "apc": "\x1b_Gf=100\x1b\\", "reset": "\x1bc",
    "c1": "".join(map(chr, range(0x80, 0xa0))), "csi8": "\x9b31mred\x9b0m\x9b2J",
    "osc8": "\x9d0;owned\x9c", "c0": "".join(map(chr, range(1, 0x20))), "del": "a\x7f\x08b",
    "overprint": "evil\rgood", "nel": "a\x85b",
}
UNICODE = {
    "bidi": "a\u202ab\u202bc\u202dd\u202ee\u202cf", "isolates": "\u2066a\u2067b\u2068c\u2069d",
    "marks": "\u200ea\u200fb\u061cc", "zero": "a\u200bb\u200cc\u200dd\u2060e", "bom": "\ufeffa\ufeffb",
    "lines": "a\u2028b\u2029c", "not-characters": "a\ufffeb\uffffc\U0001fffed\U0010ffff",
    "replacement": "a\ufffdb", "tags": "a\U000e0041\U000e007f", "combining": "e\u0301" * 40,
    "zalgo": "Z" + "\u0315\u031b\u0340" * 60, "private": "\ue000\uf8ff",
}
FORMULAS = {
    "sum": "=1+1", "dde": "=cmd|' /C calc'!A0", "plus": "+1+1", "minus": "-2+3", "at": "@SUM(1,1)",
    "tab": "\t=1", "cr": "\r=1", "full-width": "\uff1d1+1", "link2": '=HYPERLINK("http://x","y")',
    "quoted": '"=1+1"', "line": 'x\n=1+"1"\r\n=2', "comma": "a,=1+1;=2+2", "apostrophe": "'=1",
    "blank": " =1", "pipe": "|calc", "percent": "%0A=1",
}
ENDS = {
    "lf": "a\nb", "crlf": "a\r\nb", "only-cr": "a\rb", "vt-ff": "a\vb\fc", "last": "a\n", "first": "\na",
    "only": "\n", "nul": "a\0b", "nul-first": "\0a", "blanks": "   ", "blank-ends": " a ", "tab": "\t",
}
MEANING = {
    "seal": SEAL, "seal-line": "\n" + SEAL + "\n", "record": '\n{"Username":"sound-001"}\n',
    "row": "x\r\nsound-001,evil,evil\r\n", "cell": '","evil","', "half-quote": '"', "quotes": '""',
    "entry": "\n\ndn: uid=sound-001,dc=example,dc=com\nuserPassword: evil\n", "fold": "\n evil",
    "base64": ": ZXZpbA==", "url": "< file:///etc/passwd", "dn": "x,ou=admins,dc=example,dc=com+cn=y",
    "scim": '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"sound-001"}',
    "bulk": '"},{"method":"DELETE","path":"/Users/1"},{"', "bulk-id": "bulkId:sound-001",
    "jq": '"; reject("x") | "\\(env)', "format": "%s%n%x", "shell": "$(touch pwned)`touch pwned`",
    "shell2": "'; touch pwned; '", "sql": "'); DROP TABLE users; --", "null": "null", "true": "true",
    "nan": "NaN", "large": "1e999", "zero": "-0", "digits": "12345678901234567890123",
    "copy-end": "\\.", "copy-null": "\\N", "u0000": "\\u0000", "ud800": "\\ud800", "back": "a\\",
    "address": '{"street_address":"\\ud800","locality":["x"],"region":1e999,"country":"de"}',
    "address-deep": '{"street_address":' + "[" * 400, "address-many": '{"a":1,"a":2,"formatted":"x"}',
    "address-nul": '{"street_address":"a\\u0000b","formatted":"\\u001b[31m"}',
    "path": "../../../etc/passwd", "device": "/dev/stdout", "option": "--output=/tmp/x",
    "reject": '"Line":1,"Stream"', "reject2": 'x","Line":3,"Stream":"stdin',
    "header": "x\r\nX-Evil: 1\r\n\r\nbody", "xml": "]]><!--", "semicolons": "a;b;;c",
    "date": "2001-02-29", "date2": "-99999-01-01", "seconds": "9e99", "seconds2": "-1000000000000000000",
}
LARGE = {
    "all-quotes": '"' * CHARACTERS_MAX, "all-escapes": "\x01" * CHARACTERS_MAX,
    "all-wide": "\U0001f600" * CHARACTERS_MAX, "all-backslashes": "\\" * CHARACTERS_MAX,
    "all-lines": "\n" * CHARACTERS_MAX, "all-commas": "," * CHARACTERS_MAX,
    "all-blanks": " " * CHARACTERS_MAX, "all-semicolons": ";" * CHARACTERS_MAX,
    "all-braces": "{" * CHARACTERS_MAX, "all-equals": "=" * CHARACTERS_MAX,
}
VALUES = {**{"escape-" + k: v for k, v in ESCAPES.items()},
          **{"unicode-" + k: v for k, v in UNICODE.items()},
          **{"formula-" + k: v for k, v in FORMULAS.items()},
          **{"end-" + k: v for k, v in ENDS.items()},
          **{"meaning-" + k: v for k, v in MEANING.items()}, **LARGE}
IDENTITIES = {
    "text": "no JSON", "object": "{}", "scalars": "[1,null,\"x\"]", "deep": "[" * 200 + "]" * 200,
    "deeper": "[" * 10000 + "]" * 10000, "cut": '[{"userId":"1"', "empty": '[{}]',
    "twice": '[{"userId":"1","userId":"2","providerName":"G","providerName":"H"}]',
    "wrong": '[{"userId":[1],"providerName":null,"dateCreated":"x","primary":7}]',
    "far": '[{"userId":"1","providerName":"G","dateCreated":1e999,"primary":"TRUE"}]',
    "lone": '[{"userId":"\\ud800","providerName":"\\u0000"}]', "nan": "[NaN]",
    "long": json.dumps([{"userId": str(n), "providerName": "P"} for n in range(18000)]),
}
# Names of attributes: records' own, the seal's, and what a language makes of names.
NAMES = ["Username", "Groups", "Attributes", "GroupName", "Members", "Op", "Key", "~end", "~bad",
         "custom:~end", "custom:Username", "a.b", "a:b", 'a"b', "a\nb", "a\r\nb,c", "=1+1", " a ",
         "__proto__", "constructor", "custom:__proto__", "custom:\x1b[31m", "custom:\u202e", "dn",
         "objectClass", "schemas", "id", "userName", "externalId", "active", "custom:userName",
         "Enabled", "InitialPassword", "userPassword", "changetype", "\u00e9", "e\u0301"]
# Names of users who could be taken for one, a list of each.
ALIKE = [["alike-ana", "Alike-Ana", "ALIKE-ANA"], ["alike-\u00e9", "alike-e\u0301"],
         ["alike-\ufb01", "alike-fi"], ["alike-i", "alike-\u0130", "alike-\u0131"],
         ["alike-ss", "alike-\u00df", "alike-\u1e9e"], ["alike-k", "alike-\u212a"],
         ["alike-t", "alike-t ", "alike-t\u200d", "alike-t\u00a0", "alike-t\u200b", " alike-t"],
         ["alike-p", "alike-\u0440"], ["alike-\uff41", "alike-a"], ["alike-\u03c3", "alike-\u03c2"],
         ["alike-x  y", "alike-x y"]]
USERNAMES = ["-o", "--", "--help", "-", "../../etc/passwd", "/dev/stdout", "con", ".", "..", "a/b",
             "\U0001f600" * 128, "=1+1", "a;b", "a,b", 'a"b', "a\\", "#a", "a=b", "a+b", "a<b>", "null",
             "true", "0", "1e3", "~end", "bulkId:" + sub(1), "group:staff", "NUL\x01", "a\tb", "a\nb",
             "\x1b[31m", "\u202eana", "\x9b2J", "\ufeffana", "*", "%s", "$(id)", "a@b@c", "@", "a@",
             "%2e%2e", "(objectClass=*)", "\u2028"]


def person(number, **attributes):
    """Nothing is odd about it but what is put there."""
    name = "odd-%04d" % number
    return {"Username": name, "Enabled": True, "UserStatus": "CONFIRMED",
            "UserCreateDate": "2021-01-02T03:04:05.678Z",
            "Attributes": {"email": name + "@example.com", "email_verified": "true",
                           "family_name": "Odd", "given_name": "Odd", "sub": sub(10000 + number),
                           **attributes},
            "Groups": ["staff-all"]}


FREE = ["given_name", "family_name", "name", "nickname", "middle_name", "address", "gender", "locale",
        "zoneinfo", "website", "profile", "picture", "preferred_username", "birthdate", "updated_at",
        "custom:note"]
KEYS = ["email", "phone_number", "email_verified", "sub"]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.made = []		# (what, record or bytes)
        self.number = 0

    def person(self, what, **attributes):
        self.number += 1
        record = person(self.number, **attributes)
        self.made.append((what, record))
        return record

    def raw(self, what, text):
        self.number += 1
        name = "odd-%04d" % self.number
        if isinstance(text, str):
            text = text.encode("utf-8", "surrogatepass")
        self.made.append((what, text.replace(b"@@", name.encode())))

    def values(self):
        for what, value in VALUES.items():
            self.person("one " + what, **{"given_name": value, "custom:note": value})
            self.person("all " + what, **{name: value for name in FREE})
            for name in KEYS:
                self.person("%s %s" % (name, what), **{name: value})
        for what, value in IDENTITIES.items():
            self.person("identities " + what, identities=value)

    def names(self):
        for name in NAMES:
            self.person("attribute " + ascii(name), **{name: "evil"})
        self.person("attributes many", **{"custom:a%02d" % n: "x" for n in range(50)},
                    **{"dev:custom:a%02d" % n: "x" for n in range(25)})
        for name in USERNAMES + [name for alike in ALIKE for name in alike]:
            self.person("user " + ascii(name[:40]))["Username"] = name
        for name in ["a@example.com", "A@EXAMPLE.COM"]:
            self.person("email " + name, email=name)

    def shapes(self):
        for what, value in [("true", "true"), ("text", "x"), ("null", None), ("number", 1), ("list", [])]:
            self.person("Enabled " + what)["Enabled"] = value
            self.person("UserStatus " + what)["UserStatus"] = value
            self.person("Groups " + what)["Groups"] = value
            self.person("Attributes " + what)["Attributes"] = value
            self.person("UserCreateDate " + what)["UserCreateDate"] = value
        for name in ["given_name", "email", "sub", "address", "identities", "locale", "custom:note"]:
            for what, value in [("number", 1e3), ("null", None), ("list", ["a", {"b": 1}]),
                                ("object", {"a": "b"}), ("false", False)]:
                self.person("%s %s" % (name, what), **{name: value})
        for member in ["Enabled", "UserStatus", "UserCreateDate", "Attributes", "Groups"]:
            del self.person("no " + member)[member]
        self.person("groups 10000")["Groups"] = ["group-%d" % n for n in range(10000)]
        self.person("groups odd")["Groups"] = ["a;b", 'a"b', "../x", "\n", "\x1b[31m", "", "staff-all"]
        self.person("groups wrong")["Groups"] = [1, None, {"a": 1}, ["x"]]
        self.person("groups twice")["Groups"] = ["staff-all", "staff-all"]
        for n in range(3):
            self.person("sub of sound %d" % n, sub=sub(n))
        deep = []
        for _ in range(200):
            deep = [deep]
        self.person("deep member")["MFAOptions"] = deep
        self.person("large member")["MFAOptions"] = ["x" * 1000] * 500

    def raws(self):
        line = '{"Username":"@@","Attributes":{"sub":"s@@","email":"@@@example.com","given_name":"%s"}}'
        for what, text in [("cut", b"\xc3"), ("lone continuation", b"\x80"), ("overlong slash", b"\xc0\xaf"),
                           ("overlong NUL", b"\xe0\x80\x80"), ("overlong four", b"\xf0\x80\x80\xaf"),
                           ("surrogate", b"\xed\xa0\x80"), ("pair", b"\xed\xa0\x80\xed\xb0\x80"),
                           ("beyond", b"\xf4\x90\x80\x80"), ("five", b"\xf8\x88\x80\x80\x80"),
                           ("six", b"\xfc\x84\x80\x80\x80\x80"), ("fe", b"\xfe"), ("c1", b"\x9b31m"),
                           ("latin", b"\xe9"), ("NUL", b"\0"), ("ESC", b"\x1b[31m"), ("tab", b"\t")]:
            self.raw("raw " + what, line.encode().replace(b"%s", text))
            self.raw("raw name " + what, line.encode().replace(b"@@\",\"A", b"@@" + text + b"\",\"A")
                     .replace(b"%s", b"x"))
        for what, text in [("high", "\\ud800"), ("low", "\\udc00"), ("reversed", "\\udc00\\ud800"),
                           ("cut", "\\ud8"), ("two high", "\\ud800\\ud800\\udc00"), ("bad", "\\x41"),
                           ("upper", "\\U0041")]:
            self.raw("escape " + what, line % text)
            self.raw("escape in a name " + what, (line % "x").replace('"@@"', '"@@%s"' % text, 1))
            self.raw("escape in a key " + what, (line % "x").replace("given_name", text, 1))
        for what, text in [
                ("NUL in a name", '{"Username":"@@\\u0000"}'), ("empty name", '{"Username":""}'),
                ("name null", '{"Username":null}'), ("name number", '{"Username":1}'), ("no name", "{}"),
                ("name list", '{"Username":["@@"]}'), ("two names", '{"Username":"@@","Username":"sound-001"}'),
                ("escaped name", '{"Username":"@@","\\u0055sername":"sound-001"}'),
                ("two subs", '{"Username":"@@","Attributes":{"sub":"a","sub":"b"}}'),
                ("two attributes", '{"Username":"@@","Attributes":{"sub":"s@@","email":"a","email":"b"}}'),
                ("two lists", '{"Username":"@@","Attributes":{"sub":"a"},"Attributes":{"sub":"b"}}'),
                ("two groups", '{"Username":"@@","Groups":[],"Groups":["staff-all"]}'),
                ("empty attribute", '{"Username":"@@","Attributes":{"sub":"s@@","":"x"}}'),
                ("NUL attribute", '{"Username":"@@","Attributes":{"sub":"s@@","a\\u0000b":"x"}}'),
                ("NUL sub", '{"Username":"@@","Attributes":{"sub":"s@@\\u0000"}}'),
                ("key ~", '{"Username":"@@","~":1}'), ("key ~ends", '{"Username":"@@","~ends":1}'),
                ("escaped ~", '{"Username":"@@","\\u007ebad":{"v":1}}'),
                ("empty key", '{"Username":"@@","":1}'), ("proto", '{"Username":"@@","__proto__":{"a":1}}'),
                ("huge numbers", '{"Username":"@@","a":1e999,"b":-0,"c":12345678901234567890123,"d":1E-400}'),
                ("nan", '{"Username":"@@","a":NaN}'), ("infinity", '{"Username":"@@","a":-Infinity}'),
                ("hex", '{"Username":"@@","a":0x10}'), ("zeroes", '{"Username":"@@","a":01}'),
                ("plus", '{"Username":"@@","a":+1}'), ("dot", '{"Username":"@@","a":1.}'),
                ("comma", '{"Username":"@@",}'), ("single", "{'Username':'@@'}"), ("bare", '{Username:"@@"}'),
                ("comment", '{"Username":"@@"}//x'), ("two values", '{"Username":"@@"}{"Username":"@@"}'),
                ("list", '["@@"]'), ("text", '"@@"'), ("blank", ""), ("spaces", "   "), ("null", "null"),
                ("bom", '\ufeff{"Username":"@@"}'), ("cr", '{"Username":"@@"}\r'), ("open", '{"Username":"@@"'),
                ("group too", '{"GroupName":"","Username":"@@"}'), ("separator", '\x1e{"Username":"@@"}'),
                ("deep 257", '{"Username":"@@","a":%s}' % ("[" * 256 + "]" * 256)),
                ("deep 250", '{"Username":"@@","a":%s}' % ("[" * 250 + "]" * 250)),
                ("deep 100000", '{"Username":"@@","a":%s' % ("[" * 100000)),
                ("too long", '{"Username":"@@","a":"%s"}' % ("x" * 1100000)),
                ("as long as may be", '{"Username":"odd-long","a":"%s"}' % ("x" * (1048576 - 29)))]:
            self.raw(what, text)

    def combinations(self, count):
        pick = self.random.choice
        values = list(VALUES.values())
        for n in range(count):
            value = "".join(pick(values)[:self.random.randint(1, 40)] for _ in range(3))
            record = self.person("random %d" % n, **{pick(FREE): value, pick(FREE): pick(values)},
                                 **{pick(NAMES): value})
            if n % 3 == 0:
                record["Attributes"]["email"] = pick(values)
            if n % 4 == 0:
                record["Username"] += value[:20].replace("\0", "") + "."
            if n % 5 == 0:
                record[pick(["Description", "MFAOptions", "Members", "x", "a,b", "a\nb"])] = pick(values)


def poison(seed=0, count=100):
    m = Maker(seed)
    m.values()
    m.names()
    m.shapes()
    m.raws()
    m.combinations(count)
    return m.made


def line(record):
    if isinstance(record, bytes):
        return record
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8")


# Groups are the administrators'; their names, in which the service takes no blank and no control
# character, are in a pool whoever its users are.
GROUPS = [
    {"GroupName": "staff-all", "Description": "\x1b]0;owned\x07\x9b2J", "Precedence": 1},
    {"GroupName": "group-0", "Description": "x\r\n,=1+1,\"", "RoleArn": "arn:aws:iam::1:role/\u202e"},
    {"GroupName": "group-1", "Description": SEAL}, {"GroupName": "group-2"}]
ODD_GROUPS = ["a;b", 'a"b', "../../x", "=1+1", "STAFF-ALL", "caf\u00e9", "cafe\u0301",
              "a/b", ".", "con", "-o", "sound-001", "\U0001f600" * 128, "rejects", "001", "~end"]


def is_served(record):
    """Whether Cognito could send it, and serve-pool does."""
    if not isinstance(record, dict) or not isinstance(record.get("Attributes"), dict):
        return False
    values = record["Attributes"].values()
    return all(isinstance(value, str) for value in values) and \
        isinstance(record.get("Enabled"), bool) and isinstance(record.get("UserStatus"), str) and \
        str(record.get("UserCreateDate")).startswith("202") and "GroupName" not in record and \
        len(line(record)) < 1000000 and record.get("Groups") == ["staff-all"] and "\0" not in record["Attributes"].get("sub", "")


def write_pool(directory, good, bad):
    odd = [{"GroupName": name, "Description": "odd"} for name in ODD_GROUPS]
    groups = [line(group) for group in GROUPS + odd]
    served = {record["Username"]: record for record in bad if is_served(record)}
    for n, record in enumerate(served.values()):
        record["Groups"] = ["staff-all", ODD_GROUPS[n % len(ODD_GROUPS)]]
    save(directory, "pool.sound", groups + good)
    save(directory, "pool.mixed", groups + mix(good, [line(record) for record in served.values()]))


def mix(good, bad):
    lines = []
    for n in range(max(len(good), len(bad))):
        lines += good[n:n + 1] + bad[n:n + 1]
    return lines


def save(directory, name, lines):
    with open(os.path.join(directory, name), "wb") as file:
        file.write(b"".join(text + b"\n" for text in lines))


def seal(lines):
    size = sum(len(text) + 1 for text in lines)
    return ('{"~end":{"v":1,"ok":true,"rows":%d,"bytes":%d,"rejected":0,"source":"test","scope":"all",'
            '"via":[]}}' % (len(lines), size)).encode()


def is_readable(text):
    """Whether the commands take the line for a user, as far as is needed here."""
    try:
        record = json.loads(text)
        name = record["Username"].encode()
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError):
        return False
    return 0 < len(name) < 4000 and b"\0" not in name


def write(directory, seed):
    good = [line(sound(n)) for n in range(SOUND)]
    bad = [record for _, record in poison(seed)]
    mixed = mix(good, [line(record) for record in bad])
    save(directory, "sound", good + [seal(good)])
    save(directory, "mixed", mixed + [seal(mixed)])
    # Everybody once more, in a group.
    names = dict.fromkeys(json.loads(text)["Username"] for text in mixed if is_readable(text))
    members = [line({"GroupName": "staff-all", "Username": name}) for name in names]
    save(directory, "members", members + [seal(members)])
    write_pool(directory, good, bad)


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]))
