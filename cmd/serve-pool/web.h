/* The HTTP side, on libmicrohttpd: one thread a connection, on the loopback address only. */
#ifndef SERVE_POOL_WEB_H
#define SERVE_POOL_WEB_H

#include <stdint.h>

#include "server.h"

struct MHD_Daemon;

/*
 * Listens on 127.0.0.1:port (0: any free one; *port is set to it).  Returns the socket, or -1 with
 * the reason printed.
 */
int web_listen(uint16_t *port);

/*
 * Starts to answer there; takes the socket over.  certificate and key, PEM texts, switch TLS on;
 * NULL: plain.  Returns NULL with the reason printed.
 */
struct MHD_Daemon *web_start(struct server *s, int fd, const char *certificate, const char *key);

/* Ends every connection.  server_stop first, or delayed answers are waited for. */
void web_stop(struct MHD_Daemon *d);

#endif
