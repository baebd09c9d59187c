/* Error answers: reading and judging them. */
/* For memmem. NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#define _GNU_SOURCE
#include "net/awserr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/jtext.h"
#include "json/tok.h"
#include "net/sts.h"

enum {
	BODY_MAX = 64 * 1024,	/* an error is short; a longer body is something else */
	TOKENS_MAX = 1000,
	/*
	 * Of a message.  It may quote what was sent, and session tokens and web identity tokens
	 * are words of some hundred characters; nothing that tells a person something is.
	 */
	WORD_MAX = 99
};

static bool
listed(const char *code, const char *const list[])
{
	for (; *list != NULL; list++)
		if (strcmp(code, *list) == 0)
			return true;
	return false;
}

/*
 * Codes arrive as "Foo", "Foo:", "Foo:http://...", "com.amazonaws.x#Foo".  What is left must look
 * like a code, or there is none.
 */
static void
set_code(struct awserr *e, const char *raw, size_t len)
{
	const char *hash;
	size_t n = 0;

	while (n < len && raw[n] != ',' && raw[n] != ':')
		n++;
	hash = memchr(raw, '#', n);
	if (hash != NULL) {
		n -= (size_t)(hash + 1 - raw);
		raw = hash + 1;
	}
	if (n >= sizeof e->code)
		return;
	for (size_t i = 0; i < n; i++) {
		char c = raw[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'))
			return;
	}
	memcpy(e->code, raw, n);
	e->code[n] = '\0';
}

/* The length of the word at s: base64 of both kinds, as forms carry it, and with dots between. */
static size_t
word_length(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] != '\0' && (strchr("+/=-_.%~", s[n]) != NULL ||
	    (s[n] >= 'a' && s[n] <= 'z') || (s[n] >= 'A' && s[n] <= 'Z') ||
	    (s[n] >= '0' && s[n] <= '9')))
		n++;
	return n;
}

/* Copies as much as there is room for; "[...]" stands for words that are too long. */
static void
copy_words(char *to, size_t room, const char *text, size_t len)
{
	static const char omitted[] = "[...]";
	size_t word, n;

	for (; len > 0 && room > 0; text += word, len -= word, to += n, room -= n) {
		const char *from = text;

		word = word_length(text, len);
		if (word == 0)
			word = 1;
		n = word;
		if (word > WORD_MAX) {
			from = omitted;
			n = sizeof omitted - 1;
		}
		if (n > room)
			n = room;
		memcpy(to, from, n);
	}
	*to = '\0';
}

/*
 * The first line, without the full stop at its end: hints follow, and messages of ours have none.
 * Behind the first line of "The request signature we calculated does not match" AWS repeats the
 * whole signed request, session token included.
 */
