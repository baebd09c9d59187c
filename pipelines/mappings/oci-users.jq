# A user as a row of Users.csv for an identity domain of Oracle Cloud Infrastructure.
#
# Variables (--arg NAME=VALUE) and their defaults:
#   login=auto                what "User ID" is: see login() in map-attributes(1); oci-groups needs the same
#   unverified=reject         allow: an e-mail address that is not verified names a user all the same
#   given_default=-           First Name of users who have none; the importer skips rows without one
#   family_default=-          Last Name, likewise
#   bypass_notification=TRUE  TRUE: no welcome mail
#   federated=auto            TRUE, FALSE, or auto: TRUE for users of an identity provider
#   email=optional            required: users without e-mail are rejected
($ARGS.named.login // "auto") as $login
| ($ARGS.named.given_default // "-") as $given
| ($ARGS.named.family_default // "-") as $family
| choice("bypass_notification"; ["TRUE", "FALSE"]) as $bypass
| choice("federated"; ["auto", "TRUE", "FALSE"]) as $federated
| choice("email"; ["optional", "required"]) as $need
| verified_login($login; $ARGS.named.unverified) as $id
| attr_or("email"; null) as $email
| (address // {}) as $address
| if $id | length < 3 then reject("the user name has fewer than 3 characters")
  elif $id | contains(";") then reject("the user name holds a semicolon, which separates the members of groups")
  elif $email == null and $need == "required" then reject("no email")
  else
    {
      "User ID": $id,
      "Last Name": family_name_or($family),
      "First Name": given_name_or($given),
      "Middle Name": attr_or("middle_name"; null),
      "Display Name": display_name,
      "Nick Name": attr_or("nickname"; null),
      "Profile URL": attr_or("profile"; null),
      "Locale": (attr("locale") | locale_bcp47),
      "TimeZone": attr_or("zoneinfo"; null),
      "Work Email": $email,
      "Primary Email Type": (if $email == null then null else "work" end),
      "Mobile No": attr_or("phone_number"; null),
      "Work Street Address": $address.street_address,
      "Work City": $address.locality,
      "Work State": $address.region,
      "Work Postal Code": $address.postal_code,
      # The importer takes codes of two letters only and refuses the row for anything else.
      "Work Country": ($address.country | country_code),
      "Work Address Formatted": $address.formatted,
      "Active": (.Enabled | to_TRUE_FALSE),
      "Federated": (if $federated == "auto" then is_federated | to_TRUE_FALSE else $federated end),
      "ByPass Notification": $bypass,
      "External Id": attr("sub")
    }
    # No column; export-oci lists the members of the groups from it, under the name above.
    + (if has("Groups") then {Groups} else {} end)
  end
