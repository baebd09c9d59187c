# shellcheck shell=bash disable=SC2016,SC2034 # what is here others use; jq's
# Scenes of apply-scim at the server of scim-scenes.py, for the tests that source this twice: beside
# the server, where scenes are played, and where it is judged what each of them came to.
#
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
# ended NAME: what a scene came to, but for the order of requests.
ended() { told "$1" | sed -E 's/127[0-9.]+:[0-9]+/HOST/' | grep -vE '^  [A-Z]+ /|^  [a-z]+ created'; }
part='the server shows others than it was asked for, or a part of them'
behind='{"done":true,"status":503}'
nobody='{"status":200,"body":"{\"totalResults\":0,\"Resources\":[]}"}'
