#!/usr/bin/env bash
# list-scim, and with it the SCIM client, against servers that answer what a script says.
. "$(dirname "$0")/lib.sh"
while IFS= read -r name; do unset "$name"; done < <(compgen -e | grep '^SCIM_' || true)
HELPERS=$TOP/tests/helpers
umask 077

# script NAME: a server's script from standard input, behind a usual beginning.
script() {
	cat - >"$1" <<-'EOF'
		def others(r):
		    if r.path == "/ServiceProviderConfig":
		        return (200, {"filter": {"supported": True, "maxResults": 100}})
		    return error(404, None, "canary-of-a-detail")
	EOF
	cat >>"$1"
}

# scripted SCRIPT CMD...: for use behind run.
scripted() { "$HELPERS/scripted-scim.py" "$@"; }

# asked COUNT PATTERN: one test: so many requests of the last script match.
asked() {
	local count
	count=$(grep -cE -e "$2" "$current.log")
	[ "$count" -eq "$1" ]
	verdict $? "$1 requests of $2" || { echo "# $count" >&2; show "$current.log"; }
}

cat >canaries <<'EOF'
canary-of-the-bearer-token
canary-of-the-client-secret
canary-of-an-access-token
canary-of-a-detail
Y2FuYXJ5
EOF

current=plain
script plain <<'EOF'
def answer(r):
    if r.path == "/Users":
        return page(r, [user(i) for i in range(230)])
    if r.path == "/Groups":
        return page(r, [group(1, ["u1", "u2", "u2"]), group(2), group(3, [])])
    if r.path == "/Groups/g2":
        return (200, group(2, [f"u{i}" for i in range(7)]))
    return others(r)
EOF
title 'users, then groups with their members'
run 0 scripted plain list-scim --members-per-line 5
empty err
mv out all
ok test "$(wc -l <all)" = 234
title 'a resource is as the server has it, in canonical form'
sed -n 1p all >first
same - first <<'EOF'
{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"u0","externalId":"sub0","userName":"name0","meta":{"resourceType":"User"}}
EOF
title 'members once each, in pieces, asked for where the list has none'
tail -n 4 all | sed 's/"schemas":\[[^]]*\],//; s/,"type":"User"//g' >groups
same - groups <<'EOF'
{"id":"g1","displayName":"group1","members":[{"value":"u1"},{"value":"u2"}]}
{"id":"g2","displayName":"group2","members":[{"value":"u0"},{"value":"u1"},{"value":"u2"},{"value":"u3"},{"value":"u4"}]}
{"id":"g2","displayName":"group2","members":[{"value":"u5"},{"value":"u6"}]}
{"id":"g3","displayName":"group3","members":[]}
EOF
asked 3 '^GET /Users\?'
asked 1 '^GET /Groups/g2 '
asked 1 '^GET /ServiceProviderConfig '

title 'sealed, and whole'
run 0 scripted plain list-scim --seal -o sealed --stats stats.json
empty out
tail -n 1 sealed >seal
has seal '"ok":true,"rows":233,'
has seal '/scim/v2/Users+Groups","scope":"all","via":[]'
has stats.json '"Calls":{"GET /ServiceProviderConfig":1,"GET /Users":3,"GET /Groups":2},"Retries":0'
run 0 unseal --whole sealed
ok test "$(wc -l <out)" = 233

title 'one kind, a filter and attributes: encoded, and in the scope'
run 0 scripted plain list-scim --seal --users --filter 'userName eq "a&b"' --attributes userName,emails --page-size 1000
has out '/scim/v2/Users","scope":"filter:userName eq \"a&b\""'
asked 1 '^GET /Users\?filter=userName%20eq%20%22a%26b%22&attributes=userName%2Cemails&startIndex=1&count=1000 200'
title 'groups without their members'
run 0 scripted plain list-scim --groups --no-members
lacks out members
asked 1 '^GET /Groups\?excludedAttributes=members&'
asked 0 '^GET /Groups/'
title 'nor where they are not among the attributes, even from a server that gives all'
run 0 scripted plain list-scim --groups --attributes displayName
lacks out members
asked 0 '^GET /Groups/'

