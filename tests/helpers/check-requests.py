#!/usr/bin/python3
"""check-requests.py LOG: checks the requests that capture.py wrote against botocore's service models
and prints what is wrong, one line a fault; status 1 if there was any.

Checked: the operation, every member (known, required, type, lengths, range, pattern), the protocol's
headers and no others, the URL, the signature as botocore itself computes it (where there is to be
none, that there is none), and that no secret stands anywhere but in its place.  Keys are known from
every answer of STS before.  AttributesToGet counts as a fault: the service fails on a user who lacks
the attribute.

check-requests.py --operations LOG prints the operations called, sorted, each once.
check-requests.py --each LOG... does both for each LOG by itself, whose name stands before each line.
"""
import json
import re
import sys
import unicodedata
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.loaders
import botocore.model
import botocore.validate

AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/ ]+)/([0-9]{8})/([a-z0-9-]+)/([a-z-]+)/aws4_request, "
    r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})")
NEVER = {"AttributesToGet"}
# Debian's model of STS does not say it; botocore has a handler for it instead.
UNSIGNED = {"AssumeRoleWithWebIdentity"}
# The keys that serve-pool gives to its command: those of AWS's own documentation.
USER_KEYS = {"AKIAIOSFODNN7EXAMPLE": ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None)}
NONCHARACTER = "\ufdd0"  # stands in classes that match nothing of a value


def load(service, version):
    data = botocore.loaders.Loader().load_service_model(service, "service-2", version)
    return botocore.model.ServiceModel(data)


JSON = [load("cognito-idp", "2016-04-18"), load("cognito-identity", "2014-06-30")]
STS = load("sts", "2011-06-15")


