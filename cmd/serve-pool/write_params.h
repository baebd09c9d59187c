/* The members of requests that write, checked as the service model says. */
#ifndef SERVE_POOL_WRITE_PARAMS_H
#define SERVE_POOL_WRITE_PARAMS_H

#include "check.h"

/* Reads those of the members (PARAM_...) into c->x->params.write; what is wrong goes to c. */
void write_params_read(struct check *c, unsigned members);

/* The ARN of a role; the member's token, or 0: there is none. */
uint32_t write_params_role(struct check *c, const char *member, const char *shown);

#endif
