# A user as an entry of the object class inetOrgPerson (RFC 2798).
#
# Variables (--arg NAME=VALUE) and their defaults:
#   base=             where the users go, ou=people,dc=example,dc=com; needed
#   login=auto        uid: see login() in map-attributes(1)
#   unverified=reject allow: an e-mail address that is not verified names a user all the same
#   family_default=-  sn of users who have no family name; the class requires one
#   sub=              the attribute that gets the sub, employeeNumber for instance; none by default
#   disabled=reject   keep: disabled users too, who come out like all others
($ARGS.named.login // "auto") as $login
| base_of(["base"]; "where the users go") as $base
| ($ARGS.named.family_default // "-") as $family
| ($ARGS.named.sub // "") as $sub
| refuse_disabled($ARGS.named.disabled)
| .Groups as $groups
| verified_login($login; $ARGS.named.unverified) as $uid
| (address // {}) as $address
| (attr_or("email"; null)) as $email
| if $sub | test("^[A-Za-z0-9.;-]*\\z") | not then wrong_arg("--arg sub: not the name of an attribute")
  # RFC 4524, 2.16; servers refuse the whole entry for anything else.
  elif $email != null and ($email | test("^[\\x01-\\x7f]*\\z") | not) then
    reject("email: beyond ASCII, which the attribute mail cannot hold")
  else
    {
      dn: ("uid=" + ($uid | dn_value) + "," + $base),
      objectClass: ["top", "person", "organizationalPerson", "inetOrgPerson"],
      uid: $uid,
      cn: display_name,
      sn: family_name_or($family),
      givenName: attr_or("given_name"; null),
      displayName: display_name,
      mail: $email,
      mobile: attr_or("phone_number"; null),
      preferredLanguage: (attr("locale") | locale_bcp47),
      street: $address.street_address,
      l: $address.locality,
      st: $address.region,
      postalCode: $address.postal_code,
      # A dollar sign separates the lines of this syntax (RFC 4517, 3.3.28).
      postalAddress: (if $address.formatted == null then null
        else $address.formatted | gsub("\\\\"; "\\5C") | gsub("[$]"; "\\24") | gsub("\r\n|[\r\n]"; "$") end),
      labeledURI: attr_or("website"; attr_or("profile"; null))
    }
    + (if $sub == "" then {} else {($sub): attr("sub")} end)
    | with_entries(select(.value != null and .value != ""))
    | if $groups == null then . else .Groups = $groups end
  end
