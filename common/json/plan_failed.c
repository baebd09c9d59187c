#include "json/plan_failed.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "json/record.h"

enum { COPY_SIZE = 64 * 1024, TOKENS_MAX = RECORD_TOKENS_MAX };

int
plan_failed_open(struct plan_failed *f, const char *path)
{
	*f = (struct plan_failed){ .path = path, .rows = { .fd = -1 } };
	if (path == NULL)
		return 0;
	if (out_open(&f->out, path, false) != 0)
		return -1;
	f->open = true;
	return 0;
}

void
plan_failed_add(struct plan_failed *f, const struct plan_row *r, const struct tok_list *l,
    const char *text, size_t len)
{
	if (!f->open || f->broken)
		return;
	f->broken = (f->rows.fd == -1 && spool_open(&f->rows) != 0) ||
	    plan_add(&f->sums, r, l, text) != NULL ||
	    spool_append(&f->rows, text, len) != 0 || spool_append(&f->rows, "\n", 1) != 0;
}

static void
put_totals(struct buf *b, const struct plan_sums *s)
{
	const char *comma = "";

	(void)buf_append_string(b, "{");
	for (int op = 0; op < PLAN_OPS; op++) {
		if (s->totals[op] == 0)
			continue;
		(void)buf_appendf(b, "%s\"%s\":%llu", comma, plan_op_name((enum plan_op)op),
		    (unsigned long long)s->totals[op]);
		comma = ",";
	}
	(void)buf_append_string(b, "}");
}

static void
put_classes(struct buf *b, const struct plan_sums *s)
{
	const char *comma = "";

	(void)buf_append_string(b, "{");
	for (size_t i = 0; i < s->classes.count; i++) {
		if (s->classes.class[i].count == 0)
			continue;
		(void)buf_append_string(b, comma);
		(void)jtext_string(b, s->classes.class[i].name, strlen(s->classes.class[i].name));
		(void)buf_appendf(b, ":%llu", (unsigned long long)s->classes.class[i].count);
		comma = ",";
	}
	(void)buf_append_string(b, "}");
}

/* Whoever confirmed so many confirmed fewer of the same too. */
static void
put_confirmed(struct buf *b, const struct plan_sums *s, const struct tok_list *l,
    const char *header, uint32_t in)
{
	const char *comma = "";

	(void)buf_append_string(b, "{");
	for (uint32_t i = in + 1; i < l->tok[in].next; i = l->tok[i + 1].next)
		for (size_t c = 0; c < s->classes.count; c++) {
			const struct plan_class *class = &s->classes.class[c];

			if (class->count == 0 || !tok_is(&l->tok[i], header, class->name,
			    strlen(class->name)))
				continue;
			(void)buf_append_string(b, comma);
			(void)jtext_string_token(b, &l->tok[i], header);
			(void)buf_appendf(b, ":%llu", (unsigned long long)class->count);
			comma = ",";
		}
	(void)buf_append_string(b, "}");
}

/* The header with its counts made anew. */
static void
put_header(struct buf *b, const struct plan_sums *s, const char *header)
{
	struct tok_list l;
	const char *comma = "{";

	tok_init(&l, TOKENS_MAX);
	if (tok_parse(&l, header, strlen(header)) == TOK_OK)
		for (uint32_t i = 1; i < l.tok[0].next; i = l.tok[i + 1].next) {
			const struct tok *name = &l.tok[i];

			(void)buf_append_string(b, comma);
			(void)jtext_string_token(b, name, header);
			(void)buf_append_string(b, ":");
			if (tok_is(name, header, "Totals", 6))
				put_totals(b, s);
			else if (tok_is(name, header, "Classes", 7))
				put_classes(b, s);
			else if (tok_is(name, header, "Confirmed", 9))
				put_confirmed(b, s, &l, header, i + 1);
			else
				(void)jtext_value(b, &l, header, i + 1);
			comma = ",";
		}
	(void)buf_append_string(b, "}\n");
	tok_free(&l);
}

static void
put_rows(struct plan_failed *f)
{
	char *copy = mem_alloc(COPY_SIZE);
	uint64_t at = 0;

	while (f->rows.fd != -1 && at < f->rows.len) {
		uint64_t n = f->rows.len - at < COPY_SIZE ? f->rows.len - at : COPY_SIZE;

		if (spool_read(&f->rows, copy, (size_t)n, at) != 0) {
			f->out.failed = true;
			break;
		}
		(void)out_write(&f->out, copy, (size_t)n);
		at += n;
	}
	mem_wipe(copy, COPY_SIZE);
	free(copy);
}

int
plan_failed_close(struct plan_failed *f, bool good, const char *header,
    const struct seal *from)
{
	char now[CLOCK_RFC3339_SIZE];
	struct seal seal;
	struct buf b;
	int result = 0;

	if (f->open && good && f->broken) {
		diag_error("%s: not written, since a row of it is missing", f->path);
		out_abandon(&f->out);
		result = -1;
	} else if (f->open && good && header != NULL) {
		buf_init(&b, SIZE_MAX);
		put_header(&b, &f->sums, header);
		(void)out_write(&f->out, b.data, b.len);
		put_rows(f);
		seal_init(&seal);
		seal_merge(&seal, from);
		clock_rfc3339(clock_wall_ms(), now);
		seal_set(&seal.ended, now);
		seal.rows = f->sums.rows + 1;
		seal.bytes = b.len + (f->rows.fd != -1 ? f->rows.len : 0);
		buf_clear(&b);
		(void)seal_write(&seal, &b);
		(void)out_write(&f->out, b.data, b.len);
		seal_free(&seal);
		buf_free(&b);
		result = f->rows.failed ? -1 : out_commit(&f->out);
		if (f->rows.failed)
			out_abandon(&f->out);
	} else if (f->open) {
		out_abandon(&f->out);
	}
	if (f->rows.fd != -1)
		spool_close(&f->rows);
	plan_sums_free(&f->sums);
	f->open = false;
	return result;
}
