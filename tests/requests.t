#!/usr/bin/env bash
# Every request that the commands send is checked against botocore's service models, by a proxy that
# listens in (helpers/capture.py) and a checker (helpers/check-requests.py) that is tested first.
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.
planted=(config planted-*)
HELPERS=$TOP/tests/helpers

awk 'BEGIN {
	for (i = 1; i <= 130; i++)
		printf "{\"Username\":\"user%03d\",\"Attributes\":{\"sub\":\"sub-%03d\",\"email\":\"u%d@example.com\"}}\n", i, i, i
	for (g = 1; g <= 3; g++)
		printf "{\"GroupName\":\"group-%d\",\"Precedence\":%d}\n", g, g
	for (i = 1; i <= 130; i++)
		printf "{\"GroupName\":\"group-%d\",\"Username\":\"user%03d\"}\n", i % 7 == 0 ? 2 : 1, i
	print "{\"Username\":\"Ж\\u00e9|\\\\\\\"😀\",\"Attributes\":{\"sub\":\"odd\"}}"
	print "{\"GroupName\":\"Ж\\\\\\\"😀\"}"
	print "{\"GroupName\":\"Ж\\\\\\\"😀\",\"Username\":\"Ж\\u00e9|\\\\\\\"😀\"}"
}' >pool.ndjson

# What is checked is judged at the end, by one start of botocore.  good LOG OPERATIONS: two tests: the
# checker finds nothing in LOG; these operations, and no others, were called.  bad LOG TEXT: one test: it
# finds TEXT.
logs=() wanted=()
good() { logs+=("$1") wanted+=("good $2"); }
bad() { logs+=("$1") wanted+=("bad $2"); }
# judge LOG WANTED
judge() {
	sed -n "s/^$1: //p" told | grep -v '^called: ' >faults.out
	if [ "${2%% *}" = bad ]; then
		grep -qF -e "${2#* }" faults.out
		verdict $? "the checker sees: ${2#* }" || show faults.out
		return
	fi
	[ ! -s faults.out ]
	verdict $? "$1: every request is as the model wants it" || show faults.out
	sed -n "s/^$1: called: //p" told >operations
	echo "${2#* }" | cmp -s - operations
	verdict $? "$1: called are ${2#* }" || show operations
}

# calls LOG OPERATIONS CMD...: three tests: CMD ends well behind the proxy, and its requests are good.
# serving: options of the service.
serving=()
calls() {
	local log=$1 operations=$2
	shift 2
	title "$*"
	run 0 serve "${serving[@]}" pool.ndjson -- "$HELPERS/capture.py" "$log" "$@"
	good "$log" "$operations"
}

# The checker itself: a good request, then the same one spoilt.
calls plain.log ListUsers list-users -o users
jq -c 'select(.body | contains("PaginationToken") | not)' plain.log | head -n 1 >one.log
# plant PROGRAM TEXT: where PROGRAM has spoilt it, the checker finds TEXT.
plant() {
	jq -c "$1" one.log >"planted-${#logs[@]}"
	bad "planted-${#logs[@]}" "$2"
}
plant '.body |= (fromjson + {Limits: 5} | tojson)' \
	'Unknown parameter in input: "Limits"'
plant '.body |= (fromjson + {AttributesToGet: ["sub"]} | tojson)' \
	'AttributesToGet: never to be sent'
plant '.body |= (fromjson + {UserPoolId: ("us-east-1_" + "x" * 46)} | tojson)' \
	'input.UserPoolId: more than 55'
plant '.body |= (fromjson + {UserPoolId: "us-east-1"} | tojson)' \
	'input.UserPoolId: does not match'
plant '.body |= (fromjson + {Filter: ("x" * 257)} | tojson)' \
	'input.Filter: more than 256'
plant '.body |= (fromjson + {Limit: 61} | tojson)' \
	'input.Limit: more than 60'
plant '.body |= (fromjson + {Limit: "60"} | tojson)' \
	'Invalid type for parameter Limit'
plant '.body |= (fromjson | del(.UserPoolId) | tojson)' \
	'Missing required parameter in input: "UserPoolId"'
plant '.body |= sub("^{"; "{\"Limit\":60,")' \
	'a member stands there twice'
plant '.headers |= map(if .[0] == "X-Amz-Target" then .[1] += "s" else . end)' \
	'no operation of cognito-idp: ListUserss'
plant '.headers += [["X-Extra", "1"]]' \
	'a header too many: x-extra'
plant '.headers |= map(if .[0] == "User-Agent" then .[1] = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" else . end)' \
	'a secret in user-agent'
plant '.path = "/?user=user001"' \
	'POST /?user=user001'
plant '.body += " "' \
	'botocore computes another signature'
cat >planted-pattern <<'EOF'
{"method":"POST","path":"/","headers":[["X-Amz-Target","AWSCognitoIdentityProviderService.AdminGetUser"]],"body":"{\"UserPoolId\":\"a_b\",\"Username\":\"white space\"}"}
EOF
bad planted-pattern 'input.Username: does not match'
: >planted-none
bad planted-none 'no request was seen'

# list-users
grep -q 'PaginationToken' plain.log
verdict $? 'later pages were among the requests'
calls filter.log ListUsers list-users --filter 'email ^= "u1"' -o users
grep -q 'email ^= ' filter.log
verdict $? 'the filter was among them'
calls wide.log ListUsers list-users --filter "name = \"$(printf '%0240d' 0)Ж\"" -o users
calls items.log ListUsers list-users --max-items 7 -o users

