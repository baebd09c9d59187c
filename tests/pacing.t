#!/usr/bin/env bash
# Processes that run at once draw on one quota: what the service throttles is counted in its log.
# Mostly waits.
# shellcheck disable=SC2016 # expanded inside, by sh
. "$(dirname "$0")/lib.sh"

make-pool -n 2400 >pool
grep '^{"Username"' pool | grep -v '"GroupName"' >users
grep '^{"GroupName"' pool | grep -v '"Username"' >groups
expand() { jq -r 'select(.GroupName and .Username)|[.GroupName,.Username]|@tsv' "$1" | sort; }
expand pool >memberships
cache=$HOME/.cache/cognito-filters

# count LOG: how many calls, how many of them throttled.
count() {
	calls=$(wc -l <"$1")
	throttled=$(grep -c TooManyRequestsException "$1")
}

two='list-users --share 100 -o a & list-users --share 100 -o b || exit; wait $!'
title 'two processes, a quota that is too small for two who do not know of each other'
run 0 serve --quota UserList=30 --log log pool -- sh -c "$two"
empty err
same users a
same users b
count log
title 'three calls in a hundred are throttled at most'
ok test "$((throttled * 100))" -le "$((calls * 3))"
title 'the bucket is their owner'"'s"
ok test "$(stat -c %a "$HOME/.cache" "$cache" "$cache"/* | xargs)" = '700 700 600'
title 'and its name tells nothing'
ok sh -c 'ls "$1" | grep -qxE "[0-9a-f]{32}"' sh "$cache"

# A quota so small that the two are over it however slow the machine is.
head -n 600 users >some
title 'each by itself, at a quota that is far too small: both lists are whole all the same'
run 0 env COGNITO_SHARED_PACE=0 HOME="$T/alone" serve-pool --quota UserList=5 --log log-alone \
	some -- sh -c "$two"
same some a
same some b
count log-alone
title 'and more is throttled'
ok test "$((throttled * 100))" -gt "$((calls * 3))"
title 'no bucket is made'
ok test ! -e "$T/alone"

title 'the members of groups beside the users'
run 0 serve --quota UserList=30 --log log-mixed pool -- sh -c \
	'expand-members --share 100 -o members groups & list-users --share 100 -o a || exit; wait $!'
same users a
expand members >got
same memberships got
count log-mixed
title 'three calls in a hundred are throttled at most'
ok test "$((throttled * 100))" -le "$((calls * 3))"

title 'a service that allows less than it should slows all and fails none'
run 0 serve --quota UserList=20 --log log-less pool -- sh -c "$two"
same users a
same users b
has log-less TooManyRequestsException

head -n 200 users >small
title 'somebody who was stopped holds the lock'
run 0 serve small -- sh -c 'list-users --share 100 >out-first &&
	flock "$(ls -t "$0"/* | head -n 1)" list-users --share 100 -v' "$cache"
same small out
has err 'list-users: the pace is not shared with other processes: somebody holds the lock'

rm -r "$cache"
title 'a bucket that holds rubbish is filled anew'
run 0 serve small -- sh -c 'list-users --share 100 && stat -c %s "$0"/* >size &&
	echo rubbish >"$(echo "$0"/*)" && list-users --share 100 && stat -c %s "$0"/*' "$cache"
cat small small size >expected
same expected out
empty err

title 'one that is removed is made again'
run 0 serve small -- sh -c 'list-users --share 100 && rm "$0"/* && list-users --share 100' "$cache"
ok test "$(find "$cache" -type f | wc -l)" = 1
rm -r "$cache"

title 'one that is a symbolic link is not followed'
run 0 serve small -- sh -c 'list-users --share 100 >out-first &&
	ln -sf "$1" "$(echo "$0"/*)" && list-users --share 100 -v' "$cache" "$T/target"
same small out
has err 'list-users: the pace is not shared with other processes: the cache directory: '
ok test ! -e target
rm -r "$cache"

title 'without a home nothing is shared, and nothing is wrong'
run 0 serve small -- env HOME=/nowhere list-users --share 100
same small out
empty err
title 'which -v says'
run 0 serve small -- env HOME=/nowhere list-users --share 100 -v
has err 'list-users: the pace is not shared with other processes: the cache directory: '

title 'a loopback endpoint without --share or --max-rate is not paced'
run 0 serve small -- list-users
ok test ! -e "$cache"
title 'with --max-rate it is'
run 0 serve small -- list-users --max-rate 500
ok test -d "$cache"

finish
