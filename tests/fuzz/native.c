/*
 * Programs from a grammar of what native programs may hold, on records made at random: the native way
 * and libjq give the same outputs and the same reasons.
 *
 * The input's bytes are the choices, so that the fuzzer's mutations change a program and its records
 * piece by piece.  A text that begins with "=" is a program as it stands, and records behind line feeds.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/datafile.h"
#include "json/jqprog_state.h"
#include "json/record.h"

enum { RECORDS = 12, TRIES = 40, TEXT_MAX = 20000 };

struct choices {
	const uint8_t *p, *end;
	struct buf text;
	int variables, definitions;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
const char *__asan_default_options(void);

static struct buf helpers;
static unsigned long programs, records, natively;

/* libjq 1.6 leaks a little in what it calls an error. */
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

static void
tell(void)
{
	fprintf(stderr, "%lu native programs, %lu records, %lu of them natively\n", programs, records,
	    natively);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	setenv("COGNITO_FILTERS_PATH", "pipelines", 1);
	buf_init(&helpers, JQPROG_TEXT_MAX);
	if (datafile_read("pipelines/mappings/cognito.jq", &helpers) != 0)
		abort();
	atexit(tell);
	return 0;
}

static unsigned
choose(struct choices *c, unsigned n)
{
	return c->p < c->end ? *c->p++ % n : 0;
}

#define PICK(c, list) ((list)[choose((c), sizeof (list) / sizeof *(list))])

static void
say(struct choices *c, const char *s)
{
	if (buf_append_string(&c->text, s) != 0)
		buf_clear(&c->text);
}

static const char *const names[] = {
	"email", "sub", "name", "given_name", "family_name", "email_verified", "address", "identities",
	"locale", "custom:a", "preferred_username", "country"
};
static const char *const top[] = {
	".", ".Username", ".Enabled", ".UserStatus", ".Attributes", ".Groups", ".n", ".o", ".missing",
	".o.k", ".o.l", ".[\"n\"]", ".Attributes[\"custom:a\"]", ".Attributes.email", ".Attributes.name",
	".Attributes?", ".o.k.z?", ".Groups[0]", ".Groups[-1]?", ".o[\"k\"]"
};
static const char *const constants[] = {
	"null", "true", "false", "0", "1", "-2", "12", "\"\"", "\"a\"", "\"true\"", "\"\\u00e9\\n\"",
	"\"x\\\"y\\\\\"", "[]", "{}", "[1,\"a\",null]", "{\"a\":1}", "{a: null, \"b c\": [2]}",
	"$ARGS.named", "$ARGS.named.x", "$x", "$ARGS.named.none", "\"EMAIL\"", "\"a,b;c\""
};
static const char *const filters[] = {
	"length", "type", "tostring", "tojson", "not", "ascii_downcase", "ascii_upcase", "add", "any",
	"all", "tonumber", "empty", "has(\"a\")", "has(\"n\")", "join(\",\")", "join(\"\")",
	"split(\",\")", "split(\"a\")", "contains(\"a\")", "startswith(\"a\")", "endswith(\"m\")",
	"ltrimstr(\"a\")", "rtrimstr(\"e\")", "test(\"^[A-Za-z]{2}\\\\z\")", "test(\"a|e+\")",
	"test(\"^(a|b\\\\s?)*[^x]\")", "test(\"\\\\w{2,3}@.\")", "test(\"a$\")", ".[0]", ".[1]",
	".[-1]", ".[:2]", ".[1:]", ".[-2:]", ".[0:-1]", ".a", ".a.b", ".key", ".value", ".[]", ".[]?",
	".a?", "fromjson", "([.] | .[0])", "[.[]?]", "map(.)", "map(type)", "map_values(.)",
	"map_values([.])", "with_entries(.)", "with_entries(select(.value != null))",
	"with_entries(.key |= ascii_upcase)", "delpaths([[\"a\"]])", "del(.a)", "range(3)", "-1",
	"[try fromjson catch null]", "(.a = 1)", "(.n |= [.])", "to_TRUE_FALSE", "yes_no(1; 2)",
	"locale_bcp47", "locale_underscore", "country_code", "flat", "trimmed",
	"others([\"a\", \"n\"])", "attributes_but([\"email\"])", "display_name", "address", "identities",
	"is_federated", "providers", "groups_joined(\";\")", "groups_joined(\"a\")", "login(\"auto\")",
	"login(\"email\")", "verified_login(\"auto\"; null)", "refuse_disabled(null)",
	"choice(\"x\"; [\"v\", \"w\"])", "domain_of(\"x\")", "birthdate_us", "keys", "reverse", "to_entries",
	"first", "rfc3339_to_ms", "dn_value", "(. as [$q] | $q)",
	"(. + [1] | .[1:])", "(tostring | .[1:3])", "[to_entries[]]", "(reduce .[] as $r ([]; [$r] + .))",
	"explode", "([explode[] | select(. != 97)] | implode)", "floor", "(. / 2 | floor)",
	"fromdate", "todate", "rfc3339_to_epoch", "[try birthdate_us catch \"no\"]", "[try (.a + 1)]",
	"[(.[]? | ascii_downcase)?]", "(. * {a: {b: 2}})", "(length * 3 % 5)"
};
static const char *const operators[] = {
	"==", "!=", "<", "<=", ">", ">=", "+", "+", "-", "and", "or", "//", "//", ",", "|", "|", "*", "/",
	"%", "* -1 +"
};

