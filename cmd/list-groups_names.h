/* The group names that list-groups was given. */
#ifndef LIST_GROUPS_NAMES_H
#define LIST_GROUPS_NAMES_H

#include <stddef.h>

struct names {
	char **item;		/* in the order given, each once */
	size_t count;
};

/*
 * Adds a name unless it is there.  One that the service cannot have ends the program with status
 * 2; where says where it stood.
 */
void names_add(struct names *n, const char *name, const char *where);

/*
 * Adds the names in a file, one a line, white space round them and blank lines passed over, as in
 * the form of Oracle's Cognito app.  A file without names ends the
 * program with status 2.
 */
void names_add_file(struct names *n, const char *path);

void names_free(struct names *n);

#endif
