#include "result.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "json/utf8.h"

/* By kind (oci.h); Cognito imports users alone. */
static const char *const operations[] = { "import-user", "import-group" };

static const char *const names[] = { "done", "unchanged", "failed", "unknown", "skipped",
	"planned" };

static void
put(struct buf *b, const char *name, const char *text)
{
	(void)buf_appendf(b, ",\"%s\":", name);
	(void)jtext_string(b, text, utf8_valid(text, strlen(text)));
}

static void
count(struct counts *n, enum outcome outcome)
{
	uint64_t *const places[] = { &n->done, &n->unchanged, &n->failed, &n->unknown, &n->skipped,
		&n->planned };

	++*places[outcome];
}

void
result_row(struct push *p, const struct file *f, const struct rows *r, const struct result *x)
{
	struct buf b;

	count(&p->counts, x->outcome);
	buf_init(&b, SIZE_MAX / 2);
	(void)buf_appendf(&b, "{\"Op\":\"%s\"", operations[f->kind]);
	put(&b, "Key", rows_text(r, f->key));
	put(&b, "Result", names[x->outcome]);
	put(&b, "Code", x->code);
	(void)buf_appendf(&b, ",\"Retryable\":%s", x->retryable ? "true" : "false");
	put(&b, "Stream", f->path);
	(void)buf_appendf(&b, ",\"Line\":%" PRIu64, r->line);
	if (x->job != NULL)
		put(&b, "Job", x->job);
	if (x->detail != NULL)
		put(&b, "Detail", x->detail);
	(void)buf_append_byte(&b, '}');
	(void)sink_row(&p->sink, b.data, b.len);
	buf_free(&b);
}

enum prog_status
result_flush(struct push *p)
{
	if (out_flush(&p->sink.out) == 0)
		return PROG_OK;
	p->why = "the output failed";
	return PROG_FAIL;
}

enum prog_status
result_each(struct push *p, const struct file *f,
    bool (*say)(void *arg, uint64_t number, const struct rows *r, struct result *x), void *arg)
{
	struct rows *r = mem_alloc(sizeof *r);

	rows_open(r, f->data, f->len, p->rules->cognito);
	(void)rows_next(r);
	for (uint64_t number = 0; rows_next(r) == ROWS_ROW && !p->sink.out.failed; number++) {
		struct result x = { .code = "" };

		if (say(arg, number, r, &x))
			result_row(p, f, r, &x);
	}
	rows_close(r);
	free(r);
	return result_flush(p);
}

static bool
say_same(void *arg, uint64_t number, const struct rows *r, struct result *x)
{
	(void)number;
	(void)r;
	*x = *(const struct result *)arg;
	return true;
}

enum prog_status
result_all(struct push *p, struct file *f, const struct result *x)
{
	struct result copy = *x;
	enum prog_status status = files_load(f);

	if (status != PROG_OK) {
		p->why = "a file cannot be read";
		return status;
	}
	status = result_each(p, f, say_same, &copy);
	files_unload(f);
	return status;
}

void
result_stats(const struct push *p, struct buf *b)
{
	const struct counts *n = &p->counts;

	(void)buf_appendf(b, ",\"Files\":%zu,\"Jobs\":%" PRIu64 ",\"Done\":%" PRIu64
	    ",\"Unchanged\":%" PRIu64 ",\"Failed\":%" PRIu64 ",\"Unknown\":%" PRIu64
	    ",\"Skipped\":%" PRIu64 ",\"Planned\":%" PRIu64, p->files.count, p->jobs, n->done,
	    n->unchanged, n->failed, n->unknown, n->skipped, n->planned);
}

enum prog_status
result_status(const struct push *p)
{
	const struct counts *n = &p->counts;

	return n->failed + n->unknown + n->skipped > 0 || p->unwell ? PROG_REJECTED : PROG_OK;
}

void
result_tell(const struct push *p)
{
	const struct counts *n = &p->counts;

	diag_verbose(1, "%" PRIu64 " done, %" PRIu64 " unchanged, %" PRIu64 " failed, %" PRIu64
	    " unknown, %" PRIu64 " skipped, %" PRIu64 " planned", n->done, n->unchanged, n->failed,
	    n->unknown, n->skipped, n->planned);
	if (n->failed + n->unknown + n->skipped > 0)
		diag_error("%" PRIu64 " failed, %" PRIu64 " may have, %" PRIu64 " were not sent; "
		    "the results say who", n->failed, n->unknown, n->skipped);
}
