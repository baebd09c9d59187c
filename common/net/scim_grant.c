/* OAuth2 client credentials as text (scim_grant.h). */
#include "net/scim_grant.h"

#include <string.h>
#include <strings.h>

#include <openssl/evp.h>

#include "base/clock.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "json/tok.h"

#include "net/scim_client.h"

enum { GRANT_TOKENS_MAX = 4096 };

/* Bytes of application/x-www-form-urlencoded; those of RFC 3986's unreserved set stay. */
static int
append_form(struct buf *b, const char *s)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-._~";
	int failed = 0;

	for (; *s != '\0' && !failed; s++) {
		if (strchr(plain, *s) != NULL)
			failed = buf_append_byte(b, *s);
		else if (*s == ' ')
			failed = buf_append_byte(b, '+');
		else
			failed = buf_appendf(b, "%%%02X", (unsigned)*s & 0xff);
	}
	return failed;
}

int
scim_grant_request(const char *id, const char *secret, const char *scope,
    struct buf *authorization, struct buf *body)
{
	struct buf pair;
	int failed = -1;
	size_t room;

	buf_init(&pair, 6 * SCIM_SECRET_MAX + 1);
	if (buf_reserve(&pair, 3 * (strlen(id) + strlen(secret)) + 1) != 0 ||
	    append_form(&pair, id) != 0 || buf_append_byte(&pair, ':') != 0 ||
	    append_form(&pair, secret) != 0)
		goto done;
	room = (pair.len + 2) / 3 * 4;
	if (buf_reserve(authorization, room + sizeof "Basic ") != 0 ||
	    buf_append_string(authorization, "Basic ") != 0)
		goto done;
	authorization->len += (size_t)EVP_EncodeBlock(
	    (unsigned char *)authorization->data + authorization->len,
	    (const unsigned char *)pair.data, (int)pair.len);
	failed = buf_append_string(body, "grant_type=client_credentials");
	if (!failed && scope != NULL)
		failed = buf_append_string(body, "&scope=") != 0 || append_form(body, scope) != 0;
done:
	buf_wipe(&pair);
	return failed ? -1 : 0;
}

static bool
is_bearer(const struct tok *t, const char *text)
{
	return t->type == TOK_STRING && t->end - t->start == strlen("bearer") &&
	    strncasecmp(text + t->start, "bearer", strlen("bearer")) == 0;
}

/* A number of seconds, as a number or (some servers) as a text of one; 0: nothing usable. */
static int64_t
read_lifetime(const struct tok *t, const char *text)
{
	int64_t ms;

	if ((t->type != TOK_NUMBER && t->type != TOK_STRING) ||
	    clock_parse_epoch(text + t->start, t->end - t->start, &ms) != 0)
		return 0;
	return ms > 0 ? ms : 0;
}

/* The token itself, decoded and checked: it will be a header's value. */
static char *
read_token(const struct tok *t, const char *text)
{
	char *token = NULL;
	struct buf b;

	if (t->type != TOK_STRING || t->end - t->start > 2 * SCIM_SECRET_MAX)
		return NULL;
	buf_init(&b, (size_t)(t->end - t->start) * 3);
	if (buf_reserve(&b, b.max) == 0 &&
	    jtext_decode(&b, text + t->start, t->end - t->start) == 0 && b.len > 0 &&
	    b.len <= SCIM_SECRET_MAX) {
		token = mem_dup(b.data, b.len);
		for (size_t i = 0; token != NULL && i < b.len; i++)
			if (b.data[i] <= ' ' || b.data[i] > '~') {
				mem_wipe_free(token);
				token = NULL;
			}
	}
	buf_wipe(&b);
	return token;
}

const char *
scim_grant_parse(struct scim_grant *g, const char *text, size_t len)
{
	const char *wrong = NULL;
	struct tok_list l;
	uint32_t token, type, lifetime;

	memset(g, 0, sizeof *g);
	tok_init(&l, GRANT_TOKENS_MAX);
	if (tok_parse(&l, text, len) != TOK_OK || l.tok[0].type != TOK_OBJECT) {
		tok_free(&l);
		return "the answer is not a JSON object";
	}
	token = tok_member(&l, text, 0, "access_token");
	type = tok_member(&l, text, 0, "token_type");
	lifetime = tok_member(&l, text, 0, "expires_in");
	if (token == 0)
		wrong = "the answer has no access_token";
	else if (type != 0 && !is_bearer(&l.tok[type], text))
		wrong = "the answer's token_type is not Bearer";
	else if ((g->token = read_token(&l.tok[token], text)) == NULL)
		wrong = "the answer's access_token cannot be one";
	else if (lifetime != 0)
		g->lifetime_ms = read_lifetime(&l.tok[lifetime], text);
	tok_free(&l);
	return wrong;
}
