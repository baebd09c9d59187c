/* Tables of what may be given out: every kind, every fault of each, composing, limits. */
#include "base/buf.h"
#include "json/shape.h"
#include "tap.h"

static const struct shape inner[] = { { "A", SHAPE_TEXT, NULL }, SHAPE_END };
static const struct shape nothing[] = { SHAPE_END };
static const struct shape hidden[] = {
	{ "Secret", SHAPE_TEXT, NULL }, { "Key", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape named[] = {
	{ "Name", SHAPE_NAME, NULL }, { "N", SHAPE_NUMBER, NULL }, { "Id", SHAPE_NAME, NULL }, SHAPE_END
};
static const struct shape all[] = {
	{ "Text", SHAPE_TEXT, NULL }, { "Number", SHAPE_NUMBER, NULL }, { "Truth", SHAPE_TRUTH, NULL },
	{ "Date", SHAPE_DATE, NULL }, { "Texts", SHAPE_TEXTS, NULL },
	{ "Object", SHAPE_OBJECT, inner }, { "There", SHAPE_OBJECT, nothing },
	{ "Objects", SHAPE_OBJECTS, named }, { "Row", SHAPE_OBJECTS, inner },
	{ "Tags", SHAPE_TAGS, NULL }, { "Heads", SHAPE_HEADS, NULL }, { "Map", SHAPE_MAP, inner },
	SHAPE_END
};
static const struct shape has[] = { { "HasSecret", SHAPE_HAS, hidden }, SHAPE_END };

/* What the table makes of the text: the members in braces, or "! " and what is wrong. */
static const char *
make(const struct shape *table, const char *text, size_t max)
{
	static char got[4096];
	char wrong[SHAPE_WRONG_SIZE];
	const char *why;
	struct tok_list l;
	struct buf b;

	tok_init(&l, 1024);
	buf_init(&b, max);
	if (tok_parse(&l, text, strlen(text)) != TOK_OK)
		abort();
	why = buf_append_byte(&b, '{') == 0 ? shape_members(&b, table, &l, text, 0, wrong) : "long";
	if (why == NULL && buf_append_byte(&b, '}') != 0)
		why = "too long at the end";
	snprintf(got, sizeof got, "%s%s", why == NULL ? "" : "! ", why == NULL ? buf_string(&b) : why);
	buf_free(&b);
	tok_free(&l);
	return got;
}

static void
test_values(void)
{
	static const struct { const char *text, *want; } rows[] = {
		{ "{}", "{}" },
		{ "{\"Number\":1e2,\"Text\":\"\\u0041\",\"Truth\":false,\"Other\":\"x\",\"text\":1}",
		  "{\"Text\":\"A\",\"Number\":1e2,\"Truth\":false}" },
		{ "{\"Text\":null,\"Number\":null,\"Objects\":null}", "{}" },
		{ "{\"Text\":\"a\",\"Text\":\"b\"}", "{\"Text\":\"b\"}" },
		{ "{\"T\\u0065xt\":\"a\"}", "{\"Text\":\"a\"}" },
		{ "{\"Text\":\"{\",\"Number\":1}", "{\"Text\":\"{\",\"Number\":1}" },
		{ "{\"Date\":1532532731.091}", "{\"Date\":\"2018-07-25T15:32:11.091Z\"}" },
		{ "{\"Texts\":[]}", "{\"Texts\":[]}" },
		{ "{\"Texts\":[ \"b\", \"a\" ]}", "{\"Texts\":[\"b\",\"a\"]}" },
		{ "{\"Object\":{}}", "{\"Object\":{}}" },
		{ "{\"Object\":{\"B\":\"secret\",\"A\":\"1\"}}", "{\"Object\":{\"A\":\"1\"}}" },
		{ "{\"There\":{\"ExternalId\":\"secret\"},\"Text\":\"a\"}", "{\"Text\":\"a\",\"There\":{}}" },
		{ "{\"Objects\":[]}", "{\"Objects\":[]}" },
		{ "{\"Objects\":[{\"Name\":\"b\"},{\"Name\":\"a b\",\"S\":\"secret\"},{\"N\":1,\"Name\":\"a\"}]}",
		  "{\"Objects\":[{\"Name\":\"a\",\"N\":1},{\"Name\":\"a b\"},{\"Name\":\"b\"}]}" },
		{ "{\"Objects\":[{\"Name\":\"a\",\"Id\":\"2\"},{\"Name\":\"a\",\"Id\":\"10\"},"
		  "{\"Name\":\"a\",\"Id\":null}]}", "{\"Objects\":[{\"Name\":\"a\"},"
		  "{\"Name\":\"a\",\"Id\":\"10\"},{\"Name\":\"a\",\"Id\":\"2\"}]}" },
		{ "{\"Row\":[{\"A\":\"b\"},{},{\"A\":\"a\"},{\"A\":\"b\"}]}",
		  "{\"Row\":[{\"A\":\"b\"},{},{\"A\":\"a\"},{\"A\":\"b\"}]}" },
		{ "{\"Tags\":{\"b\":\"1\",\"a\\\"\":\"\\u007f\",\"a\":\"\"}}",
		  "{\"Tags\":{\"a\":\"\",\"a\\\"\":\"\\u007f\",\"b\":\"1\"}}" },
		{ "{\"Heads\":{\"api.twitter.com\":\"key;secret\",\"b\":\"k\\u003bsecret;\",\"c\":\";secret\","
		  "\"d\":\"1\"}}",
		  "{\"Heads\":{\"api.twitter.com\":\"key\",\"b\":\"k\",\"c\":\"\",\"d\":\"1\"}}" },
		{ "{\"Map\":{\"b\":{\"S\":\"secret\"},\"a\":{\"A\":\"1\"}}}",
		  "{\"Map\":{\"a\":{\"A\":\"1\"},\"b\":{}}}" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		is(make(all, rows[i].text, SIZE_MAX), rows[i].want, rows[i].text);
	is(make(has, "{}", SIZE_MAX), "{\"HasSecret\":false}", "a member that is not there");
	is(make(has, "{\"Key\":null,\"Other\":1}", SIZE_MAX), "{\"HasSecret\":false}", "or null");
	is(make(has, "{\"Key\":\"x\"}", SIZE_MAX), "{\"HasSecret\":true}", "one that is");
}

static void
test_faults(void)
{
	static const struct { const char *text, *want; } rows[] = {
		{ "[]", "! no object" }, { "\"x\"", "! no object" },
		{ "{\"Text\":1}", "! Text: no text" }, { "{\"Text\":[\"secret\"]}", "! Text: no text" },
		{ "{\"Text\":\"\\ud800\"}", "! Text: no text" }, { "{\"Text\":\"\\u0000\"}", "! Text: no text" },
		{ "{\"Number\":\"1\"}", "! Number: no number" },
		{ "{\"Truth\":\"true\"}", "! Truth: neither true nor false" },
		{ "{\"Truth\":1}", "! Truth: neither true nor false" },
		{ "{\"Date\":\"2020-01-01\"}", "! Date: a date that is not a number of seconds" },
		{ "{\"Date\":1e300}", "! Date: a date that is not a number of seconds" },
		{ "{\"Texts\":\"a\"}", "! Texts: no list" }, { "{\"Texts\":[\"a\",1]}", "! Texts: no text" },
		{ "{\"Texts\":[null]}", "! Texts: no text" }, { "{\"Object\":[]}", "! Object: no object" },
		{ "{\"Object\":{\"A\":{}}}", "! A: no text" }, { "{\"There\":\"secret\"}", "! There: no object" },
		{ "{\"Objects\":{}}", "! Objects: no list" },
		{ "{\"Objects\":[[]]}", "! Objects: no list of objects with names" },
		{ "{\"Objects\":[{}]}", "! Objects: no list of objects with names" },
		{ "{\"Objects\":[{\"Name\":\"\"}]}", "! Objects: no list of objects with names" },
		{ "{\"Objects\":[{\"Name\":null}]}", "! Objects: no list of objects with names" },
		{ "{\"Objects\":[{\"Name\":\"a\",\"Id\":1}]}", "! Objects: no list of objects with names" },
		{ "{\"Objects\":[{\"Name\":\"a\"},{\"Name\":\"\\u0061\"}]}", "! Objects: a name is there twice" },
		{ "{\"Row\":[1]}", "! Row: no list of objects" },
		{ "{\"Tags\":[]}", "! Tags: no object with names" },
		{ "{\"Tags\":{\"\":\"a\"}}", "! Tags: no object with names" },
		{ "{\"Tags\":{\"\\u0000\":\"a\"}}", "! Tags: no object with names" },
		{ "{\"Tags\":{\"a\":\"1\",\"\\u0061\":\"2\"}}", "! Tags: a name is there twice" },
		{ "{\"Tags\":{\"a\":{}}}", "! Tags: no text" }, { "{\"Heads\":{\"a\":1}}", "! Heads: no text" },
		{ "{\"Map\":{\"a\":\"secret\"}}", "! Map: no object" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		is(make(all, rows[i].text, SIZE_MAX), rows[i].want, rows[i].text);
}

/* Whatever the limit, what is made is whole or an error. */
static void
test_limit(void)
{
	static const char text[] = "{\"Text\":\"a\",\"Number\":1,\"Truth\":true,\"Date\":1,"
	    "\"Texts\":[\"a\",\"b\"],\"Object\":{\"A\":\"1\"},\"There\":{},\"Objects\":[{\"Name\":\"a\"},"
	    "{\"Name\":\"b\"}],\"Tags\":{\"a\":\"1\",\"b\":\"2\"},\"Heads\":{\"a\":\"1;2\"},"
	    "\"Map\":{\"a\":{\"A\":\"1\"}}}";
	size_t len = strlen(make(all, text, SIZE_MAX));
	bool good = true;

	for (size_t max = 1; max < len; max++)
		if (strncmp(make(all, text, max), max < len - 1 ? "! the record would be too long" :
		    "! too long at the end", 21) != 0)
			good = false;
	ok(good, "too long, at every place");
	ok(make(all, text, len)[0] == '{', "and just right");
}

static void
test_compose(void)
{
	static const char one[] = "{\"Text\":\"a\"}";
	static const char two[] = "{\"Number\":1,\"Objects\":[{\"Name\":\"a\"}]}";
	char wrong[SHAPE_WRONG_SIZE];
	struct tok_list l;
	struct buf b;

	tok_init(&l, 64);
	buf_init(&b, SIZE_MAX);
	ok(tok_parse(&l, one, strlen(one)) == TOK_OK &&
	    shape_members(&b, all, &l, one, 0, wrong) == NULL, "into an empty buffer");
	ok(tok_parse(&l, two, strlen(two)) == TOK_OK &&
	    shape_members(&b, all, &l, two, 0, wrong) == NULL, "and more behind it");
	is(buf_string(&b), "\"Text\":\"a\",\"Number\":1,\"Objects\":[{\"Name\":\"a\"}]",
	    "with commas between");
	buf_free(&b);
	tok_free(&l);
}

/* What is kept of a record that is made: nothing else, of each kind what is of it. */
static void
test_keep(void)
{
	static const struct { const struct shape *table; const char *text, *want; } rows[] = {
		{ all, "{}", "" },
		{ all, "{\"Other\":1,\"Date\":\"2018-07-25T15:32:11.091Z\",\"Text\":\"\\u0041\"}",
		  "\"Text\":\"A\",\"Date\":\"2018-07-25T15:32:11.091Z\"" },
		{ all, "{\"Text\":{\"x\":1},\"Number\":\"1\",\"Truth\":1,\"Date\":7,\"Texts\":{},"
		  "\"Object\":[],\"Objects\":{},\"Tags\":[],\"Heads\":\"\",\"Map\":null}", "" },
		{ all, "{\"Texts\":[\"b\",{\"s\":1},\"a\",null,[]],\"Number\":1e2,\"Truth\":false}",
		  "\"Number\":1e2,\"Truth\":false,\"Texts\":[\"b\",\"a\"]" },
		{ all, "{\"Object\":{\"B\":1,\"A\":\"a\"},\"There\":{\"s\":\"x\"}}",
		  "\"Object\":{\"A\":\"a\"},\"There\":{}" },
		{ all, "{\"Objects\":[{\"N\":2,\"s\":1,\"Name\":\"b\"},\"x\",{\"Name\":\"a\"}]}",
		  "\"Objects\":[{\"Name\":\"b\",\"N\":2},{\"Name\":\"a\"}]" },
		{ all, "{\"Tags\":{\"z\":\"1\",\"x\":{},\"a\":\"2\"},\"Map\":{\"m\":{\"A\":\"a\",\"s\":1},"
		  "\"n\":\"x\"}}",
		  "\"Tags\":{\"z\":\"1\",\"a\":\"2\"},\"Map\":{\"m\":{\"A\":\"a\"}}" },
		{ has, "{\"HasSecret\":true,\"Secret\":\"x\"}", "\"HasSecret\":true" },
		{ has, "{\"HasSecret\":\"x\"}", "" }
	};
	struct tok_list l;
	struct buf b;

	tok_init(&l, 64);
	buf_init(&b, SIZE_MAX);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		buf_clear(&b);
		if (tok_parse(&l, rows[i].text, strlen(rows[i].text)) != TOK_OK)
			abort();
		shape_keep(&b, rows[i].table, &l, rows[i].text, 0);
		is(buf_string(&b), rows[i].want, rows[i].text);
	}
	buf_free(&b);
	tok_free(&l);
}

static void
test_names(void)
{
	static const char text[] = "[{\"Id\":\"2\",\"Name\":\"\\u0061\"},{\"Id\":\"2\"},{\"Name\":\"a\"},"
	    "{\"Name\":\"a\",\"Id\":2},7]";
	struct tok_list l;
	struct buf b;
	uint32_t at = 1;
	const struct { bool good; size_t len; const char *text; } want[] = {
		{ true, 4, "a\0002" }, { false, 0, NULL }, { true, 3, "a\0" }, { false, 0, NULL },
		{ false, 0, NULL }
	};

	tok_init(&l, 64);
	buf_init(&b, SIZE_MAX);
	(void)tok_parse(&l, text, strlen(text));
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++, at = l.tok[at].next) {
		buf_clear(&b);
		ok(shape_names(&b, named, &l, text, at) == want[i].good && (!want[i].good ||
		    (b.len == want[i].len && memcmp(b.data, want[i].text, b.len) == 0)), "names");
	}
	buf_free(&b);
	tok_free(&l);
}

int
main(void)
{
	test_names();
	test_values();
	test_faults();
	test_limit();
	test_compose();
	test_keep();
	return tap_done();
}
