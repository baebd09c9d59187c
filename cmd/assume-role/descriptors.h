/*
 * File descriptors: the command gets those that we were started with, and none of those that
 * libraries open without FD_CLOEXEC (libcurl's connection to STS).
 */
#ifndef ASSUME_ROLE_DESCRIPTORS_H
#define ASSUME_ROLE_DESCRIPTORS_H

#include <stddef.h>

struct descriptors {
	int *fd;
	size_t count;
};

/* Notes which are open.  Call before any library opens one. */
void descriptors_note(struct descriptors *d);

/* Has all others closed at the next exec. */
void descriptors_hide_others(const struct descriptors *d);

void descriptors_free(struct descriptors *d);

#endif
