/*
 * The checks proxy, dns and tcp: how far the network leads towards Cognito's endpoint.
 *
 * Which proxy counts is libcurl's decision, and libcurl is asked for it, since its reading of
 * no_proxy is its own.
 */
#ifndef ROUTE_H
#define ROUTE_H

#include "check.h"

struct route {
	bool by_proxy;
	const char *variable;		/* that names the proxy */
	char *proxy;			/* without what stands before the "@"; NULL: none */
	char *host, *port;		/* whom we connect to: the proxy or the endpoint */
};

void route_check(struct check *c, struct route *route);

void route_free(struct route *route);

#endif
