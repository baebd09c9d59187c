/*
 * A text split into words as a shell does it: white space between them, single quotes, double
 * quotes (inside which a backslash quotes '"' and itself), a backslash before any other character.
 * Nothing is expanded, and '#' begins no comment.  The same as Python's shlex.split, by which
 * botocore reads credential_process and the names of sections.
 */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <stddef.h>

/*
 * Returns a heap array of heap strings, NULL behind the last (words_free), with their number in
 * *count; or NULL with *why set to a static text, "a quote that is not closed".
 */
char **words_split(const char *text, size_t *count, const char **why);

/* NULL is fine. */
void words_free(char **words);

#endif
