#!/usr/bin/env bash
# push-scim against answers that no good server gives, and some that are merely rare.
# Mostly waits.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/helpers/push.sh
. "$TOP/tests/helpers/push.sh"

# against STATUS SCRIPT [push-scim option...]: the input against answers that the Python text in the
# file SCRIPT decides; what is common to all scripts stands here.
against() {
	cat - "$2" >script <<'END'
import re
CONFIG = {"patch": {"supported": True}, "filter": {"supported": True, "maxResults": 100},
          "bulk": {"supported": True, "maxOperations": 10, "maxPayloadSize": 100000}}
MADE = {}

def made(r):
    r = dict(r, id="i" + str(len(MADE)))
    MADE[r["id"]] = r
    return r

def done(o, status="201", **more):
    if o["method"] == "POST":
        more.setdefault("location", "http://h/x" + o["path"] + "/" + made(o["data"])["id"])
        more.setdefault("bulkId", o["bulkId"])
    else:
        more.setdefault("location", "http://h/x" + o["path"])
        status = "204"
    return {"method": o["method"], "status": status, **more}

def bad(o, status, kind=None):
    named = {"bulkId": o["bulkId"]} if "bulkId" in o else {"location": "http://h" + o["path"]}
    return {"method": o["method"], "status": str(status), "response": error(status, kind, "no")[1],
            **named}

def bulk(operations):
    return (200, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],
                  "Operations": operations})

def search(r):
    wanted = re.findall('externalId eq "(.*)"', r.query["filter"])
    return page(r, [x for x in MADE.values() if x["externalId"] in wanted])

def answer(r):
    if r.path == "/ServiceProviderConfig":
        return (200, CONFIG)
    given = mine(r)
    if given is not None:
        return given
    if r.path == "/Bulk":
        return bulk([done(o) for o in r.json["Operations"]])
    if r.method == "GET" and "filter" in r.query:
        return search(r)
    if r.method == "GET":
        return page(r, [])
    return (201, made(r.json)) if r.method == "POST" else (204, None)

END
	run "$1" "$TOP/tests/helpers/scripted-scim.py" script "${push[@]}" "${@:3}" input
}
push=(push-scim)
# said FILTER: what jq's FILTER makes of the results.
said() { jq -r "$1" out >got; same - got; }
# sent PATTERN: how many requests match.
sent() { grep -cE "$1" script.log >got; same - got; }

{
	seq 3 | sed "s/.*/{\"schemas\":[\"$U\"],\"externalId\":\"s&\",\"userName\":\"user&\"}/"
	echo "{\"schemas\":[\"$G\"],\"externalId\":\"g\",\"displayName\":\"g\",\"members\":[{\"value\":\"bulkId:s1\"},{\"value\":\"bulkId:s2\"}]}"
} >input

echo 'def mine(r): pass' >good
against 0 good
title 'all is well'
counts >got
same - got <<'END'
1 add-members updated
4 create created
END

# --- throttled within a Bulk
cat >again <<'END'
def mine(r):
    if r.path == "/Bulk":
        return bulk([bad(o, 429) if r.nth < 5 and "userName" in o.get("data", {}) and
                     o["data"]["userName"] == "user2" else done(o) for o in r.json["Operations"]])
END
title 'an operation that is throttled more than a few times, in the end'
against 0 again
said 'select(.Key == "s2").Result' <<<created
sent '/Bulk' <<<6
cat >always <<'END'
def mine(r):
    if r.path == "/Bulk":
        return bulk([bad(o, 429) if "user2" in str(o) else done(o) for o in r.json["Operations"]])
END
title 'or not within --retry-seconds: failed for now, the others are there'
against 75 always --retry-seconds 1
said 'select(.Key == "s2") | [.Result, .Code, .Retryable] | @csv' <<<'"failed","429",true'
title 'the member who is not there can come later'
said 'select(.Op == "add-members") | [.Result, .Retryable, .Detail] | @csv' \
	<<<'"failed",true,"1 added, 0 there already, 1 cannot be resolved, 0 failed"'
title 'and nothing waited for it'
lacks err most
cat >most <<'END'
def mine(r):
    if r.path == "/Bulk" and r.nth == 1:
        return bulk([bad(o, 429) for o in r.json["Operations"]])
