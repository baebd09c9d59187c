#!/usr/bin/env bash
# apply-scim: answers that are lost, refusals in the middle, changes meanwhile, and kills: what is there
# in the end is the same as if nothing had happened, nothing is done twice or claimed wrongly, and
# nobody else is touched.
# Mostly waits.  KILLS: after which requests of seven it is killed.
# shellcheck disable=SC2016 # for the inner shell and for jq
. "$(dirname "$0")/lib.sh"
export HELPERS=$TOP/tests/helpers

# A server that does what a scene says to the nth request of a kind, such as "POST /Users", or
# "POST /Users ana" by the userName in it: "drop" it,
# carry it out and give no answer ("lost") or a "late" one, "kill" who asks and carry it out, "touch" the
# resource
# before, answer [STATUS, TYPE], or what an object says: its "status" with its "body", or "raw" bytes, so many
# seconds "late" or after others ("until"), once it is "done", if it says so.
cat >script <<'END'
import datetime
import os
import re
import signal
import sys
import time
import types

NOW = "2026-01-01T00:00:00Z"
S = {}


def scene(seed=(), config=None, faults=None):
    S.update(store={}, seen={}, given={}, log=[], faults=faults or {}, touched=0, config=config or {},
             granted=0)
    # It may say of no resource when it was made, search without looking, show so many at most, and show
    # members only to who asks for them ("asked"), only where there are some ("some"), "never", or too "many".
    for r in seed:
        put(r)


def put(r):
    kind = "/Groups" if "displayName" in r and "userName" not in r else "/Users"
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    r.setdefault("id", "i%d" % len(S["store"]))
    r.setdefault("meta", {"created": now, "version": 'W/"1"'})
    if S["config"].get("timeless"):
        r["meta"].pop("created", None)
    S["store"][kind + "/" + r["id"]] = r
    return r


def touch(r):
    S["touched"] += 1
    r["meta"]["version"] = 'W/"%d"' % (S["touched"] + 1)


def patch(r, ops):
    for o in ops:
        path, value = o.get("path", ""), o.get("value")
        named = re.fullmatch(r'members\[value eq "(.*)"\]', path)
        if named:
            left = [m for m in r.get("members", []) if m["value"] != named[1]]
            if len(left) == len(r.get("members", [])):
                return error(400, "noTarget")
            r["members"] = left
        elif path == "members":
            have = [m["value"] for m in r.setdefault("members", [])]
            if any(m["value"] == "bad" for m in value):
                return error(400, "invalidValue", "no such member")
            r["members"] += [m for m in value if m["value"] not in have]
        elif o["op"] == "remove":
            r.pop(path, None)
        else:
            r[path] = value
    touch(r)
    return (204, None)


def bulk(r):
    told = []
    for o in r.json["Operations"]:
        one = types.SimpleNamespace(method=o["method"], path=o["path"], json=o["data"])
        name = o["data"].get("userName")
        status, body = carry_out(one)[:2]
        status = {"half": 500, "away": 503}.get(name, status)
        if name != "silent":
            told.append({"method": "POST", "bulkId": o["bulkId"], "status": str(status), "response": body})
    return (200, {"Operations": told})


def carry_out(r):
    if r.path == "/Bulk":
        return bulk(r)
    store, item = S["store"], S["store"].get(r.path)
    if r.method == "POST":
        for other in store.values():
            if other.get("userName", 0) == r.json.get("userName", 1) or \
                    ("userName" not in r.json and other.get("displayName") == r.json["displayName"]):
                return error(409, "uniqueness")
        return (201, put(r.json))
    if r.path.count("/") == 1:
        name, value = re.fullmatch('(.*) eq "(.*)"', r.query["filter"]).groups()
        found = [x for p, x in store.items() if p.startswith(r.path) and
                 (S["config"].get("blind") or x.get(name) == value)]
        return (200, {"totalResults": len(found), "Resources": found[:S["config"].get("shown", 100)]})
    if item is None:
        return error(404)
    if r.method == "GET":
        hidden, how = r.query.get("excludedAttributes"), S["config"].get("members")
        if how == "never" or (how == "some" and not item.get("members")) or \
                (how == "asked" and "attributes" not in r.query):
            hidden = "members"
        if how == "many":
            item = dict(item, members=[{"value": "m%d" % i} for i in range(10000)])
        if how and "attributes" in r.query:
            item = {k: v for k, v in item.items() if k in ("id", "members")}
        return (200, {k: v for k, v in item.items() if k != hidden})
    if r.headers.get("If-Match", item["meta"]["version"]) != item["meta"]["version"]:
        return error(412)
    if r.method == "DELETE":
        del store[r.path]
        return (204, None)
    if r.method == "PUT":
        store[r.path] = dict(r.json, meta=item["meta"])
        return (200, store[r.path])
    return patch(item, r.json["Operations"])


def shown(r):
    r = {k: v for k, v in r.items() if k not in ("meta", "schemas", "id")}
    if "members" in r:
        r["members"] = [re.sub(r"^i\d+", "ID", m["value"]) for m in r["members"]]
    return json.dumps(r, sort_keys=True, separators=(",", ":")) + "\n"


# An answer that waits for so many others of a kind, or that they are asked for.
def wait(kind, number, counts="given"):
    lock, end = sys.modules["__main__"].server.lock, time.monotonic() + 10
    while S[counts].get(kind, 0) < number and time.monotonic() < end:
        lock.release()
        time.sleep(.01)
        lock.acquire()
    lock.release()
    time.sleep(.2)
    lock.acquire()


def answer(r):
    given = answer_to(r)
    kind = r.method + " " + "/".join(r.path.split("/")[:2])
    S["given"][kind] = S["given"].get(kind, 0) + 1
    return given


def answer_to(r):
    if r.path == "/_scene":
        scene(**r.json)
        return (204, None)
    if r.path == "/_state":
        return (200, ",".join(S["log"]) + "\n" + "".join(sorted(map(shown, S["store"].values()))))
    if r.path == "/ServiceProviderConfig":
        return (200, S["config"])
    if r.path == "/token":
        S["granted"] += 1
        return token("t") if S["granted"] == 1 else error(401)
    kind = r.method + " " + "/".join(r.path.split("/")[:2])
    mine = kind + " " + str((r.json or {}).get("userName"))
    kind = mine if mine in S["faults"] else kind
    nth = S["seen"][kind] = S["seen"].get(kind, 0) + 1
    S["all"] = S["seen"]["all"] = S["seen"].get("all", 0) + 1
    fault = S["faults"].get(kind, [])
    fault = fault[nth - 1] if nth <= len(fault) else S["faults"].get("all", {}).get(str(S["all"]))
    S["log"].append(kind + (" if" if "If-Match" in r.headers else ""))
    if fault == "late":
        time.sleep(1)
    if isinstance(fault, list):
        return error(*fault)
    if isinstance(fault, dict):
        time.sleep(fault.get("late", 0))
        if "until" in fault:
            wait(*fault["until"])
        if "status" not in fault and "raw" not in fault:
            return carry_out(r)
        if fault.get("done"):
            carry_out(r)
        return raw(fault["raw"]) if "raw" in fault else (
            fault["status"], fault.get("body", ""), fault.get("head", {}))
    if fault == "drop":
        return DROP
    if fault == "touch":
        touch(S["store"][r.path])
    if fault == "kill":
        with open("pid") as f:
            os.kill(int(f.read()), signal.SIGKILL)
    given = carry_out(r)
    return DROP if fault in ("lost", "kill") else given


scene()
END
sed -i 's/^import re$/import json\nimport re/' script

