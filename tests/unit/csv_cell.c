/* Cells of emit-csv: quoted exactly where needed, and read back by libcsv as what they were. */
/* A command's helper is in no archive. */
#include "../../cmd/emit-csv/cell.c"	/* NOLINT(bugprone-suspicious-include) */

#include <stdlib.h>

#include "tap.h"

enum { LONGEST = 70, ROUNDS = 20000 };

struct row {
	char text[LONGEST + 1];
	size_t len;
	int cells, rows;
};

static void
take_cell(void *s, size_t len, void *arg)
{
	struct row *row = arg;

	row->cells++;
	row->len = len;
	if (len > 0 && len <= LONGEST)
		memcpy(row->text, s, len);
}

static void
take_end(int c, void *arg)
{
	(void)c;
	((struct row *)arg)->rows++;
}

/* Whether libcsv reads the one cell "text" back as s. */
static bool
reads_back(const char *cell, size_t cell_len, const char *s, size_t len)
{
	struct row row = { .len = 0 };
	struct csv_parser parser;
	bool good;

	csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
	good = csv_parse(&parser, cell, cell_len, take_cell, take_end, &row) == cell_len &&
	    csv_parse(&parser, "\n", 1, take_cell, take_end, &row) == 1 &&
	    csv_fini(&parser, take_cell, take_end, &row) == 0;
	csv_free(&parser);
	return good && row.cells == 1 && row.rows == 1 && row.len == len &&
	    memcmp(row.text, s, len) == 0;
}

static const char *
written(const struct cell_format *f, const char *s)
{
	static char out[2 * LONGEST + 3];

	out[cell_write(f, out, s, strlen(s))] = '\0';
	return out;
}

/* A special byte at every place of cells of every length, across the blocks of 16. */
static void
test_places(const struct cell_format *f)
{
	char s[LONGEST], out[2 * LONGEST + 2];
	bool found = true, bare = true;

	for (size_t len = 1; len <= LONGEST; len++) {
		memset(s, 'x', len);
		bare &= cell_write(f, out, s, len) == len && memcmp(out, s, len) == 0;
		for (size_t at = 0; at < len; at++) {
			for (const char *c = ",\"\r\n"; *c != '\0'; c++) {
				s[at] = *c;
				found &= cell_write(f, out, s, len) == len + 2 + (*c == '"') &&
				    out[0] == '"';
				s[at] = 'x';
			}
		}
	}
	ok(bare, "no quotes without need, at any length");
	ok(found, "quotes for a special byte at any place");
}

/* Numbers that look random and are the same in every run (the constants are Knuth's MMIX). */
static size_t
next_number(uint64_t *state)
{
	*state = *state * 6364136223846793005U + 1442695040888963407U;
	return (size_t)(*state >> 33);
}

static void
test_random(const struct cell_format *f)
{
	static const char bytes[] = "ab,\"\r\n \t\\.;\xef\xbb\xbf";
	char *s = malloc(LONGEST), out[2 * LONGEST + 2];
	uint64_t state = 1;
	bool good = true;

	for (int i = 0; i < ROUNDS; i++) {
		size_t len = 1 + next_number(&state) % LONGEST, n;

		for (size_t at = 0; at < len; at++)
			s[at] = bytes[next_number(&state) % (i % 2 == 0 ? sizeof bytes - 1 : 3)];
		n = cell_write(f, out, s, len);
		good &= n <= cell_bound(len) && reads_back(out, n, s, len);
	}
	free(s);
	ok(good, "any text is read back as it was");
}

/* The cell of a JSON value, or "!" and the reason. */
static const char *
cell_of(const char *json, const char *join, size_t max)
{
	static struct buf b;
	struct tok_list l;
	const char *wrong;

	buf_free(&b);
	buf_init(&b, max);
	tok_init(&l, 100);
	if (tok_parse(&l, json, strlen(json)) != TOK_OK)
		return "not JSON";
	wrong = cell_value(&b, &l, json, 0, join);
	tok_free(&l);
	if (wrong == NULL)
		return buf_string(&b);
	buf_free(&b);
	buf_init(&b, 1000);
	buf_appendf(&b, "!%s", wrong);
	return buf_string(&b);
}

static void
test_values(void)
{
	static const char holds[] = "!a list item that holds the joiner";

	is(cell_of("\"a\\u00e9\\n\"", ";", 100), "a\xc3\xa9\n", "a string");
	is(cell_of("-1.50e+02", ";", 100), "-1.50e+02", "a number as it stands");
	is(cell_of("null", ";", 100), "", "null");
	is(cell_of("{ \"a\" : [ 1 ] }", ";", 100), "{\"a\":[1]}", "an object");
	is(cell_of("[]", ";", 100), "", "an empty list");
	is(cell_of("[\"a\", null,1,[true ]]", "; ", 100), "a; ; 1; [true]", "a list");
	is(cell_of("[\"a;b\"]", ";", 100), holds, "an item that holds the joiner");
	is(cell_of("[\"a\\u003bb\",\"c\"]", ";", 100), holds, "the same, escaped");
	is(cell_of("[\"xa\",\"b\"]", "aa", 100), holds, "an item and the joiner overlap");
	is(cell_of("[\"b\",\"ab\"]", "aa", 100), "baaab", "splits from the left as it was");
	is(cell_of("[\"a\",\"\\u0000\"]", ";", 100), "!a NUL", "a NUL in a list");
	is(cell_of("\"\\u0000\"", ";", 100), "!a NUL", "a NUL");
	is(cell_of("[\"abc\",\"def\"]", ";", 6), "!a row that is too long", "a full buffer");
}

int
main(void)
{
	struct cell_format f;

	cell_format_init(&f, ',');
	test_places(&f);
	test_random(&f);
	is(written(&f, ""), "", "an empty text gives nothing");
	is(written(&f, " a"), "\" a\"", "a blank in front");
	is(written(&f, "a\t"), "\"a\t\"", "a blank behind");
	is(written(&f, "\\."), "\"\\.\"", "the end of COPY's data");
	is(written(&f, "\\.."), "\\..", "not the end of COPY's data");
	is(written(&f, "\xef\xbb\xbf""a"), "\"\xef\xbb\xbf""a\"", "a byte order mark");
	is(written(&f, "a;b"), "a;b", "another delimiter");
	cell_format_init(&f, ';');
	is(written(&f, "a;b"), "\"a;b\"", "this delimiter");
	is(written(&f, "a,b"), "a,b", "no longer a delimiter");
	test_values();
	return tap_done();
}
