/* Records and tables of checks (report.h). */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/diag.h"
#include "json/jtext.h"
#include "json/utf8.h"

enum {
	LINE_MAX_BYTES = 64 * 1024,	/* both texts, each byte escaped to six */
	WIDTH = 80, WIDTH_MIN = 40, WIDTH_MAX = 120,
	NAME_COLUMN = 5,		/* behind "FAIL " */
	TEXT_COLUMN = 23		/* behind the longest name that is no permission's */
};

enum verdict { OK, FAILED, UNKNOWN };

int
report_open(struct report *r, const char *path, bool table)
{
	struct winsize size;

	memset(r, 0, sizeof *r);
	r->table = table;
	r->width = WIDTH;
	r->status = PROG_OK;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= WIDTH_MIN)
		r->width = size.ws_col < WIDTH_MAX ? size.ws_col : WIDTH_MAX;
	buf_init(&r->detail, REPORT_TEXT_MAX);
	buf_init(&r->hint, REPORT_TEXT_MAX);
	return out_open(&r->out, path, false);
}

void
report_say(struct buf *b, const char *fmt, ...)
{
	char text[REPORT_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	(void)buf_append_string(b, text);
}

/* Texts may hold the service's words, cut in the middle of a character. */
static void
put_string(struct buf *line, const char *text)
{
	(void)jtext_string(line, text, utf8_valid(text, strlen(text)));
}

static void
put_record(struct report *r, const char *check, enum verdict verdict)
{
	static const char *const words[] = { "true", "false", "null" };
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	(void)buf_append_string(&line, "{\"Check\":");
	put_string(&line, check);
	(void)buf_appendf(&line, ",\"Ok\":%s,\"Detail\":", words[verdict]);
	put_string(&line, buf_string(&r->detail));
	(void)buf_append_string(&line, ",\"Hint\":");
	if (r->hint.len > 0)
		put_string(&line, r->hint.data);
	else
		(void)buf_append_string(&line, "null");
	(void)buf_append_string(&line, "}\n");
	(void)out_write(&r->out, line.data, line.len);
	buf_free(&line);
}

/* Appends text from column *at on, broken at blanks; lines behind the first begin at indent. */
static void
put_wrapped(const struct report *r, struct buf *b, const char *text, size_t at, size_t indent)
{
	bool first = true;

	while (*text != '\0') {
		size_t len = strcspn(text, " ");

		if (!first && at + 1 + len > r->width) {
			(void)buf_appendf(b, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!first) {
			(void)buf_append_byte(b, ' ');
			at++;
		}
		(void)buf_append(b, text, len);
		at += len;
		first = false;
		text += len;
		text += strspn(text, " ");
	}
	(void)buf_append_byte(b, '\n');
}

static void
put_rows(struct report *r, const char *check, enum verdict verdict)
{
	static const char *const words[] = { "ok", "FAIL", "-" };
	char text[4 * REPORT_TEXT_MAX];
	size_t at = TEXT_COLUMN;
	struct buf b;

	buf_init(&b, LINE_MAX_BYTES);
	diag_quote(text, sizeof text, check, strlen(check));
	(void)buf_appendf(&b, "%-*s%-*s ", NAME_COLUMN, words[verdict],
	    TEXT_COLUMN - NAME_COLUMN - 1, text);
	if (b.len > at)
		at = b.len;
	diag_quote(text, sizeof text, buf_string(&r->detail), r->detail.len);
	put_wrapped(r, &b, text, at, TEXT_COLUMN);
	if (r->hint.len > 0) {
		(void)buf_appendf(&b, "%*s", NAME_COLUMN, "");
		diag_quote(text, sizeof text, r->hint.data, r->hint.len);
		put_wrapped(r, &b, text, NAME_COLUMN, NAME_COLUMN);
	}
	(void)out_write(&r->out, b.data, b.len);
	buf_free(&b);
}

static void
give_out(struct report *r, const char *check, enum verdict verdict)
{
	r->checks++;
	if (r->table)
		put_rows(r, check, verdict);
	else
		put_record(r, check, verdict);
	(void)out_flush(&r->out);
	buf_clear(&r->detail);
	buf_clear(&r->hint);
}

void
report_ok(struct report *r, const char *check)
{
	buf_clear(&r->hint);
	give_out(r, check, OK);
}

void
report_failed(struct report *r, const char *check, enum prog_status status)
{
	r->failed++;
	if (r->status == PROG_OK)
		r->status = status;
	give_out(r, check, FAILED);
}

void
report_unknown(struct report *r, const char *check)
{
	give_out(r, check, UNKNOWN);
}

enum prog_status
report_close(struct report *r, const char *what)
{
	char text[160];
	int len;

	if (r->table) {
		if (r->failed == 0)
			len = snprintf(text, sizeof text, "\nAll that %s needs is there.\n", what);
		else
			len = snprintf(text, sizeof text, "\n%d of %d checks failed. Mend the "
			    "first one, then run this again.\n", r->failed, r->checks);
		(void)out_write(&r->out, text, (size_t)len);
	}
	buf_free(&r->detail);
	buf_free(&r->hint);
	return out_commit(&r->out) == 0 ? r->status : PROG_FAIL;
}
