/* What is another than before (changes.h). */
#include "changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sorter.h"

enum {
	HASH_WIDTH = 16,
	STATUS_AT = 1 + HASH_WIDTH, ENABLED_AT = STATUS_AT + 2, FACTOR_AT, NAME_AT,
	LISTED_AT = NAME_AT + HASH_WIDTH, METHODS_AT,
	DIGESTS_AT = METHODS_AT + HASH_WIDTH,
	/* Those that are told apart, and the others. */
	HASHES = ATTRIBUTES_MAX + 1
};

void
compare_init(struct compare *c, struct figures *f)
{
	memset(c, 0, sizeof *c);
	c->figures = f;
	for (int s = 0; s < SIDES; s++) {
		buf_init(&c->first[s], SORTER_LINE_MAX);
		c->hash[s] = mem_alloc(HASHES * sizeof *c->hash[s]);
	}
}

void
compare_free(struct compare *c)
{
	for (int s = 0; s < SIDES; s++) {
		buf_free(&c->first[s]);
		free(c->hash[s]);
	}
}

void
compare_line(struct compare *c, const struct line *l)
{
	if (c->there[l->side])
		return;
	c->there[l->side] = true;
	buf_clear(&c->first[l->side]);
	buf_append(&c->first[l->side], l->rest, l->rest_len);
}

/* The attributes' hashes of a side.  Returns false if they are not there. */
static bool
take_digests(struct compare *c, enum side side)
{
	const struct buf *b = &c->first[side];
	uint64_t number;

	memset(c->hash[side], 0, HASHES * sizeof *c->hash[side]);
	for (size_t at = DIGESTS_AT; at < b->len; at += CHANGES_DIGEST_SIZE)
		if (b->len - at < CHANGES_DIGEST_SIZE || !sorter_hex(b->data + at, 3, &number) ||
		    number >= HASHES ||
		    !sorter_hex(b->data + at + 3, HASH_WIDTH, &c->hash[side][number]))
			return false;
	return true;
}

/* Returns whether any attribute differs. */
static bool
compare_attributes(struct compare *c)
{
	struct changes *to = &c->figures->changes;
	bool any = false;

	for (size_t i = 0; i < HASHES; i++) {
		uint64_t now = c->hash[NOW][i], before = c->hash[BEFORE][i];

		if (now == before)
			continue;
		any = true;
		if (before == 0)
			to->set[i]++;
		else if (now == 0)
			to->cleared[i]++;
		else
			to->altered[i]++;
	}
	return any;
}

/* Somebody who was there and is. */
static void
compare_both(struct compare *c, size_t before_status, size_t now_status)
{
	struct changes *to = &c->figures->changes;
	const char *now = c->first[NOW].data, *before = c->first[BEFORE].data;
	bool any = compare_attributes(c);

	if (before_status != now_status) {
		to->moved[before_status][now_status]++;
		any = true;
	}
	if (now[ENABLED_AT] != before[ENABLED_AT]) {
		to->switched_on += now[ENABLED_AT] == 't' && before[ENABLED_AT] == 'f';
		to->switched_off += now[ENABLED_AT] == 'f' && before[ENABLED_AT] == 't';
		any |= now[ENABLED_AT] != '-' && before[ENABLED_AT] != '-';
	}
	/* What one of the snapshots does not know is no change. */
	if (now[FACTOR_AT] != before[FACTOR_AT] && now[FACTOR_AT] != '0' + FACTOR_UNKNOWN &&
	    before[FACTOR_AT] != '0' + FACTOR_UNKNOWN) {
		to->factor_on += now[FACTOR_AT] == '0' + FACTOR_ON;
		to->factor_off += now[FACTOR_AT] == '0' + FACTOR_OFF;
		any = true;
	} else if (now[FACTOR_AT] == '0' + FACTOR_ON && now[LISTED_AT] == 't' &&
	    before[LISTED_AT] == 't' &&
	    memcmp(now + METHODS_AT, before + METHODS_AT, HASH_WIDTH) != 0) {
		to->factor_other++;
		any = true;
	}
	if (memcmp(now + NAME_AT, before + NAME_AT, HASH_WIDTH) != 0) {
		to->renamed++;
		any = true;
	}
	to->changed += any;
	to->same += !any;
}

/* Returns false if a line is none that we wrote. */
static bool
compare_user(struct compare *c)
{
	struct changes *to = &c->figures->changes;
	uint64_t status[SIDES] = { 0, 0 };

	for (int s = 0; s < SIDES; s++)
		if (c->there[s] && (c->first[s].len < DIGESTS_AT ||
		    !sorter_hex(c->first[s].data + STATUS_AT, 2, &status[s]) ||
		    status[s] > STATUSES_MAX || !take_digests(c, (enum side)s)))
			return false;
	if (c->there[NOW] && c->there[BEFORE]) {
		compare_both(c, (size_t)status[BEFORE], (size_t)status[NOW]);
	} else if (c->there[NOW]) {
		to->fresh++;
		to->fresh_by[status[NOW]]++;
	} else if (c->there[BEFORE]) {
		to->gone++;
		to->gone_by[status[BEFORE]]++;
	}
	return true;
}

bool
compare_end(struct compare *c)
{
	bool good = !c->figures->compared || compare_user(c);

	c->there[NOW] = c->there[BEFORE] = false;
	return good;
}
