#!/usr/bin/env bash
# shellcheck disable=SC2016 # programs of jq and bash
# The pool of the demo: the same bytes each time, and every hard case in it.
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.

run 0 "$TOOLS/make-pool"
mv out pool
"$TOOLS/make-pool" -n 1200 -s 1 >again
title 'the same arguments give the same bytes'
same pool again
"$TOOLS/make-pool" -s 2 >other
title 'another seed gives another pool'
ok test "$(cmp -s pool other; echo $?)" -eq 1
"$TOOLS/make-pool" -n 50 >fifty
head -n 50 pool >first
grep '^{"Username"' fifty >fifty.users
title 'users follow from their numbers'
same first fifty.users
"$TOOLS/make-pool" --uuid >uuid
title 'the records are in canonical form'
jq -c . pool >canonical
same pool canonical

split='{users: map(select(has("Username") and (has("GroupName") | not))),
	groups: map(select(has("GroupName") and (has("Username") | not))),
	members: map(select(has("GroupName") and has("Username")))}'
jq -cs "$split" pool >parts
jq -cs "$split" uuid >parts.uuid

# holds FILE TITLE PROGRAM
holds() {
	title "$2"
	ok jq -e "def has_text(re): any(.users[].Attributes[]; test(re));
		def identity(type): any(.users[]; .UserStatus == \"EXTERNAL_PROVIDER\"
			and (.Attributes.identities | fromjson | .[0].providerType == type));
		def twice: map(ascii_downcase) | (unique | length) < length;
		$3" "$1"
}

while IFS='|' read -r name program; do
	[ -z "$name" ] || holds parts "$name" "${program//¦/|}"
done <<'END'
at least 1,000 users and 12 groups|(.users ¦ length >= 1000) and (.groups ¦ length >= 12)
every Username once|[.users[].Username] ¦ (unique ¦ length) == length
every sub once, a UUID|[.users[].Attributes.sub] ¦ (unique ¦ length) == length and all(test("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"))
every group once|[.groups[].GroupName] ¦ (unique ¦ length) == length
every membership once|[.members[] ¦ [.GroupName, .Username]] ¦ (unique ¦ length) == length
every member is a user and has its sub|([.users[] ¦ {key: .Username, value: .Attributes.sub}] ¦ from_entries) as $subs ¦ all(.members[]; .Attributes == {sub: $subs[.Username]})
every membership is in a group that is there|([.groups[].GroupName]) as $names ¦ all(.members[].GroupName; . as $name ¦ $names ¦ index([$name]))
user names are such as Cognito takes|all(.users[].Username; length <= 128 and test("^[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+$"))
group names are such as Cognito takes|all(.groups[].GroupName; length <= 128 and test("^[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+$"))
values are such as Cognito takes|all(.users[].Attributes[]; type == "string" and utf8bytelength <= 2048)
attributes are sorted|all(.users[].Attributes; keys == keys_unsorted)
Greek|has_text("\\p{Greek}")
Cyrillic|has_text("\\p{Cyrillic}")
Arabic|has_text("\\p{Arabic}")
Hebrew|has_text("\\p{Hebrew}")
Chinese|has_text("\\p{Han}")
Japanese|has_text("\\p{Hiragana}") and has_text("\\p{Katakana}")
Devanagari|has_text("\\p{Devanagari}")
combining marks|has_text("e\u0301")
emoji, joined ones too|has_text("🦊") and has_text("\u200d")
commas in values|has_text(",")
quotes in values|has_text("\"")
newlines in values|has_text("\n") and has_text("\r\n")
phones are E.164, of the invented range|all(.users[].Attributes.phone_number // empty; test("^\\+1555[0-9]{7}$"))
addresses are of example domains|all(.users[].Attributes.email // empty; test("(?i)@example\\.(com¦org¦net)$"))
users of an OpenID Connect provider|identity("OIDC")
users of a SAML provider|identity("SAML")
users of Google|identity("Google")
a linked pair|any(.users[]; .UserStatus != "EXTERNAL_PROVIDER" and .Attributes.identities != null)
the same person twice, not linked|[.users[].Attributes.email // empty] ¦ (unique ¦ length) < length
disabled users|any(.users[]; .Enabled ¦ not)
every status|[.users[].UserStatus] ¦ unique == ["ARCHIVED", "COMPROMISED", "CONFIRMED", "EXTERNAL_PROVIDER", "FORCE_CHANGE_PASSWORD", "RESET_REQUIRED", "UNCONFIRMED", "UNKNOWN"]
users without e-mail|any(.users[].Attributes; has("email") ¦ not)
users without family name|any(.users[].Attributes; has("given_name") and (has("family_name") ¦ not))
users without given name|any(.users[].Attributes; has("family_name") and (has("given_name") ¦ not))
a user with nothing but a sub|any(.users[].Attributes; keys == ["sub"])
names that differ by case only|[.users[].Username] ¦ twice
addresses that differ by case only|[.users[].Attributes.email // empty] ¦ unique ¦ twice
groups that differ by case only|[.groups[].GroupName] ¦ twice
values of 2,048 bytes|any(.users[].Attributes[]; utf8bytelength == 2048)
custom attributes|any(.users[].Attributes; has("custom:tenant"))
user names with a bar, a backslash, an at|any(.users[].Username; contains("¦") and contains("\\") and contains("@"))
a user name with a semicolon|any(.users[].Username; contains(";"))
a user name of one character|any(.users[].Username; length == 1)
user names that are the sub|any(.users[]; .Username == .Attributes.sub)
every hard case is in a group|(.users[:33] ¦ map(.Username)) - [.members[].Username] == []
a group of one|[.members[].GroupName] ¦ group_by(.) ¦ any(length == 1)
an empty group|([.groups[].GroupName] - [.members[].GroupName]) ¦ length > 0
groups that Cognito makes by itself|[.groups[].GroupName] ¦ contains(["us-east-1_EXAMPLE1_Google", "us-east-1_EXAMPLE1_auth0"])
a group with a comma, quotes and a semicolon|any(.groups[].GroupName; contains(",") and contains("\"") and contains(";"))
END
for start in = + - @ $'\t='; do
	title "a value begins with $start"
	ok jq -e --arg start "$start" 'any(.users[].Attributes[]; startswith($start))' parts
done
holds parts.uuid 'with --uuid every local Username is the sub' \
	'all(.users[]; .UserStatus == "EXTERNAL_PROVIDER" or .Username == .Attributes.sub)'

run 0 "$TOOLS/make-pool" -n 0
title 'without users there are still groups'
ok test "$(wc -l <out)" -eq "$(jq '.groups | length' parts)"
run 2 "$TOOLS/make-pool" -n x
run 1 bash -c '"$1" >/dev/full' bash "$TOOLS/make-pool"
finish
