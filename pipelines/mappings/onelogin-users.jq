# A user as a row of a file for OneLogin's import of users.
#
# Variables (--arg NAME=VALUE) and their defaults:
#   login=auto        what "username" is: see login() in map-attributes(1)
#   unverified=reject allow: an e-mail address that is not verified names a user all the same
#   given_default=-   firstname of users who have none; it is required
#   family_default=-  lastname, likewise
#   disabled=reject   keep: disabled users too, who come out like all others
($ARGS.named.login // "auto") as $login
| ($ARGS.named.given_default // "-") as $given
| ($ARGS.named.family_default // "-") as $family
| refuse_disabled($ARGS.named.disabled)
| {
    username: verified_login($login; $ARGS.named.unverified),
    firstname: given_name_or($given),
    lastname: family_name_or($family),
    email: attr_or("email"; reject("no email, which is required")),
    phone: attr_or("phone_number"; null),
    locale_code: (attr("locale") | locale_bcp47)
  }
  + (if has("Groups") then {Groups} else {} end)
