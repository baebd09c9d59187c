/* Members against lengths and patterns (sts_check.h). */
#include "sts_check.h"

#include <stdio.h>
#include <string.h>

#include "exchange.h"
#include "json/utf8.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/* Besides letters and digits (NULL: more than a set of ASCII characters), and how AWS writes it. */
static const struct {
	const char *others, *pattern;
} texts[] = {
	[STS_ANY] = {NULL, ""},
	[STS_NAME] = {"_+=,.@-", "[\\w+=,.@-]*"},
	[STS_EXTERNAL] = {"_+=,.@:/-", "[\\w+=,.@:\\/-]*"},
	[STS_SERIAL] = {"_+=/:,.@-", "[\\w+=/:,.@-]*"},
	[STS_DIGITS] = {NULL, "[\\d]*"},
	[STS_ARN] = {NULL, "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF"
	    "\\uE000-\\uFFFD\\u10000-\\u10FFFF]+"},
	[STS_POLICY] = {NULL, "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"},
	[STS_TAG] = {NULL, "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*"},
};

void
sts_check_refuse(struct exchange *x, const char *value, const char *member, const char *constraint)
{
	answer_sts(&x->answer, 400, "ValidationError", "1 validation error detected: Value %s%s%s "
	    "at '%s' failed to satisfy constraint: Member must %s", value != NULL ? "'" : "",
	    value != NULL ? value : "null", value != NULL ? "'" : "", member, constraint);
}

static bool
is_control(unsigned char c)
{
	return (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
}

static bool
may_hold(enum sts_text text, unsigned char c)
{
	if (text == STS_ANY)
		return true;
	if (text == STS_DIGITS)
		return c >= '0' && c <= '9';
	if (text == STS_ARN)
		return !is_control(c);
	if (text == STS_POLICY)		/* U+00FF is the last that begins with C3 */
		return c == 0x7f || (!is_control(c) && c < 0xc4);
	if (text == STS_TAG)
		return c >= 0x80 || strchr(letters, c) != NULL || strchr(" _.:/=+-@", c) != NULL;
	return strchr(letters, c) != NULL || strchr(texts[text].others, c) != NULL;
}

int
sts_check_text(struct exchange *x, const char *value, const char *member, size_t min,
    size_t max, enum sts_text text, bool secret)
{
	const char *shown = secret ? "***" : value, *c;
	size_t len = value != NULL ? strlen(value) : 0;
	bool valid = value != NULL && utf8_valid(value, len) == len;
	size_t characters = valid ? utf8_count(value, len) : len;
	char constraint[256];

	if (value == NULL) {
		sts_check_refuse(x, NULL, member, "not be null");
		return -1;
	}
	if (characters < min || characters > max) {
		snprintf(constraint, sizeof constraint, "have length %s than or equal to %zu",
		    characters < min ? "greater" : "less", characters < min ? min : max);
		sts_check_refuse(x, shown, member, constraint);
		return -1;
	}
	for (c = value; *c != '\0' && may_hold(text, (unsigned char)*c); c++)
		;
	if (*c == '\0' && (valid || text == STS_ANY))
		return 0;
	snprintf(constraint, sizeof constraint, "satisfy regular expression pattern: %s",
	    texts[text].pattern);
	sts_check_refuse(x, shown, member, constraint);
	return -1;
}

int
sts_check_count(struct exchange *x, size_t count, const char *member, size_t max)
{
	char constraint[80];

	if (count <= max)
		return 0;
	snprintf(constraint, sizeof constraint, "have length less than or equal to %zu", max);
	sts_check_refuse(x, "[...]", member, constraint);
	return -1;
}
