/* What the header lines of an answer say. */
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/num.h"

#include "net/http_slot.h"

enum {
	LATER_MAX_S = 100 * 24 * 3600	/* nobody waits that long: what is beyond is as good */
};

void
http_head_forget(struct slot *s)
{
	buf_clear(&s->body);
	s->framed = s->too_long = s->aged = false;
	s->wrong = NULL;
	s->content_length = -1;
	s->date_ms = s->retry_after_ms = s->later_ms = s->later_date_ms = -1;
	s->error_type[0] = s->request_id[0] = '\0';
}

/* The value of the header line if it has this name, or NULL. */
static const char *
value_of(const char *line, size_t len, const char *name, size_t *value_len)
{
	size_t n = strlen(name);
	const char *value;

	if (len <= n || line[n] != ':' || strncasecmp(line, name, n) != 0)
		return NULL;
	value = line + n + 1;
	len -= n + 1;
	while (len > 0 && (*value == ' ' || *value == '\t')) {
		value++;
		len--;
	}
	while (len > 0 && memchr("\r\n \t", value[len - 1], 4) != NULL)
		len--;
	*value_len = len;
	return value;
}

static void
keep(char out[HTTP_TEXT_SIZE], const char *value, size_t len)
{
	if (len >= HTTP_TEXT_SIZE || memchr(value, '\0', len) != NULL)
		return;
	memcpy(out, value, len);
	out[len] = '\0';
}

static int64_t
number(const char *value, size_t len)
{
	char text[20];
	const char *why;
	int64_t n;

	if (len >= sizeof text || memchr(value, '\0', len) != NULL)
		return -1;
	memcpy(text, value, len);
	text[len] = '\0';
	return num_parse(text, 0, INT64_MAX / 2, &n, &why) == 0 ? n : -1;
}

static void
take_retry_after(struct slot *s, const char *value, size_t len)
{
	int64_t seconds = number(value, len);

	if (seconds >= 0)
		s->later_ms = seconds < LATER_MAX_S ? seconds * 1000 : LATER_MAX_S * 1000LL;
	else if (clock_parse_http_date(value, len, &s->later_date_ms) != 0)
		s->later_date_ms = -1;
}

/*
 * RFC 9112 section 6.3: what says in two ways or not as a number how long it is may end elsewhere
 * than it seems.  libcurl takes the last of several lengths, and passes over one that is too large
 * for it: the answer then ends where the connection does.
 */
static bool
take_length(struct slot *s, const char *value, size_t len)
{
	int64_t bytes = number(value, len);

	if (bytes < 0 || (s->framed && bytes != s->content_length)) {
		s->wrong = "does not say clearly how long it is";
		return false;
	}
	s->framed = true;
	s->content_length = bytes;
	s->too_long = (uint64_t)bytes > s->body.max ||
	    (bytes > 0 && buf_reserve(&s->body, (size_t)bytes) != 0);
	return !s->too_long;
}

/* No other coding was asked for; "identity" is none, and has no end of its own. */
static bool
take_coding(struct slot *s, const char *value, size_t len)
{
	if (s->framed || len != strlen("chunked") || strncasecmp(value, "chunked", len) != 0) {
		s->wrong = s->framed ? "does not say clearly how long it is" :
		    "has a transfer coding that nobody asked for";
		return false;
	}
	s->framed = true;
	return true;
}

/* libcurl takes any "HTTP/2 200" for a status line, too. */
static bool
begin(struct slot *s, const char *line, size_t len)
{
	http_head_forget(s);	/* an interim answer may have come before */
	if (len >= 7 && memcmp(line, "HTTP/1.", 7) == 0)
		return true;
	s->wrong = "is not HTTP/1.1";
	return false;
}

size_t
http_head_line(char *line, size_t one, size_t len, void *arg)
{
	struct slot *s = arg;
	const char *v;
	size_t n;

	(void)one;
	if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		return begin(s, line, len) ? len : 0;
	} else if ((v = value_of(line, len, "content-length", &n)) != NULL) {
		return take_length(s, v, n) ? len : 0;
	} else if ((v = value_of(line, len, "transfer-encoding", &n)) != NULL) {
		return take_coding(s, v, n) ? len : 0;
	} else if ((v = value_of(line, len, "date", &n)) != NULL) {
		if (clock_parse_http_date(v, n, &s->date_ms) != 0)
			s->date_ms = -1;
	} else if ((v = value_of(line, len, "x-amzn-errortype", &n)) != NULL) {
		keep(s->error_type, v, n);
	} else if ((v = value_of(line, len, "x-amzn-requestid", &n)) != NULL) {
		keep(s->request_id, v, n);
	} else if ((v = value_of(line, len, "x-amz-retry-after", &n)) != NULL) {
		s->retry_after_ms = number(v, n);
	} else if ((v = value_of(line, len, "retry-after", &n)) != NULL) {
		take_retry_after(s, v, n);
	} else if (value_of(line, len, "age", &n) != NULL) {
		s->aged = true;
	}
	return len;
}

/* By the server's clock where it says what time it has. */
int64_t
http_head_later(const struct slot *s)
{
	int64_t wait;

	if (s->later_date_ms < 0)
		return s->later_ms;
	wait = s->later_date_ms - (s->date_ms >= 0 && !s->aged ? s->date_ms : clock_wall_ms());
	return wait > 0 ? wait : 0;
}