cat >inner <<'END'
# scene NAME [JSON]: the server begins anew, and so does the ledger.
scene() {
	now=$1
	curl -s -X POST -H 'Content-Type: application/json' -d "${2:-{\}}" "$SCIM_URL/_scene"
	rm -f ledger
}
ours() { for key; do echo '{"Ledger":"user","Target":"'"$SCIM_URL"'","Key":"'"$key"'","Username":"'"$key"'","sub":"'"${id:-u$key}"'","State":"created","Time":"2026-01-01T00:00:00.000Z"}'; done >>ledger; }
our_group() { echo '{"Ledger":"group","Target":"'"$SCIM_URL"'","Key":"'"$1"'","GroupName":"'"$1"'","State":"created","Time":"2026-01-01T00:00:00.000Z"}' >>ledger; }
begun() { ours "$1"; sed -i 's/"created"/"creating"/' ledger; }
begun_group() { our_group "$1"; sed -i 's/"created"/"creating"/' ledger; }
plan() { "$HELPERS/make-plan.py" "$SCIM_URL" 'Key="externalId"' "$@" >"plan.$now"; }
apply() {
	apply-scim --ledger ledger --failed "failed.$now" -o "results.$now" "$@" "plan.$now" >"out.$now" 2>"err.$now"
	echo $? >"status.$now"
	after
}
after() {
	curl -s "$SCIM_URL/_state" >"state.$now"
	cp ledger "ledger.$now"
}
new='{"Op":"create-user","Key":"ana","Username":"ana","After":{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"ana","userName":"ana","active":true}}'
on='"config":{"patch":{"supported":true},"filter":{"supported":true},"etag":{"supported":true}}'
ana='{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"uana","externalId":"ana","userName":"ana","active":true,"nickName":"a"}'
bob='{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"ubob","externalId":"bob","userName":"bob","active":true}'
staff='{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"g1","displayName":"staff","members":[{"value":"stranger"},{"value":"uana"}]}'
team='{"Op":"create-group","Key":"staff","GroupName":"staff","After":{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"externalId":"staff","displayName":"staff"}}'
change='{"Op":"update-user","Key":"ana","Username":"ana","Id":"uana","Before":{"nickName":"a"},"After":{"nickName":"b"}}'
off='{"Op":"disable-user","Key":"ana","Username":"ana","Id":"uana","Before":{"Enabled":true},"After":{"Enabled":false}}'
gone='{"Op":"delete-user","Key":"ana","Username":"ana","Id":"uana","Before":'"$ana"'}'
add() { echo '{"Op":"add-member","Key":"'"$1"'","GroupName":"staff","Username":"'"$1"'"'"${2:+,\"Id\":\"$2\"}"'}'; }
out() { echo '{"Op":"remove-member","Key":"'"$1"'","GroupName":"staff","Username":"'"$1"'","Id":"'"$2"'"}'; }

