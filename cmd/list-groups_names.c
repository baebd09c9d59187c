#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/datafile.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/prog.h"
#include "json/utf8.h"

#include "list-groups_names.h"

enum {
	NAME_CHARACTERS_MAX = 128,	/* the service's limit */
	NAMES_MAX = 10000,		/* groups in a pool; the service's limit */
	NAMES_FILE_MAX = 8 * 1024 * 1024	/* 10,000 such names of four-byte characters fit */
};

/*
 * The service's pattern: letters, marks, numbers, symbols, punctuation; no white space, no
 * controls.
 */
static bool
is_group_name(const char *s)
{
	size_t len = strlen(s);

	if (len == 0 || utf8_valid(s, len) != len || utf8_count(s, len) > NAME_CHARACTERS_MAX)
		return false;
	for (; *s != '\0'; s++) {
		if ((unsigned char)*s <= ' ' || *s == 0x7f)
			return false;
	}
	return true;
}

void
names_add(struct names *n, const char *name, const char *where)
{
	if (!is_group_name(name)) {
		char shown[80];

		opt_value_error("%s: not a group name: \"%s\"", where,
		    diag_quote(shown, sizeof shown, name, strlen(name)));
	}
	for (size_t i = 0; i < n->count; i++) {
		if (strcmp(n->item[i], name) == 0)
			return;
	}
	if (n->count == NAMES_MAX)
		opt_value_error("%s: more than %d names", where, NAMES_MAX);
	n->item = mem_resize(n->item, n->count + 1, sizeof *n->item);
	n->item[n->count++] = mem_dup_string(name);
}

void
names_add_file(struct names *n, const char *path)
{
	struct buf b;
	char *line, *next;

	buf_init(&b, NAMES_FILE_MAX);
	if (datafile_read(path, &b) != 0)
		exit(PROG_USAGE);
	if (strlen(buf_string(&b)) != b.len)
		opt_value_error("%s: holds a NUL", path);
	/* Some editors put a byte order mark in front, which is no part of the first name. */
	line = b.data;
	if (b.len >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0)
		line += 3;
	for (; line != NULL && *line != '\0'; line = next) {
		size_t len = strcspn(line, "\n");

		next = line[len] == '\n' ? line + len + 1 : NULL;
		while (len > 0 && strchr(" \t\r", line[len - 1]) != NULL)
			len--;
		line[len] = '\0';
		line += strspn(line, " \t");
		if (*line != '\0')
			names_add(n, line, path);
	}
	buf_free(&b);
	/* An empty list would make an authoritative sync believe that there are no groups. */
	if (n->count == 0)
		opt_value_error("%s: no group names", path);
}

void
names_free(struct names *n)
{
	for (size_t i = 0; i < n->count; i++)
		free(n->item[i]);
	free(n->item);
}
