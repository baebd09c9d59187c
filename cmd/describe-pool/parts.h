/* The parts of a description: what --parts names. */
#ifndef DESCRIBE_POOL_PARTS_H
#define DESCRIBE_POOL_PARTS_H

enum part {
	PART_POOL = 1, PART_MFA = 2, PART_CLIENTS = 4, PART_PROVIDERS = 8, PART_GROUPS = 16,
	PART_DOMAIN = 32, PART_RESOURCE_SERVERS = 64, PART_LIMITS = 128,
	PART_ALL = 255
};

/*
 * The parts of a list "clients,groups", added up, the pool itself among them in any case; all for
 * NULL.  A name that is none is a value error (opt.h).
 */
unsigned parts_read(const char *list);

#endif
