/*
 * The role's credentials over HTTP on 127.0.0.1, as SDKs ask a container's endpoint for them: GET
 * of one path, with a token in Authorization.
 *
 * Path and token are chance, and only the command's environment holds them.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
#ifndef ASSUME_ROLE_SERVE_H
#define ASSUME_ROLE_SERVE_H

#include "renewal.h"

struct serve;

/* Listens on a free port.  Returns NULL with the reason printed. */
struct serve *serve_open(void);

/* Starts to answer, from r, borrowed.  Returns 0, or -1 with the reason printed. */
int serve_start(struct serve *s, struct renewal *r);

/* AWS_CONTAINER_CREDENTIALS_FULL_URI and AWS_CONTAINER_AUTHORIZATION_TOKEN; borrowed. */
const char *serve_uri(const struct serve *s);
const char *serve_token(const struct serve *s);

/* Ends every connection; waits for an answer under way.  Wipes and frees. */
void serve_stop(struct serve *s);

#endif
