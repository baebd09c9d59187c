/*
 * Any JSON as what a SCIM server, or who gives tokens for it, says of itself: the answer to a
 * grant, an error, ServiceProviderConfig.  Compared with a tree of it (tree.h): the token, which
 * can stand in a header, and its life; codes, which can stand in a message, and the beginning of a
 * detail; flags, and limits within those of ours.  What is asked with a client's id and secret,
 * taken apart by hand and by libcrypto, has these in it and nothing else.
 *
 * The first byte chooses which of them.  Names and values with escapes may be refused where a
 * plain text would not be.
 *
 * Link: -Wl,--wrap=scim_call,--wrap=diag_error
 */
#include <stdint.h>
#include <strings.h>

#include <openssl/evp.h>

#include "base/diag.h"
#include "base/mem.h"
#include "net/scim_client.h"
#include "net/scim_error.h"
#include "net/scim_grant.h"

#include "dates.h"
#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const struct scim_result *__wrap_scim_call(struct scim_client *c, const char *method,
    const char *path, const char *body, size_t len);
void __wrap_diag_error(const char *fmt, ...);

static struct text answer;

void
__wrap_diag_error(const char *fmt, ...)
{
	(void)fmt;
}

const struct scim_result *
__wrap_scim_call(struct scim_client *c, const char *method, const char *path, const char *body,
    size_t len)
{
	static struct scim_result r;

	(void)c;
	check(strcmp(method, "GET") == 0 && strcmp(path, "/ServiceProviderConfig") == 0);
	check(body == NULL && len == 0);
	r = (struct scim_result){
		.outcome = SCIM_OK, .status = 200, .summary = "", .body = answer.s,
		.body_len = answer.len
	};
	return &r;
}

static bool
is_printable(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] <= ' ' || s[i] > '~')
			return false;
	return true;
}

static void
check_grant(const struct tree *t, bool plain)
{
	const struct tree *token = tree_get(t, "access_token"), *type = tree_get(t, "token_type");
	const struct tree *life = tree_get(t, "expires_in");
	struct scim_grant g;
	int64_t ms = 0;
	bool good = t != NULL && t->kind == TREE_OBJECT && token != NULL &&
	    token->kind == TREE_STRING && token->len > 0 && token->len <= SCIM_SECRET_MAX &&
	    is_printable(token->s, token->len) && (type == NULL || (type->kind == TREE_STRING &&
	    type->len == 6 && strcasecmp(type->s, "bearer") == 0));

	if (scim_grant_parse(&g, answer.s, answer.len) == NULL) {
		check(good && strcmp(g.token, token->s) == 0);
		if (life == NULL || (life->kind != TREE_NUMBER && life->kind != TREE_STRING) ||
		    life->nul || !slow_epoch(life->s, &ms) || ms < 0)
			ms = 0;
		check(!plain || g.lifetime_ms == ms);
		mem_wipe_free(g.token);
	} else {
		check(g.token == NULL && (!good || !plain));
	}
}

static bool
is_code(const struct tree *t)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789._-";

	return t != NULL && t->kind == TREE_STRING && t->len > 0 && t->len < SCIM_CODE_SIZE &&
	    strspn(t->s, allowed) == t->len;
}

static void
check_error(const struct tree *t, bool plain)
{
	static const char *const details[] = { "detail", "message", "error_description" };
	const struct tree *extension = tree_get(t,
	    "urn:ietf:params:scim:api:oracle:idcs:extension:messages:Error");
	const struct tree *type = tree_get(t, "scimType"), *id = tree_get(extension, "messageId");
	const struct tree *other = tree_get(t, "error"), *detail = NULL;
	bool object = t != NULL && t->kind == TREE_OBJECT;
	struct scim_error e;
	struct buf b;

	scim_error_parse(&e, answer.s, answer.len);
	check(e.page == (!object && answer.len > 0));
	id = is_code(id) ? id : is_code(other) ? other : NULL;
	if (plain) {
		check(strcmp(e.type, is_code(type) ? type->s : "") == 0);
		check(strcmp(e.code, id != NULL ? id->s : "") == 0);
	}
	check(strlen(e.type) < SCIM_CODE_SIZE && is_printable(e.code, strlen(e.code)));
	for (int i = 2; i >= 0; i--) {
		const struct tree *d = tree_get(t, details[i]);

		if (d != NULL && d->kind == TREE_STRING && d->s[0] != '\0')
			detail = d;
	}
	/* Cut between characters. */
	check(detail != NULL ? strncmp(e.detail, detail->s, strlen(e.detail)) == 0 :
	    e.detail[0] == '\0');
	check(detail == NULL || strlen(e.detail) == strlen(detail->s) ||
	    (strlen(e.detail) + 4 >= sizeof e.detail &&
	    ((unsigned char)detail->s[strlen(e.detail)] & 0xc0) != 0x80));
	buf_init(&b, 2 * SCIM_DETAIL_SIZE);
	scim_error_text(&e, 400, true, &b);
	check(strncmp(buf_string(&b), e.type[0] != '\0' ? "400 " : "HTTP 400", 4) == 0);
	check(e.detail[0] == '\0' || strstr(buf_string(&b), e.detail) != NULL);
	buf_free(&b);
}

