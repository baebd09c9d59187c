#!/usr/bin/env bash
# emit-csv: outputs of several files, by limits and by groups; columns whose values are unique.
# shellcheck disable=SC2016,SC2317 # jq's dollars; functions for run
. "$(dirname "$0")/lib.sh"

mkdir layouts
export COGNITO_FILTERS_PATH=$T
layout() { cat >"layouts/$1.layout"; }
reasons() { jq -c '[.Stream, .Line, .Reason]' "$1" >reasons; }
# files PATTERN: the names of the files in ./d and what they hold.
files() { (cd d && for f in *; do [ ! -f "$f" ] || { echo "--- $f"; cat "$f"; }; done); }
fresh() { rm -rf d; mkdir d; }

# --- limits without --split
for i in 1 2 3 4 5; do echo "{\"a\":\"$i\",\"g\":\"x\"}"; done >five
feed 0 five emit-csv --columns a --max-rows 5
title 'as many rows as there may be'
same - out <<<$'a\n1\n2\n3\n4\n5'
echo old >file
feed 1 five emit-csv --columns a --max-rows 4 -o file
same - err <<<'emit-csv: stdin:5: a file holds no more rows (max-rows); --split makes several files'
feed 0 five emit-csv --columns a --max-bytes 12 -o fits
feed 1 five emit-csv --columns a --max-bytes 11 -o file
same - err <<<'emit-csv: stdin:5: a file holds no more bytes (max-bytes); --split makes several files'
title 'neither with --reject: the row is not wrong'
feed 1 five emit-csv --columns a --max-rows 4 -o file --reject rejects
title 'the old file stays'
same - file <<<old

# --- with it
run 2 emit-csv --columns a --split five
has err '--output'
run 2 emit-csv --columns a --split-by a five
run 2 emit-csv --columns a --split-by '' -o file five
layout limited <<'END'
crlf
bom
preamble version:v1.0
column Name a required
max-rows 2
END
fresh
feed 0 five emit-csv --layout limited --split -o d/u.csv --stats stats
files >got
head=$'\xef\xbb\xbfversion:v1.0\r\nName\r'
part() { printf '%s\n' "--- u-$1.csv" "$head"; shift; printf '%s\r\n' "$@"; }
same - got < <(part 001 1 2; part 002 3 4; part 003 5)
has stats '"Records":5,"Rejected":0,"Bytes":84'
head -n 2 five >two
feed 0 two emit-csv --layout limited --split -o d/u.csv
title 'one part: no number, and those of the earlier run are gone'
same - <(ls d) <<<u.csv
feed 0 /dev/null emit-csv --layout limited --split -o d/u.csv
title 'no records: headings'
same - d/u.csv <<<$'\xef\xbb\xbfversion:v1.0\r\nName\r'
feed 0 five emit-csv --columns a --split -o d/u.csv
title 'no limits: one file'
same - d/u.csv <<<$'a\n1\n2\n3\n4\n5'
fresh
feed 0 five emit-csv --columns a --max-rows 3 --max-bytes 6 --split -o d/u
title 'the limit that comes first'
same - <(ls d) <<<$'u-001\nu-002\nu-003'
printf '%s\n' '{"a":"1"}' '{"a":"1234567"}' '{"a":"123456"}' '{"a":"2"}' >wide
fresh
feed 3 wide emit-csv --columns a --max-bytes 9 --split -o d/u --reject rejects
files >got
same - got <<'END'
--- u-001
a
1
--- u-002
a
123456
--- u-003
a
2
END
reasons rejects
same - reasons <<<'["stdin",2,"the row does not fit a file of max-bytes"]'
echo old >d/u
rm d/u-*
feed 1 wide emit-csv --columns a --max-bytes 9 --split -o d/u
title 'a run that fails leaves all as it was'
same - <(ls d; cat d/u) <<<$'u\nold'

