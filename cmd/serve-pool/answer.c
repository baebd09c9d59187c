/* Answers in AWS's shapes (answer.h). */
#include "answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "chance.h"
#include "json/jtext.h"
#include "json/utf8.h"

/*
 * Far above the largest page (61 forms of at most eight megabytes), so that no append fails;
 * the real bound is the size of the records.
 */
static const size_t body_max = (size_t)1 << 31;

/* Messages repeat what was asked, which is at most a megabyte. */
enum { MESSAGE_MAX = 16 * 1024 * 1024 };

static const char json_type[] = "application/x-amz-json-1.1", xml_type[] = "text/xml",
    html_type[] = "text/html";

static const struct {
	const char *json, *xml;
	unsigned xml_status;
	const char *text;
} fronts[] = {
	[ANSWER_MISSING_TOKEN] = {"MissingAuthenticationTokenException",
	    "MissingAuthenticationToken", 403, "Missing Authentication Token"},
	[ANSWER_INCOMPLETE] = {"IncompleteSignatureException", "IncompleteSignature", 400, ""},
	[ANSWER_UNKNOWN_KEY] = {"UnrecognizedClientException", "InvalidClientTokenId", 403,
	    "The security token included in the request is invalid."},
	[ANSWER_BAD_SIGNATURE] = {"InvalidSignatureException", "SignatureDoesNotMatch", 403,
	    "The request signature we calculated does not match the signature you provided. "
	    "Check your AWS Secret Access Key and signing method. "
	    "Consult the service documentation for details."},
	[ANSWER_EXPIRED] = {"ExpiredTokenException", "ExpiredToken", 403,
	    "The security token included in the request is expired"},
	[ANSWER_DENIED] = {"AccessDeniedException", "AccessDenied", 403, ""},
};

void
answer_init(struct answer *a)
{
	memset(a, 0, sizeof *a);
	buf_init(&a->body, body_max);
	buf_init(&a->message, MESSAGE_MAX);
}

void
answer_free(struct answer *a)
{
	buf_wipe(&a->body);
	buf_free(&a->message);
}

void
answer_start(struct answer *a, uint64_t seed, uint64_t number)
{
	uint64_t high = chance(seed, 'R', number), low = chance(seed, 'r', number);

	a->xml = false;
	a->status = 200;
	a->content_type = json_type;
	a->code = NULL;
	a->delivery = ANSWER_WHOLE;
	buf_clear(&a->body);
	buf_clear(&a->message);
	snprintf(a->request_id, sizeof a->request_id, "%08x-%04x-4%03x-%04x-%012llx",
	    (unsigned)(high >> 32), (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xfff),
	    (unsigned)(0x8000 | (low >> 48 & 0x3fff)), (unsigned long long)(low & 0xffffffffffff));
}

/*
 * Puts a '?' for what cannot stand in JSON or XML: bytes that are no UTF-8 (a header may hold any),
 * and controls, of which XML 1.0 has three.
 */
static void
clean(struct buf *b)
{
	char *s = b->data, *end = s + b->len;
	size_t n;

	for (; s < end; s += n) {
		n = utf8_length(s, end);
		if (n == 0 || (n == 1 && (unsigned char)*s < ' ' && strchr("\t\n\r", *s) == NULL) ||
		    (n == 3 && memcmp(s, "\xef\xbf", 2) == 0 && (unsigned char)s[2] >= 0xbe)) {
			*s = '?';
			n = 1;
		}
	}
}

/* Like buf_appendf, from a list of arguments: the message is seldom longer than the first try. */
__attribute__((format(printf, 2, 0)))
static void
put_message(struct buf *b, const char *fmt, va_list ap)
{
	char text[1024], *more;
	va_list again;
	int len;

	va_copy(again, ap);
	len = vsnprintf(text, sizeof text, fmt, ap);
	if (len >= (int)sizeof text) {
		more = mem_alloc((size_t)len + 1);
		vsnprintf(more, (size_t)len + 1, fmt, again);
		buf_append(b, more, (size_t)len);
		mem_wipe_free(more);
	} else if (len > 0) {
		buf_append(b, text, (size_t)len);
	}
	va_end(again);
	if (b->data != NULL)
		clean(b);
}

