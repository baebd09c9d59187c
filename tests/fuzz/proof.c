/*
 * Any bytes as the proof of list-users, written by it or not.  Compared with a tree of each line
 * (tree.h): a proof counts only if all its lines are beginnings of sub, each once, and its seal is
 * whole, of this source, young enough; then it knows exactly the beginnings that it lists.  What is
 * counted by hand and written as a proof says is read as that.
 *
 * The first byte chooses: a seal behind the lines, and how old it is.
 *
 * With: cmd/list-users/proof.c
 * Link: -Wl,--wrap=read,--wrap=clock_wall_ms
 */
#include <stdint.h>
#include <unistd.h>

#include "list-users/proof.h"

#include "tree.h"

enum { FD = 1000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
ssize_t __wrap_read(int fd, void *to, size_t len);
int64_t __wrap_clock_wall_ms(void);
const char *__asan_default_options(void);

static struct text input;
static size_t input_at;

const char *
__asan_default_options(void)
{
	return "quarantine_size_mb=1";
}

ssize_t
__wrap_read(int fd, void *to, size_t len)
{
	size_t n = input.len - input_at;

	check(fd == FD);
	n = n < len ? n : len;
	memcpy(to, input.s + input_at, n);
	input_at += n;
	return (ssize_t)n;
}

/* 2020-01-01T00:00:00Z */
int64_t
__wrap_clock_wall_ms(void)
{
	return 1577836800000;
}

static bool
can_ask(char c)
{
	return c > ' ' && c <= '~' && c != '"' && c != '\\';
}

/* Whether the line is one of a proof. */
static bool
is_row(const struct tree *t)
{
	const struct tree *prefix = tree_get(t, "Prefix"), *users = tree_get(t, "Users");

	return t != NULL && t->kind == TREE_OBJECT && prefix != NULL && users != NULL &&
	    prefix->kind == TREE_STRING && (prefix->len == 1 || prefix->len == 2) &&
	    can_ask(prefix->s[0]) && (prefix->len == 1 || can_ask(prefix->s[1])) &&
	    users->kind == TREE_NUMBER && users->s[0] >= '1' && users->s[0] <= '9';
}

/* How often each beginning was listed; the second is 0 where there is none. */
static unsigned char seen[128][128];

/* Notes a beginning.  Returns whether it was there. */
static bool
list(const char *prefix)
{
	unsigned char *times = &seen[(unsigned char)prefix[0]][(unsigned char)prefix[1]];

	return (*times)++ > 0;
}

static void
compare(const struct proof *p, bool good)
{
	check((p->why[0] == '\0') == good);
	for (int i = PROOF_FIRST; good && i <= PROOF_LAST; i++) {
		bool first = false;

		for (int j = 0; j <= PROOF_LAST; j++) {
			char sub[3] = { (char)i, (char)j, '\0' };

			first |= seen[i][j] != 0;
			if (j == 0 || can_ask((char)j))
				check(proof_knows(p, sub, strlen(sub), 2) == (seen[i][j] != 0));
		}
		check(proof_knows(p, (char[]){ (char)i, '?' }, 2, 1) == first);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const started[] = { "2019-12-31T23:59:00.000Z",
	    "2019-12-01T00:00:00.000Z",
		"2020-01-01T00:04:59.000Z", "2020-01-01T01:00:00.000Z", "x" };
	static struct proof p;
	unsigned long long rows = 0;
	bool good = true, simple = true;
	size_t from = 0;
	char seal[300];
	const char *lf;
	int age;

	if (size < 1)
		return 0;
	age = data[0] % 5;
	memset(&p, 0, sizeof p);
	memset(seen, 0, sizeof seen);
	input.len = input_at = 0;
	text_add(&input, data + 1, size - 1);
	for (; (lf = memchr(input.s + from, '\n', input.len - from)) != NULL; rows++) {
		size_t len = (size_t)(lf - input.s) - from;
		struct tree *t = tree_parse(input.s + from, len);

		simple &= t != NULL && t->kind == TREE_OBJECT &&
		    memchr(input.s + from, '~', len) == NULL &&
		    memchr(input.s + from, '\\', len) == NULL && !tree_has_lone(t) &&
		    tree_get(t, "Username") == NULL && tree_get(t, "GroupName") == NULL &&
		    tree_get(t, "Attributes") == NULL && tree_get(t, "Groups") == NULL;
		if (is_row(t))
			good &= !list(tree_get(t, "Prefix")->s);
		else
			good = false;
		tree_free(t);
		from += len + 1;
	}
	/* Only what has no tricks of its own is given a seal that fits. */
	if (!simple || from < input.len)
		return 0;
	snprintf(seal, sizeof seal, "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":%llu,\"bytes\":%zu,"
	    "\"source\":\"s\",\"scope\":\"%s\",\"started\":\"%s\"}}\n", rows, input.len,
	    (data[0] & 64) != 0 ? "all" : "proof", started[age]);
	if ((data[0] & 128) == 0)
		text_say(&input, seal);
	proof_read(&p, FD, "fuzz", (data[0] & 32) != 0 ? "t" : "s", 3600 * 1000);
	compare(&p, good && data[0] < 32 && (age == 0 || age == 2));
	check(!p.dated || (good && age == 1 && data[0] < 32));
	return 0;
}
