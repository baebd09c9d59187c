# A user for an import job of Auth0.  It gets the identifier auth0|SUB.
#
# Variables (--arg NAME=VALUE) and their defaults:
#   username=none     what "username" is: see login() in map-attributes(1); only for connections that
#                     require user names, since others refuse users who have one
choice("username"; ["none", "auto", "username", "email", "preferred_username"]) as $username
| .Groups as $groups
| {
    user_id: attr_or("sub"; reject("no sub")),
    email: attr_or("email"; reject("no email, which is required")),
    email_verified: (bool("email_verified") // false),
    username: (if $username == "none" then null else login($username) end),
    name: attr_or("name"; null),
    given_name: attr_or("given_name"; null),
    family_name: attr_or("family_name"; null),
    nickname: attr_or("nickname"; null),
    picture: attr_or("picture"; null),
    phone_number: attr_or("phone_number"; null),
    phone_verified: (if attr_or("phone_number"; null) == null then null
      else bool("phone_number_verified") // false end),
    blocked: (.Enabled == false),
    # What users may change themselves, and what they may not.
    user_metadata: attributes_but(["sub", "email", "email_verified", "name", "given_name", "family_name",
      "nickname", "picture", "phone_number", "phone_number_verified", "identities"])
  }
| .app_metadata = (.user_metadata | with_entries(select(.key | contains("custom:")))
    + if $groups == null then {} else {groups: $groups} end)
| .user_metadata |= with_entries(select(.key | contains("custom:") | not))
| with_entries(select(.value != null and .value != {}))
| if $groups == null then . else .Groups = $groups end
