# A user as a row of a file for csvde of Active Directory.  The accounts are made disabled (512 for
# a user's account, 2 for disabled), since csvde sets no passwords.
#
# Variables (--arg NAME=VALUE) and their defaults:
#   base=             where the users go, OU=People,DC=example,DC=com; needed
#   login=auto        what names the user: see login() in map-attributes(1)
#   unverified=reject allow: an e-mail address that is not verified names a user all the same
#   domain=           behind the name in the user principal name, unless it has an @; by default what
#                     the DC= of base give
($ARGS.named.login // "auto") as $login
| base_of(["base"]; "where the users go") as $base
| verified_login($login; $ARGS.named.unverified) as $name
| ($name | split("@")[0]) as $account
| (domain_of("domain") | if . != "" then . else [$base | split(",")[] | trimmed | select(ascii_downcase | startswith("dc=")) | .[3:]]
    | join(".") end) as $domain
| if $name | length > 64 then reject("the name has more than 64 characters")
  elif $account | test("^[^\"/\\\\\\[\\]:;|=,+*?<>\\x00-\\x1f]{1,20}\\z") | not then
    reject("sAMAccountName, the name up to the @: more than 20 characters, or one of \"/\\[]:;|=,+*?<>")
  else
    {
      DN: ("CN=" + ($name | dn_value) + "," + $base),
      objectClass: "user",
      sAMAccountName: $account,
      sn: attr_or("family_name"; null),
      givenName: attr_or("given_name"; null),
      displayName: display_name,
      userPrincipalName: (if $name | contains("@") then $name else $name + "@" + $domain end),
      mail: attr_or("email"; null),
      mobile: attr_or("phone_number"; null),
      userAccountControl: 514
    }
    + (if has("Groups") then {Groups} else {} end)
  end
