/* What is there: the answers of AdminGetUser, AdminCreateUser and GetGroup against a row. */
#ifndef APPLY_COGNITO_ANSWER_H
#define APPLY_COGNITO_ANSWER_H

#include "task.h"

struct answer {
	struct tok_list list;
	const char *text;		/* borrowed from the result */
	uint32_t object;		/* the user or the group in it; 0 is the whole */
	uint32_t attributes;		/* of a user: the array; 0: none */
};

/*
 * Takes a user: AdminGetUser's answer, or within "User" AdminCreateUser's; or the "Group" of one.
 * Returns whether there is one; answer_free in any case.
 */
bool answer_user(struct answer *n, const struct aws_result *r);
bool answer_group(struct answer *n, const struct aws_result *r);

void answer_free(struct answer *n);

/*
 * Whether ListUsersInGroup's answer is that nobody is in the group: no user, and no page more;
 * *said: whether it says who is in it at all.
 */
bool answer_is_nobody(const struct aws_result *r, bool *said);

/* The user's name, and sub; heap, or NULL if it says none. */
char *answer_username(const struct answer *n);
char *answer_sub(const struct answer *n);

/* Whether the member of the answer is the text. */
bool answer_says(const struct answer *n, const char *member, const char *text);

/*
 * Whether the member of both is the same: texts by their meaning, numbers as they are written; null
 * is the same as none.
 */
bool answer_agrees(const struct answer *n, const struct task *t, uint32_t side,
    const char *member);

/* Whether the date is that of the member of the side, where that has it. */
bool answer_agrees_date(const struct answer *n, const struct task *t, uint32_t side,
    const char *member);

/* Whether the user is another one than the row means: its sub says so. */
bool answer_is_other(const struct answer *n, const struct task *t);

/*
 * What the row's Before says that is not so any more, static; NULL: all is as it was, or for an
 * attribute as After will have it.  whole: nor may there be an attribute that Before does not have.
 */
const char *answer_differs(const struct answer *n, const struct task *t, bool whole);

/* Whether the attributes are as the row's After says: those that it takes away are not there. */
bool answer_is_after(const struct answer *n, const struct task *t);

/* Whether the user has the identity that the row's After links. */
bool answer_is_linked(const struct answer *n, const struct task *t);

/* Whether it was made when we were about to make it: by the clock of the service, or nearly so. */
bool answer_is_in_time(const struct answer *n, const struct task *t, const char *member);

/*
 * Whether the user is the one that the row creates: made when we were about to, in a status that
 * none has who signed up himself, and with all attributes that were sent.
 */
bool answer_is_ours(const struct answer *n, const struct task *t);

#endif
