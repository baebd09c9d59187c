#!/usr/bin/env bash
# shellcheck disable=SC2016 # programs of jq, and of sh inside
# The policy that check-connection --print-policy prints, and what it probes, against what the
# pipelines and commands really call: every action is called, nothing else is, each is needed.
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.
HELPERS=$TOP/tests/helpers

awk 'BEGIN {
	for (i = 1; i <= 70; i++) {
		printf "{\"Username\":\"user%03d\",\"Enabled\":true,\"UserStatus\":\"CONFIRMED\"," \
			"\"UserCreateDate\":\"2018-07-25T15:32:11.091Z\",\"UserLastModifiedDate\":\"2018-07-25T15:32:11.091Z\"," \
			"\"Attributes\":{\"sub\":\"%08x-0000-4000-8000-000000000000\",\"email\":\"u%d@example.com\",\"family_name\":\"F\"," \
			"\"given_name\":\"G\"},\"Groups\":[\"staff-%d\"]}\n", i, i, i, i % 2
	}
	print "{\"GroupName\":\"staff-0\"}\n{\"GroupName\":\"staff-1\"}"
}' >pool
serve pool -- list-groups -o groups
serve pool -- list-users -o users

# Whatever it does, it does it under the role, which has the permissions.
under_role='exec assume-role --role-arn "$SERVE_POOL_ROLE_ARN" --external-id "$SERVE_POOL_EXTERNAL_ID" -- "$@"'
checked='exec check-connection --role-arn "$SERVE_POOL_ROLE_ARN" --external-id "$SERVE_POOL_EXTERNAL_ID" "$@"'
# with STATUS OPERATIONS CMD...: CMD under the role that may do these, separated by commas.
with() {
	local status=$1 allowed=$2
	shift 2
	rm -rf d
	run "$status" serve --require-role --allow "$allowed" pool -- sh -c "$under_role" sh "$@"
}

# The operations of the policy for these arguments of check-connection.
operations() {
	check-connection --print-policy --user-pool-id us-east-1_x --principal 123456789012 \
		--role-arn arn:aws:iam::123456789012:role/reader "$@" |
		gojq -r '.PermissionsPolicy.Statement[].Action[] | sub("^cognito-idp:"; "")' | LC_ALL=C sort
}
# without OPERATION: the list in ./listed but for this one; no list is empty.
without() { { grep -vx "$1" listed || echo DescribeUserPool; } | paste -sd,; }

# agrees "ARG..." CMD...: the policy for check-connection ARG... is that of CMD.
agrees() {
	local arguments operation n=0
	read -ra arguments <<<"$1"
	shift
	operations "${arguments[@]}" >listed
	rm -f log
	title "$*: runs"
	run 0 serve --require-role --allow all pool -- "$HELPERS/capture.py" log sh -c "rm -rf d; $under_role" sh "$@"
	# Those of Cognito; STS has no such header.
	gojq -r '.headers[] | select(.[0] | ascii_downcase == "x-amz-target")[1] | sub(".*[.]"; "")' log |
		LC_ALL=C sort -u >called
	title "${arguments[*]}: its policy has the operations that are called, and no others"
	same called listed
	title "$*: they are enough"
	with 0 "$(paste -sd, listed)" "$@"
	title "and check-connection ${arguments[*]} says so"
	run 0 serve --require-role --allow "$(paste -sd, listed)" pool -- sh -c "$checked" sh "${arguments[@]}"
	while IFS= read -r operation; do
		title "$*: not without $operation"
		with 1 "$(without "$operation")" "$@"
		title "which is what it says"
		grep -q "$operation: .*AccessDenied" err
		verdict $? '' || show err
		title "and check-connection ${arguments[*]} knows"
		run 1 serve --require-role --allow "$(without "$operation")" pool -- sh -c "$checked" sh "${arguments[@]}"
		ok gojq -e -s --arg check "permission $operation" 'map(select(.Ok == false).Check) == [$check]' out
		n=$((n + 1))
	done <listed
	title "${arguments[*]}: some operation was left out"
	ok test $n -gt 0
}
agrees '--for export-oci' export-oci -d d
agrees '--for export-oci --group staff-1' export-oci -d d --group staff-1
agrees '--for export-csv' export-csv -d d
agrees '--for export-csv --group staff-1' export-csv -d d --group staff-1
agrees '--for export-target' export-target -d d csv
agrees '--for export-fleet' export-fleet -d d
agrees '--for list-users' list-users
agrees '--for list-groups' list-groups
agrees '--for list-groups --group staff-1' list-groups staff-1
agrees '--for expand-members' expand-members groups
agrees '--for expand-members --group staff-1' expand-members --users groups

