/* A row of the plan on its way: the calls that it takes, one after the other, and how it ends. */
#ifndef APPLY_COGNITO_TASK_H
#define APPLY_COGNITO_TASK_H

#include "apply.h"

enum { TASK_CODE_SIZE = 64, TASK_DETAIL_SIZE = 400 };

struct task {
	struct plan_step step;		/* first */
	struct apply *apply;
	char *text;			/* the row, with its tokens */
	size_t len;
	struct tok_list list;
	struct plan_row row;
	char *key, *username, *sub, *group;	/* decoded; NULL: not in the row */
	struct buf body;		/* of the request */
	void (*then)(struct task *t, const struct aws_result *r);
	enum plan_ledger_state before;	/* of what is to be made, by the ledger */
	bool ours;			/* an earlier run was about to make it */
	int64_t since_ms, until_ms;	/* ours: when earlier runs were, first and last */
	bool mine;			/* this run may have made it: an answer was lost */
	int64_t begun_ms;		/* when this run was about to */
	bool undelivered;		/* made, but its message did not go out */
	bool confirmed;			/* a user found again, who has a password */
	bool bare;			/* made before, or now, without a password */
	bool gone;			/* what the row is about is not there any more */
	char *made_name, *made_sub;	/* of a user who was created, as the service says */
	enum plan_outcome outcome;
	char code[TASK_CODE_SIZE], detail[TASK_DETAIL_SIZE];
	bool retryable;
};

/* A task about the row that r stands on, which is copied. */
struct task *task_new(struct apply *a, const struct record_reader *r, const struct plan_row *row);

void task_free(struct task *t);

/* Begins the request: UserPoolId, and Username if user. */
void task_request(struct task *t, bool user);

/* Adds a member that is a text. */
void task_put(struct task *t, const char *name, const char *text);

/* Ends the request and sends it; then is called with the answer.  secret: it holds a password. */
void task_call(struct task *t, const char *operation, bool secret,
    void (*then)(struct task *t, const struct aws_result *r));

/* The row is over.  code and detail may be NULL.  What came first stands. */
void task_end(struct task *t, enum plan_outcome outcome, const char *code, bool retryable,
    const char *detail);

/*
 * The row is over since the service refused; what no row can be the reason of ends the run.  what
 * (or NULL) is said before the service's own words.
 */
void task_fail(struct task *t, const struct aws_result *r, const char *what);

/*
 * The same, where somebody was asked about to find out whether an earlier call was carried out:
 * that this is not allowed ends the row and not the run.
 */
void task_fail_settling(struct task *t, const struct aws_result *r, const char *what);

/* Whether what is to be made was made or adopted before, by the ledger. */
static inline bool
task_is_kept(const struct task *t)
{
	return t->before == LEDGER_CREATED || t->before == LEDGER_ADOPTED;
}

/* Whether the call failed with this code. */
bool task_is(const struct aws_result *r, const char *code);

/* Whether the failure is about this row and no other. */
bool task_is_about_row(const struct aws_result *r);

/*
 * Whether the group is one that Cognito makes for an identity provider, REGION_POOL_NAME, and is
 * not named by --with-group.
 */
bool task_is_providers(const struct task *t);

/* Adds the key to those of users, or groups, that were not created, or not adopted. */
void task_lose(struct task *t);

#endif