END
title 'most operations throttled: no further BulkRequest for a while'
against 0 most -v
has err '/Bulk: most fails for now: going on in '
echo 'def mine(r): return bulk([bad(o, 500) for o in r.json["Operations"]]) if r.path == "/Bulk" else None' >broken
title 'an operation that fails by itself is sent four times'
against 75 broken
sent '/Bulk' <<<4

# --- a bad way to the server
cat >away <<'END'
def mine(r):
    if r.path == "/Bulk" and 1 < r.nth < 6:
        return DROP
END
title 'memberships whose answer is lost four times'
against 0 away
sent '/Bulk' <<<6
said 'select(.Op == "add-members") | [.Result, .Detail] | @csv' \
	<<<'"updated","2 added, 0 there already, 0 cannot be resolved, 0 failed"'

# --- two changes of one group in a BulkRequest; the answer to the one that fails does not say whose it is
cat >twins <<'END'
HAS = set()
def carried_out(o):
    for change in o["data"]["Operations"]:
        HAS.update(m["value"] for m in change["value"])
    with open("has", "w") as f:
        f.write(" ".join(sorted(HAS)) + "\n")
    return done(o)
def mine(r):
    if r.path == "/Bulk" and r.json["Operations"][0]["method"] == "PATCH":
        first = r.nth < 3
        told = [{"method": "PATCH", "status": "500"} if first and n == 0 else carried_out(o)
                for n, o in enumerate(r.json["Operations"])]
        return bulk(told[::-1] if TURNED else told)
    if r.method == "PATCH":
        carried_out({"method": "PATCH", "path": r.path, "data": r.json})
END
for turned in False True; do
	echo "TURNED = $turned" | cat - twins >twins.$turned
	rm -f has
	title "memberships of one group, of which a part fails (answers turned round: $turned)"
	against 0 twins.$turned --members-max 1
	title 'it is that part that is sent again'
	same - has <<<'i0 i1'
done

# --- what a BulkResponse may leave out
cat >silent <<'END'
def mine(r):
    if r.path == "/Bulk" and r.nth == 1:
        answers = [done(o) for o in r.json["Operations"]]
        return bulk(answers[1:3])
END
title 'a group that the answer does not mention is asked for first, a user sent again'
against 0 silent
sent 'GET /Groups\?filter' <<<1
counts >got
same - got <<<$'1 add-members updated\n4 create created'
cat >hasty <<'END'
def mine(r):
    if r.path == "/Bulk":
        return bulk([done(o) for o in r.json["Operations"][:1]])
END
title 'a server that carries out one operation of each BulkRequest'
seq 4 9 | sed "s/.*/{\"schemas\":[\"$U\"],\"externalId\":\"s&\",\"userName\":\"user&\"}/" >>input
against 0 hasty
counts >got
same - got <<<$'1 add-members updated\n10 create created'
sed -i '/s[4-9]/d' input

cat >bare <<'END'
def mine(r):
    if r.path == "/Bulk":
        a = [done(o) for o in r.json["Operations"]]
        for one in a:
            one["status"] = KIND(one["status"])
            one.pop("bulkId", None)
        return bulk(a)
END
for kind in int 'lambda s: {"code": s}'; do
	{ echo "KIND = $kind"; cat bare; } >bare.kind
	title "a status that is a number or an object, and no bulkId: $kind"
	against 0 bare.kind
	counts >got
	same - got <<<$'1 add-members updated\n4 create created'
done

# --- a gateway in front of a server that restarts
cat >restart <<'END'
FAILED = [0]

def mine(r):
    if r.method == "POST" and FAILED[0] < 3:
        FAILED[0] += 1
        return error(502)
END
for options in '' --no-bulk; do
	title "a server that restarts behind its gateway is waited for: $options"
	# shellcheck disable=SC2086 # none or one
	against 0 restart $options --in-flight 1
	counts >got
	same - got <<<$'1 add-members updated\n4 create created'
done
echo 'def mine(r): return error(502) if r.method == "POST" else None' >away
title 'within --retry-seconds'
against 75 away --no-bulk --retry-seconds 1
has err 'HTTP 502'

# --- no, not like that
echo 'def mine(r): return error(501) if r.path == "/Bulk" else None' >none
title 'no Bulk after all'
against 0 none
has err 'push-scim: warning: /Bulk: HTTP 501: going on with single requests'
sent ' /Bulk' <<<1
cat >small <<'END'
def mine(r):
    if r.path == "/Bulk":
        return error(413)
