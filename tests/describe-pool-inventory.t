#!/usr/bin/env bash
# shellcheck disable=SC2016 # programs of jq, and of sh
. "$(dirname "$0")/lib.sh"
# describe-pool beside a fleet of pools that serve-pool serves: every member that the fleet has comes
# out again, and nothing that is to stay where it is; with fewer permissions, less.

"$TOP/tests/helpers/make-fleet.py" --pools 24 --regions 2 --accounts 1 --users 2 .
here='select(.Id)'
jq -r "$here | .Id" inventory.ndjson >ids
id=$(jq -r 'select(.Id) | select(.Domain) | .Id' inventory.ndjson | head -n 1)

title 'every pool of two Regions'
run 0 serve --allow all --inventory inventory.ndjson -- sh -c 'while read -r id; do
	describe-pool --region "${id%_*}" --user-pool-id "$id" || exit; done <ids'
empty err
title 'all of them'
ok test "$(wc -l <out)" -eq "$(wc -l <ids)"
title 'the fleet has secrets'
has inventory.ndjson SECRET
title 'none gets out'
lacks out SECRET
title 'nothing is missing'
lacks out '"Missing"'
# What the inventory says of them, without what is not to get out, in the order of our records.
sorted='sort_by(.Id)[] | {Id, UserPoolClients, IdentityProviders, GroupRoles, Domains, ResourceServers}'
jq -cS -s "$sorted" out >after
jq -cS -s "map($here"' | .UserPoolClients |= (map(del(.UserPoolId) | .HasClientSecret = has("ClientSecret") | del(.ClientSecret)) | sort_by(.ClientName, .ClientId))
	| .IdentityProviders |= (map(del(.ProviderDetails, .UserPoolId)) | sort_by(.ProviderName))
	| .GroupRoles |= sort_by(.GroupName) | .Domains |= map({Domain, Status, ManagedLoginVersion, CloudFrontDistribution, CertificateArn} | with_entries(select(.value != null)))
	| .ResourceServers |= (map(del(.UserPoolId)) | sort_by(.Identifier))) | '"$sorted" inventory.ndjson >before
title 'clients, providers, roles, domains and scopes as the inventory has them'
same before after
title 'there are some of each'
ok jq -e -s 'map({c: (.UserPoolClients | length), i: (.IdentityProviders | length), g: (.GroupRoles | length), d: (.Domains | length), r: (.ResourceServers | length)})
	| [(map(.c) | add), (map(.i) | add), (map(.g) | add), (map(.d) | add), (map(.r) | add)] | all(. > 0)' after
title 'serve-pool takes what came out for an inventory, which gives the same again'
mv out once
run 0 serve --allow all --inventory once -- sh -c 'while read -r id; do
	describe-pool --region "${id%_*}" --user-pool-id "$id" --parts mfa,providers,domain,resource-servers || exit; done <ids'
# Nobody is in these pools, and groups are in the files of records.
jq -cS 'del(.ProvisionedLimits, .UserPoolClients, .GroupRoles, .EstimatedNumberOfUsers)' once >before
jq -cS 'del(.EstimatedNumberOfUsers)' out >after
same before after

title 'a role that may not do all'
run 0 serve --require-role --allow reads,DescribeUserPool,ListUserPoolClients,GetUserPoolMfaConfig --inventory inventory.ndjson -- sh -c '
	assume-role --role-arn "$SERVE_POOL_ROLE_ARN" --external-id "$SERVE_POOL_EXTERNAL_ID" -- describe-pool --region "${0%_*}" --user-pool-id "$0"' "$id"
title 'is told what it lacks'
same - <(jq -c '.Missing, has("GroupRoles"), (.UserPoolClients | length > 0), (.UserPoolClients | any(has("HasClientSecret")))' out) <<'END_LACKS'
["cognito-idp:DescribeUserPoolClient","cognito-idp:DescribeUserPoolDomain","cognito-idp:GetProvisionedLimit","cognito-idp:ListIdentityProviders","cognito-idp:ListResourceServers"]
true
true
false
END_LACKS
title 'one that may read an inventory lacks nothing'
run 0 serve --require-role --allow reads,inventory,DescribeUserPool --inventory inventory.ndjson -- sh -c '
	assume-role --role-arn "$SERVE_POOL_ROLE_ARN" --external-id "$SERVE_POOL_EXTERNAL_ID" -- describe-pool --region "${0%_*}" --user-pool-id "$0"' "$id"
lacks out '"Missing"'

title 'what a move of one of them to another would lose'
run 0 sh -c 'head -n 1 once >a; tail -n 1 once >b; exec describe-pool --compare a b'
ok jq -e -s 'map(.Lost) | index("users") != null or index("sign-in") != null' out
lacks out SECRET

finish
