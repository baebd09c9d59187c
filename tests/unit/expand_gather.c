/* expand-members' memberships by user through sort(1), and the bytes that it puts aside. */
/* A command's helpers are in no archive. */
#include "../../cmd/expand-members/gather.c"	/* NOLINT(bugprone-suspicious-include) */
#include "../../cmd/expand-members/stash.c"	/* NOLINT(bugprone-suspicious-include) */

#include "tap.h"

enum { MANY = 20000 };

struct seen {
	struct gather *g;
	uint64_t hash;
	size_t users, places;
	bool rising, hashed;
	struct buf text;	/* "NAME:GROUP@AT,...;" of a short run */
	int answer;
};

static int
take(void *arg, const struct gather_user *user)
{
	struct seen *s = arg;

	s->rising = s->rising && user->hash >= s->hash;
	s->hashed = s->hashed && gather_hash(s->g, user->name, user->len) == user->hash;
	s->hash = user->hash;
	s->users++;
	s->places += user->count;
	buf_append(&s->text, user->name, user->len);
	for (size_t i = 0; i < user->count; i++)
		buf_appendf(&s->text, ":%u@%u", (unsigned)user->in[i].group,
		    (unsigned)user->in[i].at);
	buf_append_byte(&s->text, ';');
	return s->answer;
}

static void
start(struct seen *s)
{
	*s = (struct seen){ .g = gather_new(), .rising = true, .hashed = true };
	buf_init(&s->text, (size_t)1024 * 1024);
}

static void
end(struct seen *s)
{
	gather_free(s->g);
	buf_free(&s->text);
}

static void
test_users(void)
{
	static const char odd[] = "a\n0000000000000001" "0001";
	uint64_t repeated;
	struct seen s;

	start(&s);
	ok(gather_end(s.g, take, &s, &repeated) == 0 && s.users == 0 && repeated == UINT64_MAX,
	    "nobody");
	end(&s);
	start(&s);
	gather_add(s.g, odd, strlen(odd), 9999, 7);
	gather_add(s.g, "a", 1, 3, 5);
	gather_add(s.g, "a", 1, 1, 9);
	gather_add(s.g, "a", 1, 2, 6);
	ok(gather_end(s.g, take, &s, &repeated) == 0 && s.users == 2 && repeated == UINT64_MAX,
	    "a name that looks like the end of a line is its own");
	ok(strstr(s.text.data, "a:3@5:2@6:1@9;") != NULL && strstr(s.text.data, ":9999@7;") != NULL,
	    "groups in the order in which they were seen");
	end(&s);
	start(&s);
	gather_add(s.g, "a", 1, 3, 9);
	gather_add(s.g, "b", 1, 3, 1);
	gather_add(s.g, "a", 1, 2, 2);
	gather_add(s.g, "a", 1, 3, 4);
	gather_add(s.g, "b", 1, 3, 7);
	gather_add(s.g, "a", 1, 3, 8);
	ok(gather_end(s.g, take, &s, &repeated) == 0 && repeated == 7 && s.users == 2,
	    "of what repeats the first is told");
	ok(strstr(s.text.data, "a:2@2:3@4;") != NULL, "and it is given once");
	end(&s);
	start(&s);
	gather_add(s.g, "a", 1, 3, 9);
	gather_add(s.g, "b", 1, 3, 1);
	s.answer = -1;
	ok(gather_end(s.g, take, &s, &repeated) == -1 && s.users == 1,
	    "a taker that fails ends it");
	end(&s);
}

static void
test_many(void)
{
	uint64_t repeated;
	struct seen s;
	char name[32];

	start(&s);
	for (unsigned i = 0; i < 3 * MANY; i++) {
		snprintf(name, sizeof name, "user%u", i % MANY);
		gather_add(s.g, name, strlen(name), i / MANY, i);
	}
	ok(gather_end(s.g, take, &s, &repeated) == 0 && s.users == MANY && s.places == (size_t)3 * MANY &&
	    repeated == UINT64_MAX, "many users");
	ok(s.rising && s.hashed, "by rising hash");
	end(&s);
}

/* Whether the numbers 0 to MANY - 1, each of four bytes, are found again in this manner. */
static bool
reads(struct stash *s, unsigned step, size_t ahead)
{
	for (unsigned k = 0, i = 0; k < MANY; k++, i = (i + step) % MANY) {
		const char *text = stash_read(s, i * sizeof i, sizeof i, ahead);
		unsigned got;

		if (text == NULL)
			return false;
		memcpy(&got, text, sizeof got);
		if (got != i)
			return false;
	}
	return true;
}

static void
test_stash(size_t kept, bool spilled, const char *title)
{
	struct stash s;

	stash_init(&s, kept);
	for (unsigned i = 0; i < MANY; i++)
		stash_append(&s, &i, sizeof i);
	ok(stash_read(&s, 0, 0, 0) != NULL, "nothing, at the start, before anything was read");
	ok(s.len == MANY * sizeof(unsigned) && s.spilled == spilled, title);
	ok(reads(&s, 1, 0) && reads(&s, 1, 1000) && reads(&s, 7919, 100) &&
	    reads(&s, MANY - 1, 64), "read in any order");
	ok(stash_read(&s, s.len, 0, 10) != NULL, "nothing, at the end");
	stash_free(&s);
	ok(s.len == 0 && stash_append(&s, "abc", 3) == 0 &&
	    memcmp(stash_read(&s, 1, 2, 9), "bc", 2) == 0, "used again");
	stash_free(&s);
}

int
main(void)
{
	test_users();
	test_many();
	test_stash((size_t)1024 * 1024, false, "all in memory");
	test_stash(1000, true, "some in memory before a file was made");
	test_stash(0, true, "none in memory");
	return tap_done();
}