# --- a file for each group
cat >members <<'END'
{"GroupName":"a b/é","Username":"1"}
{"GroupName":"a b/é","Username":"2"}
{"GroupName":"a b/é","Username":"3"}
{"GroupName":"A.b_c-D","Username":"1"}
{"GroupName":"%","Username":"4"}
END
fresh
feed 0 members emit-csv --columns Username --split-by GroupName -o d/m.csv
files >got
same - got <<'END'
--- m-%25.csv
Username
4
--- m-A.b_c-D.csv
Username
1
--- m-a%20b%2F%C3%A9.csv
Username
1
2
3
END
fresh
feed 1 members emit-csv --columns Username --split-by GroupName -o d/m.csv --max-rows 2
has err 'stdin:3: a file holds no more rows (max-rows); --split'
feed 0 members emit-csv --columns Username --split-by GroupName -o d/m.csv --max-rows 2 --split
title 'a group of several files'
same - <(ls d) <<<$'m-%25.csv\nm-A.b_c-D.csv\nm-a%20b%2F%C3%A9.csv\nm-a%20b%2F%C3%A9~002.csv'
same - 'd/m-a%20b%2F%C3%A9~002.csv' <<<$'Username\n3'
head -n 2 members >smaller
feed 0 smaller emit-csv --columns Username --split-by GroupName -o d/m.csv --max-rows 2 --split
title 'fewer files of it: the further ones of the earlier run are gone; other groups stay'
same - <(ls d) <<<$'m-%25.csv\nm-A.b_c-D.csv\nm-a%20b%2F%C3%A9.csv'
fresh
feed 0 /dev/null emit-csv --columns Username --split-by GroupName -o d/m.csv
title 'no groups, no files'
empty <(ls d)
{ sed -n '1p;4p' members; sed -n 1p members; } >mixed
feed 1 mixed emit-csv --columns Username --split-by GroupName -o d/m.csv
has err 'stdin:3: its group came before'
printf '%s\n' '{"Username":"1"}' '{"Username":"1","g":""}' "{\"Username\":\"1\",\"g\":\"$(printf '%0181d' 0)\"}" \
	"{\"Username\":\"1\",\"g\":\"$(printf '%0180d' 0)\"}" >groupless
feed 3 groupless emit-csv --columns Username --split-by g -o d/m.csv --reject rejects
reasons rejects
same - reasons <<'END'
["stdin",1,"g: it names the file, but is empty"]
["stdin",2,"g: it names the file, but is empty"]
["stdin",3,"the name of its group is too long for the name of a file"]
END

# --- uniqueness
layout unique <<'END'
column Id id unique
column Name name unique-ignoring-case
column Other other
END
cat >repeated <<'END'
{"id":"1","name":"Ana","other":"x"}
{"id":"2","name":"ANA"}
{"id":"3","name":"Ärger","other":"x"}
{"id":"4","name":"äRGER"}
{"id":"1","name":"ana"}
{"id":"A","name":""}
{"id":"a","name":null}
{"id":"","name":"z"}
{"id":"5","name":"ana"}
{"other":"y"}
{ "id" : "a" }
END
feed 3 repeated emit-csv --layout unique --reject rejects
same - out <<'END'
Id,Name,Other
1,Ana,x
3,Ärger,x
A,,
a,,
,z,
,,y
END
reasons rejects
same - reasons <<'END'
["stdin",2,"column Name: another record has the same but for case"]
["stdin",4,"column Name: another record has the same but for case"]
["stdin",5,"column Id: another record has the same"]
["stdin",9,"column Name: another record has the same but for case"]
["stdin",11,"column Id: another record has the same"]
END
title 'the records as they were'
same <(jq -c .Record rejects) <(sed -n '2p;4p;5p;9p;11p' repeated | jq -c .)
echo old >file
feed 1 repeated emit-csv --layout unique -o file
same - err <<<'emit-csv: stdin:2: column Name: another record has the same but for case'
same - file <<<old
head -n 1 repeated >once
run 3 emit-csv --layout unique --reject rejects once once repeated
reasons rejects
title 'across files: stream and line of the repetition'
same - <(head -n 2 reasons) <<<$'["once",1,"column Id: another record has the same"]\n["repeated",1,"column Id: another record has the same"]'
feed 0 once emit-csv --layout unique
same - out <<<$'Id,Name,Other\n1,Ana,x'
feed 0 /dev/null emit-csv --layout unique
same - out <<<'Id,Name,Other'
{ cat once; printf '{"id":"1"}'; } >torn
feed 4 torn emit-csv --layout unique
title 'no row before the whole input was good'
same - out <<<'Id,Name,Other'
title 'wrong records are rejected in their order, the repetitions behind'
{ cat once once; echo '{"id":"\u0000"}'; } >both
feed 3 both emit-csv --layout unique --reject rejects
reasons rejects
same - reasons <<<$'["stdin",3,"column Id: a NUL"]\n["stdin",2,"column Id: another record has the same"]'

