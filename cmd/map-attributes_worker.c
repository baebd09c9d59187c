/*
 * A worker of map-attributes --jobs: maps the records of a block and writes what came out.
 *
 * It ends by _exit(2): exit handlers are its parent's.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "json/record.h"
#include "map-attributes_worker.h"

enum {
	/* Results are written when there are so many bytes: as much as a pipe takes at once. */
	WRITE_SIZE = 64 * 1024,
	/* One result more, the text and the reason of a wrong record. */
	RESULTS_MAX = WRITE_SIZE + 2 * RECORD_LINE_MAX
};

struct worker {
	const struct jobs_work *work;
	int in, out;
	struct tok_list list;		/* of a record that came without */
	struct buf results;
};

/* Ends the worker, with the reason printed: its parent then says no more. */
_Noreturn static void
end_badly(const char *what)
{
	diag_error("a worker %s: %s", what, strerror(errno));
	_exit(PROG_FAIL);
}

/* Ends the worker when the input does, which its parent alone decides. */
static void
read_all(int fd, char *to, size_t len)
{
	while (len > 0) {
		ssize_t n = read(fd, to, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			end_badly("cannot read");
		if (n == 0)
			_exit(PROG_OK);
		to += n;
		len -= (size_t)n;
	}
}

static void
write_results(struct worker *w)
{
	size_t at = 0;

	while (at < w->results.len) {
		ssize_t n = write(w->out, w->results.data + at, w->results.len - at);

		if (n < 0 && errno == EINTR)
			continue;
		/* The parent is gone or takes no more: it tells what there is to tell. */
		if (n < 0 && errno == EPIPE)
			_exit(PROG_FAIL);
		if (n < 0)
			end_badly("cannot write");
		at += (size_t)n;
	}
	buf_clear(&w->results);
}

/* The head of a result, and room for len bytes behind it. */
static void
begin_result(struct worker *w, enum worker_type type, size_t len)
{
	const struct worker_result head = { (uint32_t)type, (uint32_t)len };

	if (w->results.len >= WRITE_SIZE)
		write_results(w);
	buf_append(&w->results, &head, sizeof head);
}

static void
put_wrong(struct worker *w, enum worker_type type, const struct worker_record *record,
    const char *reason, const char *text)
{
	struct worker_record head = *record;

	head.reason = (uint32_t)strlen(reason) + 1;
	begin_result(w, type, sizeof head + head.reason + head.len);
	buf_append(&w->results, &head, sizeof head);
	buf_append(&w->results, reason, head.reason);
	buf_append(&w->results, text, head.len);
}

static void
map(struct worker *w, const struct worker_record *record, const struct tok_list *list,
    const char *text)
{
	const struct buf *rows;
	bool wrong_arg;
	const char *wrong, *lf;

	wrong = w->work->map(w->work->arg, list, text, record->len, &rows, &wrong_arg);
	if (wrong != NULL) {
		put_wrong(w, wrong_arg ? WORKER_WRONG_ARG : WORKER_WRONG, record, wrong, text);
		return;
	}
	if (rows->len == 0)
		begin_result(w, WORKER_DROPPED, 0);
	/* A canonical record holds no raw LF. */
	for (size_t at = 0; at < rows->len; at = (size_t)(lf + 1 - rows->data)) {
		const char *row = rows->data + at;

		lf = memchr(row, '\n', rows->len - at);
		begin_result(w, WORKER_ROW, (size_t)(lf - row));
		buf_append(&w->results, row, (size_t)(lf - row));
	}
}

/* The record at data; returns its size there. */
static size_t
take_record(struct worker *w, const char *data)
{
	const struct worker_record *record = (const void *)data;	/* aligned */
	size_t tokens = record->tokens * sizeof(struct tok);
	const char *reason = data + sizeof *record + tokens, *text = reason + record->reason;
	/* Read only; the memory is the parent's to write. */
	const struct tok_list list = {
		.tok = (void *)(data + sizeof *record), .count = record->tokens,
		.cap = record->tokens, .max = record->tokens, .flags = (uint8_t)record->token_flags
	};

	if (record->reason > 0) {
		put_wrong(w, WORKER_WRONG, record, reason, text);
	} else if (record->tokens > 0) {
		map(w, record, &list, text);
	} else {
		/* It was good in the parent. */
		if (tok_parse(&w->list, text, record->len) != TOK_OK)
			_exit(PROG_FAIL);
		map(w, record, &w->list, text);
	}
	return worker_record_size(record);
}

_Noreturn void
worker_run(const struct jobs_work *work, const char *slots, int in, int out)
{
	struct worker w = { .work = work, .in = in, .out = out };

	tok_init(&w.list, RECORD_TOKENS_MAX);
	buf_init(&w.results, RESULTS_MAX);
	for (size_t block = 0;; block++) {
		const char *data = slots + block % BLOCK_SLOTS * SLOT_SIZE;
		uint32_t size;

		read_all(w.in, (char *)&size, sizeof size);
		for (size_t at = 0; at < size;)
			at += take_record(&w, data + at);
		begin_result(&w, WORKER_END, 0);
		write_results(&w);
	}
}
