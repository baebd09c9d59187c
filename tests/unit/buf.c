/* base/buf.h and base/mem.h. */
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "tap.h"

static void
test_append(void)
{
	struct buf b;

	buf_init(&b, 10);
	is(buf_string(&b), "", "an empty buffer is the empty string");
	ok(b.data == NULL, "an empty buffer allocates nothing");
	ok(buf_append(&b, NULL, 0) == 0 && b.len == 0, "nothing may be appended");
	ok(buf_append_string(&b, "abc") == 0 && buf_append_byte(&b, 'd') == 0, "appends");
	is(buf_string(&b), "abcd", "the bytes are there");
	ok(buf_append(&b, "\0x", 2) == 0 && b.len == 6 && memcmp(b.data, "abcd\0x", 7) == 0,
	    "NUL is a byte like others");
	buf_clear(&b);
	is(buf_string(&b), "", "clear empties");
	ok(b.cap > 0, "clear keeps the memory");
	buf_free(&b);
	ok(b.data == NULL && b.cap == 0 && b.max == 10, "free leaves an empty buffer");
}

static void
test_maximum(void)
{
	struct buf b;

	buf_init(&b, 10);
	ok(buf_append_string(&b, "0123456789") == 0, "fills up to the maximum");
	ok(buf_append_byte(&b, 'x') == -1, "one more byte fails");
	ok(buf_appendf(&b, "%d", 1) == -1, "a formatted byte fails too");
	ok(buf_append(&b, "", 0) == 0, "nothing more still fits");
	is(buf_string(&b), "0123456789", "what failed changed nothing");
	ok(b.cap <= 11, "memory stays within the maximum");
	buf_free(&b);
	buf_init(&b, SIZE_MAX);
	ok(buf_append_string(&b, "x") == 0 && buf_reserve(&b, SIZE_MAX) == -1,
	    "a length that overflows fails");
	buf_free(&b);
	buf_init(&b, 0);
	ok(buf_append_byte(&b, 'x') == -1, "a maximum of nothing takes nothing");
	buf_free(&b);
}

static void
test_growth(void)
{
	struct buf b;
	bool good = true;

	buf_init(&b, 100000);
	for (int i = 0; i < 100000; i++)
		good = good && buf_append_byte(&b, (char)('a' + i % 26)) == 0;
	for (size_t i = 0; i < b.len; i++)
		good = good && b.data[i] == (char)('a' + i % 26);
	ok(good && b.len == 100000 && b.data[b.len] == '\0', "grows byte by byte to its maximum");
	buf_clear(&b);
	ok(buf_appendf(&b, "%s-%05d", "x", 42) == 0, "formats");
	is(buf_string(&b), "x-00042", "as printf would");
	buf_wipe(&b);
	ok(b.data == NULL && b.len == 0, "wipe leaves an empty buffer");
}

static void
test_mem(void)
{
	char *s = mem_dup("a\0b", 3), *none = mem_dup(NULL, 0), *zero = mem_alloc(4);
	void *empty = mem_resize(NULL, 0, 8);

	ok(memcmp(s, "a\0b", 4) == 0, "mem_dup copies NULs and ends with one");
	is(none, "", "mem_dup of nothing");
	ok(memcmp(zero, "\0\0\0", 4) == 0, "mem_alloc zeroes");
	ok(empty != NULL, "mem_resize to nothing gives a pointer");
	ok(mem_dup_string(NULL) == NULL, "mem_dup_string of NULL");
	mem_wipe(s, 3);
	ok(memcmp(s, "\0\0\0", 4) == 0, "mem_wipe wipes");
	mem_wipe(NULL, 0);
	mem_wipe_free(NULL);
	mem_wipe_free(mem_dup_string("secret"));
	free(s);
	free(none);
	free(zero);
	free(empty);
}

int
main(void)
{
	test_append();
	test_maximum();
	test_growth();
	test_mem();
	return tap_done();
}
