/*
 * Calls that can be made to fail (nth.c).  Each library's have a file of their own, so that a
 * command is linked with no library that it does not use.
 */
#ifndef TORTURE_NTH_H
#define TORTURE_NTH_H

#include <stdbool.h>

enum nth_group { NTH_MEMORY = 1, NTH_CALLS = 2, NTH_LIBRARIES = 4 };

/* Counts the call; whether it is to fail, with ENOMEM in errno.  frame: NTH_FRAME of the caller. */
bool nth_fails(enum nth_group group, const char *name, void *frame);

#define NTH_FRAME __builtin_frame_address(0)

#endif
