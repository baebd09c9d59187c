/* What the parts of gathering share. */
#ifndef POOL_REPORT_GATHER_PARTS_H
#define POOL_REPORT_GATHER_PARTS_H

#include "gather.h"

/* The first rows of the tally of attributes, which is made with these. */
enum known {
	EMAIL, EMAIL_VERIFIED, PHONE, PHONE_VERIFIED, PREFERRED_USERNAME, KNOWN
};

/* A user, as far as it is asked for again. */
struct user {
	const struct record_reader *r;
	struct totals *totals;
	uint32_t value[KNOWN];	/* tokens; 0: none, or empty */
	size_t status;		/* row of the tally */
	char enabled;		/* 't', 'f' or '-' */
	bool federated;
	enum factor factor;
	bool listed;		/* all his second factors are known, and are in methods */
	uint64_t methods;	/* a sum over them, in whatever order */
};

/*
 * The text of a value, of a string its meaning with LINE_NUL for NULs; index 0 and null are empty.
 * Borrowed from the record, or from b.
 */
const char *gather_text(struct buf *b, const struct record_reader *r, uint32_t index, size_t *len);

/* Whether there is a value, and it is this string. */
bool gather_is(const struct record_reader *r, uint32_t index, const char *text);

void gather_end_line(struct gather *g);

/* Makes the rows of enum known, the first ones of the tally. */
void shared_names(struct tally *attributes);

/* What the user may have in common with others: addresses, identities; and counts them. */
void shared_take(struct gather *g, struct user *u);

#endif