def unique(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise ValueError("a member stands there twice")
    return dict(pairs)


def matches(pattern, value):
    """Whether the whole value matches a pattern of the model, which are Java's: \\p{L} is written
    out as those characters of the value that have this category."""
    def characters(match):
        found = {c for c in value if unicodedata.category(c).startswith(match[1])}
        return "".join(re.escape(c) for c in sorted(found)) + NONCHARACTER
    return re.fullmatch(re.sub(r"\\p\{(\w+)\}", characters, pattern), value, re.ASCII)


def walk(shape, value, name):
    """What ParamValidator does not look at: upper ends, patterns, enumerations."""
    limits = shape.metadata
    if shape.type_name == "structure":
        for member, inner in value.items():
            if member in shape.members:
                yield from walk(shape.members[member], inner, f"{name}.{member}")
        return
    if shape.type_name == "list":
        for i, inner in enumerate(value):
            yield from walk(shape.member, inner, f"{name}[{i}]")
    if shape.type_name == "string":
        if "pattern" in limits and not matches(limits["pattern"], value):
            yield f"{name}: does not match {limits['pattern']}"
        if "enum" in limits and value not in limits["enum"]:
            yield f"{name}: none of {limits['enum']}"
    size = value if shape.type_name in ("integer", "long") else len(value) \
        if shape.type_name in ("string", "list") else 0
    if size > limits.get("max", size):
        yield f"{name}: more than {limits['max']}"


def check_members(shape, params):
    if shape is None:
        return [f"members that are not known: {sorted(params)}"] if params else []
    report = botocore.validate.ParamValidator().validate(params, shape)
    if report.has_errors():
        return report.generate_report().splitlines()
    return list(walk(shape, params, "input")) + [f"{n}: never to be sent" for n in NEVER & params.keys()]


def read_json(body):
    params = json.loads(body, object_pairs_hook=unique, parse_constant=lambda text: text)
    if not isinstance(params, dict):
        raise ValueError("the body is not an object")
    return params


def read_value(shape, name, pairs):
    """Takes the value called NAME, and all that it holds, out of pairs; None if it is not there."""
    if shape.type_name == "structure":
        values = {member: read_value(inner, f"{name}.{member}", pairs)
                  for member, inner in shape.members.items()}
        return {member: value for member, value in values.items() if value is not None} or None
    if shape.type_name == "list":
        if pairs.get(name) == "":
            pairs.pop(name)  # how botocore writes an empty list
            return []
        values = []
        while (value := read_value(shape.member, f"{name}.member.{len(values) + 1}", pairs)) is not None:
            values.append(value)
        return values or None
    value = pairs.pop(name, None)
    if value is not None and shape.type_name == "integer":
        if not re.fullmatch("[1-9][0-9]*", value):
            raise ValueError(f"{name}: not a number")
        return int(value)
    return value


def read_form(body, operation):
    """The members of a request in the query protocol, with the types that the model gives them; what
    the model does not know stands beside them."""
    pairs = urllib.parse.parse_qsl(body, keep_blank_values=True, strict_parsing=True)
    again = "&".join(f"{n}={urllib.parse.quote(v, safe='-._~')}" for n, v in pairs)
    if again != body:
        raise ValueError(f"not encoded as the query protocol wants it: {again}")
    pairs = unique(pairs)
    if pairs.pop("Version", None) != STS.api_version:
        raise ValueError("Version")
    pairs.pop("Action")
    params = {}
    for name, shape in operation.input_shape.members.items() if operation.input_shape else ():
        value = read_value(shape, name, pairs)
        if value is not None:
            params[name] = value
    return {**pairs, **params}


def check_headers(record, headers, json_protocol, signed):
    wanted = {"host", "user-agent", "content-type", "content-length"}
    if json_protocol:
        wanted.add("x-amz-target")
    if signed:
        wanted |= {"x-amz-date", "authorization"}
        if "x-amz-security-token" in headers:
            wanted.add("x-amz-security-token")
    for name in wanted - headers.keys():
        yield f"no header {name}"
    for name in headers.keys() - wanted:
        yield f"a header too many: {name}"
    if len(headers) < len(record["headers"]):
        yield "a header stands there twice"
    kind = "application/x-amz-json-1.1" if json_protocol else \
        "application/x-www-form-urlencoded; charset=utf-8"
    if not re.fullmatch("[a-z-]+/[0-9.]+", headers.get("user-agent", "")):
        yield "user-agent: more than a name and a version"
    if headers.get("content-type") != kind:
        yield "content-type"
    if record["method"] != "POST" or record["path"] != "/":
        yield f"{record['method']} {record['path']}"


def check_signature(record, headers, keys, service):
    found = AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if not found:
        return ["authorization: not of the form that it should have"]
    key, day, region, name, signed, signature = found.groups()
    signed = signed.split(";")
    if key not in keys:
        return ["authorization: an access key that nobody gave out"]
    secret, token = keys[key]
    faults = []
    if headers.get("x-amz-security-token") != token:
        faults.append("x-amz-security-token: not the one that belongs to the key")
    unsigned = {"host", "content-type", "x-amz-date", "x-amz-target", "x-amz-security-token"} & \
        headers.keys() - set(signed)
    if unsigned:
        faults.append(f"not signed: {sorted(unsigned)}")
    if name != service or not headers.get("x-amz-date", "").startswith(day + "T"):
        faults.append("authorization: scope")
    request = botocore.awsrequest.AWSRequest(
        "POST", f"http://{headers['host']}/", {n: headers.get(n, "") for n in signed},
        record["body"].encode("utf-8", "surrogateescape"))
    request.context["timestamp"] = headers.get("x-amz-date", "")
    auth = botocore.auth.SigV4Auth(botocore.credentials.Credentials(key, secret), name, region)
    text = auth.string_to_sign(request, auth.canonical_request(request))
    if auth.signature(text, request) != signature:
        faults.append("authorization: botocore computes another signature")
    return faults


def check_secrets(record, headers, keys):
    """Keys and tokens where they do not belong, and personal data anywhere but in the body."""
    for key, (secret, token) in keys.items():
        for name, value in headers.items():
            if secret in value or (token and token in value and name != "x-amz-security-token") or \
                    (key in value and name != "authorization"):
                yield f"a secret in {name}"
        if any(s and s in urllib.parse.unquote(record["body"] + record["path"]) for s in (key, secret, token)):
            yield "a secret in the body or the URL"


def check_web_token(record, headers, params):
    """The token of a web identity, which belongs into the body."""
    token = params.get("WebIdentityToken")
    for place, value in [*headers.items(), ("the URL", record["path"])] if token else ():
        if token in value:
            yield f"a secret in {place}"


def learn_keys(record, keys):
    """The credentials that an answer of STS gives out."""
    found = [re.search(f"<{name}>([^<]*)</{name}>", record.get("answer", ""))
             for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")]
    if all(found):
        keys[found[0][1]] = (found[1][1], found[2][1])


def check_upload(record, headers, keys):
    """A file for a presigned URL of S3's: what the URL's signature is for, and nothing that says who
    we are."""
    wanted = {"host", "content-length", "user-agent", "x-amz-server-side-encryption"}
    if set(headers) - {"accept"} != wanted:
        yield f"headers: {sorted(headers)}"
    if headers.get("x-amz-server-side-encryption") != "aws:kms":
        yield "x-amz-server-side-encryption"
    if "X-Amz-Signature=" not in record["path"]:
        yield "the URL is not signed"
    yield from check_secrets(record, headers, keys)


def check(record, keys):
    """Returns the operation and the list of faults."""
    headers = {name.lower(): value for name, value in record["headers"]}
    if record["method"] == "PUT":
        return "PutObject", list(check_upload(record, headers, keys))
    target = headers.get("x-amz-target")
    json_protocol = target is not None
    if json_protocol:
        prefix, _, name = target.partition(".")
        model = next((m for m in JSON if m.metadata["targetPrefix"] == prefix), None)
    else:
        model = STS
        name = (re.match("Action=([A-Za-z]*)(&|$)", record["body"]) or ("", ""))[1]
    if model is None:
        return name, [f"no service: {target}"]
    service = model.signing_name
    if name not in model.operation_names:
        return name, [f"no operation of {service}: {name}"]
    operation = model.operation_model(name)
    signed = name not in UNSIGNED
    faults = list(check_headers(record, headers, json_protocol, signed))
    if signed:
        faults += check_signature(record, headers, keys, service)
    faults += check_secrets(record, headers, keys)
    try:
        record["body"].encode()
        params = read_json(record["body"]) if json_protocol else read_form(record["body"], operation)
        faults += check_members(operation.input_shape, params)
        faults += check_web_token(record, headers, params)
    except ValueError as error:
        faults.append(f"body: {error}")
    learn_keys(record, keys)
    return name, faults


def check_log(path):
    """The operations called, sorted, each once, and the faults."""
    keys, operations, wrong = dict(USER_KEYS), set(), []
    with open(path, encoding="ascii") as log:
        for number, line in enumerate(log, 1):
            name, faults = check(json.loads(line), keys)
            operations.add(name)
            wrong += [f"request {number}: {name}: {fault}" for fault in faults]
    return sorted(operations), wrong if operations else ["no request was seen"]


def main():
    if sys.argv[1] == "--operations":
        print("\n".join(check_log(sys.argv[2])[0]))
        return 0
    if sys.argv[1] != "--each":
        wrong = check_log(sys.argv[1])[1]
        print("".join(f"{fault}\n" for fault in wrong), end="")
        return 1 if wrong else 0
    status = 0
    for path in sys.argv[2:]:
        operations, wrong = check_log(path)
        print(f"{path}: called: {' '.join(operations)}")
        print("".join(f"{path}: {fault}\n" for fault in wrong), end="")
        status = 1 if wrong else status
    return status


if __name__ == "__main__":
    sys.exit(main())
