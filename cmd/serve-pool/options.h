/* What serve-pool is told on its command line. */
#ifndef SERVE_POOL_OPTIONS_H
#define SERVE_POOL_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/opt.h"
#include "server.h"

struct options {
	const char *port, *pool, *region, *role_arn, *external_id, *via_role_arn, *mfa, *allow;
	const char *web_identity_token_file, *session_seconds, *max_session_seconds;
	const char *token_seconds, *tls_cert, *tls_key, *log, *seed, *latency, *clock_offset;
	const char *description, *state, *inventory;
	bool keys_from_environment, require_role, no_signatures, short_pages;
	struct opt_list quota, fault;
	int verbosity;
	uint16_t port_number;
	char **files;		/* NULL behind the last */
	char **command;		/* NULL: none */
};

/* Reads them into o, filled with zeroes; what is wrong ends the program.  All is argv's. */
void options_parse(int argc, char **argv, struct options *o);

/*
 * Sets up s, filled with zeroes, but for what is in files: who it is, its own pool, keys, what it
 * does.  What is wrong ends the program.
 */
void options_apply(const struct options *o, struct server *s);

#endif