current=case
script case <<'EOF'
def answer(r):
    g = group(1)
    del g["displayName"]
    g.update(ID=g.pop("id"), DisplayName="one", Members=[{"Value": f"u{i}"} for i in range(3)])
    if r.path == "/Groups":
        return (200, {"TotalResults": 2, "resources": [g, group(2)]})
    if r.path == "/Groups/g2":
        return (200, {"id": "g2", "MEMBERS": [{"VALUE": "u7"}]})
    return others(r)
EOF
title 'names in any case: no member of a group is passed over'
run 0 scripted case list-scim --groups --members-per-line 2
empty err
sed 's/"schemas":\[[^]]*\],//; s/"meta":{[^}]*},//' out >groups
same - groups <<'EOF'
{"ID":"g1","DisplayName":"one","members":[{"Value":"u0"},{"Value":"u1"}]}
{"ID":"g1","DisplayName":"one","members":[{"Value":"u2"}]}
{"id":"g2","displayName":"group2","members":[{"VALUE":"u7"}]}
EOF

current=aws
script aws <<'EOF'
def answer(r):
    if r.path not in ("/Users", "/Groups") or set(r.query) - {"cursor", "count", "filter"}:
        return others(r)
    every = [user(i) for i in range(230)] if r.path == "/Users" else [group(1, []), group(2, [])]
    if r.query.get("filter") == 'groups.value eq "g1"':
        every = every[:120]
    elif "filter" in r.query:
        every = []
    start = int(r.query["cursor"] or "0")
    more = {"nextCursor": str(start + 50)} if start + 50 < len(every) else {}
    return (200, {"Resources": every[start:start + 50], **more})
EOF
title 'aws: pages by cursor, members by their users'
run 0 scripted aws list-scim --dialect aws
ok test "$(grep -c userName out)" = 230
grep '"id":"g1"' out | grep -o '"value":"u[0-9]*","type":"User"' | sort -u >members
ok test "$(wc -l <members)" = 120
has out '"id":"g2","displayName":"group2","members":[]}'
asked 1 '^GET /Users\?cursor&count=100 200'
asked 1 '^GET /Users\?cursor=50&count=100 200'
asked 3 '^GET /Users\?filter=groups.value%20eq%20%22g1%22&cursor'
title 'aws: its empty lists of members are none'
run 0 scripted aws list-scim --groups --dialect aws --no-members
asked 0 '^GET /Users'
lacks out members
script aws <<'EOF'
def answer(r):
    if r.path == "/Users":
        return (200, {"Resources": [user(r.nth)], "nextCursor": "x"})
    return others(r)
EOF
title 'a cursor that leads nowhere'
run 1 scripted aws list-scim --users --dialect aws
has err "Users: the server gives a page's cursor that is none, or the same again"
for round in users members; do
	{ echo "ROUND = '$round'"; cat <<'EOF'; } >around
def answer(r):
    if r.path == "/Users" and ("filter" in r.query) == (ROUND == "members"):
        # The same user twice would be seen first.
        return (200, {"Resources": [user(1)] if ROUND == "members" else [], "nextCursor": "xy"[r.nth % 2]})
    if r.path == "/Groups":
        return (200, {"Resources": [group(1, [])]})
    return (200, {"Resources": []})
EOF
	script aws <around
	title "cursors that go round: $round"
	run 1 scripted aws list-scim --dialect aws -o never
	has err "the server's cursors lead to no end"
	ok test ! -e never
done

current=oci
script oci <<'EOF'
def answer(r):
    if r.path == "/Groups":
        return page(r, [group(1), group(2), group(3)])
    if r.path == "/Groups/g1":          # pages as Oracle does
        every = [f"u{i}" for i in range(40000)]
        start = int(r.query["attributes"][len("members[startIndex="):-1].split("&")[0])
        return (200, group(1, every[start - 1:start + 999]))
    if r.path == "/Groups/g2":          # whatever it is asked for
        return (200, group(2, [f"u{i}" for i in range(2000)]))
    if r.path == "/Groups/g3":          # no more than 100 at a time
        start = int(r.query["attributes"][len("members[startIndex="):-1].split("&")[0])
        return (200, group(3, [f"u{i}" for i in range(230)][start - 1:start + 99]))
    return others(r)
