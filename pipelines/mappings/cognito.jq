# Helpers for mappings; map-attributes(1) describes them.  They are there in every mapping, without
# an include.  Those of the first part read the record, those of the second convert a value and
# leave null as it is.  An empty attribute counts as absent.
#
# "try" stands in [...] throughout: in jq 1.6 it would also catch what fails behind it.
#
# They run for each record, so what is frequent is asked first, and by operators: join, test,
# ascii_downcase and the like are programs of jq themselves, or compile an expression each time.

# Ends the record: it is rejected for this reason, which is printed, so no values of attributes in it.
def reject(reason): error({reject: (reason | tostring)});

# Ends the run with status 2: the fault is a variable's (--arg), and no record could do better.
def wrong_arg(reason): error({wrong_arg: (reason | tostring)});

# In jq 1.6 error(null) passes for the end of the outputs, and the record would be lost unseen; and
# stderr would print the record.
def error: if . == null then error("null") else error(.) end;
def error(message): message | error;
def stderr: .;

# The members of an object but those named in the array.  (jq 1.6 leaks memory in index on arrays.)
def others(names): delpaths([names[] | [.]]);

# The value of a variable that must be one of these, by default the first.
def choice(name; values):
  $ARGS.named[name] as $chosen
  | if $chosen == null then values[0]
    else
      values as $values
      | if [$values[] | select(. == $chosen)] != [] then $chosen
        else wrong_arg("--arg " + name + ": must be " + ($values[:-1] | join(", "))
          + " or " + $values[-1]) end
    end;

# The same for the name of a domain, by default empty.
def domain_of(name):
  name as $name
  | $ARGS.named[$name] // ""
  | if test("^[^@,;\"\\s]*\\z") then . else wrong_arg("--arg " + $name + ": not the name of a domain") end;