static void
set_message(struct awserr *e, const char *text, size_t len)
{
	char *m = e->message, *end;
	size_t n;

	while (len > 0 && (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n')) {
		text++;
		len--;
	}
	copy_words(m, sizeof e->message - 1, text, len);
	m[strcspn(m, "\r\n")] = '\0';
	if ((end = strstr(m, "The Canonical String for this request")) != NULL)
		*end = '\0';
	for (n = strlen(m); n > 0 && (m[n - 1] == '.' || m[n - 1] == ' '); n--)
		m[n - 1] = '\0';
}

/* The first of the members that is a string, decoded into b.  Returns whether there was one. */
static bool
member_text(const struct tok_list *l, const char *text, const char *const names[], struct buf *b)
{
	for (; *names != NULL; names++) {
		uint32_t i = tok_member(l, text, 0, *names);

		buf_clear(b);
		if (i != 0 && l->tok[i].type == TOK_STRING &&
		    jtext_decode(b, text + l->tok[i].start, l->tok[i].end - l->tok[i].start) == 0 &&
		    b->len > 0)
			return true;
	}
	return false;
}

static void
parse_json(struct awserr *e, const char *body, size_t len)
{
	static const char *const codes[] = { "__type", "code", "Code", NULL };
	static const char *const messages[] = { "message", "Message", "errorMessage", NULL };
	struct tok_list l;
	struct buf b;

	tok_init(&l, TOKENS_MAX);
	buf_init(&b, BODY_MAX);
	if (tok_parse(&l, body, len) == TOK_OK && l.tok[0].type == TOK_OBJECT) {
		if (member_text(&l, body, codes, &b))
			set_code(e, b.data, b.len);
		if (member_text(&l, body, messages, &b))
			set_message(e, b.data, b.len);
	}
	buf_free(&b);
	tok_free(&l);
}

static void
parse_xml(struct awserr *e, const char *body, size_t len)
{
	static const char *const names[] = { "Code", "Message", NULL };
	char *texts[2];

	if (sts_xml_texts(body, len, names, texts) != 0)
		return;
	if (texts[0] != NULL)
		set_code(e, texts[0], strlen(texts[0]));
	if (texts[1] != NULL)
		set_message(e, texts[1], strlen(texts[1]));
	free(texts[0]);
	free(texts[1]);
}

void
awserr_parse(struct awserr *e, enum aws_service service, long status, const char *type_header,
    const char *body, size_t len)
{
	bool json = aws_service_names(service)->target != NULL;
	size_t blank;

	memset(e, 0, sizeof *e);
	if (len <= BODY_MAX && !json)
		parse_xml(e, body, len);
	else if (len <= BODY_MAX)
		parse_json(e, body, len);
	if (e->code[0] == '\0')
		set_code(e, type_header, strlen(type_header));
	if (e->code[0] != '\0')
		return;
	blank = 0;
	while (blank < len && strchr(" \t\r\n", body[blank]) != NULL && body[blank] != '\0')
		blank++;
	if (json && blank < len && body[blank] == '<')
		snprintf(e->message, sizeof e->message, "HTTP %ld with a page instead of an "
		    "answer: a proxy or load balancer in between", status);
	else
		snprintf(e->message, sizeof e->message, "HTTP %ld without an error code", status);
}

bool
awserr_hides(struct awserr *e, enum aws_service service, const char *type_header,
    const char *body, size_t len)
{
	static const char member[] = "\"__type\"";
	struct tok_list l;
	uint32_t type = 0;

	memset(e, 0, sizeof *e);
	set_code(e, type_header, strlen(type_header));
	if (type_header[0] != '\0' || aws_service_names(service)->target == NULL ||
	    len > BODY_MAX || memmem(body, len, member, sizeof member - 1) == NULL)
		return type_header[0] != '\0';
	tok_init(&l, BODY_MAX);
	if (tok_parse(&l, body, len) == TOK_OK && l.tok[0].type == TOK_OBJECT)
		type = tok_member(&l, body, 0, "__type");
	if (type != 0 && l.tok[type].type == TOK_STRING)
		set_code(e, body + l.tok[type].start, l.tok[type].end - l.tok[type].start);
	tok_free(&l);
	return type != 0;
}

enum awserr_class
awserr_classify(const struct awserr *e, long status)
{
	static const char *const throttles[] = { "Throttling", "ThrottlingException",
		"ThrottledException", "RequestThrottledException", "RequestThrottled",
		"TooManyRequestsException", "ProvisionedThroughputExceededException",
		"TransactionInProgressException", "RequestLimitExceeded",
		"BandwidthLimitExceeded", "PriorRequestNotComplete", "SlowDown",
		"EC2ThrottledException", NULL };
	static const char *const transients[] = { "InternalError", "InternalErrorException",
		"InternalFailure", "InternalServerError", "InternalServerException",
		"RequestTimeout", "RequestTimeoutException", "IDPCommunicationError",
		"RequestAbortedException", "ServiceUnavailable", "ServiceUnavailableException",
		NULL };
	static const char *const skews[] = { "RequestTimeTooSkewed", "RequestExpired",
		"RequestInTheFuture", "InvalidSignatureException", "SignatureDoesNotMatch",
		"AuthFailure", NULL };
	static const char *const expired[] = { "ExpiredToken", "ExpiredTokenException", NULL };

	if (listed(e->code, throttles))
		return AWSERR_THROTTLE;
	if (listed(e->code, transients))
		return AWSERR_TRANSIENT;
	if (listed(e->code, skews))
		return AWSERR_SKEW;
	if (listed(e->code, expired))
		return AWSERR_EXPIRED;
	/* A full resource quota in Cognito, even with a throttle's status. */
	if (status == 429 && strcmp(e->code, "LimitExceededException") != 0)
		return AWSERR_THROTTLE;
	return status >= 500 || status == 408 ? AWSERR_TRANSIENT : AWSERR_DENIED;
}

bool
awserr_may_be_skew(const struct awserr *e)
{
	return strcmp(e->code, "AccessDeniedException") == 0 ||
	    awserr_classify(e, 400) == AWSERR_SKEW;
}

bool
awserr_is_skew(const struct awserr *e)
{
	return strcmp(e->code, "RequestTimeTooSkewed") == 0 ||
	    strcmp(e->code, "RequestExpired") == 0 ||
	    strcmp(e->code, "RequestInTheFuture") == 0 ||
	    strstr(e->message, "Signature expired") != NULL ||
	    strstr(e->message, "not yet current") != NULL;
}