static void expression(struct choices *c, int depth);

static void
call(struct choices *c, int depth)
{
	static const char *const calls[] = {
		"select(", "map(", "map_values(", "with_entries(", "any(", "all(", "given_name_or(", "has(",
		"startswith(", "contains(", "join(", ".[", "family_name_or("
	};
	const char *name = PICK(c, calls);

	say(c, name);
	expression(c, depth);
	say(c, name[0] == '.' ? "]" : ")");
}

static void
attribute(struct choices *c, int depth)
{
	unsigned how = choose(c, 4);

	say(c, how == 0 ? "attr(\"" : how == 1 ? "bool(\"" : "attr_or(\"");
	say(c, PICK(c, names));
	say(c, how < 2 ? "\")" : "\"; ");
	if (how < 2)
		return;
	expression(c, depth);
	say(c, ")");
}

static void
object(struct choices *c, int depth)
{
	static const char *const keys[] = { "a", "\"b c\"", "(\"k\" + \"l\")", "a", "\"x\\(1)\"", "Username" };
	unsigned n = choose(c, 4);

	say(c, "{");
	for (unsigned i = 0; i < n; i++) {
		say(c, i > 0 ? ", " : "");
		if (choose(c, 6) == 0) {
			say(c, choose(c, 2) == 0 ? "Username" : "$x");
			continue;
		}
		say(c, PICK(c, keys));
		say(c, ": (");
		expression(c, depth);
		say(c, ")");
	}
	say(c, "}");
}

static void
binding(struct choices *c, int depth)
{
	char text[40];
	bool variable = choose(c, 2) == 0;

	snprintf(text, sizeof text, variable ? " as $v%d | " : "def f%d(g; $h): ",
	    variable ? c->variables : c->definitions);
	if (variable) {
		say(c, "(");
		expression(c, depth);
		say(c, ")");
		say(c, text);
		c->variables++;
		expression(c, depth);
		c->variables--;
		return;
	}
	say(c, text);
	say(c, "[g, $h, h] | ");
	expression(c, depth);
	snprintf(text, sizeof text, "; f%d(", c->definitions++);
	say(c, text);
	expression(c, depth);
	say(c, "; ");
	expression(c, depth);
	say(c, ")");
}

static void
reduction(struct choices *c, int depth)
{
	char text[40];

	say(c, "reduce (");
	expression(c, depth);
	snprintf(text, sizeof text, ") as $v%d (", c->variables);
	say(c, text);
	expression(c, depth);
	say(c, "; ");
	c->variables++;
	expression(c, depth);
	c->variables--;
	say(c, ")");
}

