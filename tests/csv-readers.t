#!/usr/bin/env bash
# CSV made by emit-csv, read back by other people's readers: Python, Miller, csvkit, PostgreSQL.
# Each must have the same cells as the records, field by field.
# shellcheck disable=SC2317,SC2086 # functions for ok; no option is no word
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.

python=/usr/bin/python3
columns='id,a,b,Größe=c d'

# --- the records: every awkward value once in each column, beside a harmless one
cat >make-records <<'END'
import json, sys
values = ["plain", "", '"', '""', '"quoted"', 'a"b', '"a', 'a"', ",", "a,b", ",,", ";", "\t", "a\tb",
    "\n", "\r", "\r\n", "a\nb", "a\rb", "a\r\nb", "\na", "a\n", "\n\n", '"\n"', "a\n\\.\nb", "a,\"b\"\r\nc",
    " ", " a", "a ", "  a  ", "\ta", "a\t", "\u00a0a\u00a0", "\\", "\\\\", "\\.", "\\.x", "\\N", "\\n", "a\\,b", "\\\"",
    "=1+1", "+4989123456", "-1", "@x", "|x", "%x", "'x'", "#x", "NULL", "null", "NA", "N/A", "none", "None", ".", "-",
    "true", "007", "1e5", "1.50", "0x1F", "1_000", "2024-01-02", "12345678901234567890", "Infinity", "NaN", "nan",
    "😀", "👩‍👩‍👧", "Ünïcödé", "日本語", "مرحبا", "e\u0301", "\u2028", "\u2029", "\u0085", "\ufeff", "\ufeffa", "\u200b",
    "\u0001", "\u001b[31m", "\u001f", "\u007f", "\u000b", "\u000c", "\u0008",
    "x" * 2048, "é" * 1024, ('"' + "," + "\n") * 682 + "xx", "0123456789abcde,", "0123456789abcdef,", "0123456789abcdef\"0123456789abcdef"]
number = 0
for value in values:
    for column in ("a", "b", "c d"):
        number += 1
        record = {"id": "r%d" % number, "a": "x", "b": "y", "c d": "z", column: value}
        print(json.dumps(record, ensure_ascii=number % 2 == 0))
END
"$python" make-records >records
ok test "$(wc -l <records)" -gt 250

# compare READER RECORDS ROWS: ROWS holds a JSON object (by heading) or array a line; one test.  What
# the readers are known to change is allowed for, by reader, and nothing else.
cat >compare <<'END'
import json, sys
reader, records, rows = sys.argv[1:4]
names = [("id", "id"), ("a", "a"), ("b", "b"), ("Größe", "c d")]
def same(have, want):
    if reader == "miller":      # 6.6 reads by Go's csv package, which drops the CR of CR LF in quotes
        want = want.replace("\r\n", "\n")
    if reader in ("csvcut", "csvjson"):         # opens files with universal newlines
        want = want.replace("\r\n", "\n").replace("\r", "\n")
    if reader == "csvjson" and want.strip().lower() in ("", "na", "n/a", "none", "null", "."):
        return have is None     # its words for null
    if reader == "nulls" and want == "":        # COPY's bare empty cell
        return have is None
    return have == want
want = [json.loads(line) for line in open(records, newline="\n")]
got = [json.loads(line, strict=False) for line in open(rows, newline="\n")]
wrong = len(want) != len(got)
if wrong:
    print("%d rows, wanted %d" % (len(got), len(want)))
for w, g in zip(want, got):
    for at, (heading, name) in enumerate(names):
        have = g[at] if isinstance(g, list) else g.get(heading)
        if not same(have, w[name]):
            wrong = True
            print("%s %s: %s, wanted %s" % (w["id"], name, ascii(have)[:80], ascii(w[name])[:80]))
sys.exit(wrong)
END
compare() { ok "$python" compare "$@"; }

cat >read-python <<'END'
import csv, json, sys
with open(sys.argv[1], newline="", encoding=sys.argv[3]) as f:
    rows = csv.reader(f, delimiter=sys.argv[2], strict=True)
    next(rows)
    for row in rows:
        print(json.dumps(row))
END

# --- PostgreSQL
# shellcheck source=tests/helpers/postgres.sh
. "$TOP/tests/helpers/postgres.sh"
# copied FILE OPTIONS: loads FILE into a fresh table and writes its rows, in order, to pg.rows.
copied() {
	sql -c 'create temp table t (id text, a text, b text, "Größe" text, n serial)' \
		-c "copy t (id, a, b, \"Größe\") from '$T/$1' with (format csv, $2)" \
		-c 'select row_to_json(t) from t order by n' >pg.rows
}

# --- rows that end in LF and in CR LF
for end in '' --crlf; do
	feed 0 records emit-csv --columns "$columns" $end
	mv out all.csv
	title "Python reads it $end"
	"$python" read-python all.csv , utf-8 >python.rows
	compare exact records python.rows
	title "Miller reads it $end"
	mlr --icsv --ojsonl --infer-none cat all.csv >miller.rows
	compare miller records miller.rows
	title "csvkit reads it $end"
	LC_ALL=C.UTF-8 csvcut -c id,a,b,Größe all.csv >cut.csv
	"$python" read-python cut.csv , utf-8 >csvkit.rows
	compare csvcut records csvkit.rows
	title "PostgreSQL reads it $end"
	ok copied all.csv 'header match'
	compare nulls records pg.rows
	feed 0 records emit-csv --columns "$columns" $end --quote-empty
	mv out all.csv
	title "PostgreSQL tells empty strings from NULL $end"
	ok copied all.csv 'header match'
	compare exact records pg.rows
done
title 'csvkit makes JSON of it, without guessing types'
LC_ALL=C.UTF-8 csvjson -I --stream all.csv >csvkit.rows
compare csvjson records csvkit.rows

# --- other delimiters, a byte order mark
feed 0 records emit-csv --columns "$columns" --delimiter '\t' --bom
mv out all.tsv
"$python" read-python all.tsv $'\t' utf-8-sig >python.rows
compare exact records python.rows
ok copied all.tsv "delimiter E'\\t', header"
compare nulls records pg.rows
feed 0 records emit-csv --columns "$columns" --delimiter ';' --bom
mlr --icsv --ifs ';' --ojsonl --infer-none cat out >miller.rows
compare miller records miller.rows

# --- NULL and the empty string
printf '%s\n' '{"id":"1","a":"","b":null,"c d":"x"}' >nulls
feed 0 nulls emit-csv --columns "$columns" --quote-empty
cp out all.csv
ok copied all.csv 'header match'
same - pg.rows <<<'{"id":"1","a":"","b":null,"Größe":"x","n":1}'

# --- one column: no row is a blank line, and "\." ends nothing
for mode in '--quote-empty' '--crlf'; do
	feed 0 records emit-csv --columns a --no-header $mode
	cp out one.csv
	title "one column, Python $mode"
	"$python" - one.csv records <<'END' >rows
import csv, json, sys
got = [row for row in csv.reader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True)]
want = [[json.loads(line)["a"]] for line in open(sys.argv[2])]
print(got == want)
END
	same - rows <<<True
	title "one column, PostgreSQL $mode"
	sql -c 'create temp table one (a text, n serial)' -c "copy one (a) from '$T/one.csv' with (format csv)" \
		-c "select json_build_object('a', a) from one order by n" >rows
	"$python" - rows records <<'END' >rows.same
import json, sys
got, want = ([json.loads(line)["a"] for line in open(name)] for name in sys.argv[1:3])
print(got == want)
END
	same - rows.same <<<True
done
finish
