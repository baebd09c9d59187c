/* What files.h shares with its helper: the lists of what was announced, and what is done then. */
#ifndef BASE_FILES_SERVE_H
#define BASE_FILES_SERVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/broker.h"

enum files_operation {
	FILES_OPEN, FILES_OPEN_OLD, FILES_SPOOL, FILES_TEMPORARY, FILES_RENAME, FILES_UNLINK,
	FILES_SYNC, FILES_RESOLVE, FILES_COPY_MODE
};

struct files_names {
	char **item;
	size_t count;
};

/* FILE and what stands beside it. */
struct files_parts {
	char *path;
	size_t stem;
};

struct files_lists {
	struct files_names readable, places;
	struct files_parts *parts;
	size_t part_count;
	bool spools, sorts;
};

/* Adds a copy. */
void files_names_add(struct files_names *n, const char *name);
void files_names_free(struct files_names *n);

/*
 * Adds the directory of each file, since what is there when it is opened may be another one; and
 * where a link leads.
 */
void files_names_add_directories(struct files_names *to, const struct files_names *files);

/*
 * Adds where sort(1), which is the one that execlp(3) will find, and the libraries that it loads may
 * lie, the lib and lib64 beside its directory too: nothing in HOME, unless it is found there.
 */
void files_names_add_sort(struct files_names *to);

/*
 * The service (broker_add), with a struct files_lists.  A request is an operation, as a byte, and
 * two names, each with its NUL; the second may be empty, and the first for FILES_SPOOL.
 */
int files_serve(void *lists, const void *request, size_t len, struct broker_answer *answer);

/* The operations themselves: a descriptor, or -1 with errno set. */
int files_do_open(const char *path);
int files_do_open_old(const char *path);
int files_do_spool(void);

/* Return 0 or an errno. */
int files_do_sync(const char *path);
int files_do_copy_mode(const char *path, const char *temporary);

/* Where spools lie. */
const char *files_spool_directory(void);

#endif
