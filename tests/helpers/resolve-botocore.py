#!/usr/bin/python3
"""resolve-botocore.py CASE-DIRECTORY...

Resolves profile files with Debian's botocore.  A directory holds config, credentials, env
(the whole environment, NAME=VALUE, each ended by a NUL) and options (words of our command line).  Prints one line
for each: the provider's name and the access key id (the name alone for a role, whose keys are new
each time), or "refused"; the region; where one of its switches is on, Cognito's endpoint; the
reason, if refused.
AWS_ENDPOINT_URL_STS is given to the STS client here, because botocore 1.29 does not read it.
"""
import getpass
import os
import sys

import botocore.exceptions
import botocore.loaders
import botocore.session

LOADER = botocore.loaders.Loader()
ORIGINAL = botocore.session.Session.create_client


def create_client(self, service_name, *args, **kwargs):
    if service_name == "sts":
        kwargs.update(endpoint_url=os.environ["AWS_ENDPOINT_URL_STS"], region_name="us-east-1")
    return ORIGINAL(self, service_name, *args, **kwargs)


def refuse(prompt):
    raise EOFError("nobody to ask")


def option(words, name):
    return words[words.index(name) + 1] if name in words else None


def resolve(session):
    credentials = session.get_credentials()
    if credentials is None:
        return "refused"
    key = credentials.access_key
    return credentials.method + ("" if key.startswith("ASIA") else ":" + key)


def settings(session):
    region = session.get_config_variable("region")
    switches = ("use_fips_endpoint", "use_dualstack_endpoint")
    if not any(session.get_config_variable(name) for name in switches):
        return [region, ""]
    return [region, session.create_client("cognito-idp").meta.endpoint_url]


def case(directory):
    with open(directory + "/env") as f:
        environment = dict(text.split("=", 1) for text in f.read().split("\0") if text)
    with open(directory + "/options") as f:
        words = f.read().split("\n")
    os.environ.clear()
    os.environ.update(environment)
    # All that anything wrong in a file can raise, KeyError and FileNotFoundError included.
    try:
        session = botocore.session.Session(profile=option(words, "--profile"))
        session.register_component("data_loader", LOADER)
        if option(words, "--region") is not None:
            session.set_config_variable("region", option(words, "--region"))
        return [resolve(session)] + settings(session) + [""]
    except Exception as e:
        return ["refused", "", ""] + [type(e).__name__ + ": " + str(e).replace("\n", " ")]


getpass.getpass = refuse
botocore.session.Session.create_client = create_client
for name in sys.argv[1:]:
    print("\t".join(case(name)))
