# A user for FusionAuth's API /api/user/import.  Its identifier there is the sub, so that the
# accounts keep their identity.
(attr_or("sub"; reject("no sub")) | ascii_downcase) as $sub
| .Groups as $groups
| attr_or("email"; null) as $email
| attr_or("birthdate"; null) as $birthdate
| (if .Username == attr("sub") then null else .Username end) as $name
| if $sub | test("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\z") | not then reject("the sub is no UUID")
  elif $email == null and $name == null then
    reject("the Username is the sub, and there is no email to name the user by")
  else
    {
      id: $sub,
      active: (.Enabled != false),
      username: $name,
      email: $email,
      verified: (bool("email_verified") // false),
      fullName: attr_or("name"; null),
      firstName: attr_or("given_name"; null),
      middleName: attr_or("middle_name"; null),
      lastName: attr_or("family_name"; null),
      birthDate: (if $birthdate != null and ([$birthdate | try birthdate_us catch null] | .[0]) != null
        then $birthdate else null end),
      mobilePhone: attr_or("phone_number"; null),
      imageUrl: (attr_or("picture"; null) | if . != null and test("^https?://[^ ]+\\z") then . else null end),
      timezone: attr_or("zoneinfo"; null),
      preferredLanguages: (attr("locale") | locale_underscore
        | if . == null then null else [split(".")[0]] end),
      insertInstant: (.UserCreateDate | rfc3339_to_ms),
      data: (attributes_but(["sub", "email", "email_verified", "name", "given_name", "middle_name",
          "family_name", "phone_number", "zoneinfo", "locale"])
        + if $groups == null then {} else {groups: $groups} end)
    }
    | with_entries(select(.value != null and .value != {}))
    | if $groups == null then . else .Groups = $groups end
  end
