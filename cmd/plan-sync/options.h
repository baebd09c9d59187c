/* The command line of plan-sync. */
#ifndef PLAN_SYNC_OPTIONS_H
#define PLAN_SYNC_OPTIONS_H

#include "sync.h"

/* Parses and checks it; what is wrong ends the program with status 2. */
void options_parse(int argc, char **argv, struct options *o);

void options_free(struct options *o);

#endif
