/* base/keyset.h: exact, UUIDs packed, whatever the number and the length, in memory and in files. */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "base/keyset.h"
#include "base/prog.h"
#include "child.h"
#include "tap.h"

static const char uuid[] = "0b7c1de0-9a3f-4c11-8e55-00ffab12cd34";

static uint32_t
find(struct keyset *s, const char *text, size_t len)
{
	struct keyset_key k;

	keyset_key(&k, text, len);
	return keyset_find(s, &k);
}

static uint32_t
add(struct keyset *s, const char *text, size_t len)
{
	struct keyset_key k;

	keyset_key(&k, text, len);
	return keyset_add(s, &k);
}

static void
comes_back(struct keyset *s, const char *text, size_t len, const char *title)
{
	uint32_t entry = add(s, text, len);
	struct buf b;

	buf_init(&b, KEYSET_KEY_MAX);
	keyset_text(s, entry, &b);
	ok(b.len == len && memcmp(buf_string(&b), text, len) == 0 &&
	    find(s, text, len) == entry, title);
	buf_free(&b);
}

static void
test_texts(void)
{
	static const char raw[16] = { 0x0b, 0x7c, 0x1d, (char)0xe0, (char)0x9a, 0x3f, 0x4c, 0x11,
		(char)0x8e, 0x55, 0x00, (char)0xff, (char)0xab, 0x12, (char)0xcd, 0x34 };
	char longest[KEYSET_KEY_MAX];
	struct keyset s;

	keyset_init(&s);
	memset(longest, 'x', sizeof longest);
	comes_back(&s, uuid, 36, "a UUID");
	comes_back(&s, "0B7C1DE0-9a3f-4c11-8e55-00ffab12cd34", 36, "one with capitals");
	comes_back(&s, "0b7c1de0-9a3f-4c11-8e55-00ffab12cd3g", 36, "what only looks like one");
	comes_back(&s, "0b7c1de0+9a3f-4c11-8e55-00ffab12cd34", 36, "or has no dash");
	comes_back(&s, uuid, 35, "or is too short");
	comes_back(&s, "", 0, "the empty text");
	comes_back(&s, "a\0b", 3, "one with a NUL");
	comes_back(&s, longest, sizeof longest, "the longest");
	ok(s.count == 8, "all of them are different");
	ok(find(&s, raw, sizeof raw) == 0, "the bytes of a UUID are not the UUID");
	ok(find(&s, "nobody", 6) == 0, "what is not there");
	keyset_free(&s);
}

/* A plain name for even numbers, a UUID for odd ones. */
static void
name_of(unsigned i, char *text, size_t size)
{
	if (i % 2 == 0)
		snprintf(text, size, "user%u", i);
	else
		snprintf(text, size, "%08x-0000-4000-8000-000000000000", i);
}

/* So many texts each come back with their number; what each set holds in memory is bounded. */
static void
test_many(unsigned many, const char *title)
{
	struct keyset s;
	char text[40];
	bool all = true;

	keyset_init(&s);
	for (unsigned i = 0; i < many; i++) {
		uint32_t entry;

		name_of(i, text, sizeof text);
		all = all && find(&s, text, strlen(text)) == 0;
		entry = add(&s, text, strlen(text));
		keyset_set_number(&s, entry, i + 1);
		/* One who came long before is asked for meanwhile. */
		name_of(i / 2, text, sizeof text);
		entry = find(&s, text, strlen(text));
		all = all && entry != 0 && keyset_number(&s, entry) == i / 2 + 1;
	}
	for (unsigned i = 0; i < many; i++) {
		uint32_t entry;

		name_of(i, text, sizeof text);
		entry = find(&s, text, strlen(text));
		all = all && entry != 0 && keyset_number(&s, entry) == i + 1 &&
		    add(&s, text, strlen(text)) == entry;
	}
	ok(all && s.count == many && s.filed == (many > KEYSET_MEMORY_KEYS), title);
	ok(s.len < (size_t)many * 24, "in a few bytes each");
	keyset_free(&s);
}

/* Long texts pass the bound of bytes before that of numbers. */
static void
test_long(void)
{
	enum { MANY = 1000 };
	char text[KEYSET_KEY_MAX];
	struct keyset s;
	struct buf b;
	bool all = true;

	keyset_init(&s);
	buf_init(&b, KEYSET_KEY_MAX);
	memset(text, 'y', sizeof text);
	for (unsigned i = 0; i < MANY; i++) {
		memcpy(text, &i, sizeof i);
		all = all && add(&s, text, sizeof text - i) != 0;
	}
	ok(s.filed, "long texts go to the file");
	for (unsigned i = 0; i < MANY; i++) {
		uint32_t entry;

		memcpy(text, &i, sizeof i);
		entry = find(&s, text, sizeof text - i);
		all = all && entry != 0 && find(&s, text, sizeof text - i - 1) == 0;
		keyset_text(&s, entry, &b);
		all = all && b.len == sizeof text - i && memcmp(b.data, text, b.len) == 0;
	}
	ok(all && s.count == MANY, "and come back whole");
	add(&s, uuid, 36);
	comes_back(&s, uuid, 36, "a UUID from the file");
	buf_free(&b);
	keyset_free(&s);
}

/* A file of few places, made by few long texts, takes all that memory held of short ones. */
static void
test_long_then_many(void)
{
	enum { LONG = KEYSET_MEMORY_BYTES / KEYSET_KEY_MAX + 1, MANY = 2 * KEYSET_MEMORY_KEYS };
	char text[KEYSET_KEY_MAX];
	struct keyset s;
	bool all = true;

	keyset_init(&s);
	memset(text, 'z', sizeof text);
	for (unsigned i = 0; i < LONG; i++) {
		memcpy(text, &i, sizeof i);
		add(&s, text, sizeof text);
	}
	all = s.filed;
	for (unsigned i = 0; i < MANY; i++) {
		name_of(i, text, sizeof text);
		keyset_set_number(&s, add(&s, text, strlen(text)), i + 1);
	}
	for (unsigned i = 0; i < MANY; i++) {
		uint32_t entry;

		name_of(i, text, sizeof text);
		entry = find(&s, text, strlen(text));
		all = all && entry != 0 && keyset_number(&s, entry) == i + 1;
	}
	ok(all && s.count == LONG + MANY, "many short texts behind few long ones");
	keyset_free(&s);
}

static int
fill_up(void *arg)
{
	struct rlimit limit = { 1 << 20, 1 << 20 };
	struct keyset s;

	(void)arg;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	keyset_init(&s);
	for (unsigned i = 0; i < 2 * KEYSET_MEMORY_KEYS; i++) {
		char text[40];

		name_of(i, text, sizeof text);
		add(&s, text, strlen(text));
	}
	return 9;
}

int
main(void)
{
	test_texts();
	test_many(KEYSET_MEMORY_KEYS, "as many as memory holds, each with its number");
	test_many(300000 / (unsigned)tap_one_of(4), "many more in a file that grows");
	test_long();
	test_long_then_many();
	ok(child_run(fill_up, NULL) == PROG_FAIL &&
	    strstr(child_err, "temporary file: cannot write") != NULL,
	    "a disk that is full ends the program");
	return tap_done();
}
