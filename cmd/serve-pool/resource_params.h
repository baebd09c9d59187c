/* The members of the requests for what hangs on user pools, and for identity pools. */
#ifndef SERVE_POOL_RESOURCE_PARAMS_H
#define SERVE_POOL_RESOURCE_PARAMS_H

struct check;

/*
 * Reads those of members (PARAM_RESOURCES) into the parameters of c's request: the name that is
 * asked for into name, and as a canonical JSON string into key; MaxResults into limit.
 */
void resource_params_read(struct check *c, unsigned members);

#endif
