/*
 * Memory that is there or ends the program, and memory that is wiped.
 *
 * Nothing sensible follows an allocation that failed in a filter: the functions here print one
 * line and end the program with status 1.  Exit handlers still remove temporary files, and a
 * stream that ends so carries no seal.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* size bytes, zeroed; the caller frees with free(3).  size 0 gives a valid pointer. */
void *mem_alloc(size_t size);

/*
 * Like reallocarray(3): count elements of size bytes at p (may be NULL).  An overflow of
 * count * size counts as memory that is not there.  New bytes are not zeroed.
 */
void *mem_resize(void *p, size_t count, size_t size);

/* A copy of len bytes with a NUL behind it; the caller frees.  s may be NULL if len is 0. */
char *mem_dup(const void *s, size_t len);

/* A copy of the string s, or NULL for NULL; the caller frees. */
char *mem_dup_string(const char *s);

/* Overwrites len bytes in a way that the compiler does not drop; p may be NULL if len is 0. */
void mem_wipe(void *p, size_t len);

/* Wipes the string s and frees it; NULL is fine.  For secrets. */
void mem_wipe_free(char *s);

#endif
