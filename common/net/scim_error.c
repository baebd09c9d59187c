/* Reading the Error bodies of SCIM servers (scim_error.h). */
#include "net/scim_error.h"

#include <string.h>
#include <strings.h>

#include "json/jtext.h"
#include "json/tok.h"
#include "json/utf8.h"

enum { ERROR_TOKENS_MAX = 4096 };

static const char oracle[] = "urn:ietf:params:scim:api:oracle:idcs:extension:messages:Error";

/*
 * An identifier, which may stand in a message: of letters, digits and ". _ -".  Anything else may
 * be a text that quotes the request.
 */
static void
take_code(char out[SCIM_CODE_SIZE], const struct tok_list *l, const char *text, uint32_t index)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789._-";
	const struct tok *t = &l->tok[index];
	size_t len = t->end - t->start;

	if (index == 0 || t->type != TOK_STRING || len >= SCIM_CODE_SIZE || out[0] != '\0')
		return;
	memcpy(out, text + t->start, len);
	out[len] = '\0';
	if (strspn(out, allowed) != len)
		out[0] = '\0';
}

static void
take_detail(struct scim_error *e, const struct tok_list *l, const char *text, uint32_t index)
{
	const struct tok *t = &l->tok[index];
	struct buf b;
	size_t len;

	if (index == 0 || t->type != TOK_STRING || e->detail[0] != '\0')
		return;
	buf_init(&b, (size_t)(t->end - t->start) * 3);
	(void)jtext_decode(&b, text + t->start, t->end - t->start);
	len = b.len < sizeof e->detail ? b.len : sizeof e->detail - 1;
	len = utf8_valid(buf_string(&b), len);
	memcpy(e->detail, buf_string(&b), len);
	e->detail[len] = '\0';
	buf_free(&b);
}

/* Whether the URN stands there, as a text or in a list; in any case (RFC 7643, 2.1; RFC 8141). */
static bool
names_message(const struct tok_list *l, const char *text, uint32_t index)
{
	static const char urn[] = "urn:ietf:params:scim:api:messages:2.0:Error";
	bool is_list = l->tok[index].type == TOK_ARRAY;

	if (index == 0)
		return false;
	for (uint32_t i = is_list ? index + 1 : index; i < l->tok[index].next; i = l->tok[i].next) {
		const struct tok *t = &l->tok[i];

		if (t->type == TOK_STRING && t->end - t->start == sizeof urn - 1 &&
		    strncasecmp(text + t->start, urn, sizeof urn - 1) == 0)
			return true;
		if (!is_list)
			break;
	}
	return false;
}

/*
 * Errors of SCIM have detail and scimType; Oracle's an extension with its own code; AWS's gateway
 * a message; a refused token what OAuth says (RFC 6750): error and error_description.
 */
void
scim_error_parse(struct scim_error *e, const char *body, size_t len)
{
	static const char *const details[] = { "detail", "message", "error_description" };
	struct tok_list l;
	uint32_t extension;

	memset(e, 0, sizeof *e);
	tok_init(&l, ERROR_TOKENS_MAX);
	if (tok_parse(&l, body, len) != TOK_OK || l.tok[0].type != TOK_OBJECT) {
		e->page = len > 0;
		tok_free(&l);
		return;
	}
	e->message = names_message(&l, body, tok_member(&l, body, 0, "schemas")) ||
	    names_message(&l, body, tok_member(&l, body, 0, "schema"));
	take_code(e->type, &l, body, tok_member(&l, body, 0, "scimType"));
	extension = tok_member(&l, body, 0, oracle);
	if (extension != 0 && l.tok[extension].type == TOK_OBJECT)
		take_code(e->code, &l, body, tok_member(&l, body, extension, "messageId"));
	take_code(e->code, &l, body, tok_member(&l, body, 0, "error"));
	for (size_t i = 0; i < sizeof details / sizeof *details; i++)
		take_detail(e, &l, body, tok_member(&l, body, 0, details[i]));
	tok_free(&l);
}

void
scim_error_text(const struct scim_error *e, long status, bool with_detail, struct buf *b)
{
	(void)buf_appendf(b, e->type[0] != '\0' ? "%ld %s" : "HTTP %ld%s", status, e->type);
	if (e->code[0] != '\0')
		(void)buf_appendf(b, " (%s)", e->code);
	if (e->page)
		(void)buf_append_string(b, " with a page instead of an answer");
	else if (status == 404 && !e->message)
		(void)buf_append_string(b, " that is no Error message of SCIM");
	if (with_detail && e->detail[0] != '\0')
		(void)buf_appendf(b, ": %s", e->detail);
}

const char *
scim_error_hint(const struct scim_error *e, long status, enum scim_dialect dialect)
{
	if (status == 401)
		return "the server does not accept the bearer token: it ended, or is for another "
		    "server";
	if (status == 403)
		return dialect == SCIM_OCI ? "the client needs an application role such as User "
		    "Administrator" : "the token's owner may not do this";
	if (e->page || (status == 404 && !e->message))
		return "a proxy or load balancer in between, or --url leads elsewhere";
	return NULL;
}
