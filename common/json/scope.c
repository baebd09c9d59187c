/* Scopes made of names (scope.h). */
#include "json/scope.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "json/jtext.h"

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
scope_of_names(struct buf *b, const char *kind, char *const *names, size_t count)
{
	char **sorted = mem_alloc((count + 1) * sizeof *sorted);
	bool fits = true;

	memcpy(sorted, names, count * sizeof *sorted);
	qsort(sorted, count, sizeof *sorted, compare_names);
	buf_appendf(b, "%s:[", kind);
	for (size_t i = 0; fits && i < count; i++)
		fits = (i == 0 || buf_append_byte(b, ',') == 0) &&
		    jtext_string(b, sorted[i], strlen(sorted[i])) == 0;
	fits = fits && buf_append_byte(b, ']') == 0;
	if (!fits) {
		const struct hash_key fixed = { 0, 0 };
		uint64_t sum = 0;

		for (size_t i = 0; i < count; i++)
			sum = sum * 31 + hash_bytes(&fixed, sorted[i], strlen(sorted[i]) + 1);
		buf_clear(b);
		buf_appendf(b, "%s:%zu:%016llx", kind, count, (unsigned long long)sum);
	}
	free(sorted);
}
