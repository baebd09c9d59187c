# A user as a row of a file for Import-JCUsersFromCSV of JumpCloud's PowerShell module.
#
# Variables (--arg NAME=VALUE) and their defaults:
#   login=auto        what "Username" is: see login() in map-attributes(1)
#   unverified=reject allow: an e-mail address that is not verified names a user all the same
#   disabled=reject   keep: disabled users too, who come out like all others
($ARGS.named.login // "auto") as $login
| refuse_disabled($ARGS.named.disabled)
| (address // {}) as $address
| (.Groups // []) as $groups
# As many columns as the layout has.
| if $groups | length > 20 then reject("more than 20 groups: the layout has no more columns for them")
  else
    {
      Username: verified_login($login; $ARGS.named.unverified),
      FirstName: attr_or("given_name"; null),
      LastName: attr_or("family_name"; null),
      Password: .InitialPassword,
      Email: attr_or("email"; reject("no email, which is required")),
      MiddleName: attr_or("middle_name"; null),
      preferredName: attr_or("nickname"; null),
      work_streetAddress: $address.street_address,
      work_city: $address.locality,
      work_state: $address.region,
      work_postalCode: $address.postal_code,
      work_country: $address.country,
      mobile_number: attr_or("phone_number"; null)
    }
    + ([range($groups | length) | {("Group" + (. + 1 | tostring)): $groups[.]}] | add // {})
    + (if has("Groups") then {Groups} else {} end)
  end
