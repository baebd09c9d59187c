/* What the command line asks for, checked. */
#ifndef ASSUME_ROLE_REQUEST_H
#define ASSUME_ROLE_REQUEST_H

#include <stdbool.h>

#include "base/opt.h"
#include "net/netopt.h"
#include "net/sts.h"
#include "print.h"

enum { REQUEST_CODE_SIZE = 16 };	/* six digits, and room to see that there are more */

struct request {
	struct net_options net;
	struct sts_assume_role role;	/* its role_arn NULL: that of the profile itself */
	enum print_format format;
	bool fixed;			/* --static */
	char **command;			/* NULL: --format */
	/* What role points to. */
	struct sts_tag *tags;
	struct opt_list transitive_tag_keys, policy_arns;
	char code[REQUEST_CODE_SIZE];
};

/*
 * Fills *r, reads the token code from --token-code-fd and closes that descriptor.  Anything wrong
 * ends the program with status 2, a standard output included that others can read.
 */
void request_parse(struct request *r, int argc, char **argv);

/* Wipes and frees. */
void request_free(struct request *r);

#endif
