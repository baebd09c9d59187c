/*
 * emit-ldif: records become LDIF (RFC 2849), one entry a record, for LDAP servers.
 *
 * The member dn names the entry and comes first; each other member is an attribute, a list a line
 * an item.  An entry is held back until the whole record has turned out good.  A file that would
 * pass a limit ends before the entry that does not fit (--split).
 *
 * Manual page: emit-ldif(1).
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/opt.h"
#include "base/prog.h"
#include "json/documents.h"
#include "json/jtext.h"
#include "json/utf8.h"

#include "emit-ldif_line.h"

static const char usage[] =
    "emit-ldif [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    "[--max-bytes n] [--max-records n] [--no-version] [--split] [file ...]";

enum {
	/* Ten times what a pool can define.  Each is compared with all, since the last one wins. */
	MEMBERS_MAX = 1000,
	NAME_SHOWN = 60,	/* bytes of a name in a message */
	/* Base64, folds, and a name before each of the shortest items. */
	ENTRY_MAX = 16 * RECORD_LINE_MAX
};

struct options {
	struct sink_options sink;
	const char *max_bytes, *max_records;
	bool no_version, split;
};

struct emitter {
	struct documents files;
	struct buf entry, name, value;
	const char *lead;		/* before each entry */
	struct buf last;		/* the record that was written last, as it was read */
	struct tok_list last_list;
	bool has_class;			/* the entry has an objectClass */
	char reason[RECORD_REASON_SIZE];
};

static const char *
add_line(struct emitter *e, const char *value, size_t len)
{
	if (len == 0)
		return NULL;
	e->has_class |= strcasecmp(e->name.data, "objectClass") == 0;
	if (line_append(&e->entry, e->name.data, value, len) != 0)
		return "an entry of more than 16 MB";
	return NULL;
}

/* One value that is no list.  Returns NULL, or what is wrong. */
static const char *
add_value(struct emitter *e, const struct tok *t, const char *text)
{
	switch (t->type) {
	case TOK_NULL:
		return NULL;
	case TOK_TRUE:
		return add_line(e, "TRUE", 4);	/* RFC 4517, 3.3.3 */
	case TOK_FALSE:
		return add_line(e, "FALSE", 5);
	case TOK_NUMBER:
		return add_line(e, text + t->start, t->end - t->start);
	case TOK_STRING:
		buf_clear(&e->value);
		jtext_decode(&e->value, text + t->start, t->end - t->start);
		return add_line(e, buf_string(&e->value), e->value.len);
	default:
		snprintf(e->reason, sizeof e->reason, "member %.*s: an attribute holds no %s",
		    NAME_SHOWN, e->name.data, t->type == TOK_OBJECT ? "object" : "list of lists");
		return e->reason;
	}
}

/* The member whose key is at index key.  Returns NULL, or what is wrong. */
static const char *
add_member(struct emitter *e, const struct tok_list *l, const char *text, uint32_t key)
{
	const struct tok *tok = l->tok, *t = &tok[key + 1];
	const char *wrong = NULL;
	bool has_nul;

	buf_clear(&e->name);
	jtext_decode(&e->name, text + tok[key].start, tok[key].end - tok[key].start);
	has_nul = strlen(buf_string(&e->name)) != e->name.len;
	if (!has_nul && strcmp(e->name.data, "dn") == 0)
		return NULL;
	if (has_nul || !line_is_name(buf_string(&e->name))) {
		snprintf(e->reason, sizeof e->reason, "member %.*s: not the name of an attribute",
		    (int)utf8_valid(buf_string(&e->name),
		    e->name.len < NAME_SHOWN ? e->name.len : NAME_SHOWN), buf_string(&e->name));
		return e->reason;
	}
	if (tok_member(l, text, 0, e->name.data) != key + 1)
		return NULL;
	if (t->type != TOK_ARRAY)
		return add_value(e, t, text);
	for (uint32_t i = key + 2; i < t->next && wrong == NULL; i = tok[i].next)
		wrong = add_value(e, &tok[i], text);
	return wrong;
}

/* Makes the entry.  Returns NULL, or what is wrong with the record. */
static const char *
make_entry(struct emitter *e, const struct tok_list *l, const char *text)
{
	uint32_t dn = tok_member(l, text, 0, "dn");
	const struct tok *tok = l->tok;
	const char *wrong = NULL;
	int members = 0;

	buf_clear(&e->entry);
	buf_clear(&e->value);
	e->has_class = false;
	if (dn == 0 || tok[dn].type != TOK_STRING)
		return "no dn";
	jtext_decode(&e->value, text + tok[dn].start, tok[dn].end - tok[dn].start);
	if (!line_is_dn(buf_string(&e->value), e->value.len))
		return "dn: not a distinguished name";
	buf_append_string(&e->entry, e->lead);
	line_append(&e->entry, "dn", e->value.data, e->value.len);
	for (uint32_t i = 1; i < tok[0].next && wrong == NULL; i = tok[i + 1].next) {
		if (++members > MEMBERS_MAX)
			return "more than 1000 members";
		wrong = add_member(e, l, text, i);
	}
	return wrong == NULL && !e->has_class ? "no objectClass" : wrong;
}

