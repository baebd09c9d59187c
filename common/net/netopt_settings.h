/*
 * Inside netopt: one setting at a time, from option, environment or profile, and where it stood.
 *
 * All functions return 0, or -1 with why set, which begins with where the value stood.
 */
#ifndef NET_NETOPT_SETTINGS_H
#define NET_NETOPT_SETTINGS_H

#include <stdbool.h>

#include "net/netopt.h"
#include "net/profile.h"

struct settings {
	const struct net_options *o;
	const struct profiles *profiles;
	const char *pool_id;		/* or NULL */
};

/* A text and where it stood; "FILE:LINE: KEY" is made once, when there is something to say. */
struct setting {
	const char *text;		/* borrowed, never empty; NULL: not given */
	const char *name;		/* of the option or variable, or key of the profile */
	const char *path;		/* of the profile's file, or NULL */
	int line;
};

/* The variable's value, or NULL if it is not set or empty. */
const char *settings_variable(const char *name);

/* Fills region (heap) and region_from. */
int settings_region(const struct settings *s, struct aws_config *config, char why[CRED_WHY_SIZE]);

/*
 * Fills endpoint (heap) and endpoint_from, and *custom: it is none of AWS's own.  option is
 * --endpoint-url, or NULL.
 */
int settings_endpoint(const struct settings *s, const char *option, struct aws_config *config,
    bool *custom, char why[CRED_WHY_SIZE]);

/* The endpoint that environment or profile configure for the service, if any, unparsed. */
int settings_configured_endpoint(const struct settings *s, enum aws_service service,
    struct setting *found, char why[CRED_WHY_SIZE]);

/* Fills ca_bundle (heap), or leaves it NULL. */
int settings_ca_bundle(const struct settings *s, struct aws_config *config,
    char why[CRED_WHY_SIZE]);

#endif
