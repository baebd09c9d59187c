/* One line a request: NDJSON in --log FILE, and on standard error with -v. */
#ifndef SERVE_POOL_LOG_H
#define SERVE_POOL_LOG_H

struct exchange;

/* Opens the log to append to.  Returns the descriptor, or -1 with the reason printed. */
int log_open(const char *path);

/* Logs the request and its answer: no name of a user, no key, no value of a filter. */
void log_exchange(const struct exchange *x);

#endif
