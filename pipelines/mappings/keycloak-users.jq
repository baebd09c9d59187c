# A user of a partialImport document of Keycloak.
#
# Attributes that Keycloak's own mappers to OpenID Connect read bear their names; all others keep
# the names that they have in Cognito.
#
# Variables (--arg NAME=VALUE) and their defaults:
#   login=auto        what "username" is: see login() in map-attributes(1)
#   unverified=reject allow: an e-mail address that is not verified names a user all the same
#   required_action=  for native users, UPDATE_PASSWORD for instance
($ARGS.named.login // "auto") as $login
| ($ARGS.named.required_action // "") as $action
| . as $user
| is_federated as $federated
| (address // {}) as $address
| {
    username: verified_login($login; $ARGS.named.unverified),
    enabled: (.Enabled != false),
    email: attr_or("email"; null),
    emailVerified: (bool("email_verified") // false),
    firstName: attr_or("given_name"; null),
    lastName: attr_or("family_name"; null),
    createdTimestamp: (.UserCreateDate | rfc3339_to_ms),
    attributes: (attributes_but(["email", "email_verified", "given_name", "family_name", "identities",
        "address", "locale", "middle_name", "updated_at", "phone_number", "phone_number_verified"])
      + {
          locale: (attr("locale") | locale_bcp47),
          middleName: attr_or("middle_name"; null),
          updatedAt: attr_or("updated_at"; null),
          phoneNumber: attr_or("phone_number"; null),
          phoneNumberVerified: attr_or("phone_number_verified"; null),
          street: $address.street_address,
          locality: $address.locality,
          region: $address.region,
          postal_code: $address.postal_code,
          country: $address.country,
          formatted: $address.formatted
        }
      | with_entries(select(.value != null and .value != "")) | map_values([.])),
    groups: (if .Groups == null then null else .Groups | map("/" + .) end),
    federatedIdentities: (identities
      | map({identityProvider: .providerName, userId, userName: .userId})
      | if . == [] then null else . end),
    requiredActions: (if $action == "" or $federated then null else [$action] end)
  }
| with_entries(select(.value != null))
| if $user | has("Groups") then .Groups = $user.Groups else . end
