#!/usr/bin/env bash
# shellcheck disable=SC2016 # programs of jq
. "$(dirname "$0")/lib.sh"
# fold-users: a linked federated profile goes into its native profile, and nobody else does.

# identity PROVIDER ID: the text of the attribute identities, as JSON text within JSON.
identity() { printf '[{\\"userId\\":\\"%s\\",\\"providerName\\":\\"%s\\",\\"providerType\\":\\"OIDC\\",\\"primary\\":false}]' "$2" "$1"; }
# native NAME GROUPS [PROVIDER ID]; foreign PROVIDER ID GROUPS
native() { printf '{"Username":"%s","UserStatus":"CONFIRMED","Attributes":{"sub":"s-%s"%s},"Groups":[%s]}\n' \
	"$1" "$1" "${3:+,\"identities\":\"$(identity "$3" "$4")\"}" "$2"; }
foreign() { printf '{"Username":"%s_%s","UserStatus":"EXTERNAL_PROVIDER","Attributes":{"sub":"s-%s-%s","identities":"%s"},"Groups":[%s]}\n' \
	"$1" "$2" "$1" "$2" "$(identity "$1" "$2")" "$3"; }

{
	foreign Google 12 '"early","both"'
	native ana '"both","own"' Google 12
	native bob '"own"'
	foreign Google 13 '"stranger"'
	native eva '' Okta 'a\\nb'
	foreign Okta 'a\\nb' '"é","x\"y","x\"y"'
	foreign google 12 '"another case"'
	echo '{"GroupName":"own"}'
} >users

title 'folded before and behind; strangers, groups and others stay'
feed 0 users fold-users -v
has err '2 federated profiles were folded'
jq -c '[.Username // .GroupName, .Groups]' out >actual
same - actual <<'END'
["ana",["both","own","early"]]
["bob",["own"]]
["Google_13",["stranger"]]
["eva",["é","x\"y"]]
["google_12",["another case"]]
["own",null]
END

title 'nothing else of a native profile changes'
jq -c 'select(.Username == "ana") | del(.Groups)' users >expected
jq -c 'select(.Username == "ana") | del(.Groups)' out >actual
same expected actual

title 'without Groups, which nobody asked for, there are none'
jq -c 'del(.Groups)' users >plain
feed 0 plain fold-users --stats stats
grep -v 'Google_12\|Okta_' plain >expected
same expected out
has stats '"Folded":2'

title 'an identity that two claim folds into neither'
{ native ana '' Google 12; native bob '' Google 12; foreign Google 12 '"g"'; } >two
feed 0 two fold-users
same two out
has err 'warning: 1 federated profiles are linked to more than one user and stay as they are'

title 'a user who says so twice is one'
sed 's/^{"Username":"ana"\(.*\)"identities":"\[\(.*\)]"/{"Username":"ana"\1"identities":"[\2,\2]"/' users >twice
feed 0 twice fold-users
jq -c '[.Username // .GroupName, .Groups]' out | head -n 1 >actual
same - actual <<'END'
["ana",["both","own","early"]]
END

title 'identities that are none'
for text in '' '[' '{}' '[1]' '[{\"userId\":\"12\"}]' '[{\"userId\":\"\",\"providerName\":\"\"}]'; do
	printf '{"Username":"u","Attributes":{"identities":"%s"}}\n' "$text"
	printf '{"Username":"f","UserStatus":"EXTERNAL_PROVIDER","Attributes":{"identities":"%s"}}\n' "$text"
done | awk '{ sub(/"Username":"[uf]/, "&" NR); print }' >odd
feed 0 odd fold-users
same odd out

title 'an identity longer than the attribute may be links nobody'
long=$(head -c 8192 /dev/zero | tr '\0' x)
{ native ana '' Google "$long"; foreign Google "$long" '"g"'; native bob '' Google "${long#xxxxxxxxx}"
	foreign Google "${long#xxxxxxxxx}" '"g"'; } >linked
feed 0 linked fold-users
jq -c .Groups out >actual
same - actual <<'END'
[]
["g"]
["g"]
END

title 'sealed: in and out'
jq -cn --rawfile t users '{"~end":{v:1,ok:true,rows:($t|split("\n")|length-1),bytes:($t|utf8bytelength),scope:"all",via:[]}}' >seal
cat users seal >sealed
feed 0 sealed fold-users --seal
has out '"ok":true,"rows":6,'
has out '"via":[]'
title 'cut: status 4, nothing is written'
head -n 5 sealed >short
echo old >kept
feed 4 short fold-users --seal -o kept
has kept old

title 'a membership is wrong'
echo '{"GroupName":"g","Username":"ana"}' >>users
feed 1 users fold-users
has err 'stdin:9: a membership'
feed 3 users fold-users --reject rejects
has rejects '"Reason":"a membership;'

title 'memory is flat: 60,000 users, few of them linked'
awk 'BEGIN { for (i = 0; i < 60000; i++) printf "{\"Username\":\"user%d\",\"Attributes\":{\"sub\":\"%d\",\"custom:note\":\"%0600d\"},\"Groups\":[]}\n", i, i, i }' >many
feed 0 many within 40000 fold-users -o folded
same many folded

title 'a user who has no room for the groups of a linked profile is rejected alone'
linked='"identities":"[{\"providerName\":\"P\",\"userId\":\"1\"}]"'
{
	echo '{"Username":"first","Groups":[]}'
	printf '{"Username":"large","Attributes":{%s,"x":"%01048300d"},"Groups":[]}\n' "$linked" 0
	printf '{"Username":"P_1","UserStatus":"EXTERNAL_PROVIDER","Attributes":{%s},"Groups":["%0300d"]}\n' "$linked" 0
	echo '{"Username":"last","Groups":[]}'
} >large
feed 1 large fold-users -o folded
has err 'folded users:2: longer than a record may be with the groups of its linked profiles'
feed 3 large fold-users --reject rejects -o folded
title 'the others are there'
ok test "$(jq -r .Username folded | tr '\n' ' ')" = 'first last '
ok test "$(jq -r .Record.Username rejects)" = large

title 'nowhere to put it aside'
feed 1 users env TMPDIR=/nonexistent fold-users
has err '/nonexistent: no temporary file can be made'

finish
