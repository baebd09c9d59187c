#!/usr/bin/env bash
# emit-ldif: entries as RFC 2849 has them, read back by a reader of its own; what is no entry.
# shellcheck disable=SC2016,SC1003 # jq's variables; backslashes at the end of names
. "$(dirname "$0")/lib.sh"

# read-ldif.py FILE: each entry as JSON, a list of pairs; fails where a line is none of LDIF.
cat >read-ldif.py <<'END'
import base64, json, re, sys
data = open(sys.argv[1], 'rb').read()
assert data.endswith(b'\n') and b'\r' not in data, 'line ends'
lines = data.split(b'\n')[:-1]
assert all(len(line) <= 76 for line in lines), 'a line of more than 76 columns'
assert all(byte < 128 for byte in data), 'not ASCII'
blocks = data[:-1].replace(b'\n ', b'').decode('ascii').split('\n\n')
assert blocks.pop(0) == 'version: 1', 'version'
for block in blocks:
    entry = []
    for line in block.split('\n'):
        name, sep, value = re.fullmatch(r'([A-Za-z0-9.;-]+)(::? ?)(.*)', line, re.S).groups()
        if sep.startswith('::'):
            value = base64.b64decode(value, validate=True).decode()
        elif value:
            assert value[0] not in ' :<' and value[-1] != ' ', 'not safe: ' + line
        entry.append([name, value])
    assert entry[0][0] == 'dn', 'dn first'
    print(json.dumps(entry, ensure_ascii=False, separators=(',', ':')))
END

# --- an entry
cat >ana <<'END'
{"cn":"Ana","dn":"uid=ana,ou=people,dc=example,dc=com","objectClass":["top","inetOrgPerson"],"uidNumber":1001,"x":1.50e2,"on":true,"off":false,"none":null,"empty":"","nothing":[],"mail":["a@example.com",null,"","b@example.com"],"sn;lang-es":"Lopez","2.5.4.42":"Ana"}
END
run 0 emit-ldif ana
same - out <<'END'
version: 1

dn: uid=ana,ou=people,dc=example,dc=com
cn: Ana
objectClass: top
objectClass: inetOrgPerson
uidNumber: 1001
x: 1.50e2
on: TRUE
off: FALSE
mail: a@example.com
mail: b@example.com
sn;lang-es: Lopez
2.5.4.42: Ana
END
empty err
run 0 emit-ldif
echo 'version: 1' >want
title 'no records, no entries'
same want out
echo '{"dn":"cn=a","cn":"first","dn":"cn=b","objectclass":"x","c\u006e":"last"}' >twice
run 0 emit-ldif twice
printf 'version: 1\n\ndn: cn=b\nobjectclass: x\ncn: last\n' >want
title 'the last of two members counts'
same want out

# --- values
cat >values.py <<'END'
import json, random
random.seed(4)
values = ['x' * n for n in list(range(60, 80)) + list(range(140, 160)) + [1000]]
values += ['ä' * n for n in range(1, 80)] + ['b' * n + '\n' for n in range(1, 80)]
values += [' x', 'x ', ' ', ':x', '<x', 'x:', 'x<', '\n', '\r', 'x\r\ny', '\0', 'x\0', '#', '-', 'a b',
           '\x7f', '\x01', '\t', 'a\n dn: cn=evil', 'a\n\ndn: cn=evil\nobjectClass: top', '\u20ac', '😀', '::', ': :']
values += [''.join(random.choice(' :<ab\n\r\0ä€😀') for _ in range(random.randrange(1, 200))) for _ in range(300)]
for i, value in enumerate(values):
    names = ['a' * n for n in (1, 20, 75, 80)]
    members = {'dn': 'cn=%d' % i, 'objectClass': ['top']}
    members.update((name, value) for name in names)
    members['list'] = [value, value + 'x']
    print(json.dumps(members))
END
/usr/bin/python3 values.py >values
run 0 emit-ldif values
cp out values.ldif
ok /usr/bin/python3 read-ldif.py values.ldif
cp ok.out got
jq -c '[to_entries[] | .key as $k | .value | if type == "array" then .[] else . end | [$k, .]]' values >want
# jq writes DEL as \u007f, Python as it is.
jq -c . got >got.canonical
title 'what is read back is what was given'
same want got.canonical

# --- names and places
# good_dn DN, bad_dn DN; the DN as JSON without its quotes.
good_dn() {
	printf '{"dn":"%s","objectClass":"top"}\n' "$1" >record
	title "dn $1"
	run 0 emit-ldif record
}
bad_dn() {
	printf '{"dn":"%s","objectClass":"top"}\n' "$1" >record
	title "dn $1 is none"
	run 1 emit-ldif record
	title 'which is told without the value'
	echo 'emit-ldif: record:1: dn: not a distinguished name' >want
	same want err
}
for dn in 'cn=a' 'cn=a,dc=b' 'cn=a, dc=b' 'cn=a+uid=b,dc=c' '2.5.4.3=a' 'cn=' 'cn=a\\,b' 'cn=a\\2Cb' \
	'cn=\\ a\\ ' 'cn=\\#a' 'cn=a b' 'cn=a=b' 'cn=#04024869' 'cn=é' 'cn=\\\"a\\\"' 'cn=\\\\' 'cn=,dc=a'; do
	good_dn "$dn"
