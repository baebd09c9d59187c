/* Whose is what the plan is about: what the ledger says of a row, and what it gets to know. */
#ifndef APPLY_COGNITO_OWN_H
#define APPLY_COGNITO_OWN_H

#include "task.h"

/* "created before, by the ledger" */
extern const char own_made_before[];

/* Adds a line about the row's user; about its group. */
void own_note(struct task *t, enum plan_ledger_state state);
void own_note_group(struct task *t, enum plan_ledger_state state);

/* The same of a user who was asked about, whom the answer calls enabled, or not. */
void own_note_found(struct task *t, enum plan_ledger_state state, enum plan_ledger_enabled enabled);

/* Notes that all of the row's user was made, with what is known of him from now on. */
void own_note_created(struct task *t);

/* Before a user is changed who is there: what the ledger says of that does not count any more. */
void own_expect(struct task *t);

/* Notes what is known again of one whose row is done, or was so already. */
void own_settle(struct task *t);

/*
 * Notes that the row's user or group is about to be made, unless it will not be: then the row is
 * over.
 */
void own_announce(struct task *t);

/* Notes that of a row that is over, unless what it is about is not there any more. */
void own_adopt(struct task *t);

/*
 * Ends the row if whoever it is about is not there any more by the ledger, or another one has the
 * name: the plan is one of before that.
 */
void own_outlive(struct task *t);

/* Whether what the row is about is ours, by the ledger. */
bool own_is_ours(const struct task *t);

/*
 * Whether the row changes, or takes something from, what is not ours by the ledger.  Without a
 * ledger, in a dry run, nothing is known, and so it does not.
 */
bool own_is_foreign(const struct task *t);

#endif
