# A user as a row of the file of an import job of Amazon Cognito, with every attribute; the header
# of the pool that takes it decides which of them are written.
#
# Variables (--arg NAME=VALUE) and their defaults:
#   login=auto        what cognito:username is: see login() in map-attributes(1)
#   unverified=reject allow: an e-mail address that is not verified names a user all the same
#   mfa=FALSE         cognito:mfa_enabled, which must not be empty
#   disabled=reject   keep: disabled users too, which the import enables
#   federated=reject  keep: users of identity providers too, which the import makes native ones
#   newlines=reject   space: a blank in place of the line ends in a value, and in those of an
#                     address that is JSON

def one_line: gsub("\r\n|[\r\n]"; " ");

($ARGS.named.login // "auto") as $login
| choice("mfa"; ["FALSE", "TRUE", "false", "true"]) as $mfa
| choice("newlines"; ["reject", "space"]) as $newlines
| choice("federated"; ["reject", "keep"]) as $federated
| refuse_disabled($ARGS.named.disabled)
| if .UserStatus == "EXTERNAL_PROVIDER" and $federated != "keep" then
    reject("a user of an identity provider, who would become a native one; --arg federated=keep writes it "
      + "all the same")
  else . end
| verified_login($login; $ARGS.named.unverified) as $name
# The importer trims too.
| (attributes_but(["sub", "identities", "email_verified", "phone_number_verified"])
  | map_values(trimmed
    | if $newlines == "space" then one_line else . end)
  | with_entries(select(.value != ""))) as $values
| (if $newlines != "space" or $values.address == null then $values.address
  else
    $values.address as $text
    | ([$text | try fromjson catch null] | .[0]) as $object
    | if ($object | type) != "object" then $text
      else $object | map_values(if type == "string" then one_line else . end) | tojson end
  end) as $address
| (bool("email_verified") == true and $values.email != null) as $email
| (bool("phone_number_verified") == true and $values.phone_number != null) as $phone
| if ($email or $phone) | not then reject("neither a verified email nor a verified phone number")
  else
    {"cognito:username": $name} + $values
    + {
        "address": $address,
        "birthdate": ($values.birthdate | birthdate_us),
        "email_verified": ($email | to_TRUE_FALSE),
        "phone_number_verified": ($phone | to_TRUE_FALSE),
        "updated_at": ($values.updated_at
          | if . == null then null
            elif test("^[0-9]{1,11}([.][0-9]*)?\\z") then split(".")[0]
            else reject("updated_at: not seconds since the Epoch") end),
        "cognito:mfa_enabled": $mfa
      }
    + (if has("Groups") then {Groups} else {} end)
  end
