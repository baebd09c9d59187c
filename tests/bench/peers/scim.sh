#!/bin/sh
# scim.sh JQ FILE: emit-scim's own mapping, run by jq or gojq.  What emit-scim does behind it (no
# nulls, no "verified") is done here in jq too.
set -eu
mappings=${COGNITO_FILTERS_PATH:?}/mappings
program="$(cat "$mappings/cognito.jq")
def whole:
  if type == \"object\" then with_entries(select(.value != null) | .value |= whole)
  elif type == \"array\" then map(whole) else . end;
$(sed '/^choice("dialect"/s/^/( /' "$mappings/scim.jq")
) | del(.emails[]?.verified) | whole"
exec "$1" -c --arg login username --arg unverified allow "$program" "$2"
