/*
 * All pages of one listing operation: follows the continuation token, detects loops, hands each
 * page's items over while the next page is already asked for.
 *
 * The end is the absence of a token, never a short or empty page.  A token seen before, an answer
 * without the items' array or a page that is not JSON is a protocol error.  A token that the
 * service refuses in the middle (expired after an hour) is PROG_TEMPORARY: a new run starts a new
 * chain.
 */
#ifndef NET_PAGER_H
#define NET_PAGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json/tok.h"
#include "net/aws.h"

/* The largest pool has 40,000,000 users, 670,000 full pages; many of them may be short or empty. */
enum { PAGER_PAGES_MAX = 10 * 1000 * 1000 };

struct pager_page {
	const char *text;		/* the answer; borrowed during the callback */
	const struct tok_list *list;
	uint32_t items;			/* index of the items' array token */
	bool last;
};

struct pager_request {
	const char *operation;		/* "ListUsers" */
	const char *items;		/* member that holds the array: "Users" */
	const char *token;		/* member of the token, both ways: "PaginationToken" */
	const char *body;		/* the request as a JSON object without the token; copied */
	const char *where;		/* for messages: "" or for instance "group idp-admin" */
	/* Returns true to go on, false to stop the chain (which is then no error). */
	bool (*page)(void *arg, const struct pager_page *page);
	/* Called once at the end: PROG_OK, or what failed; why is printed already. */
	void (*done)(void *arg, enum prog_status status, const char *why);
	void *arg;
	/* Whether the page after this one may be asked for now; NULL: always.  False pauses the
	   chain until pager_resume. */
	bool (*may_prefetch)(void *arg);
	/* An error code that is an answer and no failure of the run, such as
	   ResourceNotFoundException of a vanished group: done gets PROG_FAIL and nothing is
	   printed. */
	const char *quiet_code;
	/* The same for codes that the caller knows, asked with arg; or NULL. */
	bool (*is_quiet)(void *arg, const char *code);
	/*
	 * Shared by chains that run side by side, or NULL: a failure is reported only while it is
	 * false, and then it is true.  What fails them all at once makes one line.
	 */
	bool *told;
};

struct pager;

/*
 * Starts the chain, which runs inside aws_run(client).  Everything in r is copied except arg.  The
 * pager frees itself after done.
 */
struct pager *pager_start(struct aws_client *client, const struct pager_request *r);

/* Lets a paused pager ask for its next page. */
void pager_resume(struct pager *p);

/*
 * Gives a chain up that has not ended: done is not called, p is freed; NULL is fine.  Not from
 * inside its own callbacks.
 */
void pager_cancel(struct pager *p);

/* The largest page that the operations take. */
enum { PAGER_LIMIT = 60 };

#endif
