#!/usr/bin/python3
"""The oracle of the torture tests is told false runs, and must reject each; and true ones, which it
must let pass.  TAP."""
# Not for sanitizers.
import os
import signal
import sys

os.environ.setdefault("TORTURE_BUILD", os.environ.get("BUILD", "build"))
os.environ["TORTURE_TREE"] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.environ["TORTURE_TREE"], "tests", "torture"))
sys.dont_write_bytecode = True
os.environ["TORTURE_ORPHAN_TIME"] = "1"
import oracle  # noqa: E402
from oracle import Run, Scene  # noqa: E402

OLD = b"old\n"
ROWS = b'{"Username":"a"}\n{"Username":"b"}\n{"Username":"c"}\n'
SEAL = b'{"~end":{"v":1,"ok":true,"rows":3,"bytes":51,"rejected":0,"started":"1","ended":"2"}}\n'
FAILED = b'{"~end":{"v":1,"ok":false,"rows":1,"bytes":17,"reason":"x","retryable":false}}\n'
ELF_CORE = b"\x7fELF" + bytes(12) + b"\x04\x00" + bytes(40)
count = 0
failed = False


def check(title, problems, wanted):
    """wanted: None for no problem, else a text that one of them holds."""
    global count, failed
    count += 1
    good = not problems if wanted is None else any(wanted in p for p in problems)
    failed = failed or not good
    print(f"{'' if good else 'not '}ok {count} - {title}")
    if not good:
        print(f"# wanted {wanted!r}, got {problems}", file=sys.stderr)


def sealed(**change):
    """A scene with sealed rows in the file out, whose rejects are in rej."""
    options = {"outputs": ("out",), "late": ("rej",), "free": ("stats",), "canaries": [b"canary"]}
    scene = Scene("x", ["x"], **{**options, **change})
    scene.kept = run(0, files={"rej": b"whole"})
    return scene


def run(status, stdout=b"", stderr=None, out=ROWS + SEAL, **more):
    before = {"in": b"in\n", "out": OLD}
    after = {"in": b"in\n", "out": out, **more.pop("files", {})}
    if status in (0, 3):
        after.setdefault("rej", b"whole")
    if out is None:
        del after["out"]
    if stderr is None:
        stderr = b"" if status <= 0 else b"x: failed\n"
    return Run(status, stdout, stderr, before, after, **more)


def false(title, what, wanted, scene=None, **more):
    check("rejects: " + title, (scene or sealed()).judge(what, **more), wanted)


def true(title, what, scene=None, **more):
    check("lets pass: " + title, (scene or sealed()).judge(what, **more), None)


later = SEAL.replace(b'"ended":"2"', b'"ended":"3"')
true("the whole", run(0))
true("the whole at another time", run(0, out=ROWS + later))
true("a failure with the old file", run(1, out=OLD))
true("a failure with whole rejects", run(1, out=OLD, files={"rej": b"whole"}))
true("a signal that was sent", run(-9, out=OLD), sent=[9])
true("a signal that was sent, as a shell shows it", run(143, out=OLD, stderr=b""), sent=[15])
true("what was renamed and not synced",
     run(1, stderr=b"x: out: cannot sync its directory: Input/output error\n"))
true("a temporary beside an output, of a run of which another process was killed",
     run(1, out=OLD, files={".out.aB3dE9.tmp": b""}), sent=[9])
false("a temporary beside an output, of a run that ended by itself",
      run(1, out=OLD, files={".out.aB3dE9.tmp": b""}), "left .out")

false("a short list with status 0", run(0, out=ROWS[:34] + SEAL), "not the whole")
false("the old file with status 0", run(0, out=OLD), "not the whole")
false("no file with status 0", run(0, out=None), "missing")
false("one byte more", run(0, out=ROWS + b"\n" + SEAL), "not the whole")
false("another seal", run(0, out=ROWS + SEAL.replace(b'"rejected":0', b'"rejected":1')),
      "not the whole")
false("no seal with status 0", run(0, out=ROWS), "not the whole")
false("status 3 where there are no rejects", run(3, stderr=b"x: rejected\n"),
      "where the untouched run has 0")
false("a failure that replaced the file", run(1), "another: the whole")
false("a failure with half a file", run(1, out=ROWS[:20]), "not even the whole")
false("a failure with an empty file", run(75, out=b""), "another")
false("a failure that took the old file away", run(1, out=None), "out is gone")
false("a failure without a word", run(1, out=OLD, stderr=b""), "without a word")
false("an input that was changed", run(1, out=OLD, files={"in": b""}), "input in was changed")
false("a status that nobody has", run(99, out=OLD), "none that it has")
false("a crash", run(-signal.SIGSEGV, out=OLD), "signal 11")
false("an abort", run(-signal.SIGABRT, out=OLD), "signal 6")
false("a crash as a shell shows it", run(139, out=OLD), "signal 11")
false("a reader that was said to be gone and is not", run(-signal.SIGPIPE, out=OLD), "signal 13")
false("a signal that was not sent", run(-15, out=OLD), "signal 15", sent=[9])
false("a hang", run(-9, out=OLD, hung=True), "hangs")
true("a signal behind the end of all", run(-9, stderr=b""), sent=[9])
false("half a file and a signal", run(-9, out=ROWS[:30], stderr=b""), "not even the whole",
      sent=[9])
false("a process left behind", run(1, out=OLD, orphans=True), "process behind")
false("a report of a sanitizer", run(1, out=OLD, reports=b"==1==ERROR: AddressSanitizer: heap"),
      "sanitizer")
false("a report of the C library", run(1, out=OLD, stderr=b"double free or corruption\n"),
      "sanitizer")
