#!/usr/bin/env bash
# What others' words do to a terminal and to the streams: the messages of the pool and of a SCIM server,
# page tokens, names of groups, resources, by commands whose standard error, and for a table standard
# output, is a terminal.
# Mostly waits.
. "$(dirname "$0")/lib.sh"
helpers=$TOP/tests/helpers

# script NAME: standard input as a Python script that has POISON, the inside of a JSON string.
script() {
	{
		cat <<'END'
POISON = r'\u001b]0;owned\u0007\u001b[2J\u009b31m\u202eevil\u2028\r\nforged: line\u0000\u007f\ufeff'
END
		cat
	} >"$1"
}

# plain_text FILE: nothing but printable ASCII, line ends, and what wipes the progress line.
plain_text() {
	title "${2:-$1}: nothing that a terminal would take for its own"
	sed -e 's/\r\x1b\[K//g' -e 's/\r$//' "$1" | LC_ALL=C grep -aP '[^\x20-\x7e]' >unprintable
	empty unprintable
}
# What a terminal acts upon.
acted_upon='[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{80}-\x{9f}\x{61c}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}]'
pool() { ODD='' "$helpers/poisoned-pool.py" "$@"; }

# --- the pool's words
script refuses.py <<'END'
def answer(operation, request, nth):
    if operation is None:
        return 403, ('<ErrorResponse><Error><Code>AccessDenied</Code><Message>&#x9b;31m&#x202e;'
                     '\x7f]0;owned</Message></Error></ErrorResponse>')
    return 400, '{"__type":"AccessDeniedException","message":"%s"}' % POISON
END
for command in list-users list-groups get-csv-header describe-pool list-user-pools list-identity-pools 'check-connection --format table'; do
	title "$command: refused in such words"
	# shellcheck disable=SC2086 # words
	run 1 pool refuses.py env TERM=xterm "$helpers/terminal.py" -- $command
	plain_text out "$command"
	has out ']0;owned'
done
title 'the records of check-connection are records'
run 1 pool refuses.py check-connection
mv out checks
ok jq -e -s 'all(.[]; .Check and (.Detail | type == "string"))' checks

# --- page tokens and names of groups
script odd.py <<'END'
import json

TOKENS = [POISON, r'\"},{\"x\":\"', r'\ud83d\ude00\/']


def answer(operation, request, nth):
    if operation == "ListGroups":
        return 200, '{"Groups":[{"GroupName":"a%s"},{"GroupName":"b"}]}' % POISON.replace(r"\u0000", "")
    if operation == "ListUsers":
        if nth > 1 and request.get("PaginationToken") != json.loads('"%s"' % TOKENS[nth - 2]):
            return 400, '{"__type":"InvalidParameterException","message":"another token"}'
        more = ',"PaginationToken":"%s"' % TOKENS[nth - 1] if nth < 4 else ""
        return 200, '{"Users":[{"Username":"u%d"}]%s}' % (nth, more)
    return 400, '{"__type":"ResourceNotFoundException","message":"%s"}' % POISON
END
title 'a page token is given back as it came, whatever it holds'
run 0 pool odd.py list-users
ok test "$(jq -r .Username out | tr '\n' ' ')" = 'u1 u2 u3 u4 '
title 'a group whose name is such a text is a record'
run 0 pool odd.py list-groups -o groups
title 'and in a message its name is shown as bytes'
run 1 pool odd.py env TERM=xterm "$helpers/terminal.py" -- expand-members groups
plain_text out expand-members
has out '\x1b]0;owned'

# --- names and settings of pools, which are lists on a terminal
script named.py <<'END'
import json

P = json.loads('"%s"' % POISON.replace(r"\u0000", ""))
POOL = {"Id": "us-east-1_EXAMPLE1", "Name": P, "Status": P, "LambdaConfig": {P: P}}
IDENTITY = "us-east-1:00000000-0000-4000-8000-000000000000"
ANSWERS = {
    "ListUserPools": {"UserPools": [POOL, {"Id": "../../x", "Name": "n"}]},
    "DescribeUserPool": {"UserPool": {**POOL, "Policies": {P: P}, "UserPoolTags": {P: P, "~end": "x"},
                                      "SchemaAttributes": [{"Name": P, "AttributeDataType": P}]}},
    "ListIdentityPools": {"IdentityPools": [{"IdentityPoolId": IDENTITY, "IdentityPoolName": P}]},
    "DescribeIdentityPool": {"IdentityPoolId": IDENTITY, "IdentityPoolName": P,
                             "AllowUnauthenticatedIdentities": False, "IdentityPoolTags": {P: P}},
    "GetIdentityPoolRoles": {"IdentityPoolId": IDENTITY, "Roles": {"authenticated": P}},
}


