/* The record of an identity pool, made of what up to three operations say. */
#ifndef LIST_IDENTITY_POOLS_RECORD_H
#define LIST_IDENTITY_POOLS_RECORD_H

#include <stdbool.h>

#include "base/buf.h"
#include "json/shape.h"
#include "json/tok.h"
#include "net/aws.h"
#include "net/pools.h"

/* What GetIdentityPoolRoles said of a pool. */
struct record_roles {
	char *members;		/* of the record; NULL: none */
	char *wrong;		/* why the record is wrong; NULL: it is not */
	bool denied;
};

/*
 * Fills the line with the record of a pool as the list has it, without what record_end puts behind
 * it.  tokens is replaced.  Returns NULL, or what is wrong (static, or in wrong).
 */
const char *record_listed(struct buf *line, struct tok_list *tokens, const struct pools_item *item,
    char wrong[SHAPE_WRONG_SIZE]);

/* The same as DescribeIdentityPool's answer says, or as the list has it where that is denied. */
const char *record_described(struct buf *line, struct tok_list *tokens,
    const struct pools_item *item, const struct aws_result *r, char wrong[SHAPE_WRONG_SIZE]);

/* Reads the answer to GetIdentityPoolRoles of the pool. */
void record_roles(struct record_roles *roles, struct tok_list *tokens, const struct pools_item *item,
    const struct aws_result *r);

void record_roles_free(struct record_roles *roles);

/*
 * Ends the record with its roles (NULL: not asked for) and with Missing; denied: the description
 * was. Returns 0, or -1 if it is too long.
 */
int record_end(struct buf *line, const struct record_roles *roles, bool denied);

/* Whether the service says that a permission lacks. */
bool record_is_denied(const struct aws_result *r);

#endif