/* sub and gsub of pieces put together.  With a match of nothing gsub of jq 1.6 would never end. */
static void
replacement(struct choices *c)
{
	static const char *const full[] = {
		"a", "[^a-m]", "(a|ab)", "(ab|a)", "(?:a|e)+", ".", "\\\\s", "\\\\w+", "@", "\\\\d{1,2}",
		"\\\\\\\\", "[$]", "\\r\\n|[\\r\\n]", "|b", "(a|aba|ae){1,2}"
	};
	static const char *const pieces[] = { "e?", "[ab]*", "(a*|e)+", "(.e)*", "|", "(e|ab?)*", "a{0,2}" };
	static const char *const with[] = { "", "_", "\\\\", "a", "\\u00e9\\\"", "<ab>" };
	bool all = choose(c, 2) == 0;

	say(c, all ? "gsub(\"[a-e]" : "sub(\"");
	if (!all)
		say(c, choose(c, 4) == 1 ? "^" : "");
	for (unsigned n = 1 + choose(c, 3); n > 0; n--)
		say(c, all || choose(c, 2) == 0 ? PICK(c, full) : PICK(c, pieces));
	say(c, choose(c, 4) == 1 ? "$" : choose(c, 4) == 1 ? "\\\\z" : "");
	say(c, "\"; \"");
	say(c, PICK(c, with));
	say(c, "\")");
}

static void
assignment(struct choices *c, int depth)
{
	static const char *const paths[] = {
		".a", ".o.k", ".a.b.c", ".Attributes.email", ".n", ".o", ".Attributes[\"custom:a\"]"
	};
	static const char *const signs[] = { " = ", " |= ", " += ", " -= ", " *= ", " /= ", " %= ", " //= " };

	expression(c, depth);
	if (choose(c, 3) == 1) {
		say(c, " | del(");
		say(c, PICK(c, paths));
		say(c, choose(c, 2) == 1 ? ", .sub)" : ")");
		return;
	}
	say(c, " | ");
	say(c, PICK(c, paths));
	say(c, PICK(c, signs));
	say(c, "(");
	expression(c, depth);
	say(c, ")");
}

static void
condition(struct choices *c, int depth)
{
	say(c, "if ");
	expression(c, depth);
	say(c, " then ");
	expression(c, depth);
	if (choose(c, 2) == 0) {
		say(c, " elif ");
		expression(c, depth);
		say(c, " then ");
		expression(c, depth);
	}
	say(c, " else ");
	expression(c, depth);
	say(c, " end");
}

static void
compound(struct choices *c, int depth)
{
	switch (choose(c, 14)) {
	case 0:
		say(c, "[");
		expression(c, depth);
		say(c, "]");
		return;
	case 1:
		object(c, depth);
		return;
	case 2:
		say(c, "\"x\\(");
		expression(c, depth);
		say(c, ")\\u00e9\"");
		return;
	case 3:
		binding(c, depth);
		return;
	case 4:
		condition(c, depth);
		return;
	case 5:
		call(c, depth);
		return;
	case 6:
		attribute(c, depth);
		return;
	case 7:
		expression(c, depth);
		say(c, " | ");
		say(c, PICK(c, filters));
		return;
	case 8:
		reduction(c, depth);
		return;
	case 9:
		expression(c, depth);
		say(c, " | ");
		replacement(c);
		return;
	case 10:
		assignment(c, depth);
		return;
	case 11:
		say(c, "[try (");
		expression(c, depth);
		say(c, ") catch ");
		say(c, PICK(c, constants));
		say(c, "]");
		return;
	default:
		expression(c, depth);
		say(c, " ");
		say(c, PICK(c, operators));
		say(c, " ");
		expression(c, depth);
	}
}

static void
expression(struct choices *c, int depth)
{
	char text[20];
	unsigned what = choose(c, depth > 0 ? 9 : 4);

	if (what == 0) {
		say(c, PICK(c, top));
	} else if (what == 1) {
		say(c, PICK(c, constants));
	} else if (what == 2) {
		say(c, PICK(c, filters));
	} else if (what == 3 && c->variables > 0) {
		snprintf(text, sizeof text, "$v%u", choose(c, (unsigned)c->variables));
		say(c, text);
	} else if (what == 3) {
		say(c, ".Attributes.email");
	} else {
		say(c, "(");
		compound(c, depth - 1);
		say(c, ")");
	}
}

static void
program(struct choices *c)
{
	unsigned form = choose(c, 4);

	say(c, form == 0 ? "" : form == 1 ? "{r: " : "{r: [");
	if (form == 1)
		say(c, "(");
	expression(c, 1 + (int)choose(c, 5));
	say(c, form == 0 ? "" : form == 1 ? ")}" : "]}");
}