END
title 'a BulkRequest that is too large with one operation: without Bulk'
against 0 small
sent 'POST /Users' <<<3
title 'no right to write: at once'
echo 'def mine(r): return error(403) if r.method != "GET" else None' >denied
against 1 denied
has err 'push-scim: /Bulk: HTTP 403'
cat >tokenless <<'END'
GRANTED = []
def mine(r):
    if r.path == "/token":
        GRANTED.append(r)
        return token("t") if len(GRANTED) == 1 else error(401)
    return error(401) if r.method != "GET" else None
END
# shellcheck disable=SC2016 # for the inner shell
push=(env -u SCIM_TOKEN sh -c 'SCIM_TOKEN_URL=$TOKEN_URL SCIM_CLIENT_ID=c SCIM_CLIENT_SECRET=s exec push-scim "$@"' sh)
for way in --max-rate=9999 --no-bulk; do
	title "and so it is if no further token can be had ($way)"
	against 1 tokenless "$way"
	has err ': no token from http'
	lacks err 'single requests'
done
push=(push-scim)
against 1 denied --no-bulk --in-flight 1
sent '^POST' <<<1
cat >taken <<'END'
def mine(r):
    if r.method == "POST" and r.path == "/Users" and r.json["userName"] == "user1":
        return error(409)
    if r.method == "POST" and r.path == "/Users" and r.json["userName"] == "user2":
        made(dict(r.json, title="old"))
        return error(409, "uniqueness")
END
title 'a name that is taken by somebody, and one by ourselves'
against 3 taken --no-bulk --in-flight 1
said 'select(.ResourceType == "User") | [.Key, .Op, .Result, .Code] | @csv' <<'END'
"s1","create","conflict","uniqueness"
"s2","none","unchanged",""
"s3","create","created",""
END
for body in '<html>login</html>' '[]' 'null' '{"Operations":{}}'; do
	echo "def mine(r): return (200, '''$body''') if r.path == '/Bulk' else None" >odd
	title "an answer to a Bulk that is none: $body"
	against 1 odd
done
title 'created, without a word: the id is asked for'
cat >empty.body <<'END'
def mine(r):
    if r.method == "POST":
        made(r.json)
        return (201, None)
END
against 0 empty.body --no-bulk
sent 'GET /(Users|Groups)\?filter' <<<4

# --- versions
cat >versions <<'END'
CONFIG["etag"] = {"supported": True}
CONFIG["patch"] = {"supported": PATCH}
VERSIONS = {}

def mine(r):
    one = MADE.get(r.path.split("/")[-1])
    if one and r.method == "GET":
        number = VERSIONS.setdefault(one["id"], 1)
        return (200, dict(one, meta={"version": 'W/"%d"' % number}))
    if one:
        wanted = 'W/"%d"' % VERSIONS.setdefault(one["id"], 1)
        if r.headers["If-Match"] is None and PATCH:
            return error(428)
        if r.headers["If-Match"] != wanted or r.nth == 2:
            VERSIONS[one["id"]] += 1
            return error(412)
        VERSIONS[one["id"]] += 1
        return (204, None)
    if r.path == "/Bulk":
        return bulk([done(o) if o["method"] == "POST" else bad(o, 428)
                     for o in r.json["Operations"]])
END
for patch in True False; do
	for options in '' --no-bulk; do
		{ echo "PATCH = $patch"; cat versions; } >version.script
		title "a server that wants the version of what is changed: PATCH $patch, $options"
		# shellcheck disable=SC2086 # none or one
		against 0 version.script $options --members-max 1
		counts >got
		same - got <<<$'1 add-members updated\n4 create created'
	done
done
title 'a refusal that is not about the number of members is asked once'
echo 'def mine(r): return error(403) if r.method == "PATCH" else None' >forbidden
against 3 forbidden --no-bulk
sent '^PATCH' <<<1

title 'an id that is no word'
cat >odd.id <<'END'
def mine(r):
    if r.method == "POST":
        return (201, dict(r.json, id="a/b?c %é\"" + r.path))
END
against 0 odd.id --no-bulk
sent '^PATCH /Groups/a%2Fb%3Fc%20%25%C3%A9%22%2FGroups 204' <<<1

finish
