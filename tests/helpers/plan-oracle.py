#!/usr/bin/env python3
"""plan-oracle.py worlds SEED N: plan-sync against a second implementation, on random small worlds.
plan-oracle.py fixture: small inputs in this directory, out of which everything is taken away that can be.

The second implementation knows everybody by name and decides with dictionaries; it shares nothing with
the first but the rules of plan-sync(1).  What it says is held against the plan, row by row, and the plan
is applied to HAVE, which must then be what WANT says, but for those who are left alone.
"""
import json
import os
import random
import subprocess
import sys

SOURCE = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_want'
TARGET = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_have'
EARLIER, STARTED, ENDED = ('2026-11-0%dT00:00:00.000Z' % day for day in (1, 2, 3))
OURS = ('creating', 'created', 'adopted')
UNWRITABLE = ('sub', 'identities', 'cognito:x', 'email_verified', 'phone_number_verified')


def text(rows):
    return ''.join(json.dumps(row, separators=(',', ':'), ensure_ascii=False) + '\n' for row in rows)


def seal(rows, **members):
    body = text(rows)
    end = {'v': 1, 'ok': True, 'rows': len(rows), 'bytes': len(body.encode()), 'rejected': 0,
           'via': []}
    end.update(members)
    return body + text([{'~end': end}])


def listed(rows, where, kind, **members):
    return seal(rows, **{'source': '%s/%s' % (where, kind), 'scope': 'all', 'started': STARTED,
                         'ended': ENDED, **members})


def write(name, content):
    with open(name, 'w', encoding='utf-8') as f:
        f.write(content)


def user(name, enabled=True, groups=None, **attributes):
    record = {'Username': name, 'Enabled': enabled, 'UserStatus': 'CONFIRMED',
              'Attributes': {**attributes, 'sub': 's-' + name}}
    if groups is not None:
        record['Groups'] = groups
    return record


def state(target, key, ledger, missing=(), groups=(), kinds=()):
    return seal([{'State': 'run', 'V': 1, 'Target': target, 'Key': key, 'Fold': True, 'Ledger': ledger}]
                + [{'State': 'kind', 'Kind': kind, 'Source': source, 'Scope': scope, 'Ended': ended,
                    'ScopeGroups': scoped} for kind, source, scope, ended, scoped in kinds]
                + [{'State': 'user', 'Key': name, 'Since': EARLIER} for name in missing]
                + [{'State': 'group', 'Key': name, 'Since': EARLIER} for name in groups])


def fixture(scoped=False):
    """Each class of what takes away, and a reject that holds one; or the same of two groups' members."""
    want = [user('ana', email='new@x'), user('bob', False), user('cy'), user('zoe')]
    have = [user('ana', email='old@x', nickname='n'), user('bob'), user('cy'), user('dan'), user('eva')]
    write('want', listed(want, SOURCE, 'users', rejected=1))
    write('want.groups', listed([{'GroupName': 'g', 'Description': 'd'}], SOURCE, 'groups'))
    write('want.members', listed([{'GroupName': 'g', 'Username': n} for n in (['ana', 'bob'] if scoped else ['ana'])],
                                 SOURCE, 'memberships', started='2026-11-02T12:00:00.000Z'))
    write('have', listed(have, TARGET, 'users'))
    write('have.groups', listed([{'GroupName': 'g'}, {'GroupName': 'h'}], TARGET, 'groups'))
    write('have.members', listed([{'GroupName': 'g', 'Username': n}
                                  for n in (['bob', 'cy', 'dan'] if scoped else ['cy'])],
                                 TARGET, 'memberships'))
    write('held', text([{'Reason': 'r', 'Line': 1, 'Stream': 's', 'Record': user('eva')}]))
    ledger = text([{'Ledger': 'user', 'Target': TARGET, 'Key': n, 'Username': n, 'sub': 's-' + n, 'State': 'created'}
                   for n in ('ana', 'bob', 'cy', 'dan', 'eva')] +
                  [{'Ledger': 'group', 'Target': TARGET, 'Key': n, 'GroupName': n, 'State': 'created'}
                   for n in 'gh'])
    write('ledger', ledger)
    write('state', state(TARGET, 'Username', len(ledger), ['cy', 'dan', 'eva'], ['h']))