scene lost '{"faults":{"POST /Users":["lost"]}}'; plan <<<"$new"; apply
scene drop '{"faults":{"POST /Users":["drop"]}}'; plan <<<"$new"; apply
behind='{"done":true,"status":503}'
scene rubbish '{"seed":['"$bob"'],"faults":{"POST /Users":[{"done":true,"status":201,"body":"<html>"}]}}'; ours bob
{ echo "$new"; echo "${change//ana/bob}"; } >rows; plan <rows; apply
scene rubbish-lost '{"faults":{"POST /Users":[{"done":true,"raw":"no HTTP\r\n"}],"GET /Users":["drop","drop"]}}'; plan <<<"$new"; apply --retry-seconds 0
scene moved '{"faults":{"POST /Users":[{"status":302}]}}'; plan <<<"$new"; apply
scene behind '{"faults":{"POST /Users":['"$behind"']}}'; plan <<<"$new"; apply
scene taken '{"seed":['"$ana"']}'; plan <<<"$new"; apply
scene old '{"seed":['"${ana%\}}"',"meta":{"created":"2020-01-01T00:00:00Z","version":"1"}}],"faults":{"POST /Users":["lost"]}}'; plan <<<"$new"; apply
scene differs '{"seed":['"${ana/true/false}"'],"faults":{"POST /Users":["lost"]}}'; plan <<<"$new"; apply
scene nofilter '{"config":{"filter":{"supported":false}},"faults":{"POST /Users":["lost"]}}'; plan <<<"$new"; apply
now=nofilter2; cp plan.nofilter plan.nofilter2; curl -s -X POST -d '{"seed":['"${ana/,\"nickName\":\"a\"/}"']}' "$SCIM_URL/_scene"; apply
scene unfiltered '{"config":{"filter":{"supported":false}},"seed":['"${ana/,\"nickName\":\"a\"/}"','"${staff/\"members\"/\"externalId\":\"staff\",\"members\"}"']}'
begun ana; begun_group staff; { echo "${team/\"After\"/\"Id\":\"g1\",\"After\"}"; echo "${new/\"After\"/\"Id\":\"uana\",\"After\"}"; } >rows; plan <rows; apply
scene lowered '{"seed":['"${ana/\"userName\":\"ana\",\"active\":true,\"nickName\":\"a\"/\"userName\":\"ANA\",\"active\":true}"']}'; begun ana; plan <<<"$new"; apply
scene unfiltered-row '{"config":{"filter":{"supported":false}},"seed":['"$ana"']}'; begun ana; plan <<<"$new"; apply
scene unfiltered-gone '{"config":{"filter":{"supported":false}}}'; begun ana; plan <<<"${new/\"After\"/\"Id\":\"uana\",\"After\"}"; apply
scene unfiltered-other '{"config":{"filter":{"supported":false}},"seed":['"${ana/\"externalId\":\"ana\"/\"externalId\":\"eve\"}"']}'; begun ana; cp plan.unfiltered-gone plan.unfiltered-other; apply
scene begun; begun ana; plan <<<"$new"; apply
scene begun-twin '{"seed":['"${staff/\"members\"/\"externalId\":\"staff\",\"members\"}"']}'; begun_group staff; plan <<<"$team"; apply
scene begun-renamed '{"seed":['"${ana/\"userName\":\"ana\"/\"userName\":\"eve\"}"']}'; begun ana; plan <<<"$new"; apply
nobody='{"status":200,"body":"{\"totalResults\":0,\"Resources\":[]}"}'
scene lagging '{"seed":['"${ana/,\"nickName\":\"a\"/}"'],"faults":{"GET /Users":['"$nobody,$nobody"']}}'; begun ana; plan <<<"$new"; apply
scene timeless '{"config":{"timeless":true},"faults":{"POST /Users":["lost"]}}'; plan <<<"$new"; apply
scene begun-timeless '{"seed":['"${ana/,\"nickName\":\"a\"/}"'],"config":{"timeless":true}}'; begun ana; plan <<<"$new"; apply
scene blind '{"seed":['"$bob"'],"config":{"blind":true,"shown":1},"faults":{"POST /Users":["lost"]}}'; plan <<<"$new"; apply
scene blind-liar '{"seed":['"$bob"'],"config":{"blind":true},"faults":{"POST /Users":["drop"]}}'; plan <<<"$new"; apply
scene blind-whole '{"seed":['"$bob"'],"config":{"blind":true},"faults":{"POST /Users":["lost"]}}'; plan <<<"$new"; apply
scene hidden '{"seed":['"$ana"','"${ana/uana/uother}"'],"config":{"shown":1}}'; begun ana; plan <<<"$new"; apply
scene counted '{"faults":{"POST /Users":["lost"],"GET /Users":[{"status":200,"body":"{\"totalResults\":1}"}]}}'; plan <<<"$new"; apply
scene unasked '{"faults":{"POST /Users":["lost"],"GET /Users":[[400,"invalidFilter"]]}}'; plan <<<"$new"; apply
scene put '{"seed":['"$ana"'],"faults":{"PATCH /Users":[[501]]}}'; ours ana; plan <<<"$change"; apply
scene put-many '{"seed":['"$ana"','"${ana//ana/cid}"','"${ana//ana/dan}"'],"faults":{"PATCH /Users":[[501],[501],[501]]}}'; ours ana cid dan
for key in ana cid dan; do echo "${change//ana/$key}"; done >rows; plan <rows; apply
club=${staff//staff/club} club=${club/g1/g2}
scene put-groups '{"seed":['"$staff"','"$club"'],"faults":{"PATCH /Groups":[[501],[501]],"GET /Groups":[null,{"until":["PATCH /Groups",1]}]}}'; our_group staff; our_group club
for key in staff:g1 club:g2; do echo '{"Op":"update-group","Key":"'${key%:*}'","GroupName":"'${key%:*}'","Id":"'${key#*:}'","Before":{},"After":{"externalId":"x"}}'; done >rows; plan <rows; apply
scene put-members '{"seed":['"$staff"','"$club"'],"faults":{"PATCH /Groups":[{"status":428,"until":["PATCH /Groups",2,"seen"]},[428],[501]]}}'
ours bob; our_group staff; our_group club; { add bob ubob; add bob ubob | sed s/staff/club/; } >rows; plan <rows; apply
scene early '{"seed":['"$ana"'],"faults":{"PATCH /Users":[[428]]}}'; ours ana; plan <<<"$change"; apply
scene put-crowds '{"seed":['"$staff"','"$club"'],"faults":{"PATCH /Groups":[[501],[501]]}}'; ours bob; our_group staff; our_group club; cp plan.put-members plan.put-crowds; apply
scene touched '{"seed":['"$ana"'],'"$on"',"faults":{"PATCH /Users":["touch"]}}'; ours ana; plan <<<"$change"; apply
scene weak '{"seed":['"$ana"'],'"$on"',"faults":{"PATCH /Users":[[412],[412]]}}'; ours ana; plan <<<"$change"; apply
scene chased '{"seed":['"$ana"'],'"$on"',"faults":{"PATCH /Users":["touch","touch","touch","touch"]}}'; ours ana; plan <<<"$change"; apply
scene chased-put '{"seed":['"$ana"'],"config":{"patch":{"supported":false},"etag":{"supported":true}},"faults":{"PUT /Users":["touch","touch","touch","touch"]}}'; ours ana; plan <<<"$change"; apply
scene changed '{"seed":['"${ana/\"a\"/\"c\"}"']}'; ours ana; plan <<<"$change"; apply
scene so '{"seed":['"${ana/\"a\"/\"b\"}"']}'; ours ana; plan <<<"$change"; apply
scene renamed '{"seed":['"${ana/\"userName\":\"ana\"/\"userName\":\"eve\"}"']}'; ours ana; plan <<<"$off"; apply
scene off '{"seed":['"$ana"'],"faults":{"PATCH /Users":["lost"]}}'; ours ana; plan <<<"$off"; apply
scene gone '{"seed":['"$ana"'],"faults":{"DELETE /Users":["lost"]}}'; ours ana; plan <<<"$gone"; apply
scene gone2; ours ana; plan <<<"$gone"; apply
page='{"status":404,"body":"<html>"}'
scene page '{"seed":['"$ana"','"$staff"'],"faults":{"GET /Users":['"$page"'],"PATCH /Groups":['"$page"']}}'; ours ana; our_group staff; { out ana uana; echo "$gone"; } >rows; plan <rows; apply
scene page-delete '{"seed":['"$ana"'],"faults":{"DELETE /Users":['"$page"']}}'; ours ana; plan <<<"$gone"; apply
scene grown '{"seed":['"${ana/\"a\"/\"z\"}"']}'; ours ana; plan <<<"$gone"; apply
scene strange '{"seed":['"$ana"','"$staff"']}'; { echo "$gone"; echo "$off"; echo "$change"; out ana uana; } >rows; plan <rows; apply
scene singles '{"seed":['"$ana"','"$bob"','"${staff/stranger/s}"']}'; ours ana bob; id=bad ours cid; our_group staff
{ add bob ubob; add cid bad; add ana uana; } >rows; plan <rows; apply
scene notarget '{"seed":['"$ana"','"$staff"']}'; ours ana bob; our_group staff; { out ana uana; out bob ubob; } >rows; plan <rows; apply
scene blind-group '{"seed":['"${staff//staff/team}"','"${staff/g1/g2}"'],"config":{"blind":true,"shown":1}}'; ours ana; our_group staff; out ana uana >rows; plan <rows; apply
scene blind-user '{"seed":['"$bob"','"$ana"','"${staff/,{\"value\":\"uana\"\}/}"'],"config":{"blind":true,"shown":1}}'; ours ana; our_group staff; add ana >rows; plan <rows; apply
scene members '{"seed":['"$bob"','"$staff"'],"faults":{"PATCH /Groups":["lost"]}}'; ours bob; our_group staff; add bob >rows; plan <rows; apply
scene busy '{"seed":['"$bob"','"$staff"'],"faults":{"PATCH /Groups":[[428],[412],[412],[412]]}}'; ours bob; our_group staff; add bob ubob >rows; plan <rows; apply
scene whole '{"seed":['"$bob"','"$staff"'],"config":{"patch":{"supported":false}}}'; ours bob ana; our_group staff; { add bob; out ana uana; } >rows; plan <rows; apply
# Members that are not shown, to a PUT, which drops whom it does not name.
grow='{"Op":"update-group","Key":"staff","GroupName":"staff","Id":"g1","Before":{},"After":{"externalId":"x"}}'
for how in asked never; do
	scene "whole-$how" '{"seed":['"$bob"','"$staff"'],"config":{"members":"'$how'"},"faults":{"PATCH /Groups":[[501],[501]]}}'; ours bob; our_group staff
	{ add bob ubob; echo "$grow"; } >rows; plan <rows; apply
done
for dialect in aws oci; do
	scene "whole-$dialect" '{"seed":['"$staff"'],"config":{"members":"many","patch":{"supported":false}}}'; ours bob; our_group staff; add bob ubob >rows; plan <rows; apply --dialect $dialect
done
for how in some never; do
	scene "whole-new-$how" '{"seed":['"$ana"','"$bob"'],"config":{"members":"'$how'","patch":{"supported":false}}}'; ours ana bob
	{ echo "$team"; add ana uana; add bob ubob; } >rows; plan <rows; apply --members-max 1
done
scene whole-some '{"seed":['"${staff/\{\"value\":\"stranger\"\},/}"'],"config":{"members":"some","patch":{"supported":false}}}'; ours ana bob; our_group staff
{ out ana uana; out bob ubob; } >rows; plan <rows; apply --members-max 1
scene whole-empty '{"seed":['"${staff%,*,*}}"'],"config":{"members":"some","patch":{"supported":false}}}'; ours bob; our_group staff; add bob ubob >rows; plan <rows; apply
scene forbidden '{"seed":['"$bob"'],"faults":{"POST /Users":[[403]]}}'; ours bob; { echo "$new"; echo '{"Op":"delete-user","Key":"bob","Username":"bob","Id":"ubob","Before":'"$bob"'}'; } >rows; plan <rows; apply
scene halted '{"seed":['"$ana"','"$bob"'],"faults":{"GET /Users":[[403],"late"]}}'; ours ana bob; { echo "$change"; echo "${change//ana/bob}" | sed 's/"nickName":"a"/"nickName":null/'; } >rows; plan <rows; apply
scene halted-gone '{"seed":['"$ana"','"$bob"'],"faults":{"GET /Users":[[403],"late"]}}'; ours ana bob; { echo "$gone"; echo '{"Op":"delete-user","Key":"bob","Username":"bob","Id":"ubob","Before":'"$bob"'}'; } >rows; plan <rows; apply
scene away '{"seed":['"$bob"'],"faults":{"POST /Users":['"$behind"']}}'; ours bob; cp plan.forbidden plan.away; apply --retry-seconds 0
now=away-later; cp plan.away plan.away-later; apply
scene group '{"seed":['"$staff"']}'; our_group staff; echo '{"Op":"delete-group","Key":"staff","GroupName":"staff","Id":"g1","Before":{"displayName":"staff","Members":1}}' >rows; plan <rows; apply
scene dry '{"seed":['"$ana"']}'; { echo "$new"; echo "$off"; } >rows; plan <rows
apply-scim --dry-run plan.dry >results.dry 2>err.dry; echo $? >status.dry; : >ledger; after
scene only '{"seed":['"$bob"']}'; ours bob; cp plan.forbidden plan.only; apply --only create
# bob is ours, and the ledger has room for one line more.
cramped() {
	ours bob
	sed 's/"bob"/"'"$(printf 'x%.0s' {1..500})"'"/' ledger | head -1 >line
	sed -i 's/"sub":[^,]*,//; s/"Username":[^,]*,//' line
	cat line >>ledger
	(trap '' XFSZ; ulimit -f 1; apply)
}
scene full '{"seed":['"$bob"']}'; cp plan.forbidden plan.full; cramped
scene full-last; plan <<<"$new"; cramped
scene twin '{"seed":['"$ana"','"$staff"']}'; ours ana; our_group staff; sed -i 's/"GroupName"/"sub":"g0",&/' ledger
{ out ana uana; echo '{"Op":"update-group","Key":"staff","GroupName":"staff","Id":"g1","Before":{},"After":{"externalId":"x"}}'; } >rows; plan <rows; apply
scene group-id '{"seed":['"$ana"','"${staff/\"displayName\":\"staff\"/\"displayName\":\"crew\"}"']}'; ours ana; our_group staff; sed -i 's/"GroupName"/"sub":"g1",&/' ledger
out ana uana | sed 's/"Id"/"GroupId":"g1",&/' >rows; plan <rows; apply
scene group-id-twin '{"seed":['"$ana"','"$staff"']}'; ours ana; our_group staff; sed -i 's/"GroupName"/"sub":"g0",&/' ledger; cp plan.group-id plan.group-id-twin; apply
scene twin-user '{"seed":['"$ana"','"$staff"']}'; id=u0 ours ana; our_group staff; { add ana; out ana uana; echo "$off"; echo "$gone"; } >rows; plan <rows; apply
scene old-plan; plan 'Made="2026-01-01T00:00:00.000Z"' <<<"$new"; : >ledger; apply
scene other; plan 'Target="https://elsewhere"' <<<"$new"; : >ledger; apply
scene guard; ours ana; for i in 1 2 3 4 5 6; do echo "${off//ana/ana$i}"; done >rows; plan 'Classes={}' <rows; apply
scene mails; ours ana; for i in 1 2 3 4 5 6; do echo '{"Op":"update-user","Key":"ana'$i'","Username":"a","Id":"x","Before":{"emails":[{"value":"a"}]},"After":{"emails":[{"value":"b"}]}}'; done >rows; plan 'Limits={"update":100}' 'Max=["update"]' <rows; apply
scene cut; plan <<<"$new"; sed -i '$d' plan.cut; : >ledger; apply
scene active; ours ana; plan <<<"${change/\"nickName\":\"b\"/\"Active\":false}"; apply
scene password; plan <<<"${new/\"active\"/\"password\":\"secret\",\"active\"}"; : >ledger; apply

many=",\"config\":{\"bulk\":{\"supported\":true,\"maxOperations\":10},\"filter\":{\"supported\":true}}}"
for key in ana half cid silent; do echo "${new//ana/$key}"; done >many
scene bulk '{"seed":['"${ana//ana/cid}"']'"$many"; plan < <(cat many; echo "${new//ana/away}"); apply
scene bulk-lost '{"faults":{"POST /Bulk":["lost"]}'"$many"; plan <many; apply
scene bulk-behind '{"faults":{"POST /Bulk":['"$behind"']}'"$many"; plan < <(echo "$new"; echo "${new//ana/cid}"); apply
scene bulk-page '{"faults":{"POST /Bulk":[{"done":true,"status":200,"body":"<html>"}]}'"$many"; plan < <(echo "$new"; echo "${new//ana/cid}"); apply
scene bulk-halted '{"faults":{"POST /Bulk":[[403],{"late":1,"status":413}]}'"${many/10/2}"; plan <many; apply
scene bulk-no '{"faults":{"POST /Bulk":[[501]]}'"$many"; plan <many; apply
scene bulk-large '{"faults":{"POST /Bulk":[[413],[413]]}'"$many"; head -n 2 many >two; plan <two; apply
# There is a token to begin with, and no other.
leaving() { (unset SCIM_TOKEN; apply --token-url "$TOKEN_URL" --client-id c --client-secret-file secret); }
(umask 077; echo s >secret)
scene token-behind '{"faults":{"POST /Users":['"$behind"',[401]]}}'; plan <<<"$new"; leaving
now=token-later; cp plan.token-behind plan.token-later; apply
scene bulk-token-behind '{"faults":{"POST /Bulk":['"$behind"',[401]]}'"$many"; plan < <(echo "$new"; echo "${new//ana/cid}"); leaving
scene token '{"seed":['"$bob"','"${bob//bob/cid}"'],"faults":{"GET /Users":[[401]]}}'; ours bob cid
{ echo "$new"; echo "${change//ana/bob}"; echo "${gone//ana/cid}"; } >rows; plan <rows; leaving
scene bulk-token '{"faults":{"POST /Bulk":[[401]]}'"$many"; plan < <(echo "$new"; echo "${new//ana/cid}"); leaving
scene hold '{"seed":['"$bob"'],"faults":{"POST /Users":[{"status":429,"head":{"Retry-After":"8"}}]}}'; ours bob; cp plan.forbidden plan.hold; apply --retry-seconds 1
scene halted-taken '{"faults":{"POST /Users ana":['"$behind"'],"POST /Users bob":[{"status":302,"until":["GET /Users",1]}],"GET /Users":['"$nobody,$nobody,$nobody,$nobody,$nobody,$nobody,$nobody"']}}'
plan < <(echo "$new"; echo "${new//ana/bob}"); apply
now=halted-found; cp plan.halted-taken plan.halted-found; curl -s -X POST -d '{"seed":['"${ana/,\"nickName\":\"a\"/}"']}' "$SCIM_URL/_scene"; apply
scene bulk-kill '{"faults":{"all":{"1":"kill"}}'"$many"; plan <many
apply-scim --ledger ledger plan.bulk-kill >/dev/null 2>&1 & echo $! >pid
wait $! 2>/dev/null
apply
scene kept '{"seed":['"$ana"']}'; ours ana; plan <<<"$new"; apply
scene reborn '{"faults":{"all":{"1":"kill"}}}'; id=u0 ours ana; plan <<<"$new"
apply-scim --ledger ledger plan.reborn >/dev/null 2>&1 & echo $! >pid
wait $! 2>/dev/null
apply
# libcurl itself sends it again when a kept connection ends.
scene gone-away '{"seed":['"$ana"'],"faults":{"DELETE /Users":["lost","drop","drop"]}}'; ours ana; plan <<<"$gone"; apply --retry-seconds 0
# Killed as the nth request is carried out, and run again: the same end.
{ echo '{"Op":"create-group","Key":"staff","GroupName":"staff","After":{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"externalId":"staff","displayName":"staff"}}'
	echo "$new"; add ana; add bob ubob; echo "${change//ana/bob}" | sed 's/"nickName":"a"/"nickName":null/'
	echo '{"Op":"delete-user","Key":"cid","Username":"cid","Id":"ucid","Before":'"${bob//bob/cid}"'}'; } >rows
for n in ${KILLS:-1 5 7 8}; do
	scene "kill$n" '{"seed":['"$bob"','"${bob//bob/cid}"'],"faults":{"all":{"'$n'":"kill"}}}'
	ours bob cid
	plan <rows
	apply-scim --ledger ledger "plan.$now" >/dev/null 2>&1 & echo $! >pid
	wait $! 2>/dev/null
	echo $? >"killed.$now"
	apply
done
END
title 'the scenes'
run 0 "$HELPERS/scripted-scim.py" script bash ./inner

# told NAME: what a scene came to: status, results, requests, what the server has, the ledger.
told() {
	printf '%s %s\n' "$1" "$(cat "status.$1")"
	[ ! -s "results.$1" ] || jq -r 'select(.Op) | [.Op, .Key, .Result, .Code, (.Retryable | tostring),
		.Detail // empty] | "  " + join(" ")' "results.$1"
	sed 's/^/  /' "err.$1"
	sed '/^$/d; s/^/  /' "state.$1"
	[ ! -s "ledger.$1" ] || echo "  $(sed -E 's/.*"Key":"([^"]*)".*"State":"([a-z]*)".*/\1 \2/' "ledger.$1" | sort -s -k 1,1 | paste -sd,)"
}
# is NAME TITLE: it came to standard input.
is() {
	cat >expected
	title "$2"
	told "$1" | sed -E "s/[0-9]+ minutes/N minutes/; s/127[0-9.]+:[0-9]+/HOST/; s/(lost: ).*/\1why/" >actual
	same expected actual
}
is drop "a creation that did not arrive is made again" <<'END'
drop 0
  create-user ana done  false
  POST /Users,GET /Users,POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana created
END
is lost "one whose answer was lost is found again" <<'END'
lost 0
  create-user ana done  false
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana created
END
is rubbish "one that was answered for in a way that cannot be read is found, though the run ends there" <<'END'
rubbish 3
  create-user ana done  false
  update-user bob skipped  true not begun, since the run was ended
  apply-scim: /Users: HTTP 201 with something that is not JSON: a proxy or a login page in between, or --url leads elsewhere
  apply-scim: 0 failed, 1 were skipped, 1 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  ana creating,ana created,bob created
END
is rubbish-lost "where it is not found out either, it stays to be looked for" <<'END'
rubbish-lost 3
  create-user ana failed  true connection to HOST lost: why
  apply-scim: /Users: the answer of HOST is not HTTP
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating
END
is moved "a redirect made nobody" <<'END'
moved 1
  apply-scim: /Users: HTTP 302 from the server: a redirect, and none is followed
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users
  ana creating,ana refused
END
is behind "one that a gateway refused though it was done is ours" <<'END'
behind 0
  create-user ana done  false
  POST /Users,POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana created
END
is taken "a name that is taken is somebody else's" <<'END'
taken 3
  create-user ana failed uniqueness false exists, and is not ours
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  POST /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana creating,ana refused
END
is old "who was there before is not ours, though an answer was lost" <<'END'
old 3
  create-user ana failed uniqueness false exists, but differs: not known to be ours
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana creating,ana refused
END
is differs "nor is who is otherwise" <<'END'
differs 3
  create-user ana failed uniqueness false exists, but differs: not known to be ours
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":false,"externalId":"ana","nickName":"a","userName":"ana"}
  ana creating,ana refused
END
is nofilter "a server that cannot be asked" <<'END'
nofilter 3
  create-user ana failed  true connection to HOST lost: why
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating
END
is nofilter2 "and the next run, which can" <<'END'
nofilter2 0
  create-user ana done  false
  GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana creating,ana created
END
is unfiltered "who is there by the plan's list is asked for by that id, without a filter" <<'END'
unfiltered 0
  create-group staff done  false
  create-user ana done  false
  GET /Groups,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"displayName":"staff","externalId":"staff","members":["stranger","uana"]}
  ana creating,ana creating,ana created,staff creating,staff creating,staff created
END
is lowered "a name in letters of another case is the name" <<'END'
lowered 0
  create-user ana done  false
  GET /Users
  {"active":true,"externalId":"ana","userName":"ANA"}
  ana creating,ana creating,ana created
END
is unfiltered-row "a row that cannot be settled does not pretend to" <<'END'
unfiltered-row 3
  create-user ana failed uniqueness false is taken, and the server cannot be asked by whom: a plan by a list made since settles it, if it is ours
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  POST /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana creating,ana creating
END
is unfiltered-gone "who is gone since is made" <<'END'
unfiltered-gone 0
  create-user ana done  false
  GET /Users,POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana creating,ana created
END
is unfiltered-other "somebody else under that id is nobody of ours" <<'END'
unfiltered-other 3
  create-user ana failed uniqueness false is taken, and the server cannot be asked by whom: a plan by a list made since settles it, if it is ours
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  GET /Users,POST /Users
  {"active":true,"externalId":"eve","nickName":"a","userName":"ana"}
  ana creating,ana creating
END
is begun "what a run that was killed did not get to make is made" <<'END'
begun 0
  create-user ana done  false
  GET /Users,POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana creating,ana created
END
is begun-twin "what it made is not made again, even where the server would let it" <<'END'
begun-twin 0
  create-group staff done  false
  GET /Groups
  {"displayName":"staff","externalId":"staff","members":["stranger","uana"]}
  staff creating,staff creating,staff created
END
is begun-renamed "nor beside who has another name by now" <<'END'
begun-renamed 3
  create-user ana failed uniqueness false exists, but differs: not known to be ours
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"eve"}
  ana creating,ana creating,ana refused
END
is lagging "one that is found only a while after its name is taken" <<'END'
lagging 0
  create-user ana done  false
  GET /Users,POST /Users,GET /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana creating,ana created
END
is timeless "one whose answer was lost is ours, though the server says not since when it is there" <<'END'
timeless 0
  create-user ana done  false
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana created
END
is begun-timeless "one that a run which was killed was about to make is not known to be" <<'END'
begun-timeless 3
  create-user ana failed uniqueness false exists, and the server does not say since when: not known to be ours
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana creating,ana refused
END
part='the server shows others than it was asked for, or a part of them'
is blind "nothing is made again on the word of a part of a list" <<END
blind 3
  create-user ana failed  true $part
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  ana creating
END
is blind-liar "nor of a server that does not look for what it is asked for" <<END
blind-liar 3
  create-user ana failed  true $part
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":true,"externalId":"bob","userName":"bob"}
  ana creating
END
is blind-whole "which shows it among all others" <<'END'
blind-whole 0
  create-user ana done  false
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  ana creating,ana created
END
is hidden "one of two that are shown is not the one" <<END
hidden 3
  create-user ana failed  true $part
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana creating,ana creating
END
is counted "nor is one that is counted and not shown nobody" <<END
counted 3
  create-user ana failed  true $part
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating
END
is unasked "a server that turns out not to be one that can be asked" <<'END'
unasked 3
  create-user ana failed invalidFilter true 400 invalidFilter
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating
END
is put "no PATCH" <<'END'
put 0
  update-user ana done  false
  GET /Users,PATCH /Users,GET /Users,PUT /Users
  {"active":true,"externalId":"ana","nickName":"b","userName":"ana"}
  ana created
END
# ended NAME: what a scene came to, but for the order of requests.
ended() { told "$1" | sed -E 's/127[0-9.]+:[0-9]+/HOST/' | grep -vE '^  [A-Z]+ /|^  [a-z]+ created'; }
title 'no PATCH, for all that are under way'
ended put-many >actual
same - actual <<'END'
put-many 0
  update-user ana done  false
  update-user cid done  false
  update-user dan done  false
  {"active":true,"externalId":"ana","nickName":"b","userName":"ana"}
  {"active":true,"externalId":"cid","nickName":"b","userName":"cid"}
  {"active":true,"externalId":"dan","nickName":"b","userName":"dan"}
END
title 'what was looked at without its members is not written whole'
ended put-groups >actual
same - actual <<'END'
put-groups 0
  update-group club done  false
  update-group staff done  false
  {"displayName":"club","externalId":"x","members":["stranger","uana"]}
  {"displayName":"staff","externalId":"x","members":["stranger","uana"]}
END
for name in put-members put-crowds; do
	title "no PATCH, or not without a version, for crowds that are under way ($name)"
	ended $name >actual
	same - actual <<END
$name 0
  add-member bob done  false
  add-member bob done  false
  {"displayName":"club","members":["stranger","uana","ubob"]}
  {"displayName":"staff","members":["stranger","uana","ubob"]}
END
done
is early "a server that wants to know what is changed, and did not say so before" <<'END'
early 0
  update-user ana done  false
  GET /Users,PATCH /Users,GET /Users,PATCH /Users if
  {"active":true,"externalId":"ana","nickName":"b","userName":"ana"}
  ana created
END
is touched "changed between the look and the change: another look (If-Match)" <<'END'
touched 0
  update-user ana done  false
  GET /Users,PATCH /Users if,GET /Users,PATCH /Users if
  {"active":true,"externalId":"ana","nickName":"b","userName":"ana"}
  ana created
END
is weak "a version that the server gives and refuses" <<'END'
weak 0
  update-user ana done  false
  GET /Users,PATCH /Users if,GET /Users,PATCH /Users if,GET /Users,PATCH /Users
  {"active":true,"externalId":"ana","nickName":"b","userName":"ana"}
  ana created
END
is chased "what others change from look to look is never changed blindly" <<'END'
chased 3
  update-user ana skipped 412 true changed since the plan
  apply-scim: 0 failed, 1 were skipped, 1 of them can be tried again; the results say why
  GET /Users,PATCH /Users if,GET /Users,PATCH /Users if,GET /Users,PATCH /Users if,GET /Users,PATCH /Users if
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana created
END
is chased-put "least of all by PUT" <<'END'
chased-put 3
  update-user ana skipped 412 true changed since the plan
  apply-scim: 0 failed, 1 were skipped, 1 of them can be tried again; the results say why
  GET /Users,PUT /Users if,GET /Users,PUT /Users if,GET /Users,PUT /Users if,GET /Users,PUT /Users if
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana created
END
is changed "what is not as the plan says is left alone" <<'END'
changed 3
  update-user ana skipped  false changed since the plan
  apply-scim: 0 failed, 1 were skipped, 0 of them can be tried again; the results say why
  GET /Users
  {"active":true,"externalId":"ana","nickName":"c","userName":"ana"}
  ana created
END
is so "what is so already is left alone" <<'END'
so 0
  update-user ana unchanged  false so already
  GET /Users
  {"active":true,"externalId":"ana","nickName":"b","userName":"ana"}
  ana created
END
is renamed "somebody else by now" <<'END'
renamed 3
  disable-user ana skipped  false changed since the plan
  apply-scim: 0 failed, 1 were skipped, 0 of them can be tried again; the results say why
  GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"eve"}
  ana created
END
is off "a deactivation whose answer was lost" <<'END'
off 0
  disable-user ana done  false
  GET /Users,PATCH /Users,PATCH /Users
  {"active":false,"externalId":"ana","nickName":"a","userName":"ana"}
  ana created
END
is gone "a deletion whose answer was lost" <<'END'
gone 0
  delete-user ana done  false
  GET /Users,DELETE /Users,DELETE /Users
  ana created,ana deleted
END
is gone2 "who is gone already" <<'END'
gone2 0
  delete-user ana unchanged  false is not there any more
  GET /Users
  ana created,ana deleted
END
is page "a page with a 404 is no word of the server's that somebody is gone" <<'END'
page 3
  remove-member ana failed 404 true HTTP 404 with a page instead of an answer; a proxy or load balancer in between, or --url leads elsewhere
  delete-user ana failed 404 true HTTP 404 with a page instead of an answer; a proxy or load balancer in between, or --url leads elsewhere
  apply-scim: 2 failed, 0 were skipped, 2 of them can be tried again; the results say why
  GET /Groups,PATCH /Groups,GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"displayName":"staff","members":["stranger","uana"]}
  ana created,staff created
