/*
 * Any bytes as a CSV file that unguard reads in pieces.  Compared with a slow reader and writer of
 * RFC 4180 (rfc4180.h): accepted or not; what comes out, byte for byte, the guards taken off by
 * hand.  What came out is read again without a change to it when nothing in it is guarded.
 *
 * The first three bytes choose the guard, the delimiter, headings, preamble, and the pieces.
 *
 * Link: -Wl,--wrap=read
 */
#include <stdint.h>

#define main unguard_main
#include "../../cmd/unguard.c"
#undef main

#include "rfc4180.h"

enum { HEAD = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
ssize_t __wrap_read(int fd, void *to, size_t len);

static struct {
	const char *s;
	size_t len, piece;
} input;
static struct text output;

ssize_t
__wrap_read(int fd, void *to, size_t len)
{
	size_t n = input.len < input.piece ? input.len : input.piece;

	check(fd == STDIN_FILENO);
	n = n < len ? n : len;
	memcpy(to, input.s, n);
	input.s += n;
	input.len -= n;
	return (ssize_t)n;
}

/* The output. */

char *
out_reserve(struct out *o, size_t n)
{
	/* No byte more than was asked for. */
	o->data = realloc(o->data, o->len + n > 0 ? o->len + n : 1);
	return o->data + o->len;
}

int
out_write(struct out *o, const void *s, size_t len)
{
	memcpy(out_reserve(o, len), s, len);
	out_advance(o, len);
	return 0;
}

int
out_open(struct out *o, const char *path, bool if_changed)
{
	(void)o;
	(void)path;
	(void)if_changed;
	return 0;
}

int
out_commit(struct out *o)
{
	(void)o;
	return 0;
}

void
out_abandon(struct out *o)
{
	(void)o;
}

/* The guard taken off by hand, as guard.h describes it. */
static void
strip(enum guard g, const char **s, size_t *len)
{
	size_t n = 0;

	if (g == GUARD_OCI) {
		if (*len >= 3 && (*s)[0] == '\'' && (*s)[*len - 1] == '\'' &&
		    memchr("@+-=|%", (*s)[1], 6) != NULL) {
			++*s;
			*len -= 2;
		}
		return;
	}
	while (n < *len && (*s)[n] == '\'')
		n++;
	if (n > 0 && n < *len && memchr("=+-@\t\r\n", (*s)[n], 7) != NULL) {
		++*s;
		--*len;
	}
}

/* What must come out.  Returns false if the file is to be refused. */
static bool
slow(struct text *to, const struct job *job, const char *s, size_t len)
{
	const char *end = s + len, *start = s;
	struct rfc_cell cell = { .quoted = false };
	long lines = job->preamble;
	bool headings = job->has_header, good = true, begins = true;

	if (len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		s += 3;
	while (lines-- > 0 && s < end) {
		while (s < end && *s++ != '\n')
			;
	}
	text_add(to, start, (size_t)(s - start));
	while (s < end || !begins) {
		const char *here;
		size_t n;

		/* Where a row begins, a line end alone is no row. */
		if (begins && (*s == '\n' || *s == '\r')) {
			text_add(to, s++, 1);
			continue;
		}
		good = rfc_cell(&cell, &s, end, job->format.delimiter);
		if (!good)
			break;
		here = cell.text.s;
		n = cell.text.len;
		if (!headings)
			strip(job->guard, &here, &n);
		if (n == 0 && cell.quoted)
			text_say(to, "\"\"");
		rfc_write(to, here, n, job->format.delimiter);
		begins = cell.end != job->format.delimiter;
		if (cell.end != '\0')
			text_add(to, &cell.end, 1);
		headings = headings && !begins;
		if (cell.end == '\0')
			break;
	}
	free(cell.text.s);
	return good;
}

/* Runs unguard on the text; what it gives stays in output. */
static bool
run(struct job *job, const char *s, size_t len, size_t piece)
{
	bool good;

	input.s = s;
	input.len = len;
	input.piece = piece;
	job->out.len = 0;
	job->open = false;
	good = run_file(job, NULL) == 0;
	output.len = 0;
	text_add(&output, job->out.data, job->out.len);
	return good;
}

/* The same file once more behind itself: a line end stands between them, one of the first's own. */
static void
check_second(struct job *job, const struct text *wanted, const char *s, size_t len)
{
	static const char *const ends[] = { "\n", "\r", "\r\n" };
	bool open = job->open, found = !open;
	size_t between;

	/* Of nothing comes nothing. */
	if (wanted->len == 0)
		return;
	input.s = s;
	input.len = len;
	check(run_file(job, NULL) == 0 && job->out.len >= 2 * wanted->len);
	between = job->out.len - 2 * wanted->len;
	for (int i = 0; open && i < 3; i++)
		found |= strlen(ends[i]) == between &&
		    memcmp(job->out.data + wanted->len, ends[i], between) == 0 &&
		    (i == 0 || memmem(wanted->s, wanted->len, ends[i], between) != NULL);
	check(found && (open || between == 0));
	check(memcmp(job->out.data, wanted->s, wanted->len) == 0);
	check(memcmp(job->out.data + wanted->len + between, wanted->s, wanted->len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char delimiters[] = ",;\t|'= \\";
	static struct job job;
	struct text wanted = { NULL, 0, 0 };
	const char *text = (const char *)data + HEAD;
	bool good;

	if (size < HEAD)
		return 0;
	size -= HEAD;
	job.guard = (data[0] & 1) != 0 ? GUARD_OCI : GUARD_APOSTROPHE;
	job.has_header = (data[0] & 2) != 0;
	job.preamble = (data[0] & 4) != 0 ? 2 : 0;
	cell_format_init(&job.format, delimiters[data[1] % 8]);
	good = run(&job, text, size, data[2] == 0 ? CHUNK : data[2]);
	check(good == slow(&wanted, &job, text, size));
	if (good) {
		check(output.len == wanted.len && memcmp(output.s, wanted.s, wanted.len) == 0);
		check_second(&job, &wanted, text, size);
	}
	free(wanted.s);
	return 0;
}
