/* What the SCIM client has as text: values of queries and filters, its statistics. */
#include <string.h>

#include "json/jtext.h"
#include "json/utf8.h"

#include "net/scim_client.h"

int
scim_append_encoded(struct buf *b, const char *s, size_t len)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-._~";
	int failed = 0;

	for (size_t i = 0; i < len && !failed; i++) {
		if (s[i] != '\0' && strchr(plain, s[i]) != NULL)
			failed = buf_append_byte(b, s[i]);
		else
			failed = buf_appendf(b, "%%%02X", (unsigned)s[i] & 0xff);
	}
	return failed;
}

int
scim_append_filter_value(struct buf *b, const char *value, size_t len)
{
	struct buf text;
	int failed;

	if (utf8_valid(value, len) != len)
		return -1;
	buf_init(&text, 6 * len + 2);	/* \u00XX at most */
	failed = jtext_string(&text, value, len) != 0 ||
	    scim_append_encoded(b, text.data, text.len) != 0;
	buf_free(&text);
	return failed ? -1 : 0;
}

enum prog_status
scim_status(enum scim_outcome o)
{
	if (o == SCIM_OK)
		return PROG_OK;
	return o == SCIM_TEMPORARY ? PROG_TEMPORARY : PROG_FAIL;
}

void
scim_stats_json(const struct scim_client *c, struct buf *b)
{
	(void)buf_append_string(b, ",\"Calls\":{");
	for (int i = 0; i < SCIM_KINDS_MAX && c->kinds[i].count > 0; i++)
		(void)buf_appendf(b, "%s\"%s\":%llu", i > 0 ? "," : "", c->kinds[i].name,
		    (unsigned long long)c->kinds[i].count);
	(void)buf_appendf(b, "},\"Retries\":%llu,\"Throttles\":%llu,\"BytesIn\":%llu,"
	    "\"BytesOut\":%llu", (unsigned long long)c->retries,
	    (unsigned long long)c->throttles, (unsigned long long)c->bytes_in,
	    (unsigned long long)c->bytes_out);
}