END
is page-delete "nor if it answers the deletion" <<'END'
page-delete 3
  delete-user ana failed 404 true HTTP 404 with a page instead of an answer; a proxy or load balancer in between, or --url leads elsewhere
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  GET /Users,DELETE /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana created
END
is grown "who changed since the plan is not deleted" <<'END'
grown 3
  delete-user ana skipped  false changed since the plan
  apply-scim: 0 failed, 1 were skipped, 0 of them can be tried again; the results say why
  GET /Users
  {"active":true,"externalId":"ana","nickName":"z","userName":"ana"}
  ana created
END
is strange "who is not in the ledger is not touched" <<'END'
strange 3
  update-user ana skipped  false the user is not ours, by the ledger
  remove-member ana skipped  false the group is not ours, by the ledger
  disable-user ana skipped  false the user is not ours, by the ledger
  delete-user ana skipped  false the user is not ours, by the ledger
  apply-scim: 0 failed, 4 were skipped, 0 of them can be tried again; the results say why
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"displayName":"staff","members":["stranger","uana"]}
END
is singles "memberships that are refused together go one by one" <<'END'
singles 3
  add-member ana done  false
  add-member bob done  false
  add-member cid failed invalidValue false 400 invalidValue: no such member
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  GET /Groups,PATCH /Groups,PATCH /Groups,PATCH /Groups,PATCH /Groups
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  {"displayName":"staff","members":["s","uana","ubob"]}
  ana created,bob created,cid created,staff created
