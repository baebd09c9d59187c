/* Credentials out of JSON (cred.h). */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "json/tok.h"
#include "net/cred.h"

/* An answer has a dozen members; what has more than this is none. */
enum { TOKENS_MAX = 10000 };

struct answer {
	const char *text;
	struct tok_list list;
	char *why;	/* CRED_WHY_SIZE bytes */
};

/* The member's token, or NULL if it is absent or null. */
static const struct tok *
member(const struct answer *a, const char *name)
{
	uint32_t i = tok_member(&a->list, a->text, 0, name);

	return i != 0 && a->list.tok[i].type != TOK_NULL ? &a->list.tok[i] : NULL;
}

/* The letters of Code into code, or "".  Returns whether that is an error. */
static bool
is_error(const struct answer *a, char code[CRED_CODE_SIZE])
{
	const struct tok *t = member(a, "Code");
	size_t len = 0;

	code[0] = '\0';
	if (t == NULL && (t = member(a, "code")) == NULL)
		return false;
	if (t->type != TOK_STRING)
		return true;
	if (tok_is(t, a->text, "Success", strlen("Success")))
		return false;
	for (uint32_t i = t->start; i < t->end && len < CRED_CODE_SIZE; i++) {
		char c = a->text[i];

		if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z'))
			return true;
		len++;
	}
	if (len == CRED_CODE_SIZE)
		return true;
	memcpy(code, a->text + t->start, len);
	code[len] = '\0';
	return true;
}

/* Sets why and returns -1. */
static int
fail(const struct answer *a, const char *name, const char *what)
{
	snprintf(a->why, CRED_WHY_SIZE, "the answer's %s %s", name, what);
	return -1;
}

/* The text of a string member, heap; *out stays NULL if there is none.  Returns 0 or -1. */
static int
take_string(const struct answer *a, const char *name, char **out)
{
	const struct tok *t = member(a, name);
	size_t len;
	struct buf b;

	if (t == NULL)
		return 0;
	if (t->type != TOK_STRING)
		return fail(a, name, "is not a string");
	if ((t->flags & (TOK_LONE | TOK_NUL)) != 0)
		return fail(a, name, "holds a character that cannot be in it");
	len = t->end - t->start;
	/* No escape is shorter than what it means, so the memory is never moved. */
	buf_init(&b, len);
	(void)buf_reserve(&b, len);
	(void)jtext_decode(&b, a->text + t->start, len);
	*out = b.data;
	return 0;
}

static int
take_key(const struct answer *a, const char *name, char **out)
{
	char code[CRED_CODE_SIZE];

	if (take_string(a, name, out) != 0 || *out != NULL)
		return *out != NULL ? 0 : -1;
	if (is_error(a, code))
		snprintf(a->why, CRED_WHY_SIZE, "the answer is an error%s%s",
		    code[0] != '\0' ? ", " : "", code);
	else
		snprintf(a->why, CRED_WHY_SIZE, "the answer has no %s", name);
	return -1;
}

static int
take_expiration(const struct answer *a, int64_t now_ms, struct cred *c)
{
	char *date = NULL;
	int rc = take_string(a, "Expiration", &date);

	if (date == NULL)
		return rc;
	if (clock_parse_rfc3339(date, strlen(date), &c->expires_ms) != 0)
		rc = fail(a, "Expiration", "is not a date like 2019-11-09T13:34:41Z");
	else if (c->expires_ms > now_ms)
		c->lifetime_ms = c->expires_ms - now_ms;
	mem_wipe_free(date);
	return rc;
}

static int
take_all(const struct answer *a, const char *token_member, int64_t now_ms, struct cred *c)
{
	const char *const names[] = { "AccessKeyId", "SecretAccessKey", token_member };
	const char *wrong;
	int part;

	if (take_key(a, names[0], &c->access_key) != 0 ||
	    take_key(a, names[1], &c->secret_key) != 0 ||
	    take_string(a, names[2], &c->session_token) != 0)
		return -1;
	if (c->session_token != NULL && c->session_token[0] == '\0') {
		mem_wipe_free(c->session_token);
		c->session_token = NULL;
	}
	if ((wrong = cred_check(c, &part)) != NULL)
		return fail(a, names[part], wrong);
	return take_expiration(a, now_ms, c);
}

/* Returns 0 with a->list filled, or -1 with a->why set; tok_free in both cases. */
static int
read_object(struct answer *a, size_t len)
{
	const char *wrong = "empty";

	tok_init(&a->list, TOKENS_MAX);
	if (len > 0) {
		enum tok_error e = tok_parse(&a->list, a->text, len);

		if (e == TOK_OK && a->list.tok[0].type == TOK_OBJECT)
			return 0;
		wrong = e == TOK_OK ? "not a JSON object" : tok_error_text(e);
	}
	snprintf(a->why, CRED_WHY_SIZE, "the answer: %s", wrong);
	return -1;
}

int
cred_parse(struct cred *c, const char *text, size_t len, const char *token_member, int64_t now_ms,
    char why[CRED_WHY_SIZE])
{
	struct answer a = { .text = text, .why = why };
	int rc = read_object(&a, len);

	memset(c, 0, sizeof *c);
	if (rc == 0 && (rc = take_all(&a, token_member, now_ms, c)) != 0)
		cred_free(c);
	tok_free(&a.list);
	return rc;
}

bool
cred_is_error(const char *text, size_t len, char code[CRED_CODE_SIZE])
{
	char why[CRED_WHY_SIZE];
	struct answer a = { .text = text, .why = why };
	bool error;

	code[0] = '\0';
	error = read_object(&a, len) == 0 && is_error(&a, code);
	tok_free(&a.list);
	return error;
}
