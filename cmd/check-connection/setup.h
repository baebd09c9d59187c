/* The checks configuration and credentials: what is meant, and where each part of it came from. */
#ifndef SETUP_H
#define SETUP_H

#include "check.h"

/*
 * Fills config and sts, shuts the door (net/netdoor.h), and asks the source of the credentials, once;
 * sts gets what it gave.  Returns 0, or -1 with the reason printed if the door cannot be shut.
 */
int setup_check(struct check *c);

/* A source of the keys that config holds, which asks nobody.  config has got its keys. */
struct source *setup_same_keys(const struct check *c);

#endif