def answer(operation, request, nth):
    return (200, json.dumps(ANSWERS[operation])) if operation in ANSWERS else None
END
for command in list-user-pools list-identity-pools 'list-identity-pools --describe' 'describe-pool --parts pool'; do
	title "$command: shows names"
	# shellcheck disable=SC2086 # words
	run 0 pool named.py env TERM=xterm "$helpers/terminal.py" -- $command
	has out ']0;owned'
	title "$command: and nothing that a terminal acts upon"
	sed -e 's/\r\x1b\[K//g' -e 's/\r$//' out | LC_ALL=C.UTF-8 grep -aP "$acted_upon" >found
	empty found
done

# --- records on a terminal: what it would act upon, and what would turn lines about, stays away
python3 -B "$helpers/hostile.py" . 0
sed '/^{"~end"/d' mixed | LC_ALL=C grep -a '^{"Username":"\(odd\|sound\)-' | LC_ALL=C awk 'length < 3000' >short
map-attributes -e . --reject rejects -o good short 2>err
for command in 'map-attributes -e .' 'emit-csv --columns Username,given_name,address' emit-json 'emit-scim --reject rejects' 'through cat'; do
	title "$command: shows them"
	# shellcheck disable=SC2086 # words
	"$helpers/terminal.py" -- sh -c "$command <good 2>err" >shown
	ok test "$(wc -l <shown)" -ge 500
	title "$command: and nothing that a terminal acts upon"
	sed 's/\r$//' shown | LC_ALL=C.UTF-8 grep -aP "$acted_upon" >found
	empty found
done
title 'records on a terminal are the same records'
"$helpers/terminal.py" -- map-attributes -e . good >shown
jq -cS . good >expected
jq -cS . shown >shown.again
same expected shown.again

# --- progress
script slow.py <<'END'
import time


def answer(operation, request, nth):
    time.sleep(0.5)
    user = '{"Username":"u%d","Attributes":[{"Name":"name","Value":"%s"}]}' % (nth, POISON)
    return 200, '{"Users":[%s]%s}' % (user, ',"PaginationToken":"%d"' % nth if nth < 5 else "")
END
title 'the progress line says how many, and nothing of them'
run 0 pool slow.py env TERM=xterm "$helpers/terminal.py" -- list-users -o listed
has out users
plain_text out progress

# --- a SCIM server's words
script resources.py <<'END'
with open("resource", encoding="utf-8") as file:
    ODD = file.read()
USER = '"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]'


def answer(r):
    if r.path != "/Users":
        return error(404, None, "no")
    return (200, '{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":3,'
            '"startIndex":1,"Resources":[{%s,"id":"1","userName":"%s"},%s,{%s,"id":"3","userName":"c"}]}'
            % (USER, POISON.replace(r"\u0000", ""), ODD, USER))
END
# resource STATUS TEXT: list-scim of a server that has this between two others.
resource() {
	printf '%s\n' "$2" >resource
	title "list-scim: $2"
	run "$1" "$helpers/scripted-scim.py" resources.py list-scim --users --seal
	plain_text err
	title 'and at most one seal, at the end'
	ok test "$(grep -n '"ok":true' out | cut -d : -f 1)" = "$([ "$1" -ne 0 ] || wc -l <out)"
}
user='"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"2","userName":"b"'
resource 1 "{$user,\"~end\":{\"v\":1,\"ok\":true,\"rows\":0,\"bytes\":0}}"
resource 1 '{"~end":{"v":1,"ok":true,"rows":0,"bytes":0}}'
resource 0 "{$user,\"nickName\":\"\\ud800\"}"
resource 0 "{$user}"
title 'names come through as they are'
ok test "$(jq -r 'select(.id == "1").userName' out | head -c 5 | od -An -tx1 | tr -d ' ')" = 1b5d303b6f
script refuses.py <<'END'
def answer(r):
    if r.method == "GET":
        return (200, '{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0}')
    return (400, '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400",'
            '"scimType":"x%s","detail":"%s"}' % (POISON, POISON))
END
printf '%s\n' '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"s1","userName":"ana"}' >resource
title 'push-scim: a refusal in such words'
run 3 "$helpers/scripted-scim.py" refuses.py env TERM=xterm "$helpers/terminal.py" -- \
	sh -c 'push-scim resource >results'
plain_text out push-scim
title 'and its result is a record'
ok test "$(jq -r .Result results)" = failed

finish
