#!/usr/bin/env bash
# From a pool to a SCIM server that others wrote, scimmy, end to end: what it has in the end is what
# the pool has, user by user, group by group, membership by membership, whatever its limits; and what
# list-scim says it has.
# shellcheck disable=SC2016 # what stands in single quotes is for CMD's shell
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.
# shellcheck source=tests/helpers/scim.sh
. "$TOP/tests/helpers/scim.sh"

read_pool 300

title 'limits of operations and of bytes, throttling'
run 3 "$server" --strict --max-operations 25 --max-payload 12000 --rate 20 --dump dump --log log -- \
	"${push[@]}" resources
is_whole limits
title 'no request is larger than the server allows'
ok test -z "$(awk '$2 == "/Bulk" && ($4 > 12000 || $5 > 25) || $3 == 413' log)"
title 'no request is refused for what it says'
ok test -z "$(awk '$3 == 400 || $3 == 401 || $3 == 404 || $3 == 501' log)"

title 'one request for each where there is no Bulk'
rm -f log
run 3 "$server" --strict --no-bulk --dump dump --log log -- "${push[@]}" resources
is_whole 'no Bulk'
title 'and Bulk is not tried'
ok test "$(grep -c '/Bulk' log)" -eq 0

title 'no PATCH either'
run 3 "$server" --strict --no-bulk --no-patch --dump dump -- "${push[@]}" resources
is_whole 'no PATCH'

title 'a second run finds everything there'
rm -f log
run 3 "$server" --strict --log log --dump dump -- sh -c "${push[*]} resources >first; test \$? -eq 3 || exit 9
	echo second >>log; ${push[*]} resources"
sed -i '1,/^second$/d' log
is_whole 'second run'
title 'and writes nothing'
ok test "$(writes)" -eq 0
title 'everything is unchanged'
ok test "$(counts | sed 's/^[0-9]* //')" = $'add-members unchanged\nnone unchanged'

# Oracle, as far as its peculiarities are published.
title 'resources for Oracle'
run 3 emit-scim --for-push --dialect oci --reject rejects -o resources.oci users groups members
title 'a first and a second run at Oracle'
rm -f log unclear
: >unclear
run 3 "$server" --oci --strict --log log --dump dump -- sh -c 'push-scim --dialect oci resources.oci >first
	test $? -eq 3 || exit 9; echo second >>log; push-scim --dialect oci resources.oci'
is_whole Oracle --oci
sed -i '1,/^second$/d' log
title 'what the server added by itself is no difference'
ok test "$(counts | grep -v failed | sed 's/^[0-9]* //')" = $'add-members unchanged\nnone unchanged'

# What list-scim prints, against the server's own account.
/usr/bin/python3 - >seed <<'END'
import json
core = "urn:ietf:params:scim:schemas:core:2.0:"
for i in range(1250):
    print(json.dumps({"schemas": [core + "User"], "externalId": f"s{i}", "userName": f"user-{i}", "active": True,
                      "emails": [{"value": f"u{i}@example.com", "type": "work", "primary": True}]}))
for name, size in [("all", 1101)] + [(f"group-{i}", i) for i in range(120)]:
    print(json.dumps({"schemas": [core + "Group"], "externalId": name, "displayName": name,
                      "members": [{"value": f"bulkId:s{i}"} for i in range(size)]}))
END
people='select(.userName) | [.id, .externalId, .userName, .emails[0].value]'
members='select(.userName | not) | .id as $id | .displayName as $name | [$id, $name], (.members[]? | [$id, .value? // .])'
for options in '--page-max 100' '--oci --members-page 300 --page-max 200'; do
	dialect=scim
	[[ $options != --oci* ]] || dialect=oci
	title "list-scim $options"
	# shellcheck disable=SC2086 # several options
	run 0 "$server" $options --seed seed --dump dump -- list-scim --dialect $dialect
	mv out listed
	for what in "$people" "$members"; do
		jq -c "$what" dump | LC_ALL=C sort >expected
		jq -c "$what" listed | LC_ALL=C sort -u >got
		title "$dialect: what the server has"
		same expected got
	done
	title "$dialect: nothing comes twice"
	ok test -z "$(jq -c "$people" listed | sort | uniq -d)"
done

finish