done
for dn in '' 'a' 'cn' 'cn=a,' 'cn=a,b' ',cn=a' 'cn=a;dc=b' 'cn=a+' 'cn=\"a\"' 'cn=a\\' 'cn=a\\x' 'cn= a' 'cn=a ' \
	'cn=a ,dc=b' 'cn=<a>' 'cn=#' 'cn=#0' 'cn=#zz' 'cn=#00a' 'cn=a\u0000' 'c n=a' '1=a' '1.02=a' ' cn=a' 'cn=a\\,b,c'; do
	bad_dn "$dn"
done
for name in a-b cn x1 'a;b' 'a;b;c-1' 1.2.3 0.9.2342.19200300.100.1.1 '2.5.4.3;lang-en'; do
	printf '{"dn":"cn=a","objectClass":"top","%s":"v"}\n' "$name" >record
	title "member $name"
	run 0 emit-ldif record
	has out "$name: v"
done
for name in '' 1a -a custom:tenant a_b 'a b' é 'a;' 'a;;b' ';a' 1 1. .1 1..2 1.02 'a\nb' 'cn\u0000' 'dn\u0000' changetype Control DN 'a:' 'control;x'; do
	printf '{"dn":"cn=a","objectClass":"top","%s":"v"}\n' "$name" >record
	title "member $name is no attribute"
	run 1 emit-ldif record
	has err 'not the name of an attribute'
done

# --- what is no entry
cat >wrong <<'END'
{"objectClass":"top"}
{"dn":null,"objectClass":"top"}
{"dn":["cn=a"],"objectClass":"top"}
{"dn":"cn=a"}
{"dn":"cn=a","objectClass":[]}
{"dn":"cn=a","objectClass":[""]}
{"dn":"cn=a","objectClass":"top","o":{"a":1}}
{"dn":"cn=a","objectClass":"top","o":["a",{"a":1}]}
{"dn":"cn=a","objectClass":"top","o":[["a"]]}
{"dn":"cn=good","objectClass":"top"}
END
{
	jq -nc '{dn: "cn=a", objectClass: "top"} + ([range(999) | {key: "a\(.)", value: "x"}] | from_entries)'
	jq -nc '{dn: "cn=b", objectClass: "top"} + ([range(998) | {key: "a\(.)", value: "x"}] | from_entries)'
	printf '{"dn":"cn=a","objectClass":"top","%s":"v"}\n' "$(printf 'é%.0s' {1..50})"
} >>wrong
run 3 emit-ldif --reject rejects -o wrong.ldif wrong
same - err <<'END'
emit-ldif: rejected 3: no dn
emit-ldif: rejected 3: no objectClass
emit-ldif: rejected 2: member o: an attribute holds no object
emit-ldif: rejected 1: member o: an attribute holds no list of lists
emit-ldif: rejected 1: more than 1000 members
emit-ldif: rejected 1: member \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9: not the name of an attribute
END
ok jq -es 'length == 11' rejects
ok /usr/bin/python3 read-ldif.py wrong.ldif
jq -r '.[0][1]' ok.out >got
printf 'cn=good\ncn=b\n' >want
title 'the others are entries'
same want got
run 1 emit-ldif -o absent.ldif wrong
has err 'emit-ldif: wrong:1: no dn'
ok test ! -e absent.ldif

# --- several files
jq -nc 'range(7) | {dn: "cn=\(.)", objectClass: "top"}' >seven
run 1 emit-ldif --max-records 6 seven
has err 'emit-ldif: seven:7: more than one file may hold (max-records 6): --split makes several'
run 1 emit-ldif --max-bytes 180 seven
has err '(max-bytes 180): --split'
run 0 emit-ldif --max-bytes 100 --split -o p.ldif seven
ok test "$(echo p*.ldif)" = 'p-001.ldif p-002.ldif p-003.ldif'
find . -name 'p-*.ldif' -size +100c >large
empty large
for part in p-*.ldif; do
	/usr/bin/python3 read-ldif.py "$part"
done | jq -r '.[0][1]' >got
printf 'cn=%d\n' 0 1 2 3 4 5 6 >want
title 'each is whole by itself, and all entries are there'
same want got
run 1 emit-ldif --max-bytes 20 seven
has err 'alone more than max-bytes (20)'
run 0 emit-ldif --max-records 7 --split -o p.ldif seven
ok test "$(echo p*.ldif)" = p.ldif
run 2 emit-ldif --split seven
run 4 emit-ldif --seal seven

# --- without the line that slapadd does not take
run 0 emit-ldif --no-version --max-records 4 --split -o q.ldif seven
title 'what follows is the same'
run 0 emit-ldif --max-records 4 --split -o p.ldif seven
for n in 001 002; do
	tail -n +3 "p-$n.ldif" >want
	same want "q-$n.ldif"
