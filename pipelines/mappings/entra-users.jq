# A user as a row of the file of "Bulk create" in Microsoft Entra.
#
# The password is that of the record's own member InitialPassword, which a filter of one's own puts
# there: Cognito gives none out, and a variable would show it to everybody on the machine.
#
# Variables (--arg NAME=VALUE) and their defaults:
#   login=email       the user principal name: see login() in map-attributes(1)
#   unverified=reject allow: an e-mail address that is not verified names a user all the same
#   domain=           a domain of the tenant, to stand behind the name in place of the user's own
#   usage_location=   a country of two letters for all
($ARGS.named.login // "email") as $login
| domain_of("domain") as $domain
| ($ARGS.named.usage_location // null) as $country
| if $country == null or ($country | country_code) != null then .
  else wrong_arg("--arg usage_location: must be a code of two letters") end
| (verified_login($login; $ARGS.named.unverified) | trimmed) as $name
| (if $domain == "" then $name else ($name | split("@")[0]) + "@" + $domain end) as $principal
| (address // {}) as $address
# https://support.microsoft.com/kb/2439357
| if ($principal | test("^[A-Za-z0-9'._!#^~-]{1,64}@[A-Za-z0-9.-]{1,48}\\z") and (contains(".@") | not))
  then
    {
      UserPrincipalName: $principal,
      DisplayName: (display_name | trimmed),
      InitialPassword,
      BlockSignIn: (.Enabled | yes_no("No"; "Yes")),
      FirstName: (attr_or("given_name"; null) | trimmed),
      LastName: (attr_or("family_name"; null) | trimmed),
      UsageLocation: $country,
      StreetAddress: ($address.street_address | trimmed),
      State: ($address.region | trimmed),
      Country: ($address.country | trimmed),
      City: ($address.locality | trimmed),
      PostalCode: ($address.postal_code | trimmed),
      MobilePhone: (attr_or("phone_number"; null) | trimmed)
    }
    + (if has("Groups") then {Groups} else {} end)
  else
    reject("the user principal name: Entra takes letters, digits and '.-_!#^~ (no dot at the end), an @, "
      + "and a domain")
  end
