/*
 * The door (base/sandbox.h) of the commands that talk over the network.
 *
 * What such a command keeps beside the descriptors that it has: sockets of TCP and UDP, which
 * connect and never listen, to the ports that were announced, those of proxies in the environment,
 * and 53; threads; and to read the files that names are looked up and certificates checked with.
 * What else it needs later, a helper does (base/files.h, base/exec.h, pace_file.h).
 *
 * Why no finer: libcurl, OpenSSL and the resolver of the C library are in the process.  They choose
 * for themselves when to look a name up (in a thread), which address of it to try, when to connect
 * again and when to read certificates, so all of that stays possible until the end.  What a list of
 * calls cannot tell apart is which host a connection goes to: landlock knows ports alone, and of
 * TCP only.
 */
#ifndef NET_NETDOOR_H
#define NET_NETDOOR_H

/*
 * Announces, before the door shuts, that a connection may be made to the endpoint (as
 * endpoint_parse gives it).
 */
void netdoor_will_reach(const char *endpoint);

/*
 * Shuts it: starts libcurl and OpenSSL, which read their configuration then, and the helper, then
 * calls sandbox_shut.  more: what is kept besides, of enum sandbox_keep, added up.  Before the
 * first thread.  Returns 0, or -1 with the reason printed.  A second call does nothing.
 */
int netdoor_shut(unsigned more);

#endif
