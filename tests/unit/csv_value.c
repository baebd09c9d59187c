/* JSON values as the texts of CSV cells. */
/* A command's helper is in no archive. */
#include "../../cmd/emit-csv/value.c"	/* NOLINT(bugprone-suspicious-include) */

#include "tap.h"

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
	wrong = value_append(&b, &l, json, 0, join);
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
	test_values();
	return tap_done();
}