false("a report of undefined behaviour", run(0, stderr=b"x.c:1:2: runtime error: shift\n"),
      "sanitizer")
false("a core file", run(1, out=OLD, files={"core.1": ELF_CORE}), "core file")
false("a canary in a message", run(1, out=OLD, stderr=b"x: canary\n"), "canary")
false("half a message", run(1, out=OLD, stderr=b"x: half"), "no end")
false("a message without a program", run(1, out=OLD, stderr=b"Cannot allocate\n"), "no message")
false("an escape in a message", run(1, out=OLD, stderr=b"x: \x1b[2J\n"), "no message")
false("C1 in a message", run(1, out=OLD, stderr=b"x: \xc2\x9b\n"), "no message")
false("an empty line", run(1, out=OLD, stderr=b"x: a\n\n"), "no message")
false("an endless message", run(1, out=OLD, stderr=b"x: " + b"a" * 5000 + b"\n"), "no message")
false("a file left in TMPDIR", run(1, out=OLD, files={"TMPDIR/spool": b""}), "left TMPDIR/spool")
false("a file of no name that is known", run(0, files={"more": b""}), "left more")
false("something in the home directory", run(0, files={"HOME/x": b""}), "made HOME/x")
false("a temporary after the next run", run(0, files={".out.aB3dE9.tmp": b""}), "left .out",
      again=True)
false("the next run failing", run(1, out=OLD), "without what is left", again=True)
false("half of the rejects", run(1, out=OLD, files={"rej": b"half"}), "rej is another")

stream = Scene("x", ["x"])
stream.kept = Run(0, ROWS + SEAL, b"", {}, {})


def streamed(status, data, stderr=None):
    return Run(status, data, b"x: failed\n" if stderr is None else stderr, {}, {})


true("a stream that failed, with a failed seal", streamed(1, ROWS[:17] + FAILED), stream)
true("a stream that was cut", streamed(1, ROWS[:20]), stream)
true("half a seal", streamed(1, ROWS + SEAL[:-3]), stream)
false("a good seal with status 1", streamed(1, ROWS + SEAL), "good seal", stream)
false("a good seal of less with status 1", streamed(1, ROWS[:17] + SEAL), "good seal", stream)
true("a seal without its end, which nobody takes for one", streamed(1, ROWS + SEAL[:-1]), stream)
true("a signal behind a good seal", streamed(-9, ROWS + SEAL, b""), stream, sent=[9])
false("a signal and a good seal of less", streamed(-9, ROWS[:17] + SEAL, b""), "good seal", stream,
      sent=[9])
false("rows that nobody asked for", streamed(1, ROWS[:17] + b'{"Username":"x"}\n'), "not a part",
      stream)
false("rows without their order", streamed(1, ROWS[17:34]), "not a part", stream)
false("a part of the rows with status 0", streamed(0, ROWS[17:34] + SEAL, b""), "not the whole",
      stream)
unordered = Scene("x", ["x"], sets=("stdout",))
unordered.kept = Run(0, ROWS, b"", {}, {})
true("another order of a set", streamed(0, ROWS[17:] + ROWS[:17], b""), unordered)
true("a part of a set", streamed(1, ROWS[17:34] + ROWS[:7]), unordered)
false("a row of a set twice, one missing", streamed(0, ROWS[:17] + ROWS[:34], b""),
      "not the whole", unordered)
rejecting = Scene("x", ["x"])
rejecting.kept = Run(3, ROWS, b"x: rejected\n", {}, {})
true("rejects where there are some", streamed(3, ROWS), rejecting)
false("rejects that are forgotten", streamed(0, ROWS), "where the untouched run has 3", rejecting)

# What goes on step by step: however far it came is judged by the scene.
steps = Scene("x", ["x"], outputs=("target",),
              between=lambda run, whole: [] if b"b" in run.after["target"] else ["b is gone"])
steps.kept = Run(0, b"", b"", {"target": b"a b\n"}, {"target": b"b c\n"})


def stepped(status, target):
    return Run(status, b"", b"x: failed\n" if status else b"", {"target": b"a b\n"}, {"target": target})


true("a part of the steps and a failure", stepped(1, b"a b c\n"), steps)
false("a step that nobody asked for", stepped(1, b"a c\n"), "b is gone", steps)
false("a part of the steps with status 0", stepped(0, b"a b c\n"), "not the whole", steps)
true("all steps after the next run", stepped(0, b"b c\n"), steps, again=True)
false("a part of the steps after the next run", stepped(1, b"a b c\n"), "without what is left", steps,
      again=True)

# Not only what it is told: real processes.
oracle.adopt_orphans()
echo = Scene("sh", ["sh", "-c", 'cat; if [ -n "$BAD" ]; then eval "$BAD"; fi'], stdin=ROWS)
echo.whole()
for title, text, wanted in [
        ("a process that ends", "", None),
        ("a process that is killed", "kill -SEGV $$", "signal 11"),
        ("a process that leaves its status and nothing else", "exit 1", "without a word"),
        ("a process that hangs", "sleep 1000", "hangs"),
        ("a process that leaves another behind", "sleep 1000 >/dev/null 2>&1 & exit 0",
         "process behind"),
        ("a process that leaves a file", ": >more", "left more")]:
    echo.timeout = 1 if wanted == "hangs" else oracle.TIMEOUT
    check(title, echo.run(env={"BAD": text})[1], wanted)
for text, wanted in [("exit 5", "ends with 5"),
                     (": >$TMPDIR/more", "left TMPDIR/more"), ("exit 3", None), ("true", None)]:
    check("an untouched run: " + text, Scene("sh", ["sh", "-c", text]).untouched(), wanted)
print(f"1..{count}")
sys.exit(failed)