done
run 0 emit-ldif --no-version
empty out
run 1 emit-ldif --no-version --max-bytes 62 seven
has err 'seven:3: more than one file may hold (max-bytes 62)'
run 0 emit-ldif --no-version --max-bytes 62 twice
printf 'include /etc/ldap/schema/core.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb
database mdb\nsuffix dc=example\ndirectory .\n' >slapd.conf
jq -nc '{dn: "dc=example", objectClass: ["organization", "dcObject"], dc: "example", o: "Ä"},
	(range(3) | {dn: "cn=\(.),dc=example", objectClass: "organizationalRole"})' >entries
run 0 emit-ldif --no-version -o entries.ldif entries
title 'slapadd takes it as it is'
run 0 env PATH="$PATH:/usr/sbin" slapadd -f slapd.conf -n 1 -l entries.ldif
run 0 emit-ldif -o entries.ldif entries
title 'and not the other one: the option is needed'
run 1 env PATH="$PATH:/usr/sbin" slapadd -u -f slapd.conf -n 1 -l entries.ldif
has err 'could not parse entry (line=1)'

# --- a group of several records
cat >rest <<'END'
{"dn":"cn=a,dc=x","objectClass":["top","groupOfNames"],"cn":"a","member":["cn=1","cn=2"]}
{"dn":"cn=a,dc=x","objectClass":["top","groupOfNames"],"cn":"a","member":["cn=3"]}
{"dn":"cn=a,dc=x","objectClass":["top","groupOfNames"],"cn":"a","member":["cn=4","cn=5"]}
{"dn":"cn=b,dc=x","objectClass":["top","groupOfNames"],"cn":"b","member":["cn=4"]}
END
run 0 emit-ldif --max-records 1 --split --stats stats -o r.ldif rest
title 'is one entry, in one file'
cat r-001.ldif r-002.ldif >out
same - out <<'END'
version: 1

dn: cn=a,dc=x
objectClass: top
objectClass: groupOfNames
cn: a
member: cn=1
member: cn=2
member: cn=3
member: cn=4
member: cn=5
version: 1

dn: cn=b,dc=x
objectClass: top
objectClass: groupOfNames
cn: b
member: cn=4
END
has stats '"Records":4'
run 3 emit-ldif --max-bytes 115 --split --reject rejects -o r.ldif rest
title 'what no file takes is wrong'
same - rejects <<'END'
{"Reason":"with the record before, of which it is a part, more than max-bytes (115)","Line":3,"Stream":"rest","Record":{"dn":"cn=a,dc=x","objectClass":["top","groupOfNames"],"cn":"a","member":["cn=4","cn=5"]}}
END
printf '%s\n' '{"dn":"cn=a","objectClass":"x","sn":"One","mail":["a"]}' '{"dn":"cn=a","objectClass":"x","sn":"Two","mail":["b"]}' \
	'{"dn":"cn=a","objectClass":"x","sn":"Two","mail":["b"]}' '{"dn":"cn=a","objectClass":"x","sn":"Two","mail":"c"}' \
	'{"dn":"cn=a","objectClass":"x","sn":"Two"}' '{"dn":"cn=a","objectClass":["x"],"sn":"Two","mail":["c"]}' >people
title 'two people with the same name stay two'
run 0 emit-ldif people
ok test "$(grep -c '^dn: cn=a$' out)" -eq 6
printf '%s\n' '{"dn":"cn=a","objectClass":"x","member":["o=1"]}' '{"dn":"cn=a","objectClass":"x","member":["o=2",[]]}' \
	'{"dn":"cn=a","objectClass":"x","member":["o=3"]}' >bad
run 3 emit-ldif --no-version --reject rejects bad
title 'a wrong record among them leaves nothing'
same - out <<'END'
dn: cn=a
objectClass: x
member: o=1
member: o=3
END

# --- the page's mapping
sed -n "/^cat >people.jq/,/^END/p" "$TOP/man/emit-ldif.1" | sed -e '1d;$d' -e 's/\\e/\\/g' -e "s/\\\\(aq/'/g" >people.jq
cat >users <<'END'
{"Username":"ana","Attributes":{"email":"ana@example.com","family_name":"López","name":"Ana López"}}
{"Username":"#b, \"c\" + <d>;\\ ","Attributes":{}}
{"Username":" ","Attributes":{}}
END
run 0 map-attributes -f people.jq -o mapped users
run 0 emit-ldif mapped
cp out people.ldif
ok /usr/bin/python3 read-ldif.py people.ldif
jq -r '.[0][1]' ok.out >got
cat >want <<'END'
uid=ana,ou=people,dc=example,dc=com
uid=\#b\, \"c\" \+ \<d\>\;\\\20,ou=people,dc=example,dc=com
uid=\20,ou=people,dc=example,dc=com
END
title 'names are escaped as a distinguished name wants them'
same want got

title 'a control character never stands as it is: OpenLDAP takes a tab off the ends'
printf '%s\n' '{"dn":"cn=a","objectClass":"x","a":"\tb","c":"\u001b[31m","d":"\u007f","e":"f~"}' >controls
feed 0 controls emit-ldif --no-version
same - out <<<$'dn: cn=a\nobjectClass: x\na:: CWI=\nc:: G1szMW0=\nd:: fw==\ne: f~'

finish