/* Forgets what was answered so far and begins an error. */
static void
begin_error(struct answer *a, unsigned status, const char *code)
{
	buf_clear(&a->body);
	buf_clear(&a->message);
	a->status = status;
	a->code = code;
}

static void
put_json_error(struct answer *a, const char *space, const char *member)
{
	a->content_type = json_type;
	buf_appendf(&a->body, "{\"__type\":\"%s%s\",\"%s\":", space, a->code, member);
	jtext_string(&a->body, buf_string(&a->message), a->message.len);
	buf_append_byte(&a->body, '}');
}

void
answer_put_xml(struct answer *a, const char *text)
{
	size_t n;

	for (; *text != '\0'; text += n) {
		n = strcspn(text, "&<>");
		buf_append(&a->body, text, n);
		if (text[n] == '\0')
			continue;
		buf_append_string(&a->body, text[n] == '&' ? "&amp;" :
		    text[n] == '<' ? "&lt;" : "&gt;");
		n++;
	}
}

static void
put_xml_error(struct answer *a)
{
	a->content_type = xml_type;
	buf_appendf(&a->body,
	    "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
	    "  <Error>\n    <Type>Sender</Type>\n    <Code>%s</Code>\n    <Message>", a->code);
	answer_put_xml(a, buf_string(&a->message));
	buf_appendf(&a->body, "</Message>\n  </Error>\n  <RequestId>%s</RequestId>\n"
	    "</ErrorResponse>\n", a->request_id);
}

void
answer_error(struct answer *a, unsigned status, const char *code, const char *fmt, ...)
{
	va_list ap;

	begin_error(a, status, code);
	va_start(ap, fmt);
	put_message(&a->message, fmt, ap);
	va_end(ap);
	put_json_error(a, "", "message");
}

void
answer_coral(struct answer *a, unsigned status, const char *code, const char *fmt, ...)
{
	va_list ap;

	begin_error(a, status, code);
	va_start(ap, fmt);
	put_message(&a->message, fmt, ap);
	va_end(ap);
	put_json_error(a, "com.amazon.coral.service#", "Message");
}

void
answer_sts(struct answer *a, unsigned status, const char *code, const char *fmt, ...)
{
	va_list ap;

	begin_error(a, status, code);
	va_start(ap, fmt);
	put_message(&a->message, fmt, ap);
	va_end(ap);
	put_xml_error(a);
}

/* Finishes a refusal whose message is there. */
static void
put_front(struct answer *a, enum answer_front what)
{
	if (a->xml)
		put_xml_error(a);
	else	/* The denial of a permission comes without a namespace. */
		put_json_error(a, what == ANSWER_DENIED ? "" : "com.amazon.coral.service#",
		    "Message");
}

static void
begin_front(struct answer *a, enum answer_front what)
{
	begin_error(a, a->xml ? fronts[what].xml_status : 400,
	    a->xml ? fronts[what].xml : fronts[what].json);
}

void
answer_refuse(struct answer *a, enum answer_front what)
{
	begin_front(a, what);
	buf_append_string(&a->message, fronts[what].text);
	put_front(a, what);
}

void
answer_front(struct answer *a, enum answer_front what, const char *fmt, ...)
{
	va_list ap;

	begin_front(a, what);
	va_start(ap, fmt);
	put_message(&a->message, fmt, ap);
	va_end(ap);
	put_front(a, what);
}

void
answer_html(struct answer *a, unsigned status, const char *text)
{
	begin_error(a, status, NULL);
	a->content_type = html_type;
	buf_appendf(&a->body, "<html>\r\n<head><title>%s</title></head>\r\n<body>\r\n"
	    "<center><h1>%s</h1></center>\r\n</body>\r\n</html>\r\n", text, text);
}