class World:
    """Some people and groups, what each side says of them, and the options."""

    def __init__(self, rnd):
        self.rnd = rnd
        maybe = lambda p: rnd.random() < p
        self.key = rnd.choice(['Username', 'Username', 'email', 'sub'])
        self.sealed = maybe(0.85)
        self.scope = 'all' if maybe(0.9) else 'filter:status = "Enabled"'
        self.inline = maybe(0.4)
        self.has_groups = maybe(0.8)
        self.options = [o for o, p in (('--adopt', 0.3), ('--delete', 0.3), ('--delete-groups', 0.6))
                        if maybe(p)]
        self.has_state = maybe(0.85)
        self.scoped = ['g0', 'g1'] if maybe(0.4) else []
        # What keeps WANT's users, or memberships, from being the word that takes away.
        flaws = ['via', 'source', 'later', 'groups', 'dates']
        self.users_flaw = rnd.choice(flaws) if maybe(0.1) else None
        self.members_flaw = self.users_flaw if self.inline else \
            rnd.choice(flaws + ['old']) if maybe(0.15) else None
        if self.scoped and maybe(0.5):
            self.options.append('--disable-leavers')
        self.names = ['Ana', 'bob', 'Ünal', 'dan', 'eva', 'féx', 'gus', 'hal', 'a', 'ab', 'a\u0001'][
            :rnd.randint(1, 11)]
        self.groups = ['g%d' % i for i in range(rnd.randint(0, 4))]
        self.sides = [self.side(side) for side in (0, 1)]
        self.ledger = {n: (rnd.choice(['creating', 'created', 'created', 'adopted', 'adopted', 'adopted', 'deleted']),
                           'other' if maybe(0.1) else None if maybe(0.1) else self.sub(1, n))
                       for n in self.names if maybe(0.75)}
        self.group_ledger = {g: rnd.choice(['creating', 'deleted']) if maybe(0.1) else 'created'
                             for g in self.groups if maybe(0.8)}
        self.tombs = {n for n in self.names if maybe(0.5)}
        self.group_tombs = {g for g in self.groups if maybe(0.8)}
        self.held = {n for n in self.names if maybe(0.06)}
        self.protect = {n for n in self.names if maybe(0.06)}
        self.held_members = set() if self.inline else {n for n in self.names if maybe(0.06)}
        self.told = maybe(0.8)          # --held is given
        # Users whose records say nothing of groups.
        self.silent = {(s, n) for s in (0, 1) for n in self.sides[s][0] if self.inline and maybe(0.1)}
        self.twice = {(s, n) for s in (0, 1) for n in self.sides[s][0] if maybe(0.03)}

    def side(self, which):
        rnd, people = self.rnd, {}
        described = {g: rnd.choice([{}, {'Description': 'a'}, {'Description': 'b', 'Precedence': 3}])
                     for g in self.groups if rnd.random() < 0.8}
        # Most lists agree on which groups there are.
        known = [g for g in self.groups if g in described or rnd.random() < 0.2]
        for n in self.names:
            if rnd.random() < 0.25:
                continue
            name = n.upper() if which == 1 and rnd.random() < 0.3 and self.key != 'sub' else n
            a = {'email': name + '@x', 'sub': self.sub(which, n)}
            for attribute in ('nickname', 'phone_number', 'custom:a', 'cognito:x', 'email_verified',
                              'phone_number_verified'):
                value = rnd.choice([None, '', 'true', 'x', 'y' if which else 'x'])
                if value is not None:
                    a[attribute] = value
            people[n] = {'Username': name if self.key == 'Username' else '%d-%s' % (which, n),
                         'Enabled': rnd.random() < 0.8, 'UserStatus': 'CONFIRMED', 'Attributes': a,
                         'in': {g for g in known if rnd.random() < 0.4}}
        return people, described

    def sub(self, which, n):
        return 's-' + (n if self.key == 'sub' else '%d%s' % (which, n))

    def compared_key(self, n):
        return {'Username': n, 'email': n + '@x', 'sub': 's-' + n}[self.key].lower()

    def record(self, which, n):
        record = {k: v for k, v in self.sides[which][0][n].items() if k != 'in'}
        if self.inline and (which, n) not in self.silent:
            record['Groups'] = sorted(self.sides[which][0][n]['in'])
        return record

    def write(self):
        arguments = ['--key', self.key, '--left', 'left', '--ledger', 'ledger', '--allow-messages', '999',
                     '--target', TARGET, '--allow-empty', *self.options]
        for c in ('user-delete', 'user-disable', 'member-remove', 'email-change', 'phone-change',
                  'login-change', 'key-change', 'attribute-clear', 'update', 'group-delete', 'user-enable'):
            arguments += ['--max', c + '=999']
        for g in self.groups:
            arguments += ['--max', 'member-remove:%s=999' % g]
        for which, name in ((0, 'want'), (1, 'have')):
            where = (SOURCE, TARGET)[which]
            people, groups = self.sides[which]
            rows = [self.record(which, n) for n in people] + \
                   [self.record(which, n) for s, n in self.twice if s == which]
            self.rnd.shuffle(rows)
            scope = self.scope if which == 0 else 'all'
            rejected = len(self.held) if which == 0 else 0
            files = [(rows, 'users', scope, rejected, self.users_flaw if which == 0 else None)]
            if not self.inline:
                files.append(([{'GroupName': g, 'Username': p['Username'],
                                'Attributes': {k: p['Attributes'][k] for k in ('sub', 'email')}}
                               for p in people.values() for g in sorted(p['in'])],
                              'memberships', 'all', len(self.held_members) if which == 0 else 0,
                              self.members_flaw if which == 0 else None))
            if self.has_groups:
                files.append(([{'GroupName': g, **d} for g, d in groups.items()], 'groups', 'all', 0, None))
            for rows, kind, scope, rejected, flaw in files:
                path = '%s.%s' % (name, kind)
                more = {'via': {'via': ['map-attributes']}, 'dates': {'started': ENDED, 'ended': STARTED},
                        'old': {'started': EARLIER, 'ended': STARTED}}.get(flaw, {})
                write(path, listed(rows, where, kind, scope=scope, rejected=rejected, **more)
                      if self.sealed else text(rows))
                arguments += ['--' + name, path]
        # A line that does not count any more before the last one.
        ledger = text([{'Ledger': 'user', 'Target': TARGET, 'Key': self.compared_key(n), 'State': s} for n in self.ledger
                       for s in ('deleted', 'creating')])
        ledger += text([{'Ledger': 'user', 'Target': TARGET, 'Key': self.compared_key(n), 'State': s,
                         **({'sub': sub} if sub else {})} for n, (s, sub) in self.ledger.items()])
        ledger += text([{'Ledger': 'group', 'Target': TARGET, 'Key': g, 'GroupName': g, 'State': s}
                        for g, s in self.group_ledger.items()])
        write('ledger', ledger)
        write('state', state(TARGET, self.key, len(ledger.encode()),
                             [self.compared_key(n) for n in sorted(self.tombs)],
                             sorted(self.group_tombs), self.kinds()))
        if self.has_state:
            arguments += ['--state', 'state']
        write('held', text([{'Reason': 'r', 'Line': 1, 'Stream': 's', 'Record':
                             {**more, 'Username': n, 'Attributes': {'email': n + '@x', 'sub': 's-' + n}}}
                            for names, more in ((self.held, {}), (self.held_members, {'GroupName': 'g'}))
                            for n in sorted(names)]))
        if self.told:
            arguments += ['--held', 'held']
        write('protect', text([{'Username': n, 'Attributes': {'email': n + '@x', 'sub': 's-' + n}}
                               for n in sorted(self.protect)]))
        arguments += ['--protect', 'protect']
        for group in self.scoped:
            arguments += ['--scope-groups', group]
        return arguments

    def kinds(self):
        """What the state says of the run before."""
        later = '2026-11-09T00:00:00.000Z'
        of = {'users': (self.users_flaw, '/users'),
              'memberships': (self.members_flaw, '/users' if self.inline else '/memberships')}
        return [(kind, TARGET + end if flaw == 'source' else SOURCE + end,
                 self.scope if kind == 'users' or self.inline else 'all',
                 later if flaw == 'later' else EARLIER,
                 ['gx'] if flaw == 'groups' else self.scoped)
                for kind, (flaw, end) in of.items() if flaw in ('source', 'later', 'groups')]

    def may_remove(self, flaw, scope):
        return self.whole and scope == 'all' and \
            (flaw in (None, 'old') or (flaw != 'via' and not self.has_state))

    # --- the second implementation

    def ours(self, n):
        have = self.sides[1][0].get(n)
        entry, sub = self.ledger.get(n, (None, None))
        return have is not None and entry in OURS and \
            (entry == 'creating' if sub is None else sub == have['Attributes']['sub'])

    def unsettled(self, n):
        return self.ledger.get(n, (None,))[0] == 'creating'

    def expect(self):
        """Operations as tuples, and who is left alone."""
        known = {n for side in self.sides for n in side[0]}
        self.whole = self.sealed and (self.told and self.held | self.held_members <= known or
                                      not self.held | self.held_members)
        self.may_remove_members = self.may_remove(self.members_flaw, self.scope if self.inline else 'all')
        may_remove_users = self.may_remove(self.users_flaw, self.scope)
        may_disable = self.whole and not (self.has_state and self.users_flaw in ('source', 'later'))
        adopt, ops, left = '--adopt' in self.options, [], set()
        (want, want_groups), (have, have_groups) = self.sides
        inside = lambda g: not self.scoped or g in self.scoped
        # A kind that nothing says is there is not compared.
        users = self.sealed or (bool(want) and bool(have))
        says_members = lambda side: any(p['in'] for p in side.values()) or \
            (self.sealed and not self.inline)
        if self.inline:
            says_members = lambda side: any((side is have, n) not in self.silent for n in side)
            for s, n in self.silent:
                self.sides[s][0][n]['in'] = set()
        members = says_members(want) and says_members(have)
        if self.scoped:
            may_remove_users &= members and self.may_remove_members
        self.may_end_equal = may_remove_users and may_disable
        grouped = self.has_groups and (self.sealed or (bool(want_groups) and bool(have_groups)))
        live = set()
        for g in filter(inside, self.groups):
            wanted, there = g in want_groups, g in have_groups
            mine = self.group_ledger.get(g) in OURS
            if not grouped:
                wanted &= self.has_groups
                there &= self.has_groups
                wanted |= any(g in p['in'] for p in want.values())
                there |= any(g in p['in'] for p in have.values()) or mine
                if there and wanted and not adopt and self.group_ledger.get(g) == 'creating':
                    continue
                if there and (mine or (wanted and adopt)):
                    live.add(g)
                    if not mine or (wanted and self.group_ledger.get(g) == 'creating'):
                        ops.append(('update-group', g, None))
                continue
            if wanted and not there:
                ops.append(('create-group', g, None))
                live.add(g)
            elif wanted:
                if not mine and not adopt:
                    continue
                if self.group_ledger.get(g) == 'creating' and not adopt:
                    ops.append(('create-group', g, None))
                    continue
                mine &= self.group_ledger.get(g) != 'creating'
                live.add(g)
                a, b = want_groups[g], have_groups[g]
                # A precedence cannot be taken away.
                differs = [k for k in ('Description', 'Precedence') if a.get(k) != b.get(k) and
                           (k in a or (self.whole and k == 'Description'))]
                if differs or not mine:
                    ops.append(('update-group', g, None))
            elif there and mine and '--delete-groups' in self.options and self.whole and \
                    self.has_state and g in self.group_tombs and self.group_ledger[g] != 'creating' and \
                    not any(g in p['in'] for p in want.values()) and \
                    (not self.inline or (have and not any(s == 1 for s, n in self.silent))) and \
                    all(self.ours(n) and (1, n) not in self.twice and n not in self.protect and
                        not (self.told and n in self.held | self.held_members) and
                        not self.unsettled(n) for n in have if g in have[n]['in']):
                ops.append(('delete-group', g, None))
                ops += [('remove-member', self.compared_key(n), g) for n in have if g in have[n]['in']]
        for n in self.names:
            key = self.compared_key(n)
            w, h = want.get(n), have.get(n)
            if self.scoped:
                w_in = w is not None and any(inside(g) for g in w['in'])
                h_in = h is not None and any(inside(g) and g in live for g in h['in'])
                if '--disable-leavers' in self.options and n in self.tombs and self.ours(n) and \
                        self.has_state and self.users_flaw != 'groups':
                    h_in |= h['Enabled'] or '--delete' in self.options
                silent = (0, n) in self.silent
                if not w_in and (silent or not h_in):
                    left.add(n)
                    continue
                if not w_in:
                    w = None
            if w is None and h is None:
                continue
            held = n in self.held and self.told
            if (0, n) in self.twice or (1, n) in self.twice or held or n in self.protect or not users:
                left.add(n)
                if users or held or n in self.protect or h is None or not self.ours(n):
                    continue
            if h is not None and not self.ours(n) and not (adopt and w is not None):
                left.add(n)
                continue
            if not users:
                self.members(ops, n, want.get(n), h, members, live, inside)
                continue
            if h is None:
                ops.append(('create-user', key, None))
            elif w is None:
                left.add(n)
                if not may_remove_users or not self.has_state or n not in self.tombs or \
                        self.ledger[n][0] == 'creating':
                    continue
                if self.scoped:
                    if self.members_flaw == 'old' or n in self.held_members:
                        continue
                    if members:
                        ops += [('remove-member', key, g) for g in h['in'] if inside(g) and g in live]
                    if '--disable-leavers' not in self.options:
                        continue
                if '--delete' in self.options:
                    ops.append(('delete-user', key, None))
                elif h['Enabled']:
                    ops.append(('disable-user', key, None))
                continue
            elif self.unsettled(n) and not adopt:
                ops.append(('create-user', key, None))
                left.add(n)
                continue
            else:
                if self.changes(w['Attributes'], h['Attributes'], may_remove_users) or not self.ours(n) or \
                        self.unsettled(n):
                    ops.append(('update-user', key, None))
                if w['Enabled'] and not h['Enabled']:
                    ops.append(('enable-user', key, None))
                if h['Enabled'] and not w['Enabled'] and may_disable:
                    ops.append(('disable-user', key, None))
            self.members(ops, n, w, h, members, live, inside)
        return sorted(ops, key=str), left

    def members(self, ops, n, w, h, compared, live, inside):
        if not compared or w is None:
            return
        key = self.compared_key(n)
        if (0, n) in self.silent or (h is not None and (1, n) in self.silent):
            return
        a, b = w['in'], h['in'] if h is not None else set()
        ops += [('add-member', key, g) for g in a - b if inside(g) and g in live]
        if self.may_remove_members and not (self.told and n in self.held_members) and not self.unsettled(n):
            ops += [('remove-member', key, g) for g in b - a if inside(g) and g in live]

    @staticmethod
    def changes(w, h, may_clear):
        after = {}
        for a in sorted(set(w) | set(h)):
            if a in UNWRITABLE:
                continue
            x, y = w.get(a) or None, h.get(a) or None
            flag = w.get(a + '_verified') or None
            flag_differs = flag is not None and x is not None and \
                (flag == 'true') != (h.get(a + '_verified') == 'true')
            if x == y and not flag_differs:
                continue
            if x is None and not may_clear:
                continue
            after[a] = x
            if flag is not None and x is not None:
                after[a + '_verified'] = flag
        return after

    # --- the plan

    def apply(self, plan):
        """HAVE as it is behind the plan, by compared keys."""
        people = {self.compared_key(n): {'Enabled': p['Enabled'], 'Attributes': dict(p['Attributes']),
                                         'in': set(p['in'])} for n, p in self.sides[1][0].items()}
        for row in plan:
            op, key = row['Op'], row['Key']
            if op == 'create-user' and key in people:
                assert row['Why'] == 'not known whether a run before created him', row
                assert row['After']['Enabled'] == people[key]['Enabled'], row
            elif op == 'create-user':
                people[key] = {'Enabled': row['After']['Enabled'], 'in': set(),
                               'Attributes': dict(row['After']['Attributes'])}
            elif op == 'update-user' and row['After']:
                attributes = people[key]['Attributes']
                for a, value in row['Before']['Attributes'].items():
                    assert (attributes.get(a) or None) == value, row
                for a, value in row['After']['Attributes'].items():
                    attributes[a] = value
            elif op in ('enable-user', 'disable-user'):
                assert people[key]['Enabled'] == row['Before']['Enabled'] != row['After']['Enabled'], row
                people[key]['Enabled'] = row['After']['Enabled']
            elif op == 'delete-user':
                del people[key]
            elif op == 'add-member':
                assert row['GroupName'] not in people[key]['in'], row
                people[key]['in'].add(row['GroupName'])
            elif op == 'remove-member':
                people[key]['in'].remove(row['GroupName'])
        return people

    def advance(self, plan):
        """HAVE and the ledger as they are when all of the plan is done."""
        people, groups = self.sides[1]
        names = {self.compared_key(n): n for n in self.names}
        for row in plan:
            op, g, n = row['Op'], row.get('GroupName'), names.get(row['Key'])
            after, adopted = row.get('After', {}), row['Why'].endswith('adopted')
            if op == 'create-group':
                groups.setdefault(g, after)
                self.group_ledger[g] = 'created'
            elif op == 'update-group':
                if g in groups:
                    groups[g] = {k: v for k, v in {**groups[g], **after}.items() if v is not None}
                if adopted:
                    self.group_ledger[g] = 'adopted'
            elif op == 'delete-group':
                del groups[g]
                self.group_ledger[g] = 'deleted'
            elif op == 'create-user':
                people.setdefault(n, {'Username': row['Username'], 'Enabled': after['Enabled'],
                                      'UserStatus': 'CONFIRMED', 'in': set(),
                                      'Attributes': {**after['Attributes'], 'sub': self.sub(1, n)}})
                self.ledger[n] = ('created', people[n]['Attributes']['sub'])
            elif op == 'update-user':
                attributes = people[n]['Attributes']
                attributes.update(after.get('Attributes', {}))
                people[n]['Attributes'] = {k: v for k, v in attributes.items() if v is not None}
                if adopted:
                    self.ledger[n] = ('adopted', attributes['sub'])
            elif op in ('enable-user', 'disable-user'):
                people[n]['Enabled'] = after['Enabled']
            elif op == 'delete-user':
                del people[n]
                self.ledger[n] = ('deleted', None)
            elif op == 'add-member':
                people[n]['in'].add(g)
            elif op == 'remove-member':
                people[n]['in'].discard(g)

    def check(self, plan, status):
        expected, left = self.expect()
        got = sorted(((r['Op'], r['Key'], r.get('GroupName') if 'member' in r['Op'] else None)
                      for r in plan), key=str)
        assert got == expected, 'rows differ:\n  plan %s\n  want %s' % (
            [x for x in got if x not in expected], [x for x in expected if x not in got])
        order = [(OPS.index(r['Op']), *((r['GroupName'].encode(),) if 'member' in r['Op'] else ()),
                  r['Key'].encode()) for r in plan]
        assert order == sorted(order), 'not in applying order'
        people = self.apply(plan)
        for n, w in self.sides[0][0].items():
            if n in left or not self.may_end_equal:
                continue
            h = people[self.compared_key(n)]
            assert h['Enabled'] == w['Enabled'], n
            assert not self.changes(w['Attributes'], h['Attributes'], True), n
        assert status in (0, 3), status


