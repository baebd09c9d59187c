/* Addresses of a name, within a time. */
#ifndef CHECK_CONNECTION_LOOKUP_H
#define CHECK_CONNECTION_LOOKUP_H

#include <stdint.h>

#include <netdb.h>

/*
 * As getaddrinfo for a stream, and ends after timeout_ms with EAI_AGAIN.  Returns its code; on 0 the
 * caller frees *list with freeaddrinfo.
 */
int lookup_name(const char *host, const char *port, int64_t timeout_ms, struct addrinfo **list);

#endif
