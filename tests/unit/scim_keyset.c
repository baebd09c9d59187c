/* The set of texts of emit-scim: exact, UUIDs packed, whatever the number and the length. */
/* A command's helper is in no archive. */
#include "../../cmd/emit-scim/keyset.c"	/* NOLINT(bugprone-suspicious-include) */

#include "tap.h"

static const char uuid[] = "0b7c1de0-9a3f-4c11-8e55-00ffab12cd34";

static void
comes_back(struct keyset *s, const char *text, size_t len, const char *title)
{
	uint32_t entry = keyset_add(s, text, len);
	struct buf b;

	buf_init(&b, KEYSET_KEY_MAX);
	keyset_text(s, entry, &b);
	ok(b.len == len && memcmp(buf_string(&b), text, len) == 0 &&
	    keyset_find(s, text, len) == entry, title);
	buf_free(&b);
}

static void
test_texts(void)
{
	char longest[KEYSET_KEY_MAX], raw[16];
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
	pack(uuid, 36, (unsigned char *)raw);
	ok(keyset_find(&s, raw, sizeof raw) == 0, "the bytes of a UUID are not the UUID");
	ok(keyset_find(&s, "nobody", 6) == 0, "what is not there");
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

static void
test_many(void)
{
	enum { MANY = 100000 };
	struct keyset s;
	char text[40];
	bool all = true;

	keyset_init(&s);
	for (unsigned i = 0; i < MANY; i++) {
		name_of(i, text, sizeof text);
		keyset_set_number(&s, keyset_add(&s, text, strlen(text)), i + 1);
	}
	for (unsigned i = 0; i < MANY; i++) {
		uint32_t entry;

		name_of(i, text, sizeof text);
		entry = keyset_find(&s, text, strlen(text));
		all = all && entry != 0 && keyset_number(&s, entry) == i + 1 &&
		    keyset_add(&s, text, strlen(text)) == entry;
	}
	ok(all && s.count == MANY, "many, each with its number");
	ok(s.len < (size_t)MANY * 24, "in a few bytes each");
	keyset_free(&s);
}

int
main(void)
{
	test_texts();
	test_many();
	return tap_done();
}