OPS = ['create-group', 'update-group', 'create-user', 'link-provider', 'set-password', 'update-user',
       'enable-user', 'add-member', 'remove-member', 'disable-user', 'delete-user', 'delete-group']


def run(arguments):
    done = subprocess.run(['plan-sync', *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False)
    return done, [json.loads(line) for line in done.stdout.decode().splitlines()]


def check_quiet(world, plan):
    """Plan after plan is done; the third one, at the latest, has nothing to do: the first settles who was
    about to be created, the second brings him up to date."""
    for _ in range(2):
        world.advance(plan)
        done, rows = run(world.write())
        assert rows[-1].get('~end', {}).get('ok'), done.stderr
        plan = rows[1:-1]
        if not plan:
            return
    world.advance(plan)
    done, rows = run(world.write())
    assert rows[1:-1] == [], 'never quiet: %s' % rows[1:-1]


def worlds(seed, count):
    total = {}
    for i in range(count):
        world = World(random.Random('%s/%d' % (seed, i)))
        arguments = world.write()
        done, rows = run(arguments)
        try:
            if done.returncode == 2 and b'nothing in common' in done.stderr:
                continue
            assert rows[-1].get('~end', {}).get('ok'), done.stderr
            header, plan = rows[0], rows[1:-1]
            counts = {}
            for row in plan:
                counts[row['Op']] = counts.get(row['Op'], 0) + 1
            assert header['Totals'] == counts, header
            world.check(plan, done.returncode)
            # One in three, since each has further runs.
            if i % 3 == 0:
                check_quiet(world, plan)
        except (AssertionError, KeyError, IndexError) as e:
            print('world %s/%d: %s' % (seed, i, e or repr(e)))
            print(' '.join(arguments), done.returncode, done.stderr.decode())
            sys.exit(1)
        for op, n in counts.items():
            total[op] = total.get(op, 0) + n
    print(' '.join('%s:%d' % item for item in sorted(total.items())))
    missing = [op for op in OPS if op not in total and op not in ('set-password', 'link-provider')]
    if missing and count >= 100:
        sys.exit('no world had ' + ', '.join(missing))


if __name__ == '__main__':
    if sys.argv[1] == 'fixture':
        fixture(sys.argv[2:] == ['scoped'])
    else:
        worlds(sys.argv[2], int(sys.argv[3]))
