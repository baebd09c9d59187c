/*
 * Messages on standard error: "prog: where: what: why", one line, one write.
 *
 * Every message passes one gate: bytes other than printable ASCII appear as \xNN, and a line is
 * cut at DIAG_LINE_MAX bytes, its newline included.  No text from outside can steer a terminal.
 * Attribute values and secrets are never handed to these functions.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>

/* Below PIPE_BUF, so that the lines of several stages do not mix. */
enum { DIAG_LINE_MAX = 1000 };

/* Prints "prog: " and the formatted line.  Keeps errno. */
void diag_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints "prog: warning: " and the formatted line.  Keeps errno. */
void diag_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints "prog: " and the line if the verbosity (-v, counted) is at least level.  Keeps errno. */
void diag_verbose(int level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Sets the verbosity; 0 at start. */
void diag_set_verbosity(int level);

/* The verbosity. */
int diag_verbosity(void);

/*
 * Makes len bytes at s printable into out, which has size bytes and is always NUL-terminated:
 * printable ASCII as it is, the rest as \xNN, "..." at the end if it had to be cut.  Returns out.
 */
char *diag_quote(char *out, size_t size, const void *s, size_t len);

/*
 * Writes len bytes to standard error as they are: only for text that the program made itself
 * (usage, the progress line).  What cannot be written is lost.  Keeps errno.
 */
void diag_put(const char *s, size_t len);

/*
 * first runs before every message, to wipe a progress line; last behind it if first returned true.
 * NULL: none.
 */
void diag_set_around(bool (*first)(void), void (*last)(void));

#endif
