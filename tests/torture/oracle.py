#!/usr/bin/python3
"""The one judge of every faulted run: failed allocations, failed calls, kills, cut streams.

A Scene is a command (or a pipeline) with all that it reads.  whole() runs it untouched and keeps what
came out; run() runs it again, each time in a fresh directory, under a fault; judge() says what of that
run must not be, as a list of texts, which is empty if all is well:

  1. It ends: TIMEOUT seconds are a hang.  No process of it is left behind.
  2. It does not crash: no death by a signal but those that were sent (and SIGPIPE where the reader
     went away), no report of a sanitizer or of the C library, no core file.
  3. It ends with a status that commands have (STATUSES), and with 0 or 3 only where the untouched run
     ended so; then standard output and all files are those of the untouched run: bytes equal (of a
     seal and of what the scene masks, all but the times), sets of lines where the scene says so, and
     every seal right.  Nothing else was made, nothing is missing.
  4. With any other status
     - there is no good seal on standard output, unless it is right and a signal that was sent came
       behind it;
     - standard output is the beginning of the whole one (a part of its lines, where it is a set);
     - every output that was there before is there, byte for byte, and none is new.  The rejects take
       their place first, so that file may be the whole new one; so may an output of which a message
       says that only the sync of its directory failed, and any where a signal that was sent came later;
     - something was said, unless a signal ended the run.
  5. Standard error holds lines of the form "prog: ...", printable ASCII, cut where a line may be cut,
     and no canary of the scene.
  6. Files that are in nobody's way (temporaries beside an output, in TMPDIR) may be left by a run that
     a signal ended; beside an output also by one of which a signal ended another process; and by no
     other.  After the NEXT run of the same command, which must come out whole, none is left.

What a scene may say besides: see Scene.  The oracle is itself tested: tests/torture-oracle.t.
"""
import ctypes
import fnmatch
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TIMEOUT = int(os.environ.get("TORTURE_TIMEOUT", "120"))
STATUSES = {1, 2, 4, 5, 75, 126, 127}
LINE_MAX = 4096
ORPHAN_TIME = int(os.environ.get("TORTURE_ORPHAN_TIME", "20"))
SANITIZER = re.compile(
    rb"(Address|Leak|Memory|Thread|UndefinedBehavior)Sanitizer|: runtime error: |stack smashing"
    rb"|double free|malloc\(\): |free\(\): |realloc\(\): |corrupted |Assertion .* failed|core dumped")