END
is notarget "who is no member any more" <<'END'
notarget 0
  remove-member ana unchanged  false is not there any more
  remove-member bob unchanged  false is not there any more
  GET /Groups,PATCH /Groups,PATCH /Groups,PATCH /Groups
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"displayName":"staff","members":["stranger"]}
  ana created,bob created,staff created
END
for name in blind-group blind-user; do
	title "nor is anybody no member on the word of a part of a list ($name)"
	told $name | sed -n 2,3p >actual
	same - actual <<END
  $([ $name = blind-user ] && echo add || echo remove)-member ana failed  true $part
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
END
done
is members "memberships whose answer was lost" <<'END'
members 0
  add-member bob done  false
  GET /Groups,GET /Users,PATCH /Groups,PATCH /Groups
  {"active":true,"externalId":"bob","userName":"bob"}
  {"displayName":"staff","members":["stranger","uana","ubob"]}
  bob created,staff created
END
is busy "a group that others change all the time" <<'END'
busy 3
  add-member bob skipped 412 true changed meanwhile
  apply-scim: 0 failed, 1 were skipped, 1 of them can be tried again; the results say why
  GET /Groups,PATCH /Groups,GET /Groups,PATCH /Groups if,GET /Groups,PATCH /Groups if,GET /Groups,PATCH /Groups if
  {"active":true,"externalId":"bob","userName":"bob"}
  {"displayName":"staff","members":["stranger","uana"]}
  bob created,staff created
