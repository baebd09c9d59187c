/* What the service does where the record of a pool does not say it. */
#ifndef DESCRIBE_POOL_USUAL_H
#define DESCRIBE_POOL_USUAL_H

/*
 * As a record: settings of a pool under their names, those of a client or a domain in UserPoolClients
 * and Domains, which are one object each here.  Canonical JSON.  What is not in it has no default, or one that depends on when
 * the pool was made, such as how who forgot a password gets in: there a side that does not say it
 * differs from one that does.
 *
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
 */
extern const char usual_pool[];

#endif
