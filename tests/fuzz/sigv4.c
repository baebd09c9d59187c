/*
 * Any request as what is signed.  Compared with a slow one by hand: the path decoded once again is
 * the path with its dots and double slashes taken out, segment by segment; the query's parameters
 * decoded are those that were given, in order, and a canonical query stays as it is; each header's
 * name stands once, in order, its values trimmed and joined.  Nothing that is given adds a line.
 *
 * Lines: path, query, then headers as NAME:VALUE.
 */
#include <stdint.h>
#include <strings.h>

#include "base/mem.h"
#include "net/sigv4.h"

#include "tree.h"

enum { HEADERS_MAX = 70 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
hex(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at == NULL ? -1 : (int)(at - digits) % 16;
}

/* What may be percent-encoded, decoded; an escape that is none stays. */
static void
decode(struct text *to, const char *s, size_t len)
{
	text_add(to, NULL, 0);
	for (size_t i = 0; i < len; i++) {
		char c = s[i];

		if (c == '%' && len - i > 2 && hex(s[i + 1]) >= 0 && hex(s[i + 2]) >= 0) {
			c = (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
			i += 2;
		}
		text_add(to, &c, 1);
	}
}

static void
check_encoded(const char *s, size_t len, const char *more)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '%') {
			check(len - i > 2 && strchr("0123456789ABCDEF", s[i + 1]) != NULL &&
			    strchr("0123456789ABCDEF", s[i + 2]) != NULL);
			i += 2;
			continue;
		}
		check((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') ||
		    (s[i] >= '0' && s[i] <= '9') || strchr("-._~", s[i]) != NULL ||
		    strchr(more, s[i]) != NULL);
	}
}

static void
check_path(const char *given, const char *line, size_t len)
{
	struct text ours = { NULL, 0, 0 }, wanted = { NULL, 0, 0 };
	const char *s = given;

	check_encoded(line, len, "/");
	decode(&ours, line, len);
	while (*s != '\0') {
		size_t n = strcspn(s, "/");

		if (n == 2 && strncmp(s, "..", 2) == 0) {
			while (wanted.len > 0 && wanted.s[--wanted.len] != '/')
				;
		} else if (n > 0 && (n != 1 || *s != '.')) {
			text_say(&wanted, "/");
			text_add(&wanted, s, n);
		}
		s += n + (s[n] == '/');
	}
	if (wanted.len == 0 || s[-1] == '/')
		text_say(&wanted, "/");
	check(ours.len == wanted.len && memcmp(ours.s, wanted.s, ours.len) == 0);
	free(ours.s);
	free(wanted.s);
}

struct parameter {
	struct text name, value;
};

