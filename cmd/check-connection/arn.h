/* ARNs as policies want them. */
#ifndef ARN_H
#define ARN_H

#include <stdbool.h>

#include "base/buf.h"

/* The account, twelve digits, that an ARN names, or NULL.  Heap. */
char *arn_account(const char *arn);

/*
 * What a policy names as principal for a caller's ARN: that of the role for a session of one, which
 * does not tell the role's path; any other as it is.  Heap.
 */
char *arn_principal(const char *arn);

/* Whether text can be a principal: an account, or the ARN of one user, role or session. */
bool arn_is_principal(const char *text);

/* Appends the ARN of a session of the role. */
void arn_put_session(struct buf *b, const char *role_arn, const char *session);

/* Appends the ARN of the pool; account NULL: "ACCOUNT" stands for it; pool "*": of all of them. */
void arn_put_pool(struct buf *b, const char *region, const char *account, const char *pool);

/* Appends what stands for all identity pools of the account in the region. */
void arn_put_identity_pools(struct buf *b, const char *region, const char *account);

#endif
