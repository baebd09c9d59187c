/*
 * Any header lines of an answer.  Compared with a slow reader that goes by the C library: dates by
 * strptime and strftime, there and back; numbers by strtoull; the last line of each name wins, an
 * interim answer is forgotten.  A value with a NUL is no number and no code, and no wait is longer
 * than its limit.
 *
 * Lines end with LF, which becomes CR LF where the first byte is odd.
 */
#include <stdint.h>
#include <strings.h>
#include <time.h>

#include "base/mem.h"
#include "net/http_slot.h"

#include "tree.h"

enum { BODY_MAX = 1000000 };

static const int64_t longest_ms = 100LL * 24 * 3600 * 1000;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct wanted {
	int64_t bytes;		/* of the length; -1: none came */
	bool framed, aged, refused, wrong;
	int64_t date_ms, retry_after_ms, later_ms, later_date_ms;
	char *type;
};

static int64_t
slow_number(const char *s)
{
	char *end;
	unsigned long long n = strtoull(s, &end, 10);

	/* num.h knows that -0 is 0. */
	if (*s == '-' && s[1] != '\0' && strspn(s + 1, "0") == strlen(s + 1))
		return strlen(s) > 19 ? -1 : 0;
	/* Not its blanks and signs; and no longer than any number that means something. */
	if (*s < '0' || *s > '9' || *end != '\0' || strlen(s) > 19 || n > INT64_MAX / 2)
		return -1;
	return (int64_t)n;
}

/* An IMF-fixdate is what strftime makes of it again, but for the weekday and a leap second. */
static int64_t
slow_date(const char *s)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	struct tm tm = { 0 };
	char text[60];
	bool day = false;
	time_t t;

	for (int i = 0; i < 7; i++)
		day |= strncmp(s, days[i], 3) == 0;
	if (!day || strlen(s) != 29 || strptime(s + 3, ", %d %b %Y %H:%M:%S GMT", &tm) == NULL)
		return -1;
	if (tm.tm_sec > 60)
		return -1;
	tm.tm_wday = tm.tm_yday = 0;
	if (strftime(text, sizeof text, ", %d %b %Y %H:%M:%S GMT", &tm) == 0 || tm.tm_year < -1900)
		return -1;
	/* strftime does not fill years up. */
	snprintf(text + 9, sizeof text - 9, "%04d %02d:%02d:%02d GMT", tm.tm_year + 1900,
	    tm.tm_hour,
	    tm.tm_min, tm.tm_sec);
	if (strcmp(text, s + 3) != 0)
		return -1;
	tm.tm_sec = 0;
	t = timegm(&tm);
	if (tm.tm_mday != (s[5] - '0') * 10 + s[6] - '0')
		return -1;
	t += (s[23] - '0') * 10 + s[24] - '0';
	return t > 253402300799 ? -1 : (int64_t)t * 1000;
}

/* The line's value if it has the name: heap, without what stands round it; or NULL. */
static char *
value_of(const char *line, size_t len, const char *name)
{
	size_t n = strlen(name);
	char *value;

	if (len <= n || strncasecmp(line, name, n) != 0 || line[n] != ':')
		return NULL;
	line += n + 1;
	len -= n + 1;
	for (; len > 0 && (*line == ' ' || *line == '\t'); len--)
		line++;
	while (len > 0 && memchr("\r\n \t", line[len - 1], 4) != NULL)
		len--;
	value = mem_dup(line, len);
	/* A NUL ends no value: what is neither a number nor a date, and too long to be kept. */
	if (strlen(value) < len) {
		free(value);
		value = mem_alloc(HTTP_TEXT_SIZE + 1);
		memset(value, 'x', HTTP_TEXT_SIZE);
	}
	return value;
}

static void
forget(struct wanted *w)
{
	free(w->type);
	*w = (struct wanted){ .date_ms = -1, .retry_after_ms = -1, .later_ms = -1,
		.later_date_ms = -1, .bytes = -1, .type = strdup("") };
}

static void
want(struct wanted *w, const char *line, size_t len)
{
	static const char *const names[] = { "content-length", "transfer-encoding", "date",
		"x-amzn-errortype", "x-amz-retry-after", "retry-after", "age" };
	char *value = NULL;
	int64_t n;
	size_t i;

	if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		forget(w);
		w->wrong = w->refused = len < 7 || memcmp(line, "HTTP/1.", 7) != 0;
		return;
	}
	for (i = 0; i < sizeof names / sizeof *names && value == NULL; i++)
		value = value_of(line, len, names[i]);
	if (value == NULL)
		return;
	n = slow_number(value);
	/* One length, or the same again; or the one coding that ends by itself; not both. */
	if (i == 1) {
		w->wrong = n < 0 || (w->framed && n != w->bytes);
		w->refused = w->wrong || n > BODY_MAX;
		w->framed |= !w->wrong;
		w->bytes = w->wrong ? w->bytes : n;
	}
	if (i == 2) {
		w->wrong = w->framed || strcasecmp(value, "chunked") != 0;
		w->refused = w->wrong;
		w->framed |= !w->wrong;
	}
	if (i == 3)
		w->date_ms = slow_date(value);
	if (i == 4 && strlen(value) < HTTP_TEXT_SIZE) {
		free(w->type);
		w->type = strdup(value);
	}
	if (i == 5)
		w->retry_after_ms = n;
	if (i == 6 && n >= 0)
		w->later_ms = n > longest_ms / 1000 ? longest_ms : n * 1000;
	if (i == 6 && n < 0)
		w->later_date_ms = slow_date(value);
	w->aged |= i == 7;
	free(value);
}

static void
compare(const struct slot *s, const struct wanted *w)
{
	check(s->framed == w->framed && s->aged == w->aged);
	check((s->wrong != NULL) == w->wrong && (s->too_long || s->wrong != NULL) == w->refused);
	check(s->date_ms == w->date_ms && s->retry_after_ms == w->retry_after_ms);
	check(s->later_ms == w->later_ms && s->later_date_ms == w->later_date_ms);
	check(strcmp(s->error_type, w->type) == 0);
	if (s->later_date_ms >= 0 && s->date_ms >= 0 && !s->aged)
		check(http_head_later(s) == (s->later_date_ms > s->date_ms ?
		    s->later_date_ms - s->date_ms : 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wanted w = { .type = NULL };
	const uint8_t *end = data + size;
	static struct slot s;
	bool crlf;

	if (size == 0)
		return 0;
	crlf = *data++ % 2 == 1;
	buf_init(&s.body, BODY_MAX);
	http_head_forget(&s);
	forget(&w);
	while (data < end && !w.refused) {
		const uint8_t *lf = memchr(data, '\n', (size_t)(end - data));
		size_t len = (size_t)((lf != NULL ? lf : end) - data);
		char *line = malloc(len + 2);

		memcpy(line, data, len);
		memcpy(line + len, crlf ? "\r\n" : "\n", crlf ? 2 : 1);
		data += len + (lf != NULL);
		len += crlf ? 2 : 1;
		want(&w, line, len);
		check(http_head_line(line, 1, len, &s) == (w.refused ? 0 : len));
		compare(&s, &w);
		free(line);
	}
	buf_free(&s.body);
	free(w.type);
	return 0;
}