EOF
title 'oci: 40,000 members by pages, and servers that page otherwise'
run 0 scripted oci list-scim --groups --dialect oci
for g in 1:40000 2:2000 3:230; do
	title "group ${g%:*} has ${g#*:} members"
	grep "\"id\":\"g${g%:*}\"" out | grep -o '"value":"u[0-9]*"' | sort -u >members
	ok test "$(wc -l <members)" = "${g#*:}"
done
asked 41 '^GET /Groups/g1\?attributes=members%5BstartIndex%3D[0-9]+%26count%3D1000%5D '

current=moving
script moving <<'EOF'
def answer(r):
    if r.path == "/Users":              # somebody goes away behind the first page
        return page(r, [user(i) for i in range(150 if r.nth == 1 else 149)])
    if r.path == "/Groups":             # a resource on two pages, once
        every = [group(i, []) for i in range(150)]
        if r.nth == 2:
            every[120] = group(7, [])
        return page(r, every)
    return others(r)
EOF
title 'a set that moves is read again, and none comes twice'
run 0 scripted moving list-scim --seal
grep -o '"id":"[^"]*"' out >ids
ok test "$(wc -l <ids)" = 299
title 'each id once'
ok test "$(sort -u ids | wc -l)" = 299
asked 4 '^GET /Users\?'

current=short
script short <<'EOF'
def answer(r):
    if r.path == "/Users":              # fewer than it announces
        return page(r, [user(i) for i in range(150)], totalResults=151)
    return others(r)
EOF
title 'a server that gives fewer than it announces'
run 75 scripted short list-scim --users --seal
has err 'list-scim: Users: the server announces 151 and gives 150, in 3 tries'
same - <(grep -c '"id"' out) <<<0
has out '"ok":false'
has out '"retryable":true'

current=same
script same <<'EOF'
def answer(r):
    if r.path == "/Users":              # does not page
        return (200, {"totalResults": 150, "Resources": [user(i) for i in range(100)]})
    return others(r)
EOF
title 'a server that gives the same page for ever'
run 75 scripted same list-scim --users
has err 'Users: the same resource came twice, in 3 tries'
empty out

current=odd
script odd <<'EOF'
def answer(r):
    if r.path == "/ServiceProviderConfig":
        return error(404)
    if r.path == "/Users":              # more than asked for, then fewer, wrong itemsPerPage
        n = 7 if r.nth == 1 else 2
        start = int(r.query["startIndex"]) - 1
        return (200, {"totalResults": 12, "itemsPerPage": 99,
                      "Resources": [user(i) for i in range(12)][start:start + n]})
    if r.path == "/Groups":
        return (200, {"totalResults": 0})
EOF
title 'pages of any length, no Resources where there are none, no ServiceProviderConfig'
run 0 scripted odd list-scim --page-size 5
ok test "$(wc -l <out)" = 12

current=wrong
i=0
while IFS='|' read -r status result text; do
	i=$((i + 1))
	script wrong <<-EOF
		def answer(r):
		    if r.path == "/Users":
		        return $result
		    return others(r)
	EOF
	title "wrong answer $i: $text"
	run "$status" scripted wrong list-scim --users --retry-seconds 0
	has err "list-scim: Users: $text"
	empty out