static const char *const values[] = {
	"\"a\"", "\"\"", "null", "true", "false", "0", "-7", "123456789012345", "\"true\"", "\"False\"",
	"\"ana@example.com\"", "\"s-1\"", "\"\\u00e9\\/\\u007f\"", "\"a\\nb\"", "\"\xc3\xa9\xf0\x9f\x98\x80\"",
	"\"en_US.UTF-8\"", "\"US\"", "\"a,b,,c\"", "\"A;b\"", "\"CONFIRMED\"", "[]", "{}", "[1,\"a\",[null]]", "{\"a\":{\"b\":1},\"n\":2}",
	"[\"a\",\"b;\"]", "[\"x\",\"y\"]", "\"{\\\"formatted\\\":\\\"x\\\",\\\"country\\\":\\\"US\\\"}\"",
	"\"[{\\\"userId\\\":\\\"1\\\",\\\"primary\\\":\\\"true\\\",\\\"dateCreated\\\":\\\"1594000000000\\\"}]\"",
	"\"{\"", "\" a \"", "\"\x7f\"", "{ \"k\" : [ 1 , { } ] }", "\"a\xcc\x81\"", "\"\\\\\\\"\"",
	"\"1985-02-30\"", "\"2004-02-29T10:11:12Z\"", "\"2019-12-31T23:59:59.5Z\"", "[97,128512]",
	"\"aabe\\r\\nab\"", "\"abab aeae\"", "\" ana\\t\"", "-12", "\"007\""
};

/* What a native run leaves to libjq. */
static const char *const odd[] = {
	"\"a\\u0000b\"", "1.5", "1e3", "-0", "1234567890123456", "9007199254740993", "{\"a\":1,\"a\":2}",
	"{\"k\\u0065y\":1}", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
};

static void
member(struct choices *c, const char *name, bool *first)
{
	/* Twice now and then. */
	for (unsigned i = choose(c, 100) == 1 ? 2 : 1; i > 0; i--) {
		say(c, *first ? "\"" : ",\"");
		say(c, name);
		say(c, choose(c, 30) == 1 ? "\" : " : "\":");
		say(c, choose(c, 100) == 1 ? PICK(c, odd) : PICK(c, values));
		*first = false;
	}
}

static void
record(struct choices *c, unsigned which)
{
	static const char *const fields[] = { "Username", "Enabled", "UserStatus", "Groups", "n", "o", "a",
		"k\\u0065y", "Attributes" };
	bool first = false, inner = true;
	char start[30];

	snprintf(start, sizeof start, "{\"which\":%u", which);
	say(c, start);
	if (choose(c, 4) != 1) {
		say(c, ",\"Attributes\":{");
		for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
			if (choose(c, 3) != 1)
				member(c, names[i], &inner);
		}
		say(c, "}");
	}
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (i < 7 ? choose(c, 3) != 1 : choose(c, 50) == 1)
			member(c, fields[i], &first);
	}
	say(c, "}");
}

static const char *
collect(void *arg, const char *text, size_t len)
{
	struct buf *b = arg;

	if (strlen(text) != len)
		abort();
	return buf_append(b, text, len) == 0 && buf_append_byte(b, '\n') == 0 ? NULL : "too much";
}

/* One way's outputs, or its reason. */
static void
run(struct jqprog *p, const struct tok_list *list, const char *text, size_t len, struct buf *b)
{
	const char *wrong;

	buf_clear(b);
	wrong = jqprog_run(p, list, text, len, collect, b);
	if (wrong == NULL)
		return;
	buf_clear(b);
	collect(b, wrong, strlen(wrong));
}

static bool
ignore(struct jqprog *p, const struct tok_list *list, const char *text)
{
	const char *wrong;
	struct buf b;
	bool done;

	buf_init(&b, 100 * TEXT_MAX);
	done = native_run(p->native, list, text, collect, &b, &wrong);
	buf_free(&b);
	return done;
}

