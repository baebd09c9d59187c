/*
 * The checks tls and clock, by one unsigned request, which every service answers with some error
 * and its Date.  It is made like those of net/http.h, and besides looks at what that one does not
 * tell: the version of TLS, and whose certificates came.
 */
#ifndef CONTACT_H
#define CONTACT_H

#include "route.h"

void contact_check(struct check *c, const struct route *route);

#endif
