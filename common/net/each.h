/*
 * One operation for each of many items: as many under way as pacing allows, the answers handed out
 * one after the other, in the order of the items.
 *
 * What the service refuses ends the run, at the item's turn, except codes that the caller names,
 * which are answers, too: a description that is denied, a thing that is gone by now.
 */
#ifndef NET_EACH_H
#define NET_EACH_H

#include <stddef.h>

#include "base/buf.h"
#include "base/prog.h"
#include "net/aws.h"

enum {
	/*
	 * Answers that are waited for or kept at a time.  15 calls a second, the fastest category
	 * of the operations that this is for, at a second each; kept answers stay few.
	 */
	EACH_WINDOW = 16,
	EACH_REQUEST_MAX = 16 * 1024,	/* a name of 2,048 bytes, each escaped to six, fits */
	EACH_WHY_SIZE = 160
};

struct each {
	const char *operation;		/* "DescribeUserPool"; must live until the end */
	size_t count;
	/* Fills the empty body, of at most EACH_REQUEST_MAX bytes, with the item's request. */
	void (*request)(void *arg, size_t item, struct buf *body);
	/*
	 * An item's answer: AWS_OK, or a refusal with one of the codes.  Borrowed.  Returns PROG_OK
	 * to go on; anything else, a message printed and why set, ends the run.
	 */
	enum prog_status (*answer)(void *arg, size_t item, const struct aws_result *result,
	    char why[EACH_WHY_SIZE]);
	/* For messages: what the item is, such as "pool eu-west-1_AbC".  NULL: nothing to say. */
	void (*name)(void *arg, size_t item, char *to, size_t size);
	/* Error codes that are answers; NULL ends them, or no list at all. */
	const char *const *codes;
	void *arg;
};

/*
 * Runs it; not from inside a callback.  Returns PROG_OK after the last answer, or what ended the
 * run, with one line printed and why set to the reason, cut to fit.  No answer comes after that,
 * and none of the calls that are not needed any more.
 */
enum prog_status each_run(struct aws_client *client, const struct each *e, char why[EACH_WHY_SIZE]);

#endif