END
is whole "memberships without PATCH: strangers stay" <<'END'
whole 0
  add-member bob done  false
  remove-member ana done  false
  GET /Groups,GET /Users,GET /Groups,PUT /Groups,GET /Groups,PUT /Groups
  {"active":true,"externalId":"bob","userName":"bob"}
  {"displayName":"staff","members":["stranger","ubob"]}
  ana created,bob created,staff created
END
is whole-asked "members that are shown to who asks for them stay" <<'END'
whole-asked 0
  update-group staff done  false
  add-member bob done  false
  GET /Groups,PATCH /Groups,GET /Groups,GET /Groups,PUT /Groups,GET /Groups,GET /Groups,GET /Groups,PUT /Groups
  {"active":true,"externalId":"bob","userName":"bob"}
  {"displayName":"staff","externalId":"x","members":["stranger","uana","ubob"]}
  bob created,staff created
END
is whole-never "where they are not shown, no group is written by PUT" <<'END'
whole-never 3
  update-group staff failed  true the server does not show who is in the group: a PUT could drop them
  add-member bob failed  true the server does not show who is in the group: a PUT could drop them
  apply-scim: 2 failed, 0 were skipped, 2 of them can be tried again; the results say why
  GET /Groups,PATCH /Groups,GET /Groups,GET /Groups,GET /Groups,GET /Groups,GET /Groups
  {"active":true,"externalId":"bob","userName":"bob"}
  {"displayName":"staff","members":["stranger","uana"]}
  bob created,staff created
