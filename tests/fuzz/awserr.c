/*
 * Any bytes as an error answer of either protocol, with any error type in its head.  Compared with
 * a slow one on trees (tree.h): the code, the message with its long words left out, and where there
 * is no code what stands instead.  Codes hold nothing that could lead on a terminal, messages no
 * line end and no word as long as a token; hints begin as hints do.
 *
 * The first byte chooses the service; then the head's error type, up to a line feed, and the body.
 */
#include <stdint.h>

#include "net/awserr.h"
#include "net/sts.h"

#include "tree.h"

enum { HINT_MAX = 1000, WORD_MAX = 99, STATUS = 400 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char code_bytes[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";

/* Foo; Foo:http://...; Foo,...; com.amazonaws.x#Foo. */
static void
slow_code(char code[AWSERR_CODE_SIZE], const char *raw, size_t len)
{
	size_t from = 0, to = 0;

	while (to < len && raw[to] != ',' && raw[to] != ':')
		to++;
	while (from < to && raw[from] != '#')
		from++;
	from = from < to ? from + 1 : 0;
	for (size_t i = from; i < to; i++)
		if (raw[i] == '\0' || strchr(code_bytes, raw[i]) == NULL)
			return;
	if (to - from < AWSERR_CODE_SIZE)
		snprintf(code, AWSERR_CODE_SIZE, "%.*s", (int)(to - from), raw + from);
}

/* The bytes of a message, its long words replaced; then what of it is shown. */
static void
slow_message(char message[AWSERR_MESSAGE_SIZE], const char *s, size_t len)
{
	static const char of_words[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=-_.%~";
	struct text t = { NULL, 0, 0 };
	size_t n;
	char *end;

	for (; len > 0 && memchr(" \t\r\n", *s, 4) != NULL; len--)
		s++;
	while (len > 0) {
		for (n = 0; n < len && s[n] != '\0' && strchr(of_words, s[n]) != NULL; n++)
			;
		if (n > WORD_MAX)
			text_say(&t, "[...]");
		else
			text_add(&t, s, n > 0 ? n : 1);
		s += n > 0 ? n : 1;
		len -= n > 0 ? n : 1;
	}
	text_add(&t, NULL, 0);
	if (t.len >= AWSERR_MESSAGE_SIZE)
		t.s[AWSERR_MESSAGE_SIZE - 1] = '\0';
	t.s[strcspn(t.s, "\r\n")] = '\0';
	if ((end = strstr(t.s, "The Canonical String for this request")) != NULL)
		*end = '\0';
	for (n = strlen(t.s); n > 0 && strchr(". ", t.s[n - 1]) != NULL; n--)
		t.s[n - 1] = '\0';
	snprintf(message, AWSERR_MESSAGE_SIZE, "%s", t.s);
	free(t.s);
}

static const struct tree *
first_text(const struct tree *t, const char *const names[])
{
	for (; *names != NULL; names++) {
		const struct tree *value = tree_get(t, *names);

		if (value != NULL && value->kind == TREE_STRING && value->len > 0)
			return value;
	}
	return NULL;
}

static void
slow_json(struct awserr *e, const char *body, size_t len)
{
	static const char *const codes[] = { "__type", "code", "Code", NULL };
	static const char *const messages[] = { "message", "Message", "errorMessage", NULL };
	struct tree *t = tree_parse(body, len);
	const struct tree *code = first_text(t, codes), *message = first_text(t, messages);

	if (code != NULL)
		slow_code(e->code, code->s, code->len);
	if (message != NULL)
		slow_message(e->message, message->s, message->len);
	tree_free(t);
}

/* The target xml looks after the texts themselves. */
static void
slow_xml(struct awserr *e, const char *body, size_t len)
{
	static const char *const names[] = { "Code", "Message", NULL };
	char *texts[2];

	if (sts_xml_texts(body, len, names, texts) != 0)
		return;
	if (texts[0] != NULL)
		slow_code(e->code, texts[0], strlen(texts[0]));
	if (texts[1] != NULL)
		slow_message(e->message, texts[1], strlen(texts[1]));
	free(texts[0]);
	free(texts[1]);
}

static void
slow(struct awserr *e, enum aws_service service, const char *type, const char *body, size_t len)
{
	memset(e, 0, sizeof *e);
	if (service == AWS_STS)
		slow_xml(e, body, len);
	else
		slow_json(e, body, len);
	if (e->code[0] == '\0')
		slow_code(e->code, type, strlen(type));
	if (e->code[0] != '\0')
		return;
	for (; len > 0 && memchr(" \t\r\n", *body, 4) != NULL; len--)
		body++;
	snprintf(e->message, sizeof e->message, service != AWS_STS && len > 0 && *body == '<' ?
	    "HTTP %d with a page instead of an answer: a proxy or load balancer in between" :
	    "HTTP %d without an error code", STATUS);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum aws_service service;
	struct awserr e, wanted;
	const uint8_t *lf;
	static struct text otherwise;
	unsigned random = (unsigned)size;
	struct buf hint;
	struct tree *t;
	size_t body;
	char *type;

	if (size < 1)
		return 0;
	service = data[0] % 2 == 0 ? AWS_COGNITO_IDP : AWS_STS;
	lf = memchr(data + 1, '\n', size - 1);
	body = lf != NULL ? (size_t)(lf - data) + 1 : size;
	type = strndup((const char *)data + 1, lf != NULL ? body - 2 : size - 1);
	awserr_parse(&e, service, STATUS, type, (const char *)data + body, size - body);
	slow(&wanted, service, type, (const char *)data + body, size - body);
	check(strcmp(e.code, wanted.code) == 0 && strcmp(e.message, wanted.message) == 0);
	t = service == AWS_STS ? NULL : tree_parse((const char *)data + body, size - body);
	if (t != NULL && !tree_has_lone(t)) {
		otherwise.len = 0;
		text_tree_otherwise(&otherwise, t, &random);
		awserr_parse(&e, service, STATUS, type, otherwise.s, otherwise.len);
		check(strcmp(e.code, wanted.code) == 0 && strcmp(e.message, wanted.message) == 0);
	}
	tree_free(t);
	check(strspn(e.code, code_bytes) == strlen(e.code));
	check(strpbrk(e.message, "\r\n") == NULL);
	(void)awserr_classify(&e, STATUS);
	buf_init(&hint, HINT_MAX);
	awserr_hint(&e, service, "AssumeRole", "us-east-1", &hint);
	check(hint.len == 0 || hint.data[0] == ';');
	buf_free(&hint);
	free(type);
	return 0;
}
