/* Lists of names, and the directories that landlock is told of (files_serve.h). */
#include "base/files_serve.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/temp.h"

void
files_names_add(struct files_names *n, const char *name)
{
	n->item = mem_resize(n->item, n->count + 1, sizeof *n->item);
	n->item[n->count++] = mem_dup_string(name);
}

void
files_names_free(struct files_names *n)
{
	for (size_t i = 0; i < n->count; i++)
		free(n->item[i]);
	free(n->item);
}

void
files_names_add_directories(struct files_names *to, const struct files_names *files)
{
	for (size_t i = 0; i < files->count; i++) {
		char *real = realpath(files->item[i], NULL);
		char *directory = temp_directory(files->item[i]);

		files_names_add(to, directory);
		free(directory);
		if (real == NULL)
			continue;
		directory = temp_directory(real);
		files_names_add(to, directory);
		free(directory);
		free(real);
	}
}

/* Each entry of a list such as PATH, with name behind it; the current directory where it is empty. */
static void
add_entries(struct files_names *to, const char *list, const char *name)
{
	char path[PATH_MAX];
	size_t len;

	for (; list != NULL && *list != '\0'; list += len + (list[len] == ':')) {
		len = strcspn(list, ":");
		if (snprintf(path, sizeof path, "%.*s%s", len > 0 ? (int)len : 1,
		    len > 0 ? list : ".", name) < (int)sizeof path)
			files_names_add(to, path);
	}
}

/* Each directory; and of one that is PREFIX/bin the libraries, which such a program finds by itself. */
static void
add_prefixes(struct files_names *to, const struct files_names *directories)
{
	static const char *const parts[] = { "", "/../lib", "/../lib64" };
	char path[PATH_MAX];

	for (size_t i = 0; i < directories->count; i++)
		for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
			if (snprintf(path, sizeof path, "%s%s", directories->item[i], parts[k]) <
			    (int)sizeof path)
				files_names_add(to, path);
}

void
files_names_add_sort(struct files_names *to)
{
	static const char *const known[] = { "/usr", "/bin", "/lib", "/lib32", "/lib64",
		"/nix/store", "/gnu/store", "/etc/ld.so.cache", "/etc/ld.so.preload" };
	struct files_names names = { NULL, 0 }, first = { NULL, 0 }, places = { NULL, 0 };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		files_names_add(to, known[i]);
	add_entries(to, getenv("LD_LIBRARY_PATH"), "");
	add_entries(&names, getenv("PATH"), "/sort");
	for (size_t i = 0; i < names.count && first.count == 0; i++)
		if (access(names.item[i], X_OK) == 0)
			files_names_add(&first, names.item[i]);
	files_names_add_directories(&places, &first);
	add_prefixes(to, &places);
	files_names_free(&places);
	files_names_free(&names);
	files_names_free(&first);
}
