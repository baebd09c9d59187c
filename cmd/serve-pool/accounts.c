/* Accounts and Regions (accounts.h).  A fleet has a handful of each, so they are looked through. */
#include "accounts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

/* An ARN of the option's length with another account and partition. */
enum { ARN_MAX = 4096 };

static void
append(struct accounts *a, const struct role *r)
{
	a->role = mem_resize((void *)(uintptr_t)a->role, a->count + 1, sizeof *a->role);
	a->role[a->count++] = r;
}

void
accounts_init(struct accounts *a, const struct role *role, const char *region)
{
	memset(a, 0, sizeof *a);
	append(a, role);
	accounts_add_region(a, region);
}

void
accounts_free(struct accounts *a)
{
	for (size_t i = 1; i < a->count; i++) {
		free((char *)(uintptr_t)a->role[i]->arn);
		free((struct role *)(uintptr_t)a->role[i]);
	}
	for (size_t i = 0; i < a->regions; i++)
		free(a->region[i]);
	free((void *)(uintptr_t)a->role);
	free(a->region);
}

const struct role *
accounts_role(const struct accounts *a, const char *account)
{
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->role[i]->account, account) == 0)
			return a->role[i];
	return NULL;
}

const struct role *
accounts_role_of_arn(const struct accounts *a, const char *arn)
{
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->role[i]->arn, arn) == 0)
			return a->role[i];
	return NULL;
}

const struct role *
accounts_add(struct accounts *a, const char *partition, const char *account)
{
	const struct role *known = accounts_role(a, account);
	struct role *r;
	struct buf b;

	if (known != NULL)
		return strcmp(known->partition, partition) == 0 ? known : NULL;
	buf_init(&b, ARN_MAX);
	buf_appendf(&b, "arn:%s:iam::%s%s", partition, account, strstr(a->role[0]->arn, ":role/"));
	r = mem_alloc(sizeof *r);
	/* It is an ARN that has been read, with another account in it. */
	(void)role_set(r, mem_dup_string(buf_string(&b)));
	buf_free(&b);
	append(a, r);
	return r;
}

void
accounts_add_region(struct accounts *a, const char *region)
{
	if (accounts_region(a, region) != NULL)
		return;
	a->region = mem_resize(a->region, a->regions + 1, sizeof *a->region);
	a->region[a->regions++] = mem_dup_string(region);
}

const char *
accounts_region(const struct accounts *a, const char *region)
{
	for (size_t i = 0; i < a->regions; i++)
		if (strcmp(a->region[i], region) == 0)
			return a->region[i];
	return NULL;
}
