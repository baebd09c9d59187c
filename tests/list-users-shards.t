#!/usr/bin/env bash
# shellcheck disable=SC2016 # sessions are for the inner shell
. "$(dirname "$0")/lib.sh"
# list-users by shards: the same users as one chain, in a stable order, and sealed as whole only where
# that is proved.

make-pool -n 700 >pool
grep '^{"Username"' pool | grep -v '"GroupName"' >users
sort users >sorted
count=$(wc -l <users)

# rows FILE: the records of a list, sorted, in FILE.rows.
rows() { grep -v '^{"~end"' "$1" | sort >"$1.rows"; }

# session FILE SCRIPT OPTION...: serves FILE with the options; SCRIPT finds a proof and the whole list.
session() {
	local pool=$1 script=$2
	shift 2
	serve "$@" "$pool" -- bash -c "list-users --write-proof proof -o whole && { $script
}"
}

title 'a whole chain writes the proof'
run 0 session pool 'for n in 16 256; do list-users --seal --shards $n --proof proof -o s$n --stats st$n; done'
empty err
rows whole
same sorted whole.rows
for n in 16 256; do
	rows s$n
	title "$n shards give the same set"
	same sorted s$n.rows
	tail -n 1 s$n >seal
	has seal "\"ok\":true,\"rows\":$count,"
	has seal '/us-east-1_EXAMPLE1/users","scope":"all","via":[]'
	title "$n shards, whole for everybody else"
	ok unseal s$n
done
title 'the proof holds beginnings and numbers'
sed '$d' proof | jq -s 'map(.Users) | add' >sum
echo "$count" >want
same want sum
tail -n 1 proof >seal
has seal '"scope":"proof"'
title 'the proof is for its owner only'
ok test "$(stat -c %a proof)" = 600
title 'every printable first character is asked for, the two that the grammar needs excepted'
ok test "$(grep -o '"ListUsers":[0-9]*' st16 | cut -d: -f2)" -ge 92

title 'a capital letter whose users are those of the small one costs one call, however many they are'
head -n 130 users | jq -c '.Attributes.sub = "a\(input_line_number)"' >small
run 0 session small 'list-users --shards 16 --proof proof -o many --stats stmany'
rows whole
rows many
same whole.rows many.rows
has stmany '"ListUsers":94}'

title 'in the order of the first characters'
jq -r 'select(.Username).Attributes.sub[0:1]' s16 >order
sort -c order
verdict $? ''
title 'the same order by --shards 1 as without'
run 0 serve pool -- list-users --shards 1
same users out

title 'short and empty pages, and answers at any time'
run 0 session pool 'list-users --seal --shards 16 --proof proof -o again' --short-pages --seed 5 --latency 3
rows again
same sorted again.rows
title 'the same order every time'
same <(sed '$d' s16 | jq -r .Attributes.sub | cut -c1) <(sed '$d' again | jq -r .Attributes.sub | cut -c1)

title 'no proof: rows, a failed seal, status 4'
run 4 serve pool -- list-users --seal --shards 16
has err 'warning: not proved to be whole: no proof was given; the rows will come all the same'
mv out unproved
rows unproved
same sorted unproved.rows
tail -n 1 unproved >seal
has seal '"ok":false'
has seal '"reason":"not proved to be whole: no proof was given","retryable":false'
title 'no proof, two characters'
run 4 serve pool -- list-users --shards 256
mv out unproved
rows unproved
same sorted unproved.rows
title 'no proof: the file stays as it was'
echo old >old
run 4 serve pool -- list-users --shards 16 -o old
echo old >want
same want old

title 'a proof that is too old'
run 4 session pool 'sleep 0.05; list-users --seal --shards 16 --proof proof --proof-age 0'
has err 'the proof counts for nothing: it is older than --proof-age'
rows out
same sorted out.rows
title 'a proof of another pool'
run 4 session pool 'sed s/EXAMPLE1/EXAMPLE2/ proof >p2; list-users --shards 16 --proof p2'
has err 'it is of another pool or endpoint'
title 'a proof that is cut'
run 4 session pool 'sed 3d proof >p2; list-users --shards 16 --proof p2'
has err 'it is not whole'
rows out
same sorted out.rows
title 'a proof that is none'
run 4 session pool 'list-users --seal -o p2; list-users --shards 16 --proof p2'
has err 'it is no proof of list-users'
title 'a proof from the future'
run 4 session pool 'sed '\''s/"started":"20/"started":"21/'\'' proof >p2; list-users --shards 16 --proof p2'
has err 'it is from the future'
title 'a proof that is not there'
run 2 serve pool -- list-users --shards 16 --proof nowhere
has err '--proof: nowhere: cannot open'

