#!/usr/bin/python3
"""beside.py MODULE...: runs scripts of Python beside serve-pool, one after the other, each in a process
of its own that has these modules already: botocore takes a third of a second to start.

A line of standard input is, with tabs between, OUT, ERR, OPTION... of serve-pool, --, SCRIPT and
ARGUMENT...; the answer is the script's status, or serve-pool's own if that is not 0.
"""
import importlib
import os
import runpy
import shlex
import subprocess
import sys

for module in sys.argv[1:]:
    importlib.import_module(module)


def begin(options):
    """serve-pool, and os.environ as it says."""
    server = subprocess.Popen(["serve-pool", *options], stdout=subprocess.PIPE, text=True)
    for line in server.stdout:
        word, *names = shlex.split(line)
        if word == "unset":  # the last line
            for name in names:
                os.environ.pop(name, None)
            break
        os.environ.update([names[0].split("=", 1)])
    return server


def work(out, err, options, script, arguments):
    for fd, path in ((1, out), (2, err)):
        file = os.open(path, os.O_WRONLY | os.O_APPEND)
        os.dup2(file, fd)
        os.close(file)
    server = begin(options)
    sys.argv = [script, *arguments]
    sys.path.insert(0, os.getcwd())
    status = 1
    try:
        runpy.run_path(script, run_name="__main__")
        status = 0
    except SystemExit as end:
        status = end.code or 0
    finally:
        sys.stdout.flush()
        server.terminate()
        status = server.wait() or status
    return status


def main():
    for line in sys.stdin:
        out, err, *words = line.rstrip("\n").split("\t")
        end = words.index("--")
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = work(out, err, words[:end], words[end + 1], words[end + 2:])
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


main()