title 'a value is taken only by a row that is written'
layout two <<'END'
column K k unique
column X x
column V v unique-ignoring-case
END
cat >two <<'END'
{"k":"a","v":"1"}
{"k":"a","v":"3"}
{"k":"b","v":"3"}
{"k":"b","v":"4"}
{"k":"c","v":"3"}
{"k":"d","v":"4"}
{"k":"d","v":"5"}
{"k":"e","v":"4"}
{"k":"e","v":"5"}
END
feed 3 two emit-csv --layout two --reject rejects
same - out <<<$'K,X,V\na,,1\nb,,3\nd,,4\ne,,5'
reasons rejects
same - reasons <<'END'
["stdin",2,"column K: another record has the same"]
["stdin",4,"column K: another record has the same"]
["stdin",5,"column V: another record has the same but for case"]
["stdin",7,"column K: another record has the same"]
["stdin",8,"column V: another record has the same but for case"]
END
title 'nor by one that fits no file'
cat >long <<'END'
{"k":"a","v":"too long for a file"}
{"k":"a","v":"1"}
END
feed 3 long emit-csv --layout two --max-bytes 20 --split -o d/two.csv --reject rejects
same - d/two.csv <<<$'K,X,V\na,,1'

title 'guarded values are compared as they were'
printf '%s\n' '{"id":"=1"}' "{\"id\":\"'=1\"}" '{"id":"=1"}' >guarded
feed 3 guarded emit-csv --layout unique --guard apostrophe --reject rejects
same - out <<<$'Id,Name,Other\n\'=1,,\n\'\'=1,,'
title 'limits count the rows that stay'
{ cat layouts/unique.layout; echo 'max-rows 2'; } | layout both
fresh
feed 3 repeated emit-csv --layout both --split -o d/u.csv --reject rejects
same - <(cat d/u-001.csv d/u-003.csv) <<<$'Id,Name,Other\n1,Ana,x\n3,Ärger,x\nId,Name,Other\n,z,\n,,y'
feed 1 repeated emit-csv --layout both -o file --reject rejects
same - err <<<'emit-csv: stdin:6: a file holds no more rows (max-rows); --split makes several files'
title 'groups and uniqueness'
fresh
feed 3 repeated emit-csv --layout unique --split-by other -o d/u.csv --reject rejects
same - <(ls d) <<<$'u-x.csv\nu-y.csv'

title 'sort(1) gets no keys along'
mkdir own
printf '#!/bin/sh\nenv >"%s/environment"\nexec /usr/bin/sort "$@"\n' "$T" >own/sort
chmod +x own/sort
PATH=$T/own:$PATH AWS_SECRET_ACCESS_KEY=canary feed 3 repeated emit-csv --layout unique --reject rejects
has environment LC_ALL=C
lacks environment canary

# --- no temporary file has a name or is left; memory stays flat
mkdir tmp
TMPDIR=$T/tmp feed 3 repeated emit-csv --layout unique --reject rejects
empty <(ls -A tmp)
TMPDIR=$T/none feed 1 repeated emit-csv --layout unique --reject rejects
has err "$T/none: "
awk 'BEGIN { for (i = 0; i < 250000; i++) printf "{\"id\":\"%d\",\"name\":\"User %d %0200d\"}\n", i, i, i
	print "{\"id\":\"77\"}" }' >large
title 'a quarter of a million rows, 60 MB of them, in 30 MB of memory'
run 3 within 30000 emit-csv --layout unique --reject rejects -o large.csv large
title 'all of them'
same - <(wc -l <large.csv) <<<250001
reasons rejects
same - reasons <<<'["large",250001,"column Id: another record has the same"]'
finish
