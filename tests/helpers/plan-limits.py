#!/usr/bin/env python3
"""Every class of plan-sync's guard, in this directory: one below the limit, at it, one above it; confirmed
with the exact number, and with another.  Then 5 % of many, and 500 of more."""
import importlib.util
import json
import os
import subprocess
import sys

spec = importlib.util.spec_from_file_location(
    'oracle', os.path.join(os.path.dirname(os.path.abspath(__file__)), 'plan-oracle.py'))
oracle = importlib.util.module_from_spec(spec)
spec.loader.exec_module(oracle)
user, write, listed = oracle.user, oracle.write, oracle.listed


def world(name, n):
    """n changes of the class, and the options: both sides' users, groups and memberships."""
    people = ['u%d' % i for i in range(n)]
    want, have = {u: {} for u in people}, {u: {} for u in people}
    members, groups, missing, options, tombs = [[], []], [['g', 'h'], ['g', 'h']], [], [], []
    enabled = off = True
    if name in ('user-delete', 'user-disable'):
        want, missing = {'one': {}}, people
        options = ['--delete'] if name == 'user-delete' else []
    elif name.startswith('member-remove'):
        members[1] = [(u, 'g') for u in people]
        members[0] = [('u0', 'h')]
    elif name == 'key-change':
        want = {'new-' + u: {'email': u + '@x'} for u in people}
        have = {u: {'email': u + '@X'} for u in people}
        missing = people
    elif name in ('login-change', 'email-change', 'phone-change'):
        attribute = {'login-change': 'preferred_username', 'email-change': 'email',
                     'phone-change': 'phone_number'}[name]
        want = {u: {attribute: 'new' + u} for u in people}
        have = {u: {attribute: 'old' + u} for u in people}
    elif name == 'attribute-clear':
        have = {u: {'nickname': 'n'} for u in people}
    elif name == 'update':
        want = {u: {'nickname': 'n'} for u in people}
    elif name == 'user-enable':
        off = False
    elif name == 'member-add':
        members[0] = [(u, 'g') for u in people]
        members[1] = []
    elif name == 'group-delete':
        groups[1] += ['x%d' % i for i in range(n)]
        tombs, options = groups[1][2:], ['--delete-groups']
    write('want', listed([user(u, enabled, **a) for u, a in want.items()], oracle.SOURCE, 'users'))
    write('have', listed([user(u, off, **a) for u, a in have.items()], oracle.TARGET, 'users'))
    for side, file, where in ((0, 'want', oracle.SOURCE), (1, 'have', oracle.TARGET)):
        write(file + '.groups', listed([{'GroupName': g} for g in groups[side]], where, 'groups'))
        write(file + '.members', listed([{'GroupName': g, 'Username': u} for u, g in members[side]],
                                        where, 'memberships'))
    ledger = oracle.text([{'Ledger': 'user', 'Target': oracle.TARGET, 'Key': u,
                           'sub': 's-' + u, 'State': 'created'} for u in have] +
                         [{'Ledger': 'group', 'Target': oracle.TARGET, 'Key': g, 'GroupName': g, 'State': 'created'}
                          for g in groups[1]])
    write('ledger', ledger)
    write('state', oracle.state(oracle.TARGET, 'Username', len(ledger), missing, tombs))
    return options


def run(options, *more):
    arguments = ['plan-sync', '--ledger', 'ledger', '--state', 'state', '--allow-messages', '9999',
                 '--allow-empty', *options, *more]
    for side in ('want', 'have'):
        for file in ('', '.groups', '.members'):
            arguments += ['--' + side, side + file]
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, rows[0], rows[-1]['~end'], done.stderr.decode()


def expect(name, n, status, *more):
    options = world(name, n)
    # Only the class that is looked at has a limit here.
    for other in CLASSES:
        if other != name and not any(m.startswith(other + '=') for m in more):
            options += ['--max', other + '=99999']
    got, header, seal, said = run(options, *more)
    assert got == status, (name, n, more, got, said)
    assert header['Classes'][name] == n, (name, header)
    assert seal['ok'] == (status == 0), (name, seal)
    assert ('guard: %s: %d' % (name, n) in said) == (status == 5), said
    return header


CLASSES = ['user-delete', 'user-disable', 'member-remove', 'member-remove:g', 'key-change', 'login-change',
           'email-change', 'phone-change', 'attribute-clear', 'update', 'group-delete', 'user-enable', 'member-add']

for c in CLASSES:
    # An initial fill adds thousands of memberships.
    for count, outcome in ((4, 0), (5, 0), (6, 5)) if c != 'member-add' else ():
        assert expect(c, count, outcome)['Limits'][c] == 5, c
    if c != 'member-add':
        expect(c, 6, 0, '--confirm', c + '=6')
        expect(c, 6, 5, '--confirm', c + '=7')
    expect(c, 3, 5, '--max', c + '=2')
    expect(c, 3, 0, *(['--max', c + '=100%'] if c != 'member-add' else []))
    expect(c, 3, 5, '--max', c + '=0%')
if expect('update', 200, 5)['Limits']['update'] != 10:
    sys.exit('5 % of 200 are 10')
if expect('update', 10100, 5)['Limits']['update'] != 500:
    sys.exit('500 are the most')