# The same for a distinguished name, which is needed.
def base_of(names; what):
  [names[] as $name | $ARGS.named[$name] // empty | select(. != "")][0]
  | if . == null then wrong_arg("--arg base=DN is needed: " + what)
    elif test("^ *([A-Za-z][A-Za-z0-9-]*|[0-9]+([.][0-9]+)+) *=.") then .
    else wrong_arg("--arg base: not a distinguished name") end;

# --- of the record

def attr(name): .Attributes[name];

def attr_or(name; default):
  .Attributes[name] as $value
  | if $value and $value != "" then $value
    elif $value == false then $value
    else default end;

def bool(name):
  name as $name
  | attr($name)
  | if . == "true" then true
    elif . == "false" then false
    elif . == null or . == "" then null
    elif type == "boolean" then .
    else ascii_downcase
      | if . == "true" then true
        elif . == "false" then false
        else reject($name + ": neither true nor false") end
    end;

# [{userId, providerName, providerType, issuer, primary, dateCreated}].  The form in tokens has
# strings for primary and dateCreated.
def identities:
  attr_or("identities"; null) as $text
  | if $text == null then []
    else
      ([$text | try fromjson catch null] | .[0]) as $list
      | if ($list | type) != "array" or any($list[]; type != "object")
        then reject("identities: not a JSON array of objects")
        else $list
          | map(if .primary | type == "string" then .primary |= (ascii_downcase == "true") else . end
            | if .dateCreated | type == "string" then
                if .dateCreated | test("^[0-9]{1,15}\\z") then .dateCreated |= tonumber
                else reject("identities: dateCreated is no number") end
              else . end)
        end
    end;

def is_federated:
  .UserStatus == "EXTERNAL_PROVIDER" or (attr("identities") != null and (identities | length > 0));

def providers: [identities[].providerName | select(. != null)];

# {formatted, street_address, locality, region, postal_code, country}, whatever there is of it: the
# attribute is JSON text as OpenID Connect has it, or one plain text.
def address:
  attr_or("address"; null) as $text
  | if $text == null then null
    else
      ([if $text | startswith("{") then ($text | try fromjson catch null) else null end] | .[0]) as $object
      | if ($object | type) != "object" then {formatted: $text}
        elif [$object[] | select(type != "string" and . != null)] == [] then $object
        else $object | map_values(if . == null or type == "string" then . else tojson end) end
    end;

def given_name_or(default): attr_or("given_name"; default);

def family_name_or(default): attr_or("family_name"; default);

def display_name:
  attr_or("name";
    attr_or("given_name"; null) as $given
    | attr_or("family_name"; null) as $family
    | if $given == null and $family == null
      then attr_or("preferred_username"; attr_or("email"; .Username))
      elif ($given | type) == "string" and ($family | type) == "string" then $given + " " + $family
      else [$given, $family | select(. != null)] | join(" ") end);

def groups_joined(separator):
  separator as $separator
  | if .Groups == null then null
    elif any(.Groups[]; contains($separator))
    then reject("a group name holds the separator " + $separator)
    else .Groups | join($separator) end;

# The user's name at the target: how is "username", "email", "preferred_username", or "auto", which
# is the e-mail address in pools that give people a UUID as Username, else the Username.
def login(how):
  how as $how
  | if $how == "auto" then
      if .Username == attr("sub") and .Username != null then
        attr_or("email"; reject("the Username is the sub, and there is no email to name the user by"))
      else .Username end
    elif $how == "username" then .Username
    elif $how == "email" or $how == "preferred_username" then
      attr_or($how; reject("no " + $how + " to name the user by"))
    else wrong_arg("--arg login: must be auto, username, email or preferred_username") end
  | if . == null then reject("no Username") else . end;

# The same, but an e-mail address names nobody unless it is verified or unverified is "allow":
# anybody can sign up with anybody's.
def verified_login(how; unverified):
  how as $how
  | unverified as $unverified
  | login($how) as $name
  | ($unverified // "") as $word
  | if $word != "" and $word != "reject" and $word != "allow"
    then wrong_arg("--arg unverified: must be reject or allow") else . end
  | if ($how == "email" or ($how == "auto" and .Username == attr("sub")))
      and $unverified != "allow" and bool("email_verified") != true
    then reject("the email that would name the user is not verified; --arg unverified=allow takes it")
    else $name end;

# The attributes that have a value, but those named in the array.
def attributes_but(names):
  names as $names | .Attributes // {} | with_entries(select(.value != null and .value != "")) | others($names);

# For targets that have no word for a disabled user: how is "keep", or the user is rejected.
def refuse_disabled(how):
  how as $how
  | ($how // "") as $word
  | if $word != "" and $word != "reject" and $word != "keep"
  then wrong_arg("--arg disabled: must be reject or keep")
  elif .Enabled == false and $how != "keep"
  then reject("the user is disabled, which cannot be told here; --arg disabled=keep writes it all the same")
  else . end;

# --- of a value

# Without the blanks at both ends.
def trimmed: if type == "string" then sub("^[ \t\r\n]+"; "") | sub("[ \t\r\n]+$"; "") else . end;

# Null for what is not a code of two letters.
def country_code:
  # Texts that begin with a capital letter stand from "A" to before "[".
  def in_capitals: length == 2 and . >= "A" and . < "[" and (.[1:] | . >= "A" and . < "[");
  if . == null or in_capitals then . elif test("^[A-Za-z]{2}\\z") then ascii_upcase else null end;

# The value as it stands in a distinguished name (RFC 4514).  Semicolons and control characters in
# hex, so that a list of names can be joined by semicolons and is one line.
def dn_value:
  def hex: "0123456789ABCDEF" | explode;
  explode as $chars
  | [range($chars | length) as $at
    | $chars[$at] as $char
    | if $char < 32 or $char == 127 or $char == 59 then 92, hex[$char / 16 | floor], hex[$char % 16]
      elif $char == 32 and ($at == 0 or $at == ($chars | length) - 1) then 92, 32
      elif $char == 35 and $at == 0 then 92, 35
      elif $char == 34 or $char == 43 or $char == 44 or $char == 60 or $char == 61 or $char == 62 or
        $char == 92 then 92, $char
      else $char end]
  | implode;

def yes_no(yes; no): if . then yes elif . == null then null else no end;

def to_TRUE_FALSE: yes_no("TRUE"; "FALSE");

# Seconds since the Epoch, a number or its text (updated_at).
def epoch_to_rfc3339:
  if . == null or . == "" then null
  elif tostring | test("^[0-9]{1,11}([.][0-9]*)?\\z") then tonumber | floor | todate
  else reject("a date: not seconds since the Epoch") end;

def epoch_to_date: epoch_to_rfc3339 | if . == null then null else .[:10] end;

# Milliseconds since the Epoch, of the dates in records (UserCreateDate).
def rfc3339_to_ms:
  if . == null or . == "" then null
  elif type == "string" and test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z\\z")
  then (.[:19] + "Z" | fromdate) * 1000 + (.[20:-1] + "000" | .[:3] | tonumber)
  else reject("a date: not RFC 3339 in UTC") end;

def rfc3339_to_epoch: rfc3339_to_ms | if . == null then null else . / 1000 | floor end;

# Cognito's YYYY-MM-DD as MM/DD/YYYY.  OpenID Connect allows a date without its year or of a year alone.
def birthdate_us:
  def days:
    (.[:4] | tonumber) as $year
    | if .[5:7] == "02" then
        if $year % 4 == 0 and ($year % 100 != 0 or $year % 400 == 0) then 29 else 28 end
      elif .[5:7] | test("04|06|09|11") then 30
      else 31 end;
  if . == null or . == "" then null
  elif test("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\\z") and .[:4] != "0000"
    and (.[8:] | tonumber) <= days
  then .[5:7] + "/" + .[8:] + "/" + .[:4]
  else reject("birthdate: not a whole date, YYYY-MM-DD") end;

# en_US and en_US.UTF-8 as en-US, and back.
def locale_bcp47:
  if . == null or . == "" then null
  else split(".")[0] | split("_") | if length == 2 then .[0] + "-" + .[1] else join("-") end end;

def locale_underscore: if . == null or . == "" then null else split("-") | join("_") end;

# What fits one cell: texts joined by ";" if none holds one, else JSON text.
def flat:
  if type == "array" then
    if all(.[]; type == "string" and (contains(";") | not)) then join(";") else tojson end
  elif type == "object" then tojson
  else . end;
