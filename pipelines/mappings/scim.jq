# A user or a group as a resource of SCIM 2.0 (RFC 7643).  emit-scim uses this mapping unless told
# otherwise, and drops what is null here.
#
# Variables (--arg NAME=VALUE) and their defaults; emit-scim sets the first two by its own options:
#   dialect=scim              scim, oci, aws or entra
#   extension=                URN under which custom attributes go; without one they are left out
#   enterprise=               attributes for the enterprise extension, such as
#                             employeeNumber:custom:employee_id,department:custom:dept
#   login=auto                what userName is: see login() in map-attributes(1)
#   unverified=reject         allow: an e-mail address names a user although it is not verified
#   given_default=            givenName of users who have none; "-" for the dialects oci and aws
#   family_default=           familyName, likewise
#   group_prefix=             stands before the externalId of groups
#   bypass_notification=true  oci: true sends no welcome mail
#   federated=auto            oci: true, false, or auto: true for users of an identity provider
#   description=keep          oci: drop leaves the description of groups out

def enterprise_names: ["employeeNumber", "costCenter", "organization", "division", "department"];

# [{name, from}] of the variable enterprise.
def enterprise_list:
  $ARGS.named.enterprise // "" | split(",")
  | map(select(. != "") | split(":") | {name: .[0], from: (.[1:] | join(":"))}
    | .name as $name
    | if .from != "" and [enterprise_names[] | select(. == $name)] != [] then .
      else wrong_arg("--arg enterprise: must be a list of NAME:ATTRIBUTE, NAME one of " + (enterprise_names | join(", "))) end);

# Null for what the schema would refuse; "$" would let a line feed at the end pass.
def url: if . != null and test("^https?://[^\\s\"<>\\\\\\x00-\\x1f\\x7f]+\\z") then . else null end;

def time_zone: if . != null and test("^[A-Za-z0-9/_+-]+\\z") then . else null end;

def language:
  locale_bcp47 | if . != null and test("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\\z") then . else null end;

def text: if . == "" then null else . end;

# Null in place of an object that holds nothing.
def any_of: if [.[] | select(. != null)] == [] then null else . end;

def user_name:
  choice("login"; ["auto", "username", "email", "preferred_username"]) as $login
  | choice("unverified"; ["reject", "allow"]) as $unverified
  | verified_login($login; $unverified);

def person($dialect):
  (if $dialect == "oci" or $dialect == "aws" then "-" else null end) as $name_default
  | {
      formatted: attr_or("name"; null),
      familyName: (family_name_or($ARGS.named.family_default // $name_default) | text),
      givenName: (given_name_or($ARGS.named.given_default // $name_default) | text),
      middleName: attr_or("middle_name"; null)
    }
  | any_of;

def postal:
  (address // {})
  | {
      formatted: (.formatted | text),
      streetAddress: (.street_address | text),
      locality: (.locality | text),
      region: (.region | text),
      postalCode: (.postal_code | text),
      country: (.country | country_code)
    }
  | any_of
  | if . == null then null else [{type: "work"} + .] end;

# URN: object of each extension; null where there is nothing for it.
def user_extensions($dialect):
  enterprise_list as $list
  | ($ARGS.named.extension // "") as $urn
  | ([$list[].from]) as $taken
  | . as $record
  | (if $list == [] then {}
     else {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
       (reduce $list[] as $e ({}; . + {($e.name): ($record | attr_or($e.from; null))}) | any_of)} end)
  + (if $urn == "" then {}
     else {($urn):
       (attributes_but($taken) | with_entries(select(.key | startswith("custom:")) | .key |= .[7:])
        | any_of)} end)
  + (if $dialect != "oci" then {}
     else {"urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User": {
       isFederatedUser: (choice("federated"; ["auto", "true", "false"])
         | if . == "auto" then ($record | is_federated) else . == "true" end),
       bypassNotification: (choice("bypass_notification"; ["true", "false"]) == "true")
     }} end);

# The core schema, and those of the extensions that are there.
def with_schemas($core; $extensions):
  {schemas: ([$core] + [$extensions | to_entries[] | select(.value != null) | .key])} + . + $extensions;

def user($dialect):
  . as $record
  | user_name as $name
  | attr_or("email"; null) as $email
  | attr_or("phone_number"; null) as $phone
  | (attr_or("picture"; null) | url) as $photo
  | (attr_or("locale"; null) | language) as $language
  | {
      externalId: attr_or("sub"; reject("no sub")),
      userName: $name,
      name: person($dialect),
      displayName: display_name,
      nickName: attr_or("nickname"; null),
      profileUrl: (attr_or("profile"; null) | url),
      preferredLanguage: $language,
      locale: $language,
      timezone: (attr_or("zoneinfo"; null) | time_zone)
    }
    + (if .Enabled == null then {} else {active: .Enabled} end)
    + {
      emails: (if $email == null then null
        else [{value: $email, type: "work", primary: true, verified: (bool("email_verified") // false)}] end),
      phoneNumbers: (if $phone == null then null else [{value: $phone, type: "mobile"}] end)
    }
    + (if $dialect == "aws" then {}
       else {photos: (if $photo == null then null else [{value: $photo, type: "photo"}] end)} end)
    + {addresses: postal}
  | with_schemas("urn:ietf:params:scim:schemas:core:2.0:User"; $record | user_extensions($dialect));

def group($dialect):
  (if $dialect != "oci" or choice("description"; ["keep", "drop"]) == "drop" then {}
   else {"urn:ietf:params:scim:schemas:oracle:idcs:extension:group:Group":
     ({description: (.Description | text)} | any_of)} end) as $extensions
  | {externalId: (($ARGS.named.group_prefix // "") + .GroupName), displayName: .GroupName}
  | with_schemas("urn:ietf:params:scim:schemas:core:2.0:Group"; $extensions);

choice("dialect"; ["scim", "oci", "aws", "entra"]) as $dialect
| if .GroupName != null and .Username == null then group($dialect)
  elif .Username != null and .GroupName == null then user($dialect)
  else reject("neither a user nor a group") end