# list-groups
calls groups.log ListGroups list-groups -o groups
serving=(--allow all)
calls header.log GetCSVHeader get-csv-header -o header
calls description.log DescribeUserPool describe-pool --parts pool -o description
# (boto3 does not know GetProvisionedLimit yet.)
calls parts.log 'DescribeUserPool GetUserPoolMfaConfig ListGroups ListIdentityProviders ListResourceServers ListUserPoolClients' \
	describe-pool --parts mfa,clients,providers,groups,domain,resource-servers -o parts
# One who is there, and one who is not: that has to be asked, on order only (--verify).
{ jq -r '.CSVHeader | join(",")' header; jq -r '.CSVHeader | map({email: "é@example.com", email_verified: "TRUE",
	"cognito:mfa_enabled": "FALSE", "cognito:username": "Жé"}[.] // "") | join(",")' header; } >one.csv
{ cat one.csv; tail -n 1 one.csv | sed 's/Жé/user001/'; } >two.csv
calls import.asked 'AdminGetUser CreateUserImportJob DescribeUserImportJob GetCSVHeader ListUserImportJobs PutObject StartUserImportJob' \
	sh -c 'push-import cognito --verify -o imported --cloud-watch-logs-role-arn arn:aws:iam::123456789012:role/logs two.csv ||
		[ $? -eq 3 ]'
serving=()
calls named.log GetGroup list-groups group-2 'Ж\"😀' -o named
printf 'group-1\r\n\nЖ\\"😀\n' >names
calls names.log GetGroup list-groups --names-from names -o named

# list-user-pools, list-identity-pools: 130 and 70 in this Region
"$HELPERS/make-fleet.py" --pools 130 --regions 1 --accounts 1 --identity-pools 70 --users 1 fleet
serving=(--allow inventory --region eu-west-1 --inventory fleet/inventory.ndjson)
calls pools.log ListUserPools list-user-pools -o pools
calls described.log DescribeUserPool\ ListUserPools list-user-pools --describe -o described 'tenant-00*'
calls bound.log 'DescribeIdentityPool ListIdentityPools ListUserPools' list-user-pools --with-identity-pools -o bound
calls identities.log 'DescribeIdentityPool GetIdentityPoolRoles ListIdentityPools' list-identity-pools --roles -o identities
jq -e -s '[.[] | select(.body | contains("NextToken"))] | length == 2' pools.log >jq.out
verdict $? 'later pages were among the requests' || show jq.out
serving=()

# expand-members
calls members.log ListUsersInGroup expand-members --with-attributes email groups -o members
calls by-group.log ListUsersInGroup expand-members --users groups -o by-group
serve pool.ndjson -- list-users --max-items 3 -o few >/dev/null
tail -n 1 pool.ndjson | jq -c '{Username}' >>few
calls by-user.log AdminListGroupsForUser expand-members --by user few -o by-user
expand-members --members members few >offline 2>&1
verdict $? 'with --members nothing is called: no endpoint, no keys' || show offline

# assume-role, and the commands under the role that it gives
# shellcheck disable=SC2016 # expanded inside, by sh
role='assume-role --role-arn $SERVE_POOL_ROLE_ARN --external-id $SERVE_POOL_EXTERNAL_ID'
calls role.log AssumeRole sh -c "$role --static -- true"
calls options.log AssumeRole sh -c "$role --role-session-name a=b,c.d@e-f+g --duration-seconds 1800 --format process --allow-insecure-output"
calls env.log AssumeRole sh -c "$role --format env --allow-insecure-output"
calls chain.log 'AssumeRole ListUsers' sh -c "$role --static -- list-users -o users"
jq -e -s 'any(.[]; any(.headers[]; .[0] == "X-Amz-Security-Token"))' chain.log >jq.out
verdict $? 'the token of the session was among the headers'

calls full.log AssumeRole sh -c "$role --source-identity me@x --tags Key=Cost,Value='é Ж' --tags Key=b,Value= \
	--transitive-tag-keys Cost --policy-arns arn:aws:iam::aws:policy/ReadOnlyAccess --static -- true"
calls served.log 'AssumeRole ListUsers' sh -c "$role -- list-users -o users"

# Profiles: a role, renewed in the middle of a list, and a web identity, whose call is not signed.
serving+=(--session-seconds 2 --latency 900 --web-identity-token-file token)
echo eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln >token
# shellcheck disable=SC2016 # for the inner shell
profile='printf "%s\n" "[default]" "role_arn = $SERVE_POOL_ROLE_ARN" "$0" "[profile keys]" \
	"aws_access_key_id = $AWS_ACCESS_KEY_ID" "aws_secret_access_key = $AWS_SECRET_ACCESS_KEY" >config
export AWS_CONFIG_FILE=$PWD/config
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
list-users -o users'
calls renewal.log 'AssumeRole ListUsers' bash -c "$profile" $'source_profile = keys\nexternal_id = cognito-integration'
ok test "$(jq -c 'select(.body | startswith("Action=AssumeRole"))' renewal.log | wc -l)" -ge 2
calls web.log 'AssumeRoleWithWebIdentity ListUsers' bash -c "$profile" "web_identity_token_file = $PWD/token"

"$HELPERS/check-requests.py" --each "${logs[@]}" >told 2>&1
for i in "${!logs[@]}"; do judge "${logs[i]}" "${wanted[i]}"; done

# In no run of any command: what makes users billable.
cat ./*.log | grep -c AdminGetUser >count
same - count <<<0

finish
