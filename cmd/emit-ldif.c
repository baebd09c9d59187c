/*
 * emit-ldif: records become LDIF (RFC 2849), one entry a record, for LDAP servers.
 *
 * The member dn names the entry and comes first; each other member is an attribute, a list a line
 * an item.  An entry is held back until the whole record has turned out good.  A file that would
 * pass a limit ends before the entry that does not fit (--split).
 *
 * Manual page: emit-ldif(1).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/opt.h"
#include "base/prog.h"
#include "json/filter.h"
#include "json/jtext.h"
#include "json/utf8.h"

#include "emit-ldif_line.h"

static const char usage[] =
    "emit-ldif [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    "[--max-bytes n] [--max-records n] [--split] [file ...]";

static const char head[] = "version: 1\n";

enum {
	/* Ten times what a pool can define.  Each is compared with all, since the last one wins. */
	MEMBERS_MAX = 1000,
	NAME_SHOWN = 60,	/* bytes of a name in a message */
	/* Base64, folds, and a name before each of the shortest items. */
	ENTRY_MAX = 16 * RECORD_LINE_MAX
};

/* 1 TB: no sum of it overflows. */
#define LIMIT_MAX INT64_C(1000000000000)

struct options {
	struct sink_options sink;
	const char *max_bytes, *max_records;
	bool split;
};

struct emitter {
	struct filter *filter;
	struct buf entry, name, value;
	bool has_class;			/* the entry has an objectClass */
	int64_t max_bytes, max_records;	/* of a file; 0: no limit */
	int64_t records, bytes;		/* of the file at hand */
	bool split;
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

	buf_clear(&e->name);
	jtext_decode(&e->name, text + tok[key].start, tok[key].end - tok[key].start);
	if (strcmp(buf_string(&e->name), "dn") == 0)
		return NULL;
	if (strlen(buf_string(&e->name)) != e->name.len || !line_is_name(buf_string(&e->name))) {
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
	buf_append_byte(&e->entry, '\n');
	line_append(&e->entry, "dn", e->value.data, e->value.len);
	for (uint32_t i = 1; i < tok[0].next && wrong == NULL; i = tok[i + 1].next) {
		if (++members > MEMBERS_MAX)
			return "more than 1000 members";
		wrong = add_member(e, l, text, i);
	}
	return wrong == NULL && !e->has_class ? "no objectClass" : wrong;
}

static void
put(struct emitter *e, struct sink *sink, const char *text, size_t len)
{
	out_write(&sink->out, text, len);
	e->bytes += (int64_t)len;
	sink->bytes += len;
}

static void
begin_file(struct emitter *e, struct sink *sink)
{
	e->records = e->bytes = 0;
	put(e, sink, head, strlen(head));
}

/* The name of the limit that the entry would pass, or NULL. */
static const char *
passed_limit(const struct emitter *e)
{
	if (e->records == 0)
		return NULL;
	if (e->max_records != 0 && e->records == e->max_records)
		return "max-records";
	return e->max_bytes != 0 && e->bytes + (int64_t)e->entry.len > e->max_bytes ?
	    "max-bytes" : NULL;
}

static void
halt(struct emitter *e, const struct record_reader *r, const char *limit)
{
	diag_error("%s:%" PRIu64 ": more than one file may hold (%s %" PRId64
	    "): --split makes several", r->name, r->line, limit,
	    strcmp(limit, "max-bytes") == 0 ? e->max_bytes : e->max_records);
	snprintf(e->filter->why, sizeof e->filter->why, "a limit was passed");
	e->filter->halt = PROG_FAIL;
}

static const char *
emit_record(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct emitter *e = arg;
	const char *wrong = make_entry(e, &r->list, r->text), *limit;

	if (wrong != NULL)
		return wrong;
	if (e->max_bytes != 0 && (int64_t)(strlen(head) + e->entry.len) > e->max_bytes) {
		snprintf(e->reason, sizeof e->reason, "alone more than max-bytes (%" PRId64 ")",
		    e->max_bytes);
		return e->reason;
	}
	limit = passed_limit(e);
	if (limit != NULL && !e->split) {
		halt(e, r, limit);
		return NULL;
	}
	if (limit != NULL) {
		if (sink_part(sink, NULL) != 0)
			return NULL;
		begin_file(e, sink);
	}
	put(e, sink, e->entry.data, e->entry.len);
	e->records++;
	sink->rows++;
	return NULL;
}

static char **
parse_options(int argc, char **argv, struct options *o)
{
	const struct opt_spec own[] = {
		{ "max-bytes", 0, OPT_VALUE, &o->max_bytes },
		{ "max-records", 0, OPT_VALUE, &o->max_records },
		{ "split", 0, OPT_FLAG, &o->split },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { sink_option_table(&o->sink), own, NULL };
	int operand = opt_parse(argc, argv, tables, usage, false);

	sink_options_finish(&o->sink);
	return argv + operand;
}

/* Returns 0, or -1 with the reason printed and nothing to close. */
static int
open_output(struct sink *sink, const struct options *o)
{
	if (!o->split)
		return sink_open(sink, &o->sink, false);
	if (sink_open_parts(sink, &o->sink, false) != 0)
		return -1;
	if (sink_part(sink, NULL) == 0)
		return 0;
	sink_close(sink, PROG_FAIL, NULL, NULL);
	return -1;
}

int
main(int argc, char **argv)
{
	struct options o = { .split = false };
	struct emitter e = { .has_class = false };
	struct sink sink;
	struct filter filter = { .opts = &o.sink, .sink = &sink, .row = emit_record, .arg = &e };
	enum prog_status status;
	const char *why;

	prog_start(argv[0]);
	filter.files = parse_options(argc, argv, &o);
	e.max_bytes = opt_number("max-bytes", o.max_bytes, 1, LIMIT_MAX, 0);
	e.max_records = opt_number("max-records", o.max_records, 1, LIMIT_MAX, 0);
	e.filter = &filter;
	e.split = o.split;
	if (open_output(&sink, &o) != 0)
		return PROG_FAIL;
	buf_init(&e.entry, ENTRY_MAX);
	buf_init(&e.name, RECORD_LINE_MAX);
	buf_init(&e.value, RECORD_LINE_MAX);
	begin_file(&e, &sink);
	status = filter_run(&filter, &why);
	status = sink_close(&sink, status, why, NULL);
	buf_free(&e.entry);
	buf_free(&e.name);
	buf_free(&e.value);
	return status;
}
