"""The AWS CLI's own program, for many calls in one process: its start takes half a second.

aws(ARGUMENT...) does what the command of these arguments does, with the variables that os.environ has
now, and returns its status, standard output and standard error.  For /usr/bin/python3, whose
modules Debian's awscli is among.
"""
import json
import os
import sys
import tempfile

from awscli.clidriver import create_clidriver


def aws(*arguments):
    """Through descriptors 1 and 2: the CLI writes to either by several ways."""
    streams = (sys.stdout, sys.stderr)
    kept, files = [os.dup(1), os.dup(2)], [tempfile.TemporaryFile(), tempfile.TemporaryFile()]
    for stream, file in zip(streams, files):
        stream.flush()
        os.dup2(file.fileno(), stream.fileno())
    try:
        status = create_clidriver().main(
            ["--endpoint-url", os.environ["AWS_ENDPOINT_URL"], "--output", "json", *arguments])
    finally:
        for stream, fd in zip(streams, kept):
            stream.flush()
            os.dup2(fd, stream.fileno())
            os.close(fd)
    for file in files:
        file.seek(0)
    return (status, *(file.read().decode() for file in files))


def answer(*arguments):
    """The answer of a call that is to end well."""
    status, out, err = aws(*arguments)
    if status != 0:
        raise RuntimeError(f"aws {' '.join(arguments[:2])}: status {status}: {err.strip()}")
    return json.loads(out)


def show(value):
    """As jq -c prints it."""
    print(json.dumps(value, ensure_ascii=False, separators=(",", ":")), flush=True)
