"""What serve-pool is to answer, from the records of an inventory, and whether answers have the service
model's shapes: for the tests of the operations on what hangs on user pools, and on identity pools.

It is written from the service model and cognito-records(5), not from serve-pool.
"""
import datetime
import json
import os
import re

import boto3
from botocore.config import Config

# Members that the service has and Debian's botocore 1.29 does not know yet.
NEWER = {("DomainDescriptionType", "ManagedLoginVersion"), ("GetUserPoolMfaConfigResponse", "WebAuthnConfiguration"),
         ("GetUserPoolMfaConfigResponse", "EmailMfaConfiguration")}


def records(path):
    with open(path, encoding="utf-8") as file:
        every = [json.loads(line) for line in file]
    return [r for r in every if "Id" in r], [r for r in every if "IdentityPoolId" in r]


def seconds(date):
    when = datetime.datetime.fromisoformat(date.replace("Z", "+00:00"))
    return round(when.timestamp(), 3)


def dated(thing):
    return {k: seconds(v) if k in ("CreationDate", "LastModifiedDate") else v for k, v in thing.items()}


def part(thing, *names):
    return {k: thing[k] for k in names if k in thing}


def without(thing, *names):
    return {k: v for k, v in thing.items() if k not in names}


def clients(pool):
    """Of each: what a list says, what its description says."""
    for client in pool.get("UserPoolClients", []):
        client = {**dated(without(client, "HasClientSecret")), "UserPoolId": pool["Id"]}
        yield part(client, "ClientId", "UserPoolId", "ClientName"), client


def providers(pool):
    for provider in pool.get("IdentityProviders", []):
        provider = {**dated(provider), "UserPoolId": pool["Id"]}
        yield part(provider, "ProviderName", "ProviderType", "LastModifiedDate", "CreationDate"), provider


def servers(pool):
    return [{**server, "UserPoolId": pool["Id"]} for server in pool.get("ResourceServers", [])]


def domains(pool, account):
    for domain in pool.get("Domains", []):
        domain = {**domain, "UserPoolId": pool["Id"], "AWSAccountId": account}
        if "CertificateArn" in domain:
            domain["CustomDomainConfig"] = {"CertificateArn": domain.pop("CertificateArn")}
        yield domain


def mfa(pool):
    out = part(pool, "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration", "WebAuthnConfiguration")
    out["MfaConfiguration"] = pool.get("MfaConfiguration", "OFF")
    if "SmsMfaConfiguration" in pool:
        out["SmsMfaConfiguration"] = {**part(pool, "SmsConfiguration"), **pool["SmsMfaConfiguration"]}
    return out


def identity(pool):
    """What its description says, and what is said of its roles."""
    said = {"AllowUnauthenticatedIdentities": False, **without(pool, "Account", "Roles", "RoleMappings", "UserPools",
                                                              "Missing")}
    return said, part(pool, "IdentityPoolId", "Roles", "RoleMappings")


def faults(shape, value, where):
    """How a value of an answer differs from its shape; value's numbers are as they were sent, in text."""
    kind = {"structure": dict, "map": dict, "list": list, "boolean": bool, "string": str}.get(shape.type_name, Number)
    if not isinstance(value, kind):
        yield f"{where}: {shape.type_name} expected"
    elif shape.type_name == "structure":
        for name in shape.required_members:
            if name not in value:
                yield f"{where}: {name} is missing"
        for name, member in value.items():
            if name in shape.members:
                yield from faults(shape.members[name], member, f"{where}.{name}")
            elif (shape.name, name) not in NEWER:
                yield f"{where}: {name} is unknown"
    elif shape.type_name == "map":
        for name, member in value.items():
            yield from faults(shape.key, name, f"{where} key")
            yield from faults(shape.value, member, f"{where}.{name}")
    elif shape.type_name == "list":
        for i, member in enumerate(value):
            yield from faults(shape.member, member, f"{where}[{i}]")
    elif shape.type_name == "timestamp" and not re.fullmatch(r"[0-9]{10}(\.[0-9]{1,3})?", value.text):
        yield f"{where}: {value.text} is no date"
    elif shape.type_name in ("integer", "long") and not re.fullmatch(r"-?[0-9]+", value.text):
        yield f"{where}: {value.text} is no whole number"
    elif shape.type_name == "string":
        if shape.enum and value not in shape.enum:
            yield f"{where}: {value} is none of the model's words"
        if not shape.metadata.get("min", 0) <= len(value) <= shape.metadata.get("max", 1 << 30):
            yield f"{where}: the length of {value}"
    if shape.type_name in ("list", "map") and isinstance(value, (list, dict)) and \
            len(value) > shape.metadata.get("max", 1 << 30):
        yield f"{where}: too many"


class Number:
    """A number of an answer, as it was sent."""

    def __init__(self, text):
        self.text = text


def client(service, validates=True, **more):
    """One of boto3's, which Debian's version does not tell by a variable where to go."""
    return boto3.client(service, endpoint_url=os.environ["AWS_ENDPOINT_URL"], config=Config(
        retries={"total_max_attempts": 1}, parameter_validation=validates), **more)


class Watched:
    """A client of boto3's whose answers are looked at as they come: call() gives them as JSON."""

    def __init__(self, service, **more):
        self.client = client(service, **more)
        self.client.meta.events.register("after-call", self.look)
        self.faults, self.answers, self.last = [], 0, None

    def look(self, http_response, model, **_):
        if http_response.status_code != 200:
            return
        self.answers += 1
        text = http_response.content.decode()
        self.last = json.loads(text)
        numbered = json.loads(text, parse_int=Number, parse_float=Number)
        self.faults += [f"{model.name}: {fault}" for fault in faults(model.output_shape, numbered, "answer")]

    def call(self, operation, **parameters):
        getattr(self.client, operation)(**parameters)
        return self.last

    def pages(self, operation, member, **parameters):
        """All items, and the sizes of the pages."""
        items, sizes, token = [], [], {}
        while True:
            answer = self.call(operation, **parameters, **token)
            items += answer[member]
            sizes.append(len(answer[member]))
            if "NextToken" not in answer:
                return items, sizes
            token = {"NextToken": answer["NextToken"]}


def outcome(call):
    """The error's code and words, or that there was none."""
    try:
        call()
    except Exception as error:  # pylint: disable=broad-except
        answer = getattr(error, "response", None)
        return f"{answer['Error']['Code']}: {answer['Error']['Message']}" if answer else f"{type(error).__name__}: {error}"
    return "no error"


def compare(what, wanted, got):
    if wanted != got:
        print(f"{what}: wanted {json.dumps(wanted, sort_keys=True)}, got {json.dumps(got, sort_keys=True)}")
    return wanted == got
