# pool_model.py SEED STEPS: a slow pool of our own.  What random writes make of it they make of serve-pool, also after that was
# put away in its state and served again.
from pool_driver import *
import random
SEED, STEPS = int(sys.argv[1]), int(sys.argv[2])
random.seed(SEED)
FOLD, KEY = random.random() < .5, random.choice(['plain', 'alias', 'mail'])
json.dump({'UsernameConfiguration': {'CaseSensitive': not FOLD}, 'AutoVerifiedAttributes': ['email'],
    'SchemaAttributes': [dict(Name='custom:once', AttributeDataType='String', Mutable=False, StringAttributeConstraints={'MaxLength': '4'})],
    **({'AliasAttributes': ['email']} if KEY == 'alias' else {'UsernameAttributes': ['email']} if KEY == 'mail' else {})}, open('model.json', 'w'))
OPTIONS = '--allow', 'all', '--description', 'model.json', '--log', 'model.log', '--state', 'model.state', '/dev/null'
p = Pool(*OPTIONS)
users, groups, sent = {}, {}, 0
MAILS = ['a@x.org', 'A@x.org', 'b@x.org', 'c@y.org']
NAMES = MAILS if KEY == 'mail' else ['ana', 'ANA', 'Bo', 'bo', '\u00e9"\\', 'x' * 128]
WORDS = ['', 'x', '\u00e9\u00e9\u00e9\u00e9', '12345', '"\\\x7f\n']
def fold(s):
    return s.translate({c: c + 32 for c in range(65, 91)}) if FOLD else s
def owns(u, mail):
    a = u['a']
    return 'email' in a and fold(a['email']) == fold(mail) and (KEY == 'mail' or KEY == 'alias' and a.get('email_verified') == 'true')
def find(name):
    if name in users:
        return users[name]
    return next((u for n, u in users.items() if fold(n) == fold(name)), None) or next((u for u in users.values() if owns(u, name)), None)
def bad(n, v, new):
    return n == 'custom:none' or (n == 'custom:once' and (not new or len(v) > 4)) or (n == 'email' and v != '' and '@' not in v)
def some(new):
    pairs = []
    for n in random.sample(['email', 'email_verified', 'nickname', 'custom:once', 'custom:none', 'name'], random.choice([0, 1, 1, 2, 3])):
        pairs.append((n, random.choice(MAILS + ['x', '']) if n == 'email' else random.choice(['true', 'false']) if n.endswith('verified') else random.choice(WORDS)))
    return pairs
def wire(pairs):
    return [{'Name': n, 'Value': v} for n, v in pairs]
def create():
    global sent
    name, pairs, action = random.choice(NAMES), some(True), random.choice(['SUPPRESS', 'SUPPRESS', None, 'RESEND'])
    if KEY == 'mail':
        pairs = [x for x in pairs if x[0] != 'email']
    force = random.random() < .5
    answer = p.call('AdminCreateUser', Username=name, UserAttributes=wire(pairs), ForceAliasCreation=force, **({'MessageAction': action} if action else {}))
    u = find(name)
    if action == 'RESEND':
        if u is None:
            return answer.startswith('UserNotFound')
        if u['s'] != 'FORCE_CHANGE_PASSWORD':
            return answer.startswith('UnsupportedUserState')
        sent += 'email' in u['a']
        return answer['User']['UserStatus'] == u['s']
    if KEY != 'mail' and u is not None:
        return answer.startswith('UsernameExists')
    if any(bad(n, v, True) for n, v in pairs):
        return answer.startswith('InvalidParameter')
    a = {n: v for n, v in pairs if v != ''}
    if KEY == 'mail':
        a['email'] = name
    if 'email_verified' in a and 'email' not in a:
        return answer.startswith('InvalidParameter')
    new = {'a': a, 's': 'FORCE_CHANGE_PASSWORD', 'e': True, 'g': []}
    other = next((u for u in users.values() if owns(u, a['email'])), None) if 'email' in a and (KEY == 'mail' or a.get('email_verified') == 'true') else None
    if other and KEY == 'mail':
        return answer.startswith('UsernameExists')
    if other and KEY == 'alias':
        if not force:
            return answer.startswith('AliasExists')
        other['a']['email_verified'] = 'false'
    sent += action is None and 'email' in a
    users[answer['User']['Username']] = new
    return KEY == 'mail' or answer['User']['Username'] == name
def update():
    global sent
    name, pairs = random.choice(NAMES + MAILS), some(False)
    answer, u = p.call('AdminUpdateUserAttributes', Username=name, UserAttributes=wire(pairs)), find(name)
    if u is None:
        return answer.startswith('UserNotFound')
    if any(bad(n, v, False) for n, v in pairs):
        return answer.startswith('InvalidParameter')
    a, said, cost = dict(u['a']), dict(pairs), 0
    for n, v in pairs:
        if n == 'email' and v not in ('', a.get('email')) and 'email_verified' not in said:
            a['email_verified'] = 'false'
            cost = 1
        if v == '':
            a.pop(n, None)
            if n == 'email':
                a.pop('email_verified', None)
        else:
            a[n] = v
    if ('email_verified' in said and 'email' not in a and 'email_verified' in a) or (KEY == 'mail' and 'email' not in a):
        return answer.startswith('InvalidParameter')
    if ('email' in said or 'email_verified' in said) and 'email' in a and (KEY == 'mail' or (KEY == 'alias' and a.get('email_verified') == 'true')):
        other = next((o for o in users.values() if o is not u and owns(o, a['email'])), None)
        if other and KEY == 'mail':
            return answer.startswith('AliasExists')
        if other:
            other['a']['email_verified'] = 'false'
    sent += cost
    u['a'] = a
    return answer == {}
