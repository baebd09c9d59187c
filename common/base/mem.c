/* Memory that is there or ends the program, and memory that is wiped. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/prog.h"

static _Noreturn void
out_of_memory(void)
{
	diag_error("out of memory");
	exit(PROG_FAIL);
}

void *
mem_alloc(size_t size)
{
	void *p = calloc(1, size > 0 ? size : 1);

	if (p == NULL)
		out_of_memory();
	return p;
}

void *
mem_resize(void *p, size_t count, size_t size)
{
	size_t bytes;

	if (size > 0 && count > SIZE_MAX / size)
		out_of_memory();
	bytes = count * size;
	/* realloc(p, 0) may free p and return NULL. */
	p = realloc(p, bytes > 0 ? bytes : 1);
	if (p == NULL)
		out_of_memory();
	return p;
}

char *
mem_dup(const void *s, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		out_of_memory();
	copy = mem_resize(NULL, len + 1, 1);
	if (len > 0)
		memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *
mem_dup_string(const char *s)
{
	return s != NULL ? mem_dup(s, strlen(s)) : NULL;
}

void
mem_wipe(void *p, size_t len)
{
	if (len > 0)
		explicit_bzero(p, len);
}

void
mem_wipe_free(char *s)
{
	if (s == NULL)
		return;
	mem_wipe(s, strlen(s));
	free(s);
}
