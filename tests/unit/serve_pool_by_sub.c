/* The order by sub of serve-pool: the same users are found as by looking at everybody. */
#include "tap.h"

/* A command's parts are in no archive. */
#include "../../cmd/serve-pool/by_sub.c"	/* NOLINT(bugprone-suspicious-include) */
#include "../../cmd/serve-pool/search.c"	/* NOLINT(bugprone-suspicious-include) */
#include "../../cmd/serve-pool/wire.c"		/* NOLINT(bugprone-suspicious-include) */

static const char *const subs[] = {
	"b", "a", "A", "abcdefgh1", "abcdefgh2", "ABCDEFGH3", "abcdefg", "~~~~~~~~~", "\xc3\xa9", "", "0a",
	"z", "abcdefghi", "0"
};

enum { USERS = sizeof subs / sizeof *subs };

static struct store_item items[USERS];
static struct buf forms[USERS];
static uint32_t order[USERS];

static void
make_users(void)
{
	for (uint32_t i = 0; i < USERS; i++) {
		char record[200];
		struct tok_list list;

		snprintf(record, sizeof record, "{\"Username\":\"u%u\",\"Enabled\":true,"
		    "\"UserStatus\":\"CONFIRMED\",\"Attributes\":{\"sub\":\"%s\"}}", (unsigned)i,
		    subs[i]);
		tok_init(&list, 100);
		buf_init(&forms[i], 1000);
		ok(tok_parse(&list, record, strlen(record)) == TOK_OK &&
		    wire_user(&forms[i], &list, record, &items[i]) == NULL, record);
		tok_free(&list);
		order[i] = i;
	}
}

/* How many of the list a filter means. */
static size_t
found(const struct search *s, const uint32_t *list, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += search_matches(s, &items[list[i]]);
	return n;
}

static void
check(const struct by_sub *b, const char *filter, size_t wanted)
{
	const uint32_t *list = NULL;
	struct search s;
	size_t count = 0;

	ok(search_parse(&s, filter, strlen(filter)) == NULL && by_sub_find(b, &s, &list, &count) &&
	    found(&s, list, count) == wanted && found(&s, order, USERS) == wanted, filter);
	search_free(&s);
}

int
main(void)
{
	struct store_table table = { .item = items, .order = order, .order_count = USERS };
	const uint32_t *list;
	struct by_sub b;
	struct search s;
	size_t count;

	make_users();
	by_sub_make(&b, &table);
	ok(b.count == USERS, "everybody has a sub");
	check(&b, "sub ^= \"a\"", 7);
	check(&b, "sub ^= \"A\"", 7);
	check(&b, "sub = \"a\"", 2);
	check(&b, "sub ^= \"abcdefgh\"", 4);
	check(&b, "sub ^= \"abcdefgh2\"", 1);
	check(&b, "sub = \"abcdefgh3\"", 1);
	check(&b, "sub ^= \"~\"", 1);
	check(&b, "sub ^= \"~~~~~~~~\"", 1);
	check(&b, "sub ^= \"0\"", 2);
	check(&b, "sub ^= \"\xc3\xa9\"", 1);
	check(&b, "sub ^= \"\"", USERS);
	check(&b, "sub = \"\"", 1);
	check(&b, "sub ^= \"y\"", 0);
	ok(search_parse(&s, "email ^= \"a\"", 12) == NULL && !by_sub_find(&b, &s, &list, &count),
	    "no other attribute");
	search_free(&s);
	by_sub_free(&b);
	for (int i = 0; i < USERS; i++)
		buf_free(&forms[i]);
	return tap_done();
}