# calls CMD...: what it calls, each with the service's prefix, to ./called.
calls() {
	rm -rf d log
	run 0 serve --allow all --inventory inventory -- env COGNITO_USER_POOL_ID=us-east-1_EXAMPLE1 "$HELPERS/capture.py" log "$@"
	gojq -r '.headers[] | select(.[0] | ascii_downcase == "x-amz-target")[1]
		| (if startswith("AWSCognitoIdentityService") then "cognito-identity" else "cognito-idp" end)
			+ ":" + sub(".*[.]"; "")' log | LC_ALL=C sort -u >called
}
# actions ARG...: the same of the policy, with its resource behind it.
actions() {
	check-connection --print-policy --user-pool-id us-east-1_x --principal 123456789012 \
		--role-arn arn:aws:iam::123456789012:role/reader "$@" |
		gojq -r '.PermissionsPolicy.Statement[] | .Resource as $r | .Action[] | . + " " + $r' | LC_ALL=C sort
}
cat >inventory <<'X'
{"Id":"us-east-1_EXAMPLE1","Name":"a","Records":"pool","Domain":"a","SchemaAttributes":[{"Name":"sub","AttributeDataType":"String"}],"UserPoolClients":[{"ClientId":"1","ClientName":"a"}],"IdentityProviders":[{"ProviderName":"Okta","ProviderType":"SAML"}],"Domains":[{"Domain":"a","Status":"ACTIVE"}]}
{"IdentityPoolId":"us-east-1:00000000-0000-4000-8000-000000000000","IdentityPoolName":"app"}
X
title 'export-fleet: all pools, and the list of them'
actions --for export-fleet >listed
same - listed <<'X'
cognito-idp:ListGroups arn:aws:cognito-idp:us-east-1:123456789012:userpool/*
cognito-idp:ListUserPools *
cognito-idp:ListUsers arn:aws:cognito-idp:us-east-1:123456789012:userpool/*
cognito-idp:ListUsersInGroup arn:aws:cognito-idp:us-east-1:123456789012:userpool/*
X
title 'export-report --describe'
calls export-report -d d --describe
actions --for export-report | sed 's/ .*//' >listed
same called listed
title 'backup-pool'
calls backup-pool -d d
actions --for backup-pool | sed 's/ .*//' >listed
same called listed
title 'backup-pool: on one pool, but for what has no resource'
actions --for backup-pool | sed -n 's/.* //p' | LC_ALL=C sort | uniq -c | sed 's/^ *//' >listed
same - listed <<'X'
1 *
10 arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_x
X
title 'inventory'
calls sh -c 'list-user-pools --describe --with-identity-pools && list-identity-pools --roles && describe-pool'
actions --for inventory | sed 's/ .*//' >listed
same called listed
title 'inventory: each on what IAM grants it for'
actions --for inventory | grep -v ':userpool/[*]$' >listed
same - listed <<'X'
cognito-identity:DescribeIdentityPool arn:aws:cognito-identity:us-east-1:123456789012:identitypool/*
cognito-identity:GetIdentityPoolRoles arn:aws:cognito-identity:us-east-1:123456789012:identitypool/*
cognito-identity:ListIdentityPools *
cognito-idp:DescribeUserPoolDomain *
cognito-idp:GetProvisionedLimit *
cognito-idp:ListUserPools *
X
for pipeline in backup-pool inventory; do
	title "$pipeline: what is optional is not checked"
	run 0 serve --require-role --allow ListUsers,ListGroups,ListUsersInGroup,DescribeUserPool,ListUserPools pool -- \
		sh -c "$checked" sh --for $pipeline
done
title 'inventory: not without the list, which no grant for a pool gives'
run 1 serve --require-role --allow DescribeUserPool pool -- sh -c "$checked" sh --for inventory
ok gojq -e -s 'map(select(.Ok == false)) | map(.Check) == ["permission ListUserPools"] and
	(.[0].Hint | contains("Allow cognito-idp:ListUserPools on resource *"))' out
title 'the list alone says nothing of the pool'
run 1 serve --require-role --allow ListUserPools pool -- sh -c "$checked" sh --for inventory
ok gojq -e -s 'any(.Check == "pool" and .Ok == null)' out

title 'without --for it is export-oci'
operations >default
operations --for export-oci >named
same named default
title "--for oci-app: the six of Oracle's guide, whose names are those of serve-pool's role"
operations --for oci-app >listed
same - listed <<'X'
AdminGetUser
AdminListGroupsForUser
GetGroup
ListGroups
ListUsers
ListUsersInGroup
X
run 0 serve --require-role pool -- sh -c "$checked" sh --for oci-app
while IFS= read -r operation; do
	title "--for oci-app: $operation is probed"
	run 1 serve --require-role --allow "$(without "$operation")" pool -- sh -c "$checked" sh --for oci-app
	ok gojq -e -s --arg check "permission $operation" 'map(select(.Ok == false).Check) == [$check]' out
done <listed

title 'expand-members on users needs what the page says'
with 0 AdminListGroupsForUser expand-members --by user users

title 'no pipeline is forgotten'
for pipeline in "$TOP"/pipelines/export-*; do
	[[ ! -x $pipeline ]] || operations --for "$(basename "$pipeline")" 2>&1 | grep -i usage
done >forgotten
empty forgotten

finish