static const struct tree *
part(const struct tree *t, const char *object, const char *member)
{
	return tree_get(tree_get(t, object), member);
}

static bool
slow_flag(const struct tree *t, const char *object, bool assumed)
{
	const struct tree *flag = part(t, object, "supported");

	return flag == NULL || flag->kind == TREE_NULL ? assumed : flag->kind == TREE_TRUE ||
	    tree_is(flag, "true");
}

static size_t
slow_limit(const struct tree *t, const char *object, const char *member, size_t assumed,
    size_t max)
{
	const struct tree *n = part(t, object, member);

	if (n == NULL || (n->kind != TREE_NUMBER && n->kind != TREE_STRING) || n->len == 0 ||
	    n->len > 18 || strspn(n->s, "0123456789") != n->len ||
	    strtoull(n->s, NULL, 10) == 0)
		return assumed;
	return strtoull(n->s, NULL, 10) < max ? strtoull(n->s, NULL, 10) : max;
}

static void
check_features(const struct tree *t, bool plain, enum scim_dialect dialect)
{
	static struct scim_client c;
	struct scim_features f;
	const struct tree *n = part(t, "bulk", "maxOperations");

	memset(&c, 0, sizeof c);
	c.config.dialect = dialect;
	check((scim_discover(&c, &f) == PROG_OK) == (t != NULL && t->kind == TREE_OBJECT));
	if (t == NULL || t->kind != TREE_OBJECT)
		return;
	check(f.bulk == (slow_flag(t, "bulk", false) && dialect != SCIM_AWS));
	check(f.patch == slow_flag(t, "patch", true) && f.filter == slow_flag(t, "filter", true));
	check(f.etag == slow_flag(t, "etag", false));
	check(f.bulk_operations >= 1 && f.bulk_operations <= 1000 && f.page_max >= 1 &&
	    f.page_max <= 1000 && f.bulk_bytes >= 1 && f.bulk_bytes <= 10000000);
	/* 19 digits are no number any more to the slow one. */
	if (!plain || (n != NULL && n->len > 18))
		return;
	check(f.bulk_operations == slow_limit(t, "bulk", "maxOperations", 50, 1000));
	check(f.bulk_bytes == slow_limit(t, "bulk", "maxPayloadSize", 1000000, 10000000) ||
	    part(t, "bulk", "maxPayloadSize")->len > 18);
	check(f.page_max == slow_limit(t, "filter", "maxResults", 100, 1000) ||
	    part(t, "filter", "maxResults")->len > 18);
}

/* What a form's text means; returns the byte behind it. */
static const char *
unform(struct text *to, const char *s)
{
	to->len = 0;
	text_say(to, "");
	for (; *s != '\0' && *s != ':' && *s != '&'; s++) {
		char c = *s == '+' ? ' ' : *s;

		if (*s == '%') {
			const char hex[] = { s[1], s[2], '\0' };

			check(strspn(hex, "0123456789ABCDEF") == 2);
			c = (char)strtoul(hex, NULL, 16);
			s += 2;
		}
		text_add(to, &c, 1);
	}
	return s;
}

/* Lines: id, secret, scope. */
static void
check_request(void)
{
	static struct text decoded, piece;
	char *line[3] = { answer.s, NULL, NULL };
	struct buf authorization, body;
	const char *rest;
	int len;

	for (int i = 1; i < 3; i++) {
		line[i] = strchr(line[i - 1], '\n');
		if (line[i] == NULL)
			return;
		*line[i]++ = '\0';
	}
	buf_init(&authorization, 1 << 16);
	buf_init(&body, 1 << 16);
	check(scim_grant_request(line[0], line[1], line[2], &authorization, &body) == 0);
	check(strncmp(buf_string(&authorization), "Basic ", 6) == 0);
	decoded.len = 0;
	text_add(&decoded, buf_string(&authorization), authorization.len);
	len = EVP_DecodeBlock((unsigned char *)decoded.s, (unsigned char *)authorization.data + 6,
	    (int)authorization.len - 6);
	check(len >= 0 && strlen(authorization.data) == authorization.len);
	len -= authorization.data[authorization.len - 1] == '=';
	len -= authorization.data[authorization.len - 2] == '=';
	decoded.s[len] = '\0';
	rest = unform(&piece, decoded.s);
	check(strcmp(piece.s, line[0]) == 0 && *rest == ':');
	rest = unform(&piece, rest + 1);
	check(strcmp(piece.s, line[1]) == 0 && rest == decoded.s + len);
	check(strncmp(body.data, "grant_type=client_credentials&scope=", 36) == 0);
	check(*unform(&piece, body.data + 36) == '\0' && strcmp(piece.s, line[2]) == 0);
	buf_free(&authorization);
	buf_free(&body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tree *t;
	bool plain;

	if (size == 0)
		return 0;
	answer.len = 0;
	text_add(&answer, data + 1, size - 1);
	t = tree_parse(answer.s, answer.len);
	plain = memchr(answer.s, '\\', answer.len) == NULL;
	if (data[0] % 4 == 0)
		check_grant(t, plain);
	else if (data[0] % 4 == 1)
		check_error(t, plain);
	else if (data[0] % 4 == 2)
		check_features(t, plain, (enum scim_dialect)(data[0] / 4 % 3));
	else
		check_request();
	tree_free(t);
	return 0;
}
