# A user as a row of a file for Okta's import of users.
#
# Variables (--arg NAME=VALUE) and their defaults:
#   login=email       what "login" is: see login() in map-attributes(1); Okta wants an e-mail address
#                     unless the organisation has it otherwise
#   unverified=reject allow: an e-mail address that is not verified names a user all the same
#   given_default=-   firstName of users who have none; Okta requires one
#   family_default=-  lastName, likewise
#   disabled=reject   keep: disabled users too, who come out like all others
($ARGS.named.login // "email") as $login
| ($ARGS.named.given_default // "-") as $given
| ($ARGS.named.family_default // "-") as $family
| refuse_disabled($ARGS.named.disabled)
| (address // {}) as $address
| (attr("locale") | locale_bcp47) as $locale
| {
    login: verified_login($login; $ARGS.named.unverified),
    firstName: given_name_or($given),
    lastName: family_name_or($family),
    middleName: attr_or("middle_name"; null),
    email: attr_or("email"; reject("no email, which is required")),
    displayName: display_name,
    nickName: attr_or("nickname"; null),
    profileUrl: attr_or("profile"; null),
    mobilePhone: attr_or("phone_number"; null),
    streetAddress: $address.street_address,
    city: $address.locality,
    state: $address.region,
    zipCode: $address.postal_code,
    countryCode: ($address.country | country_code),
    postalAddress: $address.formatted,
    preferredLanguage: $locale,
    locale: $locale,
    timezone: attr_or("zoneinfo"; null)
  }
  + (if has("Groups") then {Groups} else {} end)
