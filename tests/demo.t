#!/usr/bin/env bash
# What `make demo` runs: it ends well, says what is in its files, and leaves nothing running.
# shellcheck disable=SC2016 # programs of jq
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.

run 0 "$TOP/pipelines/demo" "$BUILD" "$T/result"
mv out shown
has shown '--external-id'
has shown "$T/result/"
title 'what is shown is in the files'
head -n 4 result/Users.csv | tr -d '\r' | cut -c1-60 >first
grep -A4 'Users.csv:$' shown | sed '1d; s/^    //' | cut -c1-60 >first.shown
same first first.shown
title 'no line is wider than a terminal'
ok /usr/bin/python3 -c 'assert all(len(line.rstrip("\n")) <= 100 for line in open("shown", encoding="utf-8") if "/" not in line)'

cat >count.py <<'END'
import csv, json

users = list(csv.DictReader(open("result/Users.csv", newline="", encoding="utf-8")))
groups = list(csv.DictReader(open("result/Groups.csv", newline="", encoding="utf-8")))
names = {row["User ID"] for row in users}
members = [name for row in groups for name in row["User Members"].split(";") if name]
rejects = [json.loads(line)["Reason"] for kind in ("Users", "Groups")
           for line in open("result/" + kind + ".rejects.ndjson", encoding="utf-8")]
assert len(names) == len(users) and set(members) <= names
print(f"{len(users)} users, {len(groups)} groups, {len(members)} memberships are ready for the import;"
      f" {len(rejects)} records were rejected:")
for reason in sorted(set(rejects), key=lambda r: (-rejects.count(r), r)):
    print(f"{rejects.count(reason):7d} {reason}")
END
/usr/bin/python3 count.py >counts
grep -A30 'are ready for the import' shown | sed '/^$/,$d' >counts.shown
title 'its counts are those of another reader'
same counts counts.shown
title 'everybody of the pool is there or rejected'
ok test "$(($(jq -s 'map(select(.UserStatus)) | length' "$BUILD/demo-pool.ndjson")))" -eq \
	"$(($(sed -n 's/^\([0-9]*\) users,.*/\1/p' counts) + $(wc -l <result/Users.rejects.ndjson)))"
title 'at least 1,000 users and 12 groups'
ok grep -qE '^[0-9]{4,} users, (1[2-9]|[2-9][0-9]) groups' counts
title 'the files are the owner'\''s alone'
ok test "$(stat -c %a result result/* | sort -u | tr '\n' ' ')" = '600 700 '
title 'nothing of it is running'
ok test -z "$(grep -las -e "$BUILD/[d]emo-pool.ndjson" /proc/[0-9]*/cmdline)"

run 0 "$TOP/pipelines/demo" "$BUILD" "$T/result"
title 'a second run says the same'
same shown out

# A part that fails is not shown as a result.
mkdir -p broken/bin
ln -s "$BUILD/tools" broken/tools
for name in "$BIN"/*; do ln -s "$name" "broken/bin/${name##*/}"; done
ln -sf /bin/false broken/bin/list-users
run 1 "$TOP/pipelines/demo" "$T/broken" "$T/none"
lacks out ready
mkdir fake
for tool in awk head wc uniq; do
	printf '#!/bin/sh\nkill -KILL $$\n' >fake/$tool
	chmod +x fake/$tool
	title "so is a picture whose $tool was killed"
	PATH=$T/fake:$PATH run 1 "$TOP/pipelines/demo" "$BUILD" "$T/result"
	rm fake/$tool
done

finish
