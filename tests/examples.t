#!/usr/bin/env bash
# The worked examples of cognito-filters(7), as they stand there, against a pool and a SCIM server.
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
for name in export-target export-csv export-oci export-scim sync-oci; do
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

finish
