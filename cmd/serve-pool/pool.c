/* User pools (pool.h). */
#include "pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "password.h"

/* The table is twice as large as what is in it. */
enum { SLOTS_FIRST = 16 };

/* A pool that nobody has said the dates of. */
static const int64_t made_ms = 1532532731091;

/* Who wants to write goes before who wants to read, or a listing client would keep it out. */
static void
init_lock(pthread_rwlock_t *lock)
{
	pthread_rwlockattr_t attributes;

	pthread_rwlockattr_init(&attributes);
	pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(lock, &attributes);
	pthread_rwlockattr_destroy(&attributes);
}

static void
pool_free(struct pool *p)
{
	by_sub_free(&p->by_sub);
	login_free(&p->login);
	schema_free(&p->schema);
	password_free(p);
	imports_free(&p->imports);
	pthread_rwlock_destroy(&p->lock);
	store_free(&p->store);
	free(p->id);
	free(p->region);
	free(p);
}

void
pools_init(struct pools *p)
{
	memset(p, 0, sizeof *p);
	p->key = hash_key_random();
}

void
pools_free(struct pools *p)
{
	for (size_t i = 0; i < p->count; i++)
		pool_free(p->pool[i]);
	free(p->pool);
	free(p->slot);
}

/* Where in the table the pool stands, or would stand. */
static size_t
place(const struct pools *p, const char *region, const char *id)
{
	size_t i = hash_bytes(&p->key, id, strlen(id)) & (p->slots - 1);

	for (; p->slot[i] != 0; i = (i + 1) & (p->slots - 1)) {
		const struct pool *pool = p->pool[p->slot[i] - 1];

		if (strcmp(pool->id, id) == 0 && strcmp(pool->region, region) == 0)
			break;
	}
	return i;
}

static void
grow(struct pools *p)
{
	p->slots = p->slots > 0 ? 2 * p->slots : SLOTS_FIRST;
	free(p->slot);
	p->slot = mem_alloc(p->slots * sizeof *p->slot);
	for (size_t i = 0; i < p->count; i++)
		p->slot[place(p, p->pool[i]->region, p->pool[i]->id)] = i + 1;
}

struct pool *
pools_find(const struct pools *p, const char *region, const char *id)
{
	size_t number = p->count > 0 ? p->slot[place(p, region, id)] : 0;

	return number > 0 ? p->pool[number - 1] : NULL;
}

struct pool *
pools_add(struct pools *p, struct server *s, const char *id, const char *region,
    const struct role *owner)
{
	struct pool *pool;

	if (pools_find(p, region, id) != NULL)
		return NULL;
	if (2 * (p->count + 1) > p->slots)
		grow(p);
	pool = mem_alloc(sizeof *pool);
	pool->server = s;
	pool->id = mem_dup_string(id);
	pool->region = mem_dup_string(region);
	pool->owner = owner;
	pool->created_ms = pool->modified_ms = made_ms;
	init_lock(&pool->lock);
	schema_init(&pool->schema);
	p->pool = mem_resize(p->pool, p->count + 1, sizeof *p->pool);
	p->slot[place(p, region, id)] = p->count + 1;
	p->pool[p->count++] = pool;
	return pool;
}

void
pool_finish(struct pool *p)
{
	by_sub_make(&p->by_sub, &p->store.users);
	login_make(&p->login, &p->schema, &p->store.users);
	p->loaded = p->store.users.order_count;
}

void
pool_put_arn(const struct pool *p, struct buf *b)
{
	buf_appendf(b, "arn:%s:cognito-idp:%s:%s:userpool/%s", p->owner->partition, p->region,
	    p->owner->account, p->id);
}