static void
compare(struct jqprog *p, const char *source, const char *text, size_t len)
{
	struct native *native = p->native;
	struct tok_list list;
	struct buf ours, theirs;

	tok_init(&list, RECORD_TOKENS_MAX);
	buf_init(&ours, 100 * TEXT_MAX);
	buf_init(&theirs, 100 * TEXT_MAX);
	if (tok_parse(&list, text, len) == TOK_OK && list.tok[0].type == TOK_OBJECT &&
	    (list.flags & TOK_LONE) == 0) {
		records++;
		natively += ignore(p, &list, text);
		run(p, &list, text, len, &ours);
		p->native = NULL;
		run(p, &list, text, len, &theirs);
		p->native = native;
		if (ours.len != theirs.len || memcmp(buf_string(&ours), buf_string(&theirs), ours.len) != 0) {
			fprintf(stderr, "program: %s\nrecord: %.*s\nnative: %slibjq:  %s", source, (int)len,
			    text, buf_string(&ours), buf_string(&theirs));
			abort();
		}
	}
	tok_free(&list);
	buf_free(&ours);
	buf_free(&theirs);
}

static struct jqprog *
compile(const char *source)
{
	const char *args[] = { "x=v" };
	char *text = NULL;
	struct jqprog *p;

	/* The comment has the variable's name, whatever the program has. */
	if (asprintf(&text, "# x\n%s", source) < 0)
		abort();
	p = jqprog_new(&(struct jqprog_options){ .expression = text, .args = { args, 1 } });
	/* A start that was put off: libjq takes what it was known to take. */
	if (p != NULL && jqprog_start_libjq(p) != 0)
		abort();
	free(text);
	return p;
}

static void
as_it_stands(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *line, *lf;
	struct jqprog *p;

	memcpy(text, data, size);
	text[size] = '\0';
	line = text + strcspn(text, "\n");
	if (*line == '\n')
		*line++ = '\0';
	p = compile(text + 1);
	while (p != NULL && p->native != NULL && *line != '\0') {
		lf = line + strcspn(line, "\n");
		compare(p, text + 1, line, (size_t)(lf - line));
		line = *lf == '\0' ? lf : lf + 1;
	}
	jqprog_free(p);
	free(text);
}

/* Whether the program has a word that some helper is called by. */
static bool
names_helper(const char *source)
{
	const char *s = buf_string(&helpers);
	char name[60];

	while ((s = strstr(s, "def ")) != NULL) {
		size_t len;

		s += 4;
		len = strcspn(s, "(: ");
		if (len >= sizeof name)
			return true;
		memcpy(name, s, len);
		name[len] = '\0';
		if (strstr(source, name) != NULL)
			return true;
	}
	return false;
}

/* Whether a program is native, without asking libjq.  To read the helpers takes most of the time. */
static bool
is_native(const char *source)
{
	struct native_variable x = { "x", 1, "v" };
	struct native_reason why;
	struct native *n = native_new(source, names_helper(source) ? buf_string(&helpers) : "", &x, 1,
	    &why);

	native_free(n);
	return n != NULL;
}

/* Several in one, since libjq takes long to compile; the record says which. */
static char *
all_programs(struct choices *c, unsigned *count)
{
	char *all = strdup(""), *longer;

	for (int i = 0; i < TRIES && c->p < c->end; i++) {
		buf_clear(&c->text);
		program(c);
		if (!is_native(buf_string(&c->text)))
			continue;
		if (asprintf(&longer, "%sif .which == %u then (%s) else ", all, *count,
		    buf_string(&c->text)) < 0)
			abort();
		free(all);
		all = longer;
		++*count;
	}
	if (asprintf(&longer, "%sempty", all) < 0)
		abort();
	free(all);
	for (unsigned i = 0; i < *count; i++) {
		all = longer;
		if (asprintf(&longer, "%s end", all) < 0)
			abort();
		free(all);
	}
	return longer;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct choices c = { .p = data, .end = data + size };
	unsigned count = 0;
	struct jqprog *p;
	char *source;

	if (size > 0 && data[0] == '=') {
		as_it_stands(data, size);
		return 0;
	}
	buf_init(&c.text, TEXT_MAX);
	source = all_programs(&c, &count);
	p = count > 0 ? compile(source) : NULL;
	for (unsigned i = 0; p != NULL && p->native != NULL && i < RECORDS * count; i++) {
		if (c.p == c.end)
			c.p = data;
		buf_clear(&c.text);
		record(&c, i % count);
		compare(p, source, buf_string(&c.text), c.text.len);
	}
	programs += count;
	jqprog_free(p);
	free(source);
	buf_free(&c.text);
	return 0;
}
