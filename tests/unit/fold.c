/* Letter case folded for comparison. */
#include "base/buf.h"
#include "json/fold.h"

#include <locale.h>

#include "tap.h"

static const char *
folded(const char *s)
{
	static struct buf b;

	buf_free(&b);
	buf_init(&b, 1000);
	return fold_append(&b, s, strlen(s)) == 0 ? buf_string(&b) : NULL;
}

int
main(void)
{
	struct buf b;

	is(folded(""), "", "nothing");
	is(folded("Ana@Example.COM"), "ana@example.com", "ASCII");
	is(folded("[\\]^_`{|}~@"), "[\\]^_`{|}~@", "what stands beside its letters");
	is(folded("ÄÖÜ ÉÇÑ Ø Å"), "äöü éçñ ø å", "Latin");
	is(folded("ẞ"), "ß", "the capital sharp s");
	is(folded("ß"), "ß", "a sharp s is not ss: the mapping is simple");
	is(folded("ΑΒΓ Ω"), "αβγ ω", "Greek");
	is(folded("ПРИВЕТ Ё"), "привет ё", "Cyrillic");
	is(folded("ԱԲԳ"), "աբգ", "Armenian");
	is(folded("\xf0\x90\x90\x80"), "\xf0\x90\x90\xa8", "Deseret, beyond U+FFFF");
	is(folded("\xc8\xba"), "\xe2\xb1\xa5", "a letter that grows by a byte");
	is(folded("\xe2\x84\xaa"), "k", "the sign for kelvin is a k");
	is(folded("日本語 😀 مرحبا"), "日本語 😀 مرحبا", "scripts without case");
	is(folded("A\xcc\x88"), "a\xcc\x88", "a combining mark stays");
	ok(folded("\xff") == NULL, "no UTF-8");
	ok(setlocale(LC_CTYPE, NULL) != NULL && strcmp(setlocale(LC_CTYPE, NULL), "C") == 0,
	    "the program's own locale is as it was");

	buf_init(&b, 6);
	ok(fold_append(&b, "ABC", 3) == 0 && fold_append(&b, "DEF", 3) == 0 &&
	    strcmp(buf_string(&b), "abcdef") == 0, "appended to what is there");
	ok(fold_append(&b, "G", 1) == -1, "a full buffer");
	buf_free(&b);
	return tap_done();
}
