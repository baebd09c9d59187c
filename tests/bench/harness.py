"""What every benchmark here needs: a service, measured commands, compared outputs, a table."""
import contextlib
import itertools
import os
import shutil
import signal
import statistics
import subprocess
import sys
from collections import namedtuple

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
PEERS = HERE + '/peers'
NPM = TOP + '/build/npm/node_modules'
NPM_BENCH = TOP + '/build/npm-bench/node_modules'

HEADING = (f'{"stage":13} {"program":26} {"wall s":>8} {"CPU s/100k":>10} {"peak MiB":>8} '
           f'{"wall x":>7} {"CPU x":>7}')

# A program that does a stage's work.  compare: what reads its output and what reads ours
# (readers.py), so that both give the same records; None: it does less, as a floor does.  needs:
# commands or paths without which it is left out.
Row = namedtuple('Row', 'name command compare needs', defaults=(None, ()))
left_out = {}


def prepare(build):
    """The programs of build come first, and nothing of the caller's account reaches them."""
    # So that the directory goes with us; it may hold gigabytes.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    for name in list(os.environ):
        if name.startswith(('AWS_', 'COGNITO_')):
            del os.environ[name]
    os.environ['PATH'] = f'{build}/bin:{build}/tools:' + os.environ['PATH']
    os.environ['COGNITO_FILTERS_PATH'] = TOP + '/pipelines'
    os.environ['LC_ALL'] = 'C.UTF-8'


def die(text):
    sys.exit('bench: ' + text)


def make_pool(users, path):
    with open(path, 'wb') as f:
        subprocess.run(['make-pool', '-n', str(users)], stdout=f, check=True)


def divide(pool):
    """Splits a pool's records into the files users, groups and memberships."""
    with contextlib.ExitStack() as stack:
        files = {name: stack.enter_context(open(name, 'wb'))
                 for name in ('users', 'groups', 'memberships')}
        for line in stack.enter_context(open(pool, 'rb')):
            kind = ('users' if line.startswith(b'{"Username":') else
                    'memberships' if b',"Username":' in line else 'groups')
            files[kind].write(line)


@contextlib.contextmanager
def served(pool, *options):
    """Serves the pool meanwhile; the environment is that of serve-pool's command."""
    before = dict(os.environ)
    command = ['serve-pool', *options, pool, '--', 'sh', '-c',
               'env -0 >environment && echo ready && exec cat']
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        if server.stdout.readline() != b'ready\n':
            die('serve-pool does not start')
        with open('environment', encoding='utf-8') as f:
            os.environ.update(item.split('=', 1) for item in f.read().split('\0') if item)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
            server.stdin.close()


def measure(command, out='/dev/null'):
    """Runs command, its output to the file; returns wall seconds, CPU seconds and peak MiB."""
    words = ['sh', '-c', command] if isinstance(command, str) else command
    with open(out, 'wb') as f:
        status = subprocess.run(['measure', 'figures', *words], stdin=subprocess.DEVNULL,
                                stdout=f, check=False).returncode
    if status != 0:
        die(f'{command}: status {status}')
    with open('figures', encoding='ascii') as f:
        wall, cpu, peak = map(float, f.read().split())
    return max(wall, 0.001), max(cpu, 0.0001), peak / 1024


def is_there(need):
    return os.path.exists(need) if '/' in need else shutil.which(need) is not None


def output(row):
    return 'out-' + ''.join(c if c.isalnum() else '-' for c in row.name)


def agree(title, ours, theirs):
    """Ends the run at the first record that the two gave differently."""
    read_theirs, read_ours = theirs.compare
    pairs = itertools.zip_longest(read_ours(output(ours)), read_theirs(output(theirs)))
    number = 0
    for number, (a, b) in enumerate(pairs, 1):
        if a != b:
            die(f'{title}: record {number} of {theirs.name} is not ours:\n{b}\n{a}')
    if number == 0:
        die(f'{title}: no records')


def show(title, name, figures, per, ours):
    """figures, ours: a list of (wall, CPU, peak) by run; ratios are taken run by run."""
    wall, cpu, peak = (statistics.median(column) for column in zip(*figures))
    ratios = [statistics.median(f[i] / o[i] for f, o in zip(figures, ours)) for i in (0, 1)]
    print(f'{title:13} {name:26} {wall:8.3f} {cpu * 1e5 / per:10.3f} {peak:8.1f} '
          f'{ratios[0]:7.2f} {ratios[1]:7.2f}', flush=True)


def stage(title, users, rounds, rows):
    """rows: ours first.  A first run, which does not count, leaves outputs to be compared with ours.
    Then they run in turn, into /dev/null: a file's blocks cost as much as a fast program."""
    for row, need in ((row, need) for row in rows for need in row.needs if not is_there(need)):
        left_out.setdefault(need, row.name if '/' in need else need)
    present = [row for row in rows if all(map(is_there, row.needs))]
    figures = {row.name: [] for row in present}
    for row in present:
        measure(row.command, output(row))
        if row.compare is not None:
            agree(title, rows[0], row)
    for row in present:
        os.unlink(output(row))
    for _ in range(rounds):
        for row in present:
            figures[row.name].append(measure(row.command))
    for row in present:
        show(title, row.name, figures[row.name], users, figures[rows[0].name])
    return figures[rows[0].name]


def name_left_out():
    if left_out:
        print('left out, not installed: ' + ', '.join(left_out.values()))
