#!/usr/bin/env bash
. "$(dirname "$0")/lib.sh"
# list-users against a pool whose content is known, field by field.

make-pool -n 150 >pool
grep '^{"Username"' pool | grep -v '"GroupName"' >users
count=$(wc -l <users)

title 'every user arrives, over several pages'
run 0 serve pool -- list-users
same users out
empty err

title 'pages of any length, empty ones too, end where the token ends'
run 0 serve --short-pages --seed 7 pool -- list-users
same users out

title 'sealed: the rows, then the seal, and unseal agrees'
run 0 serve pool -- list-users --seal -o sealed
empty out
title 'the file is for its owner only'
ok test "$(stat -c %a sealed)" = 600
run 0 unseal --whole sealed
same users out
tail -n 1 sealed >seal
has seal "\"ok\":true,\"rows\":$count,"
has seal '/us-east-1_EXAMPLE1/users","scope":"all","via":[]'

title 'COGNITO_SEAL=1 is --seal'
run 0 env COGNITO_SEAL=1 serve-pool pool -- list-users
has out '"~end"'

title 'a filter goes to the service, and the scope says so'
run 0 serve pool -- list-users --seal --filter 'username ^= "a"'
grep -v '"~end"' out >filtered
grep '^{"Username":"a' users >expected-filtered
same expected-filtered filtered
has out '"scope":"filter:username ^= \"a\""'

title 'a filter that the service refuses'
run 1 serve pool -- list-users --filter 'custom:tenant = "7"'
has err 'ListUsers: InvalidParameterException: '
empty out

title 'max-items stops, and such a list is never all'
run 0 serve pool -- list-users --seal --max-items 65
head -n 65 users >expected-65
grep -v '"~end"' out >got-65
same expected-65 got-65
has out '"scope":"max-items:65"'

title 'an empty pool is an empty list'
: >nobody
run 0 serve nobody -- list-users
empty out
run 0 serve nobody -- list-users --seal
has out '"ok":true,"rows":0,"bytes":0,'

title 'statistics'
run 0 serve pool -- list-users --stats stats.json -o out.ndjson
has stats.json "\"Command\":\"list-users\",\"Status\":0,\"Records\":$count,\"Rejected\":0,"
has stats.json '"Calls":{"ListUsers":'

title 'if-changed leaves an equal file alone'
run 0 serve pool -- list-users -o same.ndjson
before=$(stat -c %i same.ndjson)
run 0 serve pool -- list-users -o same.ndjson --if-changed
ok test "$(stat -c %i same.ndjson)" = "$before"

title 'a full device is a failure'
run 1 serve pool -- sh -c 'list-users >/dev/full'
has err 'list-users: stdout: cannot write: No space left on device'
title 'a closed standard output too'
run 1 serve pool -- sh -c 'list-users >&-'
has err 'list-users: stdout: cannot write: Bad file descriptor'
title 'a reader that goes away ends it by SIGPIPE, quietly'
make-pool -n 5000 >large
# shellcheck disable=SC2016 # for the inner shell
run 0 serve large -- bash -c 'list-users | head -n 1 >/dev/null; [ "${PIPESTATUS[0]}" = 141 ]'
empty err
title 'even where the parent ignores SIGPIPE'
# shellcheck disable=SC2016
run 0 serve large -- bash -c 'trap "" PIPE; list-users | head -n 1 >/dev/null; [ "${PIPESTATUS[0]}" = 141 ]'
empty err

title 'a device is no file to replace'
run 1 serve pool -- list-users -o /dev/null
has err 'not a regular file'

title 'no pool'
run 2 env -u COGNITO_USER_POOL_ID list-users
has err 'list-users: no user pool: give --user-pool-id or set COGNITO_USER_POOL_ID'
title 'a pool id that cannot be one'
run 2 list-users --user-pool-id 'x","y'
title 'operands'
run 2 list-users pool
has err 'usage: list-users '
title 'a number that is none'
run 2 serve pool -- list-users --max-items 0
title 'if-changed without a file'
run 2 serve pool -- list-users --if-changed
title 'a filter that is too long'
run 2 serve pool -- list-users --filter "name = \"$(printf '%300s' x)\""

title 'verbose tells operations and never a key or a name'
run 0 serve pool -- list-users -vv -o out.ndjson
has err 'ListUsers'
lacks err 'wJalrXUtnFEMI'
lacks err '@example'

title 'progress is shown when asked for'
run 0 serve --latency 600 pool -- list-users --progress -o out.ndjson
has err ' users '

finish
