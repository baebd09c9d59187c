#include <string.h>

#include "base/buf.h"
#include "base/screen.h"
#include "tap.h"

/* What becomes of the text in pieces of this size. */
static const char *
shown(const char *text, size_t len, size_t piece)
{
	static struct buf b;
	struct screen s = { .held_len = 0 };

	buf_free(&b);
	buf_init(&b, 4096);
	for (size_t at = 0; at < len; at += piece)
		screen_append(&s, &b, text + at, len - at < piece ? len - at : piece);
	screen_end(&s, &b);
	return buf_string(&b);
}

/* In one piece, and cut everywhere. */
static void
check(const char *text, size_t len, const char *want, const char *title)
{
	const char *got = want;

	for (size_t piece = 1; piece <= len + 1 && strcmp(got, want) == 0; piece++)
		got = shown(text, len, piece);
	is(got, want, title);
}

#define CHECK(text, want, title) check(text, sizeof(text) - 1, want, title)

int
main(void)
{
	CHECK("", "", "nothing");
	CHECK("{\"a\":\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"}\n\tx\r\n",
	    "{\"a\":\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"}\n\tx\r\n", "text, tabs, line ends");
	CHECK("\x1b[31m\x07\x7f\b\v\x01", "\\u001b[31m\\u0007\\u007f\\u0008\\u000b\\u0001", "C0, DEL");
	CHECK("a\0b", "a\\u0000b", "NUL");
	CHECK("a\rb\r\r\n\r", "a\\u000db\\u000d\r\n\\u000d", "carriage returns");
	CHECK("\xc2\x9b" "31m\xc2\x80\xc2\x9f\xc2\xa0", "\\u009b31m\\u0080\\u009f\xc2\xa0", "C1");
	CHECK("\x9b" "31m\x90\x9d", "\\x9b31m\\x90\\x9d", "C1 as bytes");
	CHECK("\xe2\x80\xae" "a\xe2\x80\xaa\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaa\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f",
	    "\\u202ea\\u202a\\u2066\\u2069\xe2\x81\xaa\\u061c\\u200e\\u200f", "directions");
	CHECK("\xe2\x80\xa8\xe2\x80\xa9", "\\u2028\\u2029", "line ends of Unicode");
	CHECK("\xc0\x9b\xc1\xbf\xf5\xff\xc3", "\\xc0\\x9b\\xc1\\xbf\\xf5\\xff\\xc3", "no UTF-8");
	CHECK("\xe2\x80z\xf0\x9f\x98", "\\xe2\\x80z\\xf0\\x9f\\x98", "cut characters");
	return tap_done();
}