done <<'EOF'
1|(200, "<html>canary-of-a-detail")|HTTP 200 with something that is not JSON
1|(200, "{\"totalResults\":")|the answer is not a JSON object
1|(200, {"Resources": []})|the answer is no ListResponse
1|(200, {"totalResults": "many"})|the answer is no ListResponse
1|(200, {"totalResults": 1, "Resources": {}})|the answer is no ListResponse
1|(200, {"totalResults": 1, "Resources": [{"userName": "canary-of-a-detail"}]})|a resource has no id
1|(200, {"totalResults": 1, "Resources": [{"id": 7}]})|a resource has no id
1|(200, {"totalResults": 1, "Resources": [{"id": "a", "x": "y" * 2000000}]})|a resource is too long for a row
1|(302, None, {"Location": "/elsewhere"})|HTTP 302 from the server: a redirect
1|error(403, None, "canary-of-a-detail")|HTTP 403; the token's owner
1|error(400, "invalidFilter", "canary-of-a-detail")|400 invalidFilter
75|cut(200, {"totalResults": 0}, 5)|connection to 127.0.0.1
75|DROP|connection to 127.0.0.1
75|error(503)|HTTP 503
75|error(429, headers={"Retry-After": "60"})|HTTP 429
1|raw("HTTP/1.1 banana\r\n\r\n")|the answer of 127.0.0.1
EOF

current=again
script again <<'EOF'
def answer(r):
    if r.path == "/Users":
        return [error(429), error(503, headers={"Retry-After": "1"}), DROP,
                cut(200, page(r, [user(1)])[1], 20), error(500),
                page(r, [user(1)])][r.nth - 1]
    return others(r)
EOF
title 'throttles, cut answers and errors of the moment: again'
run 0 scripted again list-scim --users --stats stats.json
ok test "$(wc -l <out)" = 1
asked 6 '^GET /Users'
has stats.json '"Throttles":1'
title 'a wait beyond the budget is none'
script again <<'EOF'
def answer(r):
    return error(429, headers={"Retry-After": "3600"}) if r.path == "/Users" else others(r)
EOF
run 75 scripted again list-scim --users --retry-seconds 20
has err 'the server asks to wait 3600 s, more than --retry-seconds leaves'
asked 1 '^GET /Users'

script seals <<'EOF'
def answer(r):
    if r.path == "/Users":
        return (200, '{"totalResults":1,"Resources":[{"id":"1","\\u007eend":{"v":1,"ok":true}}]}')
    return others(r)
EOF
title 'a server that would write a seal'
run 1 scripted seals list-scim --users
empty out
has err 'Users: a resource has a member whose name begins with ~ (reserved)'

# Credentials.
printf 'canary-of-the-bearer-token\r\nsecond line\n' >token
printf 'canary-of-the-client-secret\n' >secret
title 'a token of a file'
run 0 env NO_TOKEN=1 "$HELPERS/scripted-scim.py" plain list-scim --users --token-file token
empty err
chmod 644 token
title 'that others can read'
run 0 env NO_TOKEN=1 "$HELPERS/scripted-scim.py" plain list-scim --users --token-file token
has err 'list-scim: warning: token is readable by others'
same - <(wc -l <err) <<<1

script refusing <<'EOF'
def answer(r):
    return (401, None)
EOF
mkfifo pipe
title 'a token of a pipe, refused: nobody waits for another one'
run 1 env NO_TOKEN=1 "$HELPERS/scripted-scim.py" refusing \
	sh -c 'cat token >pipe & exec timeout 20 list-scim --users --token-file pipe'

current=tokens
script tokens <<'EOF'
import base64
def answer(r):
    if r.path == "/token":
        want = base64.b64encode(b"app:canary-of-the-client-secret").decode()
        if r.headers["Authorization"] != "Basic " + want:
            return (401, {"error": "invalid_client", "error_description": "canary-of-a-detail"})
        return token(f"canary-of-an-access-token-{r.nth}", 3600)
    if r.path == "/Users":
        good = r.nth == 1 or r.headers["Authorization"].endswith("-2")
        return page(r, [user(i) for i in range(150)]) if good else error(401)
    return others(r)
