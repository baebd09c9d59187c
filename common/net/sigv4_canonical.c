/*
 * The canonical request of AWS Signature Version 4: path, query and headers in the one form that
 * both sides hash.
 */
#include "net/sigv4.h"

#include <stdbool.h>
#include <string.h>

/* RFC 3986, section 2.3: the bytes that are never encoded. */
static bool
unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '-' || c == '.' || c == '_' || c == '~';
}

static int
encode(struct buf *b, const char *s, size_t len)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];
		char escape[3] = { '%', digits[c >> 4], digits[c & 15] };

		if (unreserved(c) ? buf_append_byte(b, s[i]) : buf_append(b, escape, 3))
			return -1;
	}
	return 0;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Brings an encoded piece of a query into the one form that is signed. */
static int
encode_again(struct buf *b, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		int high = s[i] == '%' && i + 2 < len ? hex_value(s[i + 1]) : -1;
		int low = high >= 0 ? hex_value(s[i + 2]) : -1;
		char c = s[i];

		if (low >= 0) {
			c = (char)(high * 16 + low);
			i += 2;
		}
		if (encode(b, &c, 1) != 0)
			return -1;
	}
	return 0;
}

static int
put_path(const char *path, struct buf *b)
{
	size_t start = b->len;
	const char *s = path;

	while (*s != '\0') {
		size_t n = strcspn(s, "/");

		if (n == 2 && s[0] == '.' && s[1] == '.') {
			while (b->len > start && b->data[--b->len] != '/')
				;
		} else if (n > 0 && !(n == 1 && s[0] == '.')) {
			if (buf_append_byte(b, '/') != 0 || encode(b, s, n) != 0)
				return -1;
		}
		s += n;
		s += *s == '/';
	}
	if (b->len == start || s[-1] == '/')
		return buf_append_byte(b, '/');
	return 0;
}

/* One parameter, as offsets into the buffer of encoded pieces. */
struct parameter {
	size_t name, name_len, value, value_len;
};