def delete_attributes():
    name, names = random.choice(NAMES), random.sample(['email', 'nickname', 'name', 'custom:once', 'email_verified'], random.choice([1, 1, 2]))
    answer, u = p.call('AdminDeleteUserAttributes', Username=name, UserAttributeNames=names), find(name)
    if u is None:
        return answer.startswith('UserNotFound')
    if 'custom:once' in names or (KEY == 'mail' and 'email' in names):
        return answer.startswith('InvalidParameter')
    for n in names:
        u['a'].pop(n, None)
        if n == 'email':
            u['a'].pop('email_verified', None)
    return answer == {}
def simple():
    name, what = random.choice(NAMES), random.choice(['AdminDisableUser', 'AdminEnableUser', 'AdminSetUserPassword', 'AdminDeleteUser'])
    permanent = random.random() < .5
    answer = p.call(what, Username=name, **(dict(Password='Abcdef1!', Permanent=permanent) if what == 'AdminSetUserPassword' else {}))
    u = find(name)
    if u is None:
        return answer.startswith('UserNotFound')
    if what == 'AdminDeleteUser':
        del users[next(n for n in users if users[n] is u)]
    elif what == 'AdminSetUserPassword':
        u['s'] = 'CONFIRMED' if permanent else 'FORCE_CHANGE_PASSWORD'
    else:
        u['e'] = what == 'AdminEnableUser'
    return answer == {}
def group():
    name, what = random.choice(['g', 'G', 'h"']), random.choice(['CreateGroup', 'UpdateGroup', 'DeleteGroup'])
    form = {} if what == 'DeleteGroup' else {k: v for k, v in (('Description', random.choice(WORDS)), ('Precedence', random.choice([0, 5]))) if random.random() < .5}
    answer = p.call(what, GroupName=name, **form)
    if what == 'CreateGroup' and name in groups:
        return answer.startswith('GroupExists')
    if what != 'CreateGroup' and name not in groups:
        return answer.startswith('ResourceNotFound')
    if what == 'DeleteGroup':
        del groups[name]
        for u in users.values():
            u['g'] = [g for g in u['g'] if g != name]
        return answer == {}
    groups.setdefault(name, {}).update(form)
    return {k: v for k, v in answer['Group'].items() if k in ('Description', 'Precedence')} == groups[name]
def member():
    name, g, what = random.choice(NAMES), random.choice(['g', 'G', 'h"']), random.choice(['AdminAddUserToGroup', 'AdminAddUserToGroup', 'AdminRemoveUserFromGroup'])
    answer, u = p.call(what, Username=name, GroupName=g), find(name)
    if g not in groups:
        return answer.startswith('ResourceNotFound')
    if u is None:
        return answer.startswith('UserNotFound')
    if what == 'AdminAddUserToGroup' and g not in u['g']:
        u['g'].append(g)
    if what == 'AdminRemoveUserFromGroup' and g in u['g']:
        u['g'].remove(g)
    return answer == {}
def look():
    there = {u['Username']: ({a['Name']: a['Value'] for a in u['Attributes'] if a['Name'] != 'sub'}, u['UserStatus'], u['Enabled']) for u in p.call('ListUsers')['Users']}
    assert there == {n: (u['a'], u['s'], u['e']) for n, u in users.items()}, (there, users)
    assert {g['GroupName']: {k: v for k, v in g.items() if k in ('Description', 'Precedence')} for g in p.call('ListGroups')['Groups']} == groups
    for g in groups:
        assert sorted(u['Username'] for u in p.call('ListUsersInGroup', GroupName=g)['Users']) == sorted(n for n, u in users.items() if g in u['g'])
    for n, u in users.items():
        assert [g['GroupName'] for g in p.call('AdminListGroupsForUser', Username=n)['Groups']] == u['g'], (n, u)
    for n in NAMES + MAILS:
        assert isinstance(p.get(n), str) == (find(n) is None), n
for step in range(STEPS):
    what = random.choice([create, create, create, update, update, update, delete_attributes, simple, group, member, member])
    if not what():
        sys.exit('%s: step %d of seed %d: %s' % (what.__name__, step, SEED, (FOLD, KEY, users, groups)))
    if step % 40 == 39:
        look()
    if step % 150 == 149:
        assert p.end() == 0
        p = Pool(*OPTIONS)
        look()
assert p.end() == 0 and messages('model.log') == sent, (messages('model.log'), sent)
os.unlink('model.state'), os.unlink('model.log')
