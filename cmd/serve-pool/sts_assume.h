/* The operations of STS that give a session: AssumeRole and AssumeRoleWithWebIdentity. */
#ifndef SERVE_POOL_STS_ASSUME_H
#define SERVE_POOL_STS_ASSUME_H

struct exchange;

/* Answers for x->caller. */
void sts_assume_role(struct exchange *x);

/* Answers whoever has the token: nothing is known of the caller. */
void sts_assume_with_web_identity(struct exchange *x);

#endif