/* A group that is too large for a record comes in several: alike but for one list, its members. */

static bool
is_same(const struct tok *a, const char *a_text, const struct tok *b, const char *b_text)
{
	return a->type == b->type && a->end - a->start == b->end - b->start &&
	    memcmp(a_text + a->start, b_text + b->start, a->end - a->start) == 0;
}

/* The key of the list that goes on with that of the record before, or 0. */
static uint32_t
find_rest(struct emitter *e, const struct tok_list *l, const char *text)
{
	const struct tok *tok = l->tok, *last;
	uint32_t i = 1, j = 1, found = 0;

	/* Few records are alike up to the end of their first member. */
	if (tok[0].next == 1 || e->last.len < tok[2].end ||
	    memcmp(e->last.data, text, tok[2].end) != 0 ||
	    tok_parse(&e->last_list, e->last.data, e->last.len) != TOK_OK)
		return 0;
	last = e->last_list.tok;
	for (; i < tok[0].next && j < last[0].next; i = tok[i + 1].next, j = last[j + 1].next) {
		if (!is_same(&tok[i], text, &last[j], e->last.data))
			return 0;
		if (is_same(&tok[i + 1], text, &last[j + 1], e->last.data))
			continue;
		if (found != 0 || tok[i + 1].type != TOK_ARRAY || last[j + 1].type != TOK_ARRAY)
			return 0;
		found = i;
	}
	return i == tok[0].next && j == last[0].next ? found : 0;
}

static const char *
go_on(struct emitter *e, const struct record_reader *r, uint32_t key)
{
	const char *wrong;

	buf_clear(&e->entry);
	wrong = add_member(e, &r->list, r->text, key);
	return wrong != NULL ? wrong :
	    documents_go_on(&e->files, e->entry.data, e->entry.len);
}

static const char *
emit_record(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct emitter *e = arg;
	uint32_t rest = find_rest(e, &r->list, r->text);
	const char *wrong;

	(void)sink;
	if (rest != 0)
		return go_on(e, r, rest);
	wrong = make_entry(e, &r->list, r->text);
	if (wrong == NULL)
		wrong = documents_add(&e->files, r, e->entry.data, e->entry.len);
	buf_clear(&e->last);
	if (wrong == NULL)
		buf_append(&e->last, r->text, r->len);
	return wrong;
}

static char **
parse_options(int argc, char **argv, struct options *o)
{
	const struct opt_spec own[] = {
		{ "max-bytes", 0, OPT_VALUE, &o->max_bytes },
		{ "max-records", 0, OPT_VALUE, &o->max_records },
		{ "no-version", 0, OPT_FLAG, &o->no_version },
		{ "split", 0, OPT_FLAG, &o->split },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { sink_option_table(&o->sink), own, NULL };
	int operand = opt_parse(argc, argv, tables, usage, false);

	sink_options_finish(&o->sink);
	return argv + operand;
}

int
main(int argc, char **argv)
{
	struct options o = { .split = false };
	struct emitter e = {
		.files = { .begin = "version: 1\n", .between = "", .end = "" }, .lead = "\n"
	};
	struct sink sink;
	struct filter filter = {
		.opts = &o.sink, .sink = &sink, .shut = true, .row = emit_record, .arg = &e
	};
	enum prog_status status;
	const char *why;

	prog_start(argv[0]);
	filter.files = parse_options(argc, argv, &o);
	e.files.max_bytes = opt_number("max-bytes", o.max_bytes, 1, DOCUMENTS_LIMIT_MAX, 0);
	e.files.max_records = opt_number("max-records", o.max_records, 1, DOCUMENTS_LIMIT_MAX, 0);
	if (o.no_version) {
		e.files.begin = e.lead = "";
		e.files.between = "\n";
	}
	e.files.filter = &filter;
	e.files.split = o.split;
	if (documents_open(&e.files) != 0)
		return PROG_FAIL;
	buf_init(&e.entry, ENTRY_MAX);
	buf_init(&e.name, RECORD_LINE_MAX);
	buf_init(&e.value, RECORD_LINE_MAX);
	buf_init(&e.last, RECORD_LINE_MAX);
	tok_init(&e.last_list, RECORD_TOKENS_MAX);
	status = filter_run(&filter, &why);
	status = sink_close(&sink, status, why, NULL);
	buf_free(&e.entry);
	buf_free(&e.name);
	buf_free(&e.value);
	buf_free(&e.last);
	tok_free(&e.last_list);
	return status;
}