END
for name in whole-aws whole-oci; do
	title "nor where they may be no more than a part ($name)"
	told $name | sed -n 1,2p >actual
	same - actual <<END
$name 3
  add-member bob failed  true the server does not show who is in the group: a PUT could drop them
END
done
is whole-new-some "a group that was made in this run is empty until it is written to" <<'END'
whole-new-some 0
  create-group staff done  false
  add-member ana done  false
  add-member bob done  false
  POST /Groups,GET /Groups,GET /Groups,PUT /Groups,GET /Groups,PUT /Groups
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  {"displayName":"staff","externalId":"staff","members":["uana","ubob"]}
  ana created,bob created,staff creating,staff created
END
is whole-new-never "and no longer" <<'END'
whole-new-never 3
  create-group staff done  false
  add-member ana done  false
  add-member bob failed  true the server does not show who is in the group: a PUT could drop them
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Groups,GET /Groups,GET /Groups,PUT /Groups,GET /Groups,GET /Groups
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  {"displayName":"staff","externalId":"staff","members":["uana"]}
  ana created,bob created,staff creating,staff created
END
is whole-some "where members were shown before, none are none" <<'END'
whole-some 0
  remove-member ana done  false
  remove-member bob done  false
  GET /Groups,GET /Groups,PUT /Groups,GET /Groups,GET /Groups,PUT /Groups
  {"displayName":"staff","members":[]}
  ana created,bob created,staff created
END
is whole-empty "and else are not known to be" <<'END'
whole-empty 3
  add-member bob failed  true the server does not show who is in the group: a PUT could drop them
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  GET /Groups,GET /Groups,GET /Groups
  {"displayName":"staff"}
  bob created,staff created
END
is forbidden "a client that may not write" <<'END'
forbidden 1
  apply-scim: /Users: HTTP 403; the token's owner may not do this
  apply-scim: 1 failed, 1 were skipped, 2 of them can be tried again; the results say why
  POST /Users
  {"active":true,"externalId":"bob","userName":"bob"}
  ana creating,ana refused,bob created
END
is halted "what was looked at as the run was ended is not written to" <<'END'
halted 1
  apply-scim: /Users: HTTP 403; the token's owner may not do this
  apply-scim: 1 failed, 1 were skipped, 2 of them can be tried again; the results say why
  GET /Users,GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  ana created,bob created
END
is halted-gone "nor deleted" <<'END'
halted-gone 1
  apply-scim: /Users: HTTP 403; the token's owner may not do this
  apply-scim: 1 failed, 1 were skipped, 2 of them can be tried again; the results say why
  GET /Users,GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  ana created,bob created
END
is away "a server that is away, and made it all the same" <<'END'
away 3
  create-user ana failed 503 true HTTP 503
  delete-user bob done  false
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users,GET /Users,DELETE /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,bob created,bob deleted
END
is away-later "the next run finds it" <<'END'
away-later 0
  create-user ana done  false
  delete-user bob unchanged  false deleted before, by the ledger
  POST /Users,GET /Users,DELETE /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana creating,ana created,bob created,bob deleted
END
is group "a group that others have joined" <<'END'
group 3
  delete-group staff skipped  false others are in it by now
  apply-scim: 0 failed, 1 were skipped, 0 of them can be tried again; the results say why
  GET /Groups,GET /Groups
  {"displayName":"staff","members":["stranger","uana"]}
  staff created
END
is dry "--dry-run" <<'END'
dry 0
  create-user ana planned  false
  disable-user ana planned  false
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
END
is only "--only" <<'END'
only 0
  create-user ana done  false
  delete-user bob skipped  false not asked for (--only)
  POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  ana creating,ana created,bob created
END
title 'no room for the ledger in the middle: nothing more is begun, and the results say what was done'
told full | grep -v 'bob created' >actual
same - actual <<'END'
full 3
  create-user ana done  false
  delete-user bob skipped  true not begun, since the run was ended
  apply-scim: ledger: the ledger cannot be written: File too large
  apply-scim: ledger: nothing more is begun without a ledger
  apply-scim: 0 failed, 1 were skipped, 1 of them can be tried again; the results say why
  POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
END
title 'nor for its last line: that is no good end'
told full-last | grep -v 'bob created' >actual
same - actual <<'END'
full-last 3
  create-user ana done  false
  apply-scim: ledger: the ledger cannot be written: File too large
  POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
END
title 'and what was not is to be tried again'
jq -r 'select(.Key != "externalId" and .Op).Op' failed.full >actual
same - actual <<<'delete-user'
is twin "another group of that name" <<'END'
twin 3
  update-group staff skipped  false the group there is not the one that is ours, by the ledger
  remove-member ana skipped  false the group there is not the one that is ours, by the ledger
  apply-scim: 0 failed, 2 were skipped, 0 of them can be tried again; the results say why
  GET /Groups
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"displayName":"staff","members":["stranger","uana"]}
  ana created,staff created
END
is group-id "a group that the plan has the id of is not looked for" <<'END'
group-id 0
  remove-member ana done  false
  PATCH /Groups
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"displayName":"crew","members":["stranger"]}
  ana created,staff created
END
is group-id-twin "nor touched if another one is ours" <<'END'
group-id-twin 3
  remove-member ana skipped  false the group there is not the one that is ours, by the ledger
  apply-scim: 0 failed, 1 were skipped, 0 of them can be tried again; the results say why
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"displayName":"staff","members":["stranger","uana"]}
  ana created,staff created
END
is twin-user "another user of that key" <<'END'
twin-user 3
  add-member ana skipped  false the user there is not the one who is ours, by the ledger
  remove-member ana skipped  false the user there is not the one who is ours, by the ledger
  disable-user ana skipped  false the user there is not the one who is ours, by the ledger
  delete-user ana skipped  false the user there is not the one who is ours, by the ledger
  apply-scim: 0 failed, 4 were skipped, 0 of them can be tried again; the results say why
  GET /Groups,GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"displayName":"staff","members":["stranger","uana"]}
  ana created,staff created
END
is old-plan "a plan that is too old" <<'END'
old-plan 5
  apply-scim: plan.old-plan: the plan is N minutes old, and --max-age is 1440
END
is other "a plan for another server" <<'END'
other 5
  apply-scim: plan.other: the plan was made for another target than http://HOST/scim/v2
END
is guard "the guard, worked out again" <<'END'
guard 5
  apply-scim: guard: user-disable: 6, and 5 at most
  ana created
END
is mails "and the classes that only resources show" <<'END'
mails 5
  apply-scim: guard: email-change: 6, and 5 at most
  ana created
END
is cut "a plan that was cut" <<'END'
cut 4
  apply-scim: plan.cut: incomplete: no seal: the writer did not finish
END
is active "what is for rows of its own" <<'END'
active 1
  apply-scim: plan.active:2: active in an update, which is for enable-user and disable-user
  ana created
END
is password "a password in a plan" <<'END'
password 1
  apply-scim: plan.password:2: a password, which stands in no plan