TIMES = re.compile(rb'"(started|ended)":"[^"]*"')
DIRECTORY_SYNC = b"cannot sync its directory"
SHARED_PACES = ("HOME/.cache", "HOME/.cache/*")
PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans():
    """What a run leaves behind becomes our child, so that it is seen.  Once a process."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def seals(data):
    """The seals in data and whether each is right: a list of (ok, right).  What has no LF is none."""
    found = []
    if b'"~end"' not in data:
        return found
    lines = data.split(b"\n")
    marks = [i for i, line in enumerate(lines[:-1]) if line.lstrip().startswith(b'{"~end"')]
    rows = [line for i, line in enumerate(lines[:-1]) if i not in marks]
    for i in marks:
        try:
            end = json.loads(lines[i])["~end"]
            ok = end["ok"] is True
            right = (ok and len(marks) == 1 and lines[-1] == b"" and end["rows"] == len(rows)
                     and end["bytes"] == sum(len(row) + 1 for row in rows))
        except (ValueError, KeyError, TypeError):
            continue    # cut or no seal: nobody takes it for one
        found.append((ok, right))
    return found


def without_seals(data):
    lines = data.split(b"\n")
    return b"\n".join(line for line in lines if not line.startswith(b'{"~end":'))


class Run:
    """What a run left: status (negative: the signal), stdout, stderr, before and after (every file
    below its directory by relative path: bytes, or None for a directory)."""

    def __init__(self, status, stdout, stderr, before, after, hung=False, orphans=False,
                 reports=b""):
        self.status, self.stdout, self.stderr = status, stdout, stderr
        self.before, self.after = before, after
        self.hung, self.orphans, self.reports = hung, orphans, reports

    @classmethod
    def load(cls, path):
        """From a directory with the files status, stdout, stderr, and the trees before and after."""
        def read(name):
            with open(os.path.join(path, name), "rb") as f:
                return f.read()
        return cls(int(read("status")), read("stdout"), read("stderr"),
                   snapshot(os.path.join(path, "before")), snapshot(os.path.join(path, "after")))


def snapshot(top):
    """Every file below top by relative path: its bytes; directories and others: None."""
    found = {}
    for base, directories, files in os.walk(top):
        for name in directories:
            found[os.path.relpath(os.path.join(base, name), top)] = None
        for name in files:
            path = os.path.join(base, name)
            try:
                with open(path, "rb") as f:
                    found[os.path.relpath(path, top)] = f.read() if os.path.isfile(path) else None
            except OSError:
                found[os.path.relpath(path, top)] = None
    return found


class Scene:
    """A command and all that it reads.

    argv     the program and its arguments; run with the scene's directory as working directory
    stdin    bytes, or None for /dev/null
    files    what lies in the directory: path: bytes.  Old outputs belong here as well
    env      on top of the clean environment that environment() makes
    outputs  paths (or patterns) that the command makes, each old or whole
    late     of those, which take their place before the others (--reject): old or whole at any status
    free     patterns of files that may look as they like (--stats, resume state, shared paces)
    sets     "stdout" or paths of outputs whose lines may come in any order
    masks    (expression, replacement) on bytes: what of the output differs from run to run
    canaries bytes that no message may hold
    foreign  True: other programs (bash, sort, ...) may write on standard error as well, in any form
    silent   True: it may fail without a word (assume-role -- false)
    signals  signals by which it may end on its own account
    statuses further statuses it may end with
    results  True: rows say how each operation went, so those of a run that failed are others
    partial  a function of a run and the whole one that judges a run which ends with 3 and is not the
             whole, and says that some of it was not done; returns problems
    between  a function of a run that did not come to the end and the whole one, that judges how far
             the former came with what a run does step by step, and the next one goes on with; what
             it looks at is old, whole or such.  Returns problems
    next_run True: the next run is made after every failed one, not only where files are left
    server   an object with start() -> environment and stop(), for what talks to one
    """

    def __init__(self, name, argv, stdin=None, files=(), env=(), outputs=(), late=(), free=(),
                 sets=(),
                 masks=(), canaries=(), foreign=False, silent=False, signals=(), statuses=(),
                 next_run=False, results=False, server=None, timeout=TIMEOUT, partial=None,
                 between=None):
        self.name, self.argv, self.stdin = name, list(argv), stdin
        self.files, self.env = dict(files), dict(env)
        self.outputs, self.late, self.sets = outputs, late, sets
        self.free = (*free, *SHARED_PACES)
        self.masks = [(re.compile(a), b) for a, b in masks]
        self.canaries, self.foreign, self.silent = list(canaries), foreign, silent
        self.signals, self.statuses = set(signals), STATUSES | set(statuses)
        self.next_run, self.results, self.server, self.timeout = next_run, results, server, timeout
        self.kept, self.heavy, self.partial, self.between = None, False, partial, between

    def environment(self, top):
        build, tree = os.environ["TORTURE_BUILD"], os.environ["TORTURE_TREE"]
        env = {
            "PATH": f"{build}/bin:{build}/tools:{tree}/pipelines:/usr/local/bin:/usr/bin:/bin",
            "HOME": top + "/home", "TMPDIR": top + "/tmp", "LC_ALL": "C", "TZ": "UTC",
            "COGNITO_FILTERS_PATH": tree + "/pipelines", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "ASAN_OPTIONS": f"log_path={top}/report:detect_leaks=0:abort_on_error=0:exitcode=99"
                            ":allocator_may_return_null=1",
            "UBSAN_OPTIONS": f"log_path={top}/report:print_stacktrace=1",
        }
        if self.server is not None:
            env.update(self.server.start())
        env.update(self.env)
        return env

    def prepare(self):
        """A fresh directory: work (where it runs, with its files), tmp, home."""
        top = tempfile.mkdtemp(prefix="cognito-torture.")
        for name in ("work", "tmp", "home"):
            os.mkdir(f"{top}/{name}", 0o700)
        for path, data in self.files.items():
            whole = f"{top}/work/{path}"
            os.makedirs(os.path.dirname(whole), exist_ok=True)
            with open(whole, "wb") as f:
                f.write(data)
            os.chmod(whole, 0o600)
        with open(top + "/stdin", "wb") as f:
            f.write(self.stdin or b"")
        return top

    def execute(self, top, prefix=(), env=(), during=None, reader=None):
        """One run in the directory top.  during(process) is called once it runs.  reader(fd) reads
        standard output, a pipe then, and returns what it took of it."""
        whole = self.environment(top)
        whole.update(env)
        os.umask(0o077)
        before = self.look(top)
        stdin = top + "/stdin" if self.stdin is not None else "/dev/null"
        hung = False
        with open(stdin, "rb") as i, open(top + "/stdout", "wb") as o, open(top + "/stderr",
                                                                            "wb") as e:
            ours, theirs = os.pipe() if reader is not None else (None, o)
            process = subprocess.Popen(list(prefix) + self.argv, stdin=i, stdout=theirs, stderr=e,
                                       env=whole,
                                       cwd=top + "/work", start_new_session=True)
            if during is not None:
                during(process)
            if reader is not None:
                os.close(theirs)
                os.write(o.fileno(), reader(ours))
                os.close(ours)
            hung = not ends(process, self.timeout)
            orphans = not hung and not gone(process.pid)
            if hung or orphans:
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                process.wait()
                gone(process.pid)
        reports = b""
        for name in os.listdir(top):
            if name.startswith("report"):
                with open(f"{top}/{name}", "rb") as f:
                    reports += f.read()
                os.unlink(f"{top}/{name}")
        with open(top + "/stdout", "rb") as o, open(top + "/stderr", "rb") as e:
            return Run(process.returncode, o.read(), e.read(), before, self.look(top), hung,
                       orphans,
                       reports)

    @staticmethod
    def look(top):
        found = snapshot(top + "/work")
        found.update((f"TMPDIR/{k}", v) for k, v in snapshot(top + "/tmp").items())
        found.update((f"HOME/{k}", v) for k, v in snapshot(top + "/home").items())
        return found

    def whole(self):
        """The untouched run; raises if it does not end well, or not the same way twice."""
        if self.kept is None:
            runs = []
            for _ in range(2):
                top = self.prepare()
                runs.append(self.execute(top))
                shutil.rmtree(top)
            first, second = runs
            if first.status not in (0, 3):
                raise ValueError(f"{self.name}: the untouched run ends with {first.status}:\n"
                                 + (first.stderr + first.reports).decode("latin-1"))
            self.kept = first
            problems = self.judge(second, whole=first)
            if problems:
                raise ValueError(f"{self.name}: two untouched runs differ: {problems}")
        return self.kept

    def untouched(self):
        """One run without a fault, which is to end well: what is wrong with it, [] if nothing."""
        top = self.prepare()
        try:
            run = self.execute(top)
        finally:
            shutil.rmtree(top, ignore_errors=True)
        if run.status not in (0, 3):
            return [f"the untouched run ends with {run.status}: "
                    + (run.stderr + run.reports).decode("latin-1")]
        left = [path for path in run.after if path.startswith("TMPDIR/") or is_temporary(path)]
        return self.judge(run, whole=run) + [f"left {path}" for path in left]

    def run(self, prefix=(), env=(), during=None, sent=()):
        """Runs under a fault and judges: returns (run, problems).  The next run is made where there is
        something to see."""
        whole = self.whole()
        top = self.prepare()
        try:
            run = self.execute(top, prefix, env, during)
            problems = self.judge(run, sent)
            if not run.hung and self.wants_next(run, whole):
                after = self.execute(top)
                problems += ["the next run: " + p for p in self.judge(after, whole=whole,
                                                                      again=True)]
        finally:
            shutil.rmtree(top, ignore_errors=True)
        return run, problems

    # What is judged.

    def wants_next(self, run, whole):
        left = set(run.after) - set(run.before) - set(whole.after)
        return bool(left) or (self.next_run and run.status != whole.status)

    def is_any(self, path, patterns):
        return any(fnmatch.fnmatchcase(path, p) for p in patterns)

    def normal(self, name, data):
        if data is None:
            return None
        if b'"~end"' in data:
            data = TIMES.sub(rb'"\1":""', data)
        for expression, replacement in self.masks:
            data = expression.sub(replacement, data)
        return sorted(data.split(b"\n")) if name in self.sets else data

    def judge(self, run, sent=(), whole=None, again=False):
        """What must not be, as texts; [] if all is well."""
        whole = whole or self.whole()
        problems = self.judge_end(run, sent)
        if run.status in (0, 3) and not run.hung:
            found = self.judge_good(run, whole)
            if found and self.partial is not None and run.status == 3:
                found = self.partial(run, whole) + (self.between(run, whole) if self.between else [])
            problems += found
        else:
            problems += self.judge_bad(run, whole, sent)
        if again and run.status != whole.status:
            problems.append(f"status {run.status}, and {whole.status} without what is left")
        problems += self.judge_messages(run)
        problems += self.judge_left(run, whole, sent, again)
        return problems

    def judge_end(self, run, sent):
        problems = []
        if run.hung:
            problems.append(f"hangs ({self.timeout} s)")
        if run.orphans:
            problems.append("leaves a process behind")
        allowed = set(sent) | self.signals
        status = -run.status if run.status < 0 else run.status - 128 if 128 < run.status < 160 else 0
        if not run.hung:
            if status != 0 and status not in allowed and not (status == signal.SIGPIPE in allowed):
                problems.append(f"died by signal {status}")
            elif status == 0 and run.status not in self.statuses | {0, 3}:
                problems.append(f"status {run.status} is none that it has")
        if run.reports or SANITIZER.search(run.stderr):
            problems.append("sanitizer: " + (run.reports or run.stderr).decode("latin-1")[:2000])
        for path, data in run.after.items():
            if data and data[:4] == b"\x7fELF" and data[16:18] == b"\x04\x00":
                problems.append(f"a core file: {path}")
        return problems

    def judge_good(self, run, whole):
        problems = []
        if run.status != whole.status:
            problems.append(f"status {run.status} where the untouched run has {whole.status}")
        if self.normal("stdout", run.stdout) != self.normal("stdout", whole.stdout):
            problems.append(f"status {run.status}, and standard output is not the whole")
        for path in sorted(set(run.after) | set(whole.after)):
            if self.is_any(path, self.free):
                continue
            if path not in run.after:
                problems.append(f"status {run.status}, and {path} is missing")
            elif path in whole.after and (self.normal(path, run.after[path])
                                          != self.normal(path, whole.after[path])):
                problems.append(f"status {run.status}, and {path} is not the whole")
        # Whatever the untouched run's were: a seal that is good is right.
        for name, data in [("stdout", run.stdout)] + self.touched(run):
            if any(ok and not right for ok, right in seals(data)):
                problems.append(f"{name}: a good seal that is not right")
        return problems

    def touched(self, run):
        return [(p, d) for p, d in run.after.items()
                if d is not None and run.before.get(p) != d and not self.is_any(p, self.free)]

    def judge_bad(self, run, whole, sent):
        problems = self.between(run, whole) if self.between else []
        synced = DIRECTORY_SYNC in run.stderr
        by_signal = -run.status in sent or run.status - 128 in sent
        for path, data in run.after.items():
            if run.before.get(path) == data or self.is_any(path, self.free) or data is None:
                continue
            if self.between and self.is_any(path, self.outputs):
                continue
            if not self.is_any(path, self.outputs) and not self.is_any(path, self.late):
                if path in run.before:
                    problems.append(f"status {run.status}, and the input {path} was changed")
                continue
            now = self.normal(path, data)
            is_whole = path in whole.after and now == self.normal(path, whole.after[path])
            if not (is_whole and (synced or by_signal or self.is_any(path, self.late))):
                problems.append(f"status {run.status}, and {path} is another: "
                                + ("the whole" if is_whole else "not even the whole"))
            elif any(ok and not right for ok, right in seals(data)):
                problems.append(f"{path}: a good seal that is not right")
        for path, data in run.before.items():
            if path not in run.after and not self.is_any(path, self.free):
                problems.append(f"status {run.status}, and {path} is gone")
        if any(ok and not (right and by_signal) for ok, right in seals(run.stdout)):
            problems.append(f"status {run.status}, and standard output has a good seal")
        if not self.results:
            problems += self.judge_part(run, whole)
        if not by_signal and not run.hung and not self.silent and not run.stderr:
            problems.append(f"status {run.status} without a word")
        return problems

    def judge_part(self, run, whole):
        """Standard output of a run that failed is a part of the whole."""
        part, all_of_it = without_seals(run.stdout), without_seals(whole.stdout)
        for expression, replacement in self.masks:
            part, all_of_it = expression.sub(replacement, part), expression.sub(replacement,
                                                                                all_of_it)
        if "stdout" in self.sets:
            lines = part.split(b"\n")
            good = set(lines[:-1]) <= set(all_of_it.split(b"\n")) and lines[-1] in all_of_it
        else:
            good = all_of_it.startswith(part)
        return [] if good else ["standard output is not a part of the whole"]

    def judge_messages(self, run):
        problems = []
        for canary in self.canaries:
            if canary in run.stderr:
                problems.append("a canary on standard error")
        if self.foreign or run.reports:
            return problems
        if run.stderr and not run.stderr.endswith(b"\n"):
            problems.append(f"the last message has no end: {run.stderr[-100:]!r}")
        for line in run.stderr.split(b"\n")[:-1]:
            if not re.fullmatch(rb"[a-z][a-z-]*: [ -~]+", line) or len(line) > LINE_MAX:
                problems.append(f"no message: {line[:200]!r}")
        return problems

    def judge_left(self, run, whole, sent, again):
        problems = []
        ended = run.status < 0 or run.status - 128 in sent
        for path in sorted(set(run.after) - set(run.before if not again else ()) - set(whole.after)):
            if self.is_any(path, self.free) or self.is_any(path, self.outputs):
                continue
            if path.startswith("HOME/"):
                problems.append(f"made {path}")
            elif again or not (ended or sent and is_temporary(path)):
                problems.append(f"left {path}")
        return problems


def is_temporary(path):
    """Of an output, by temp.h: what the next run with the same output sweeps."""
    return re.search(r"(^|/)\.[^/]+\.[A-Za-z0-9]{6}\.tmp$", path) is not None


def ends(process, seconds):
    """Whether it ends within seconds; wait() with a timeout would sleep in large steps."""
    fd = os.pidfd_open(process.pid)
    try:
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        if not poll.poll(seconds * 1000):
            return False
    finally:
        os.close(fd)
    process.wait()
    return True


def gone(group):
    """Whether all of a run's processes end by themselves within a while; reaps them.  Needs
    adopt_orphans."""
    end = time.monotonic() + ORPHAN_TIME
    while True:
        try:
            pid, _ = os.waitpid(-group, os.WNOHANG)
        except ChildProcessError:
            return True
        if pid == 0:
            if time.monotonic() > end:
                return False
            time.sleep(0.002)


def main():
    """oracle.py [--sent N,N] [--outputs P,P] [--late P,P] [--free P,P] [--sets P,P] WHOLE RUN: two
    directories as Run.load reads them.  Prints a line a problem.  Status 0: none, 1: some."""
    arguments, options = sys.argv[1:], {}
    while arguments and arguments[0].startswith("--"):
        options[arguments[0][2:]] = arguments[1].split(",")
        del arguments[:2]
    sent = [int(n) for n in options.pop("sent", [])]
    scene = Scene("run", [], **options)
    problems = scene.judge(Run.load(arguments[1]), sent, Run.load(arguments[0]))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
