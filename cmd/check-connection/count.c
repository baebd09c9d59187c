/*
 * Counting with few calls (count.h).
 *
 * A sub looks like a random UUID, but of some pools every second digit at its beginning is the same
 * for all users of the region.  So the digits that a position can have are taken from the users
 * seen, and a prefix is one of all those that these make; with random prefixes of one length the
 * mean of the users behind a prefix, times the number of prefixes, is a fair estimate.
 */
#include "count.h"

#include <string.h>

#include "base/hash.h"
#include "base/num.h"
#include "json/tok.h"
#include "net/pool.h"

#include "page.h"

enum {
	DIGITS = 16,
	SEEN_MANY = 4,		/* more different digits than this: it may be any */
	PREFIXES = 16,		/* asked for */
	PAGES_MAX = 3,		/* of users behind one prefix */
	GROUP_PAGES = 5, GROUPS_ASKED = 20,
	FILTER_SIZE = 32,
	ANSWER_TOKENS_MAX = 1024 * 1024,
	USERS_MAX = 1000 * 1000 * 1000
};

static const char digits[] = "0123456789abcdef";

/* What a position can hold: one digit at least. */
struct position {
	char digit[DIGITS];
	unsigned char others;	/* besides the first */
};

struct sampler {
	struct check *check;
	struct position at[MEASURE_SUB];
	struct hash_key key;		/* of the order in which prefixes are taken */
};

static bool
is_known_digit(const struct position *p, char d)
{
	return memchr(p->digit, d, (size_t)p->others + 1) != NULL;
}

/* Returns whether the subs are such that they can be sampled. */
static bool
read_positions(struct sampler *s, const struct measure *m)
{
	for (int at = 0; at < MEASURE_SUB; at++) {
		struct position *p = &s->at[at];

		p->others = 0;
		for (size_t i = 0; i < m->subs; i++) {
			char d = m->sub[i][at];

			if (d == '\0' || strchr(digits, d) == NULL)
				return false;
			if (i == 0)
				p->digit[0] = d;
			else if (!is_known_digit(p, d))
				p->digit[++p->others] = d;
		}
		if (p->others >= SEEN_MANY) {
			memcpy(p->digit, digits, DIGITS);
			p->others = DIGITS - 1;
		}
	}
	return m->subs > 0;
}

/* How many prefixes of that length there are. */
static uint64_t
prefixes(const struct sampler *s, int length)
{
	uint64_t n = 1;

	for (int i = 0; i < length; i++)
		n *= (uint64_t)s->at[i].others + 1;
	return n;
}

/*
 * Counts the users whose sub begins with the prefix of that number.  Returns 0; 1 if they are more
 * than fit some pages; -1 if the call failed.
 */
static int
count_prefix(struct sampler *s, int length, uint64_t number, uint64_t *users)
{
	char filter[FILTER_SIZE] = "sub ^= \"";
	size_t end = strlen(filter);
	struct page p;
	int pages = 0, result = 0;

	for (int i = 0; i < length; i++) {
		int count = s->at[i].others + 1;

		filter[end++] = s->at[i].digit[number % (uint64_t)count];
		number /= (uint64_t)count;
	}
	filter[end] = '"';
	page_start(&p, s->check, PLAN_LIST_USERS, "Filter", filter);
	do {
		if (pages++ == PAGES_MAX) {
			result = 1;
			break;
		}
		if (page_next(&p) != NULL) {
			result = -1;
			break;
		}
		*users += p.items;
	} while (!p.last);
	page_end(&p);
	return result;
}

/* A number below limit, another one for every turn while there are any. */
static uint64_t
choose(const struct sampler *s, uint64_t turn, uint64_t limit)
{
	return limit <= PREFIXES ? turn : hash_bytes(&s->key, &turn, sizeof turn) % limit;
}