END
is bulk "a BulkRequest: one refused, two carried out and not so said, one not mentioned" <<'END'
bulk 3
  create-user ana done  false
  create-user away done  false
  create-user cid failed uniqueness false exists, and is not ours
  create-user half done  false
  create-user silent done  false
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  POST /Bulk,GET /Users,GET /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"away","userName":"away"}
  {"active":true,"externalId":"cid","nickName":"a","userName":"cid"}
  {"active":true,"externalId":"half","userName":"half"}
  {"active":true,"externalId":"silent","userName":"silent"}
  ana creating,ana created,away creating,away created,cid creating,cid refused,half creating,half created,silent creating,silent created
END
is bulk-lost "one whose answer was lost" <<'END'
bulk-lost 0
  create-user ana done  false
  create-user cid done  false
  create-user half done  false
  create-user silent done  false
  POST /Bulk,GET /Users,GET /Users,GET /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"cid","userName":"cid"}
  {"active":true,"externalId":"half","userName":"half"}
  {"active":true,"externalId":"silent","userName":"silent"}
  ana creating,ana created,cid creating,cid created,half creating,half created,silent creating,silent created
END
is bulk-behind "one that a gateway refused though it was done" <<'END'
bulk-behind 0
  create-user ana done  false
  create-user cid done  false
  POST /Bulk,POST /Bulk,GET /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"cid","userName":"cid"}
  ana creating,ana created,cid creating,cid created
END
is bulk-page "and one that was answered with a page" <<'END'
bulk-page 0
  create-user ana done  false
  create-user cid done  false
  apply-scim: /Bulk: HTTP 200 with something that is not JSON: a proxy or a login page in between, or --url leads elsewhere
  POST /Bulk,GET /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"cid","userName":"cid"}
  ana creating,ana created,cid creating,cid created
END
is bulk-halted "what was not sent, since the run was ended, is not looked for later" <<'END'
bulk-halted 1
  apply-scim: /Bulk: HTTP 403; the token's owner may not do this
  apply-scim: 2 failed, 2 were skipped, 4 of them can be tried again; the results say why
  POST /Bulk,POST /Bulk
  ana creating,ana refused,cid creating,cid refused,half creating,half refused,silent creating,silent refused
END
is bulk-no "a server that offers it and has none" <<'END'
bulk-no 0
  create-user ana done  false
  create-user cid done  false
  create-user half done  false
  create-user silent done  false
  apply-scim: warning: /Bulk: HTTP 501: going on with single requests
  POST /Bulk,POST /Users,POST /Users,POST /Users,POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"cid","userName":"cid"}
  {"active":true,"externalId":"half","userName":"half"}
  {"active":true,"externalId":"silent","userName":"silent"}
  ana creating,ana created,cid creating,cid created,half creating,half created,silent creating,silent created
END
is bulk-large "and one for which it is too large" <<'END'
bulk-large 0
  create-user ana done  false
  create-user half done  false
  POST /Bulk,POST /Users,POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"half","userName":"half"}
  ana creating,ana created,half creating,half created
END
is token-behind "one that was done behind a refusal, before the token ended" <<'END'
token-behind 3
  create-user ana failed  true no token from http://HOST/token: HTTP 401; check the client id, its secret and the scope
  apply-scim: /Users: no token from http://HOST/token: HTTP 401; check the client id, its secret and the scope
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users,POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating
END
is token-later "is found by the next run" <<'END'
token-later 0
  create-user ana done  false
  POST /Users,POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana creating,ana created
END
is bulk-token-behind "in a BulkRequest, too" <<'END'
bulk-token-behind 3
  create-user ana failed  true no token from http://HOST/token: HTTP 401; check the client id, its secret and the scope
  create-user cid failed  true no token from http://HOST/token: HTTP 401; check the client id, its secret and the scope
  apply-scim: /Bulk: no token from http://HOST/token: HTTP 401; check the client id, its secret and the scope
  apply-scim: 2 failed, 0 were skipped, 2 of them can be tried again; the results say why
  POST /Bulk,POST /Bulk
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"cid","userName":"cid"}
  ana creating,cid creating
END
is token "without a token nothing goes on, and what is left can be tried again" <<'END'
token 3
  create-user ana done  false
  update-user bob failed  true no token from http://HOST/token: HTTP 401; check the client id, its secret and the scope
  delete-user cid skipped  true not begun, since the run was ended
  apply-scim: /Users: no token from http://HOST/token: HTTP 401; check the client id, its secret and the scope
  apply-scim: 1 failed, 1 were skipped, 2 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  {"active":true,"externalId":"cid","userName":"cid"}
  ana creating,ana created,bob created,cid created
END
title 'and it is, all of it'
jq -r 'select(.Key != "externalId" and .Op).Op' failed.token >actual
same - actual <<'END'
update-user
delete-user
END
is bulk-token "a BulkRequest without one changed nothing, and says nothing about Bulk" <<'END'
bulk-token 1
  apply-scim: /Bulk: no token from http://HOST/token: HTTP 401; check the client id, its secret and the scope
  apply-scim: 2 failed, 0 were skipped, 2 of them can be tried again; the results say why
  POST /Bulk
  ana creating,ana refused,cid creating,cid refused
END
is hold "a server that asks for more time than there is gets it: the run is over" <<'END'
hold 75
  apply-scim: /Users: HTTP 429; the server asks to wait 8 s, more than --retry-seconds leaves
  apply-scim: 2 failed, 0 were skipped, 2 of them can be tried again; the results say why
  POST /Users
  {"active":true,"externalId":"bob","userName":"bob"}
  ana creating,bob created
END
title 'a name that is taken, perhaps by us, as the run is ended, and a server that shows it late'
told halted-taken | grep -v '^  POST /Users' | sed -E 's/127[0-9.]+:[0-9]+/HOST/' >actual
same - actual <<'END'
halted-taken 3
  create-user ana failed uniqueness true exists, and may be ours: the run was ended before the server showed it
  create-user bob failed 302 true HTTP 302 from the server: a redirect, and none is followed
  apply-scim: /Users: HTTP 302 from the server: a redirect, and none is followed
  apply-scim: 2 failed, 0 were skipped, 2 of them can be tried again; the results say why
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,bob creating,bob refused
END
title 'is ours in the next run'
told halted-found | grep -vE '^  (POST|GET) /Users' >actual
same - actual <<'END'
halted-found 0
  create-user ana done  false
  create-user bob done  false
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  ana creating,ana creating,ana created,bob creating,bob refused,bob creating,bob created
END
title 'killed as a BulkRequest is carried out, and run again'
same - status.bulk-kill <<<0
sed 1d state.bulk-kill >actual
same - actual <<'END'
{"active":true,"externalId":"ana","userName":"ana"}
{"active":true,"externalId":"cid","userName":"cid"}
{"active":true,"externalId":"half","userName":"half"}
{"active":true,"externalId":"silent","userName":"silent"}
END
is kept "who is ours and there, though the plan does not know it" <<'END'
kept 0
  create-user ana unchanged  false created before, by the ledger
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana created,ana creating,ana created
END
is reborn "who was ours once, is gone and made again, and then the run was killed" <<'END'
reborn 0
  create-user ana done  false
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana created,ana creating,ana creating,ana created
END
is gone-away "a deletion whose answer was lost, as the last one: something is changed, perhaps" <<'END'
gone-away 3
  delete-user ana failed  true connection to HOST lost: why
  apply-scim: /Users: connection to HOST lost: why
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  GET /Users,DELETE /Users,DELETE /Users
  ana created
END
title 'killed, and run again'
for n in ${KILLS:-1 5 7 8}; do
	[ "$n" -gt 7 ] || same - "killed.kill$n" <<<137
	same - "status.kill$n" <<<0
	sed 1d "state.kill$n" >actual
	same - actual <<'END'
{"active":true,"externalId":"ana","userName":"ana"}
{"active":true,"externalId":"bob","nickName":"b","userName":"bob"}
{"displayName":"staff","externalId":"staff","members":["ID","ubob"]}
END
done
finish