# Subs that begin otherwise, in both cases too, and one of a single character.
awk 'BEGIN { split("Z z + A a G ! ~ - e", to, " ") }
	NR % 3 == 0 && /^{"Username"/ { sub(/"sub":"./, "\"sub\":\"" to[NR / 3 % 10 + 1]) }
	NR == 4 { sub(/"sub":"[^"]*"/, "\"sub\":\"q\"") }
	NR == 5 { sub(/"sub":"[^"]*"/, "\"sub\":\"Q!\"") } 1' users >odd
sort odd >odd.sorted
title 'subs that begin with other characters'
run 0 session odd 'for n in 16 256; do list-users --seal --shards $n --proof proof -o s$n; done'
empty err
for n in 16 256; do
	rows s$n
	same odd.sorted s$n.rows
done
title 'somebody whom the proof does not know of'
run 4 serve odd -- sh -c 'list-users --write-proof full -o whole
	grep -v -e "\"Prefix\":\"+" -e "~end" full >part
	set -- $(wc -l -c <part)
	grep "~end" full | sed "s/\"rows\":[0-9]*,\"bytes\":[0-9]*/\"rows\":$1,\"bytes\":$2/" >>part
	list-users --seal --shards 256 --proof part'
has err 'list-users: part: the proof no longer holds: there is a user whose sub begins as none did then; make a new one'
tail -n 1 out >seal
has seal '"ok":false'
rows out
title 'is given out all the same'
same odd.sorted out.rows
title 'a capital letter that the proof does not know of'
awk 'NR == 9 { sub(/"sub":"./, "\"sub\":\"B") } 1' users >capital
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
run 0 serve --port "$port" users -- list-users --write-proof proof -o whole
run 4 serve --port "$port" capital -- list-users --seal --shards 16 --proof proof
has err 'the proof no longer holds'
title 'an empty pool can be proved, and then somebody comes'
: >nobody
run 0 serve --port "$port" nobody -- list-users --write-proof proof -o whole
run 0 serve --port "$port" nobody -- list-users --seal --shards 16 --proof proof
run 4 serve --port "$port" users -- list-users --seal --shards 16 --proof proof

# A service whose filter tells the cases of letters apart: serve-pool's does not, AWS's text says both.
beside() { "$TOP/tests/helpers/by-sub.py" "$@"; }
title 'cases of letters told apart'
run 0 beside exact odd bash -c 'list-users --write-proof proof -o whole &&
	for n in 16 256; do list-users --seal --shards $n --proof proof -o s$n || exit; done'
empty err
rows whole
for n in 16 256; do
	rows s$n
	same whole.rows s$n.rows
done
title 'a capital letter that the proof does not know of, told apart'
run 4 beside exact capital bash -c 'list-users --seal --write-proof proof -o whole
	sed "/\"Prefix\":\"B/d; s/\"rows\":[0-9]*,\"bytes\":[0-9]*/ROWS/" proof >part
	sed "s/ROWS/$(sed \$d part | wc -lc | sed "s/ *\([0-9]*\) *\([0-9]*\)/\"rows\":\1,\"bytes\":\2/")/" part >p2
	list-users --seal --shards 16 --proof p2'
has err 'the proof no longer holds'
rows whole
rows out
same whole.rows out.rows
title 'a service that ignores the filter'
run 1 beside ignoring users list-users --seal --shards 16
has err 'list-users: ListUsers: the service gave a user whom the filter by sub does not mean'
tail -n 1 out >seal
has seal '"ok":false'

title 'subs that no filter can be trusted with make no proof'
# shellcheck disable=SC1003
for c in é '\\' '\"' ' '; do
	# Not by sub(), in which awks differ about backslashes.
	c=$c awk 'NR == 7 && match($0, /"sub":"./) {
		$0 = substr($0, 1, RSTART + 6) ENVIRON["c"] substr($0, RSTART + RLENGTH)
	} 1' users >bad
	rm -f proof
	run 1 serve bad -- list-users --write-proof proof -o whole
	has err 'list-users: proof: no proof: a sub begins with what no filter can be trusted with'
	ok test ! -e proof