static struct count
sample_users(struct check *c, const struct measure *m)
{
	struct count at_least = { COUNT_AT_LEAST, m->users };
	struct sampler s = { .check = c, .key = hash_key_random() };

	if (!read_positions(&s, m))
		return at_least;
	for (int length = 1; length <= MEASURE_SUB; length++) {
		uint64_t limit = prefixes(&s, length), users = 0;
		uint64_t turns = limit < PREFIXES ? limit : PREFIXES;
		int result = 0;

		for (uint64_t turn = 0; turn < turns && result == 0; turn++)
			result = count_prefix(&s, length, choose(&s, turn, limit), &users);
		if (result < 0)
			break;
		users = (uint64_t)((double)users * (double)limit / (double)turns);
		if (result == 0 && users >= m->users)
			return (struct count){ COUNT_SAMPLED, users };
	}
	return at_least;
}

/* What DescribeUserPool says, if it may be called.  Returns whether it was. */
static bool
describe_pool(struct check *c, uint64_t *users)
{
	const struct aws_result *result;
	uint32_t pool, index = 0;
	struct tok_list list;
	int64_t number = -1;
	struct buf body;
	const char *why;

	buf_init(&body, POOL_REQUEST_MAX);
	(void)pool_request(&body, c->pool, NULL, NULL, false);
	result = aws_call(c->client, "DescribeUserPool", body.data, body.len);
	buf_free(&body);
	if (result->outcome != AWS_OK)
		return false;
	tok_init(&list, ANSWER_TOKENS_MAX);
	if (tok_parse(&list, result->body, result->body_len) == TOK_OK &&
	    (pool = tok_member(&list, result->body, 0, "UserPool")) != 0)
		index = tok_member(&list, result->body, pool, "EstimatedNumberOfUsers");
	if (index != 0 && list.tok[index].type == TOK_NUMBER) {
		result->body[list.tok[index].end] = '\0';
		if (num_parse(result->body + list.tok[index].start, 0, USERS_MAX, &number,
		    &why) != 0)
			number = -1;
	}
	tok_free(&list);
	*users = number >= 0 ? (uint64_t)number : 0;
	return number >= 0;
}

struct count
count_users(struct check *c, unsigned permitted, const struct measure *m)
{
	struct count n = { COUNT_UNKNOWN, 0 };

	if (m->all)
		return (struct count){ COUNT_EXACT, m->users };
	if (!plan_has(permitted, PLAN_LIST_USERS))
		return n;
	if (describe_pool(c, &n.number) && n.number >= m->users)
		n.kind = COUNT_ESTIMATED;
	else
		n = sample_users(c, m);
	return n;
}

/* Counts the items of at most so many pages. */
static struct count
count_pages(struct check *c, int operation, const char *group, int pages)
{
	struct count n = { COUNT_AT_LEAST, 0 };
	struct page p;

	page_start(&p, c, operation, group != NULL ? "GroupName" : NULL, group);
	while (pages-- > 0 && page_next(&p) == NULL) {
		n.number += p.items;
		if (p.last) {
			n.kind = COUNT_EXACT;
			break;
		}
	}
	page_end(&p);
	return n;
}

struct count
count_groups(struct check *c, unsigned permitted)
{
	if (!plan_has(permitted, PLAN_LIST_GROUPS))
		return (struct count){ COUNT_UNKNOWN, 0 };
	return count_pages(c, PLAN_LIST_GROUPS, NULL, GROUP_PAGES);
}

struct count
count_members(struct check *c, unsigned permitted)
{
	struct count all = { COUNT_EXACT, 0 };

	if (!plan_has(permitted, PLAN_LIST_USERS_IN_GROUP))
		return (struct count){ COUNT_UNKNOWN, 0 };
	for (size_t i = 0; i < c->groups.count && i < GROUPS_ASKED; i++) {
		struct count n = count_pages(c, PLAN_LIST_USERS_IN_GROUP, c->groups.items[i], 1);

		all.number += n.number;
		if (n.kind != COUNT_EXACT)
			all.kind = COUNT_AT_LEAST;
	}
	if (c->groups.count > GROUPS_ASKED)
		all.kind = COUNT_AT_LEAST;
	return all;
}