EOF
# shellcheck disable=SC2016 # for the inner shell
oauth='exec list-scim --users --page-size 100 --token-url "$TOKEN_URL" --client-id app "$@"'
no_token() { NO_TOKEN=1 "$HELPERS/scripted-scim.py" "$1" sh -c "$oauth" sh "${@:2}"; }
title 'a token that ends in the middle of a run'
run 0 no_token tokens --client-secret-file secret -v
ok test "$(wc -l <out)" = 150
asked 2 '^POST /token 200'
asked 1 '^GET /Users.* 401'
echo wrong >other
title 'a wrong secret'
run 1 no_token tokens --client-secret-file other
has err ': HTTP 401, invalid_client; check the client id, its secret and the scope'
asked 1 '^POST /token'
title 'a secret of the environment'
run 0 env SCIM_CLIENT_SECRET=canary-of-the-client-secret NO_TOKEN=1 "$HELPERS/scripted-scim.py" tokens sh -c "$oauth"
script tokens <<'EOF'
def answer(r):
    if r.path == "/token":
        return token("canary-of-an-access-token-1") if r.nth > 2 else error(503)
    return error(401) if r.path == "/Users" else others(r)
EOF
title 'a token endpoint that is not well; a token that is never accepted'
run 1 no_token tokens --client-secret-file secret
has err 'list-scim: Users: HTTP 401; the server does not accept the bearer token'
asked 2 '^GET /Users'
asked 4 '^POST /token'
script tokens <<'EOF'
def answer(r):
    return (302, None, {"Location": "/x"}) if r.path == "/token" else others(r)
EOF
title 'a token endpoint elsewhere'
run 1 no_token tokens --client-secret-file secret
has err 'HTTP 302, a redirect, and none is followed'
title 'oci: the token endpoint and the scope are known'
current=oracle
script oracle <<'EOF'
def answer(r):
    if r.path == "/oauth2/v1/token" and "scope=urn%3Aopc%3Aidm%3A__myscopes__" in r.body:
        return token("canary-of-an-access-token")
    return page(r, [user(1)]) if r.path == "/Users" else others(r)
EOF
run 0 env NO_TOKEN=1 "$HELPERS/scripted-scim.py" oracle list-scim --users --dialect oci --client-id app --client-secret-file secret
asked 1 '^POST /oauth2/v1/token 200'
title 'a wrong bearer token'
script oracle <<'EOF'
def answer(r):
    return error(401, None, "canary-of-a-detail")
EOF
run 1 scripted oracle list-scim --users
has err 'ServiceProviderConfig: HTTP 401; the server does not accept the bearer token'
asked 1 .

# Wrong usage: nothing is asked.
while IFS='|' read -r text arguments; do
	title "usage: $arguments"
	# shellcheck disable=SC2086 # several
	run 2 list-scim $arguments
	has err "$text"
done <<'EOF'
no server: give --url or set SCIM_URL|
no credentials: give --token-file|--url https://scim.test
plain http is allowed to this machine only|--url http://scim.test --token-file token
--url: a base address has no query|--url https://scim.test/v2?x=y --token-file token
--url: not https://HOST|--url https://ana@scim.test --token-file token
plain http is allowed|--url https://scim.test --client-id a --client-secret-file secret --token-url http://scim.test/token
both a bearer token and OAuth2|--url https://scim.test --token-file token --client-id a
no token endpoint|--url https://scim.test --client-id a --client-secret-file secret
no client secret|--url https://scim.test --client-id a --token-url https://scim.test/token
--token-file: /dev/null: its first line is empty|--url https://scim.test --token-file /dev/null
--token-file: none: No such file|--url https://scim.test --token-file none
--dialect: must be|--url https://scim.test --token-file token --dialect x
--domain-type: is for|--url https://scim.test --token-file token --domain-type free
--attributes: AWS cannot|--dialect aws --attributes id
--domain-type: must be|--url https://scim.test --token-file token --dialect oci --domain-type x
--ca-bundle: none: No such file|--url https://scim.test --token-file token --ca-bundle none
--users and --groups exclude|--users --groups
no operands|operand
EOF

title 'a full device is a failure'
run 1 scripted plain sh -c 'list-scim >/dev/full'
has err 'list-scim: stdout: cannot write: No space left on device'
title 'no server'
run 75 env SCIM_TOKEN=canary-of-the-bearer-token list-scim --url http://127.0.0.1:1/v2 --retry-seconds 0
has err 'cannot connect to 127.0.0.1:1'

finish