done
sed '7s/"sub":"[^"]*"/"sub":""/' users >bad
run 1 serve bad -- list-users --write-proof proof
has err 'no proof: a sub begins with what no filter can be trusted with'

title 'slices, one after the other, are the whole'
run 0 session pool 'list-users --shards 16 --proof proof -o s16
	list-users --shards 256 --proof proof -o s256
	for i in 1 2 3 4 5; do list-users --shard $i/5 --seal --proof proof -o slice$i || exit; done
	for i in 1 2 3; do list-users --shard $i/17 --seal --proof proof -o fine$i || exit; done'
cat slice[1-5] | grep -v '"~end"' >joined
same s16 joined
cat fine[1-3] | grep -v '"~end"' >joined
head -n "$(wc -l <joined)" s256 >want
same want joined
tail -n 1 slice3 >seal
grep -qE '/users","scope":"shard:3/5 proof:[0-9a-f]{16}","via"' seal
verdict $? 'the scope says slice and proof' || show seal
title 'a slice without a proof'
run 4 serve pool -- list-users --shard 1/5 --seal
has out '"scope":"shard:1/5","via"'

# A run that dies: the fault strikes where it is not tried again.
title 'a run that dies keeps what it has read'
run 0 session pool 'list-users --seal --shards 16 --proof proof --resume kept --retry-seconds 0 -o got; echo $? >status
	ls -l kept >left
	list-users --seal --shards 16 --proof proof --resume kept --stats stats -o got' \
	--fault ListUsers:error500@25
echo 75 >want.status
same want.status status
grep -c 'sub-3[0-9].ndjson' left >kept.count
title 'some of its shards are there'
ok test "$(cat kept.count)" -gt 0
grep -v -e ' sub-' -e '^total' left >others
title 'and nothing else'
empty others
awk '/ sub-/ && $1 !~ /^-rw-------/' left >others
title 'for their owner only'
empty others
sed '$d' got >rows
title 'the next one ends with the same list'
same s16 rows
title 'the next run begins anew'
ok rmdir kept
title 'what is kept and damaged, or of another proof, is read again'
run 0 session pool 'mkdir -m 755 kept
	list-users --seal --shards 16 --proof proof --resume kept --retry-seconds 0 -o got
	for f in kept/*; do sed -i 1d $f; break; done
	list-users --shards 16 --proof proof --resume kept -o got' --fault ListUsers:error500@25
same s16 got
title 'two runs in one directory'
mkdir taken
run 75 session pool 'flock taken list-users --shards 16 --proof proof --resume taken'
has err 'list-users: taken: another run is using it'

title 'what is no file of a run hands on neither its mode nor where it leads to'
run 75 session pool 'mkdir planted && cp whole planted/sub-30.ndjson && chmod 644 planted/sub-30.ndjson
	cp whole aim && ln -s ../aim planted/sub-31.ndjson && mkfifo planted/sub-32.ndjson
	list-users --shards 16 --proof proof --resume planted --retry-seconds 0 -o got' --fault ListUsers:error500@25
ok test "$(stat -c '%a %F' planted/sub-3[012].ndjson | sort -u)" = '600 regular file'
same whole aim
title 'a directory that everybody may write to'
mkdir -m 777 open
run 1 session pool 'list-users --shards 16 --proof proof --resume open'
has err 'list-users: open: everybody may write there'
title 'and nothing is put there'
ok rmdir open

for wrong in '--shards 2' '--shards x' '--shard 0/4' '--shard 5/4' '--shard 1/1' '--shard 1/257' '--shard 4' \
	'--shard 1/4 --shards 16' '--shards 16 --filter x' '--shards 16 --max-items 4' '--proof pool' \
	'--shards 16 --resume kept' '--shards 16 --write-proof p' '--max-items 5 --write-proof p' \
	'--write-proof p -o ./p' '--write-proof -' '--write-proof p --reject ./p' '--write-proof p --stats p' \
	'--shards 16 --proof pool -o ./pool' '--shards 16 --proof pool --proof-age x'; do
	# shellcheck disable=SC2086
	run 2 serve pool -- list-users $wrong
done
title 'the proof to standard output, where the list goes elsewhere'
run 0 serve pool -- list-users --write-proof - -o whole
ok unseal out

finish
