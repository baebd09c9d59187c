/* Words as a shell splits them. */
#include "base/words.h"
#include "tap.h"

/* The words joined by '|', or why there are none in <>. */
static void
split(const char *text, const char *want, const char *title)
{
	char got[200] = "";
	const char *why;
	size_t count = 0, used = 0;
	char **words = words_split(text, &count, &why);

	if (words == NULL)
		snprintf(got, sizeof got, "<%s>", why);
	for (size_t i = 0; words != NULL && words[i] != NULL; i++) {
		used += (size_t)snprintf(got + used, sizeof got - used, "%s%s", i > 0 ? "|" : "",
		    words[i]);
		if (i + 1 == count && words[i + 1] != NULL)
			snprintf(got, sizeof got, "count");
	}
	is(got, want, title);
	words_free(words);
}

int
main(void)
{
	static const char open_quote[] = "<a quote that is not closed>";
	static const char backslash[] = "<a backslash with nothing behind it>";
	size_t count = 1;
	const char *why;
	char **words;

	split("", "", "nothing");
	split(" \t\r\n ", "", "white space");
	split("a", "a", "one");
	split("  a\t b\nc\r", "a|b|c", "white space between and round them");
	split("a\vb", "a\vb", "a vertical tab is none");
	split("a # b", "a|#|b", "no comments");
	split("a\"b c\"d", "ab cd", "double quotes inside a word");
	split("'a b' c", "a b|c", "single quotes");
	split("'a\\' b", "a\\|b", "a backslash in single quotes");
	split("\"a\\\"b\\\\c\\d\\$\"", "a\"b\\c\\d\\$", "backslashes in double quotes");
	split("\"a'b\" 'c\"d'", "a'b|c\"d", "quotes inside the others");
	split("a\\ b \\'c \\\\", "a b|'c|\\", "backslashes outside");
	split("a\\\nb", "a\nb", "a line end behind a backslash");
	split("'' a \"\"", "|a|", "empty words");
	split("$HOME `x` *;|&", "$HOME|`x`|*;|&", "nothing is expanded");
	split("gr\xc3\xb6\xc3\x9f" "e", "gr\xc3\xb6\xc3\x9f" "e", "other languages");
	split("'a", open_quote, "a single quote");
	split("a 'b\"", open_quote, "another one");
	split("\"a", open_quote, "a double quote");
	split("\"a\\\"", open_quote, "whose end is quoted");
	split("\"a\\", open_quote, "with a backslash at the end");
	split("a b\\", backslash, "a backslash at the end");
	words = words_split("", &count, &why);
	ok(words != NULL && words[0] == NULL && count == 0, "no words are words");
	words_free(words);
	words_free(NULL);
	return tap_done();
}