static int
compare_spans(const char *a, size_t a_len, const char *b, size_t b_len)
{
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

	return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

static bool
parameter_after(const struct parameter *a, const struct parameter *b, const char *text)
{
	int order = compare_spans(text + a->name, a->name_len, text + b->name, b->name_len);

	if (order == 0)
		order = compare_spans(text + a->value, a->value_len, text + b->value,
		    b->value_len);
	return order > 0;
}

/* Encodes the pieces of a query into text and fills p.  Returns how many, or -1. */
static int
split_query(const char *query, struct buf *text, struct parameter p[SIGV4_QUERY_MAX])
{
	int count = 0;

	for (const char *s = query; *s != '\0'; s += *s == '&') {
		size_t n = strcspn(s, "&");
		const char *equals = memchr(s, '=', n);
		size_t name_len = equals != NULL ? (size_t)(equals - s) : n;

		if (n > 0) {
			if (count == SIGV4_QUERY_MAX)
				return -1;
			p[count].name = text->len;
			if (encode_again(text, s, name_len) != 0)
				return -1;
			p[count].name_len = text->len - p[count].name;
			p[count].value = text->len;
			if (equals != NULL && encode_again(text, equals + 1, n - name_len - 1) != 0)
				return -1;
			p[count].value_len = text->len - p[count].value;
			count++;
		}
		s += n;
	}
	return count;
}

static int
put_query(const char *query, struct buf *b)
{
	struct parameter p[SIGV4_QUERY_MAX];
	struct buf text;
	int count, rc = -1;

	buf_init(&text, SIGV4_TEXT_MAX);
	count = split_query(query, &text, p);
	if (count < 0)
		goto out;
	for (int i = 1; i < count; i++) {
		struct parameter moved = p[i];
		int j = i;

		for (; j > 0 && parameter_after(&p[j - 1], &moved, buf_string(&text)); j--)
			p[j] = p[j - 1];
		p[j] = moved;
	}
	for (int i = 0; i < count; i++) {
		if ((i > 0 && buf_append_byte(b, '&') != 0) ||
		    buf_append(b, buf_string(&text) + p[i].name, p[i].name_len) != 0 ||
		    buf_append_byte(b, '=') != 0 ||
		    buf_append(b, buf_string(&text) + p[i].value, p[i].value_len) != 0)
			goto out;
	}
	rc = 0;
out:
	buf_free(&text);
	return rc;
}

static int
lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static int
compare_names(const char *a, const char *b)
{
	while (*a != '\0' && lower((unsigned char)*a) == lower((unsigned char)*b)) {
		a++;
		b++;
	}
	return lower((unsigned char)*a) - lower((unsigned char)*b);
}

static int
put_name(const char *name, struct buf *b)
{
	size_t at = b->len;

	if (buf_append_string(b, name) != 0)
		return -1;
	for (; at < b->len; at++)
		b->data[at] = (char)lower((unsigned char)b->data[at]);
	return 0;
}

static int
put_value(const char *s, struct buf *b)
{
	size_t len;

	s += strspn(s, " \t");
	len = strlen(s);
	while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		len--;
	while (len > 0) {
		size_t n = strcspn(s, " \t");
		size_t blank;

		if (n > len)
			n = len;
		if (buf_append(b, s, n) != 0)
			return -1;
		s += n;
		len -= n;
		blank = len > 0 ? strspn(s, " \t") : 0;
		if (blank > 0 && buf_append_byte(b, ' ') != 0)
			return -1;
		s += blank;
		len -= blank;
	}
	return 0;
}

/* The headers in the order of their names; those of one name keep the order they came in. */
static int
sort_headers(const struct sigv4_request *r, const struct sigv4_header *sorted[SIGV4_HEADERS_MAX])
{
	if (r->header_count > SIGV4_HEADERS_MAX)
		return -1;
	for (size_t i = 0; i < r->header_count; i++) {
		const struct sigv4_header *h = &r->headers[i];
		size_t j = i;

		if (h->name[0] == '\0' || h->name[strcspn(h->name, "\r\n:; ")] != '\0' ||
		    h->value[strcspn(h->value, "\r\n")] != '\0')
			return -1;
		for (; j > 0 && compare_names(sorted[j - 1]->name, h->name) > 0; j--)
			sorted[j] = sorted[j - 1];
		sorted[j] = h;
	}
	return 0;
}

static int
put_headers(const struct sigv4_request *r, struct buf *b)
{
	const struct sigv4_header *sorted[SIGV4_HEADERS_MAX];
	size_t n = r->header_count;

	if (sort_headers(r, sorted) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		bool again = i > 0 && compare_names(sorted[i - 1]->name, sorted[i]->name) == 0;
		bool more = i + 1 < n && compare_names(sorted[i]->name, sorted[i + 1]->name) == 0;

		if ((!again &&
		    (put_name(sorted[i]->name, b) != 0 || buf_append_byte(b, ':') != 0)) ||
		    put_value(sorted[i]->value, b) != 0 ||
		    buf_append_byte(b, more ? ',' : '\n') != 0)
			return -1;
	}
	if (buf_append_byte(b, '\n') != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && compare_names(sorted[i - 1]->name, sorted[i]->name) == 0)
			continue;
		if ((i > 0 && buf_append_byte(b, ';') != 0) || put_name(sorted[i]->name, b) != 0)
			return -1;
	}
	return 0;
}

int
sigv4_canonical(const struct sigv4_request *r, struct buf *b)
{
	char body[SIGV4_HEX_SIZE];

	sigv4_sha256_hex(r->body, r->body_len, body);
	if (buf_append_string(b, r->method) != 0 || buf_append_byte(b, '\n') != 0 ||
	    put_path(r->path, b) != 0 || buf_append_byte(b, '\n') != 0 ||
	    (r->query != NULL && put_query(r->query, b) != 0) || buf_append_byte(b, '\n') != 0 ||
	    put_headers(r, b) != 0 || buf_append_byte(b, '\n') != 0 ||
	    buf_append(b, body, SIGV4_HEX_SIZE - 1) != 0)
		return -1;
	return 0;
}
