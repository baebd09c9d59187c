# A user as a row of the file of "Bulk update users" of Google Workspace and Cloud Identity.
#
# The password is that of the record's own member InitialPassword, which a filter of one's own puts
# there: Cognito gives none out, and a variable would show it to everybody on the machine.
#
# Variables (--arg NAME=VALUE) and their defaults:
#   login=email       the e-mail address at Google: see login() in map-attributes(1)
#   unverified=reject allow: an e-mail address that is not verified names a user all the same
#   domain=           a domain of the organisation, to stand behind the name in place of the user's own
#   org_unit=/        the organisational unit of all
#   given_default=-   First Name of users who have none; it is required
#   family_default=-  Last Name, likewise
($ARGS.named.login // "email") as $login
| domain_of("domain") as $domain
| ($ARGS.named.org_unit // "/") as $unit
| if $unit | startswith("/") then . else wrong_arg("--arg org_unit: must begin with /") end
| ($ARGS.named.given_default // "-") as $given
| ($ARGS.named.family_default // "-") as $family
| verified_login($login; $ARGS.named.unverified) as $name
| (if $domain == "" then $name else ($name | split("@")[0]) + "@" + $domain end) as $address
| attr_or("email"; null) as $email
| (address // {}) as $postal
| if $address | test("^[^@ ]+@[^@ ]+\\z") | not then
    reject("the name at Google: not an e-mail address; --arg domain=NAME adds a domain")
  else
    {
      EmailAddress: $address,
      FirstName: given_name_or($given),
      LastName: family_name_or($family),
      InitialPassword,
      OrgUnitPath: $unit,
      RecoveryEmail: (if $email == $address then null else $email end),
      RecoveryPhone: attr_or("phone_number"; null),
      MobilePhone: attr_or("phone_number"; null),
      WorkAddress: ($postal.formatted // ([$postal.street_address, $postal.locality, $postal.region,
        $postal.postal_code, $postal.country] | map(select(. != null and . != "")) | join(", ")
        | if . == "" then null else . end)),
      # Nobody's password that stays as it is needs to be changed.
      ChangePassword: (if .InitialPassword == null then null else "True" end),
      NewStatus: (.Enabled | yes_no("Active"; "Suspended"))
    }
    + (if has("Groups") then {Groups} else {} end)
  end
