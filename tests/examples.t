#!/usr/bin/env bash
# The worked examples of cognito-filters(7), as they stand there, against a pool and a SCIM server; and those
# of apply-scim(1), two nights.
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.

make-pool -n 60 >pool

# examples SECTION: the commands of a section, a line each; a display is one command of many lines,
# joined by \x1f.
examples() {
	awk -v section="$1" '
		/^\.S[hs] / { on = $0 == ".Ss " section }
		!on { next }
		/^\.Dl / { sub(/^\.Dl /, ""); gsub(/\\e/, "\\"); print; next }
		/^\.Bd -literal/ { block = 1; text = ""; next }
		/^\.Ed/ { block = 0; print text; next }
		block { gsub(/\\e/, "\\"); text = text (text == "" ? "" : "\x1f") $0 }' "$TOP/man/cognito-filters.7"
}

examples 'Ways out' >commands
title 'every pipeline has an example'
for name in export-target export-csv export-oci export-fleet export-scim sync-oci; do
	grep -q "^$name " commands || echo "$name"
done >missing
empty missing

# One server, in which the examples meet what those before them left.  A pool of invented people has
# some whom a target refuses: status 3.
cat >session <<'END'
while IFS= read -r line; do
	command=${line//$'\x1f'/$'\n'}
	bash -o pipefail -c "$command" >out.command 2>err.command </dev/null
	status=$?
	printf '%s\t%s\n' "$status" "${command%%$'\n'*}"
	case $status in 0 | 3) ;; *) sed 's/^/    /' err.command ;; esac
done <commands
END
title 'all of them run'
run 0 serve --allow all pool -- "$TOP/tests/helpers/scim-server.js" --oci --dump state -- bash session
sed 's/^[03]	/ok	/' out >ran
awk '{ print "ok\t" $0 }' commands | sed 's/\x1f.*//' >expected
same expected ran

title 'and leave what they say'
for file in okta/users.csv keycloak/users.json csv/users.csv oci/Users.csv scim/users.ndjson results.ndjson \
	server.ndjson domain/results.ndjson; do
	[ -s "$file" ] || echo "$file"
done >missing
empty missing
title 'the server has the users that were sent'
jq -r 'select(.ResourceType == "User") | select(.Result != "failed" and .Result != "conflict").Key' results.ndjson | sort -u >sent
jq -r 'select(.schemas | index("urn:ietf:params:scim:schemas:core:2.0:User")).externalId' server.ndjson | sort -u >there
comm -23 sent there >absent
empty absent
ok test -s sent

# --- apply-scim(1): the display, but for the server's address
mkdir nights.d && cd nights.d || exit
awk '/^\.Sh / { on = $0 == ".Sh EXAMPLES" }
	on && /^\.Bd / { block = 1; next }
	/^\.Ed/ { block = 0 }
	block { gsub(/\\e/, "\\"); sub(/ SCIM_URL=[^ ]*/, ""); print }' "$TOP/man/apply-scim.1" >night
title 'apply-scim(1) has an example'
has night 'apply-scim --token-file token --ledger ledger'
person() { printf '{"Username":"%s","Enabled":%s,"UserStatus":"CONFIRMED","Attributes":{"sub":"s-%s","email":"%s@example.com","nickname":"%s"}}\n' "$1" "$2" "$1" "$1" "$3"; }
{ echo '{"GroupName":"staff"}'; person ana true a; person bob true b; echo '{"GroupName":"staff","Username":"ana"}'; } >pool.1
{ echo '{"GroupName":"staff"}'; person ana true new; person bob false b; person cid true c
	echo '{"GroupName":"staff","Username":"cid"}'; } >pool.2
echo canary-of-the-bearer-token >token
chmod 600 token
cat >nights <<'END'
curl -s -X POST -d '{"config":{"bulk":{"supported":true},"patch":{"supported":true},"filter":{"supported":true}}}' "$SCIM_URL/_scene"
for pool in pool.1 pool.2; do
	serve-pool --allow all --region eu-west-1 --user-pool-id eu-west-1_a "$pool" -- sh -c 'export COGNITO_SEAL=1
		list-groups -o groups && expand-members -o members groups && list-users | expand-members --members members -o users' || exit
	sed -i '$s,//127\.0\.0\.1:[0-9]*,//127.0.0.1:1,' users groups members
	bash -e -o pipefail night >"shown.$pool" || exit
	unseal results | jq -r '[.Op, .Key, .Result] | join(" ")'
done
END
cp "$TOP/tests/helpers/bulk-server.py" script
title 'it runs, night after night'
NO_TOKEN=1 run 0 "$TOP/tests/helpers/scripted-scim.py" script bash nights
title 'and does what changed'
same - out <<'END'
create-group staff done
create-user s-ana done
create-user s-bob done
add-member s-ana done
create-user s-cid done
update-user s-ana done
add-member s-cid done
remove-member s-ana done
disable-user s-bob done
END
title 'what it shows before is what it does'
unseal shown.pool.2 | jq -r '[.Op, .Key, .Result] | join(" ")' >actual
same actual <(tail -n 5 out | sed 's/done$/planned/')

finish