static int
compare_texts(const struct text *a, const struct text *b)
{
	int order = memcmp(a->s, b->s, a->len < b->len ? a->len : b->len);

	return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

static int
compare_parameters(const void *a, const void *b)
{
	const struct parameter *x = a, *y = b;
	int order = compare_texts(&x->name, &y->name);

	return order != 0 ? order : compare_texts(&x->value, &y->value);
}

/* Decodes all, sorts by what was decoded, and gives their number, at most max. */
static size_t
read_query(const char *s, size_t len, struct parameter *p, size_t max)
{
	const char *end = s + len;
	size_t count = 0;

	while (s < end && count < max) {
		const char *and = memchr(s, '&', (size_t)(end - s)), *equals;

		and = and != NULL ? and : end;
		equals = memchr(s, '=', (size_t)(and - s));
		equals = equals != NULL ? equals : and;
		if (and > s) {
			memset(&p[count], 0, sizeof p[count]);
			decode(&p[count].name, s, (size_t)(equals - s));
			decode(&p[count++].value, equals < and ? equals + 1 : and,
			    equals < and ? (size_t)(and - equals) - 1 : 0);
		}
		s = and + 1;
	}
	qsort(p, count, sizeof *p, compare_parameters);
	return count;
}

/* The parameters stand in the order of their bytes, encoded: names first, then values. */
static void
check_order(const char *line, size_t len)
{
	struct parameter last = { { NULL, 0, 0 }, { NULL, 0, 0 } };
	const char *end = line + len;

	for (bool first = true; line < end; first = false) {
		const char *and = memchr(line, '&', (size_t)(end - line)), *equals;
		struct parameter p = { { NULL, 0, 0 }, { NULL, 0, 0 } };

		and = and != NULL ? and : end;
		equals = memchr(line, '=', (size_t)(and - line));
		check(equals != NULL);
		text_add(&p.name, line, (size_t)(equals - line));
		text_add(&p.value, equals + 1, (size_t)(and - equals) - 1);
		check(first || compare_parameters(&last, &p) <= 0);
		free(last.name.s);
		free(last.value.s);
		last = p;
		line = and + 1;
	}
	free(last.name.s);
	free(last.value.s);
}

static void
check_query(const char *given, const char *line, size_t len)
{
	static struct parameter theirs[SIGV4_QUERY_MAX + 1], ours[SIGV4_QUERY_MAX + 1];
	size_t n = read_query(given, strlen(given), theirs, SIGV4_QUERY_MAX + 1);
	size_t m = read_query(line, len, ours, SIGV4_QUERY_MAX + 1);

	check_encoded(line, len, "&=");
	check_order(line, len);
	check(n == m && n <= SIGV4_QUERY_MAX);
	for (size_t i = 0; i < n; i++) {
		check(compare_parameters(&theirs[i], &ours[i]) == 0);
		free(theirs[i].name.s);
		free(theirs[i].value.s);
		free(ours[i].name.s);
		free(ours[i].value.s);
	}
}

/* The values of all headers of the name, as they are signed. */
static void
join_values(struct text *to, const struct sigv4_request *r, const char *name)
{
	bool first = true;

	for (size_t i = 0; i < r->header_count; i++) {
		const char *s = r->headers[i].value, *end = s + strlen(s);

		if (strcasecmp(r->headers[i].name, name) != 0)
			continue;
		text_say(to, first ? "" : ",");
		first = false;
		s += strspn(s, " \t");
		while (end > s && strchr(" \t", end[-1]) != NULL)
			end--;
		for (; s < end; s++)
			if (strchr(" \t", *s) == NULL || strchr(" \t", s[-1]) == NULL)
				text_add(to, *s == '\t' ? " " : s, 1);
	}
	text_say(to, "");
}

/* The lines of headers from s on; returns behind the list of their names. */
static const char *
check_headers(const struct sigv4_request *r, const char *s)
{
	struct text list = { NULL, 0, 0 };
	char last[2000] = "", name[2000];
	size_t seen = 0;

	for (; *s != '\n'; s = strchr(s, '\n') + 1) {
		struct text value = { NULL, 0, 0 };
		size_t n = strcspn(s, ":");

		snprintf(name, sizeof name, "%.*s", (int)n, s);
		check(n < sizeof name && strcmp(last, name) < 0);
		for (size_t i = 0; i < n; i++)
			check(name[i] < 'A' || name[i] > 'Z');
		join_values(&value, r, name);
		check(strncmp(s + n + 1, value.s, value.len) == 0 && s[n + 1 + value.len] == '\n');
		text_say(&list, list.len > 0 ? ";" : "");
		text_say(&list, name);
		for (size_t i = 0; i < r->header_count; i++)
			seen += strcasecmp(r->headers[i].name, name) == 0;
		snprintf(last, sizeof last, "%s", name);
		free(value.s);
	}
	check(seen == r->header_count);
	text_say(&list, "\n");
	check(strncmp(++s, list.s, list.len) == 0);
	s += list.len;
	free(list.s);
	return s;
}

static void
check_canonical(const struct sigv4_request *r, const struct buf *b)
{
	const char *s = buf_string(b), *lf;
	struct sigv4_request again = *r;
	char *query;
	struct buf c;

	check(strlen(s) == b->len && strncmp(s, "POST\n", 5) == 0);
	s += 5;
	lf = strchr(s, '\n');
	check_path(r->path, s, (size_t)(lf - s));
	s = lf + 1;
	lf = strchr(s, '\n');
	check_query(r->query, s, (size_t)(lf - s));
	query = strndup(s, (size_t)(lf - s));
	again.query = query;
	s = check_headers(r, lf + 1);
	check(strlen(s) == SIGV4_HEX_SIZE - 1 && strspn(s, "0123456789abcdef") == strlen(s));
	buf_init(&c, SIGV4_TEXT_MAX);
	check(sigv4_canonical(&again, &c) == 0 && c.len == b->len &&
	    memcmp(c.data, b->data, c.len) == 0);
	buf_free(&c);
	free(query);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_dup((const char *)data, size), *line = text, *next;
	struct sigv4_header headers[HEADERS_MAX];
	struct sigv4_request r = { .method = "POST", .path = "", .query = "", .headers = headers,
		.body = data, .body_len = size, .region = "eu-west-1", .service = "sts",
		.date = "20150830T123600Z" };
	bool good = true;
	struct buf b;

	for (int i = 0; line != NULL && r.header_count < HEADERS_MAX; i++, line = next) {
		char *colon;

		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		if (i == 0) {
			r.path = line;
		} else if (i == 1) {
			r.query = line;
		} else if ((colon = strchr(line, ':')) != NULL) {
			*colon = '\0';
			headers[r.header_count++] = (struct sigv4_header){ line, colon + 1 };
			good &= line[0] != '\0' && strpbrk(line, "\r; ") == NULL &&
			    strchr(colon + 1, '\r') == NULL;
		}
	}
	buf_init(&b, SIGV4_TEXT_MAX);
	if (sigv4_canonical(&r, &b) == 0) {
		check(good && r.header_count <= SIGV4_HEADERS_MAX);
		check_canonical(&r, &b);
	} else {
		size_t parameters = 1;

		for (const char *s = r.query; *s != '\0'; s++)
			parameters += *s == '&';
		check(!good || r.header_count > SIGV4_HEADERS_MAX || parameters > SIGV4_QUERY_MAX ||
		    size > 1000);
	}
	buf_free(&b);
	free(text);
	return 0;
}
