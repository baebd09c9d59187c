#include <locale.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "json/pattern.h"

enum { TEXT_MAX = 64 * 1024 * 1024 };	/* beyond any row's */

struct pattern {
	regex_t re;
	locale_t unicode;	/* in which "." and brackets take whole characters */
	struct buf text;	/* regexec takes a string, and a cell is none */
};

/* Of no use for what a heading demands, and of endless cost. */
static bool
has_back_reference(const char *ere)
{
	for (const char *s = ere; *s != '\0'; s++) {
		if (s[0] == '\\' && s[1] >= '1' && s[1] <= '9')
			return true;
		if (s[0] == '\\' && s[1] != '\0')
			s++;
	}
	return false;
}

/*
 * Compiles it twice: alone, so that a parenthesis of its own cannot close ours, and anchored.
 * Returns 0, or regcomp's error.
 */
static int
compile(struct pattern *p, const char *ere)
{
	struct buf whole;
	int error = regcomp(&p->re, ere, REG_EXTENDED | REG_NOSUB);

	if (error != 0)
		return error;
	regfree(&p->re);
	buf_init(&whole, TEXT_MAX);
	buf_appendf(&whole, "^(%s)$", ere);
	error = regcomp(&p->re, buf_string(&whole), REG_EXTENDED | REG_NOSUB);
	buf_free(&whole);
	return error;
}

struct pattern *
pattern_new(const char *ere, char why[PATTERN_WHY_SIZE])
{
	struct pattern *p;
	locale_t before;
	int error;

	if (has_back_reference(ere)) {
		snprintf(why, PATTERN_WHY_SIZE, "pattern: no back-references");
		return NULL;
	}
	p = mem_alloc(sizeof *p);
	p->unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (p->unicode == (locale_t)0) {
		snprintf(why, PATTERN_WHY_SIZE, "pattern: the locale C.UTF-8 is missing");
		free(p);
		return NULL;
	}
	before = uselocale(p->unicode);
	error = compile(p, ere);
	uselocale(before);
	if (error != 0) {
		int n = snprintf(why, PATTERN_WHY_SIZE, "pattern: ");

		regerror(error, NULL, why + n, PATTERN_WHY_SIZE - (size_t)n);
		freelocale(p->unicode);
		free(p);
		return NULL;
	}
	buf_init(&p->text, TEXT_MAX);
	return p;
}

void
pattern_free(struct pattern *p)
{
	if (p == NULL)
		return;
	regfree(&p->re);
	freelocale(p->unicode);
	buf_free(&p->text);
	free(p);
}

bool
pattern_matches(struct pattern *p, const char *s, size_t len)
{
	locale_t before;
	int error;

	buf_clear(&p->text);
	buf_append(&p->text, s, len);
	before = uselocale(p->unicode);
	error = regexec(&p->re, buf_string(&p->text), 0, NULL, 0);
	uselocale(before);
	return error == 0;
}
