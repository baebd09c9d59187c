/* What the server has, from itself or from a file that list-scim wrote. */
#ifndef PUSH_SCIM_KNOWN_H
#define PUSH_SCIM_KNOWN_H

#include "push.h"

/*
 * Asks the server for all users and groups.  Returns PROG_OK, or with the reason printed and in
 * p->why what scim_list_all says.
 */
enum prog_status known_ask(struct push *p);

/* Opens a file of them.  Returns it; or -1 with the reason printed and in p->why. */
int known_open(struct push *p, const char *path);

/*
 * Reads them from the file, open at fd, which is closed, which must be whole (with --seal:
 * sealed), of this server and with both
 * kinds.  Returns PROG_OK; or with the reason printed and in p->why PROG_FAIL, PROG_USAGE (of
 * another server, or a part only), PROG_INCOMPLETE or PROG_TEMPORARY.
 */
enum prog_status known_read(struct push *p, int fd, const char *path);

#endif
