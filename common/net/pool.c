#include <string.h>

#include "base/clock.h"
#include "json/jtext.h"
#include "net/pager.h"
#include "net/pool.h"

int
pool_request(struct buf *b, const char *pool, const char *name, const char *value, bool paged)
{
	buf_clear(b);
	if (buf_append_string(b, "{\"UserPoolId\":") != 0 ||
	    jtext_string(b, pool, strlen(pool)) != 0)
		return -1;
	if (name != NULL && (buf_appendf(b, ",\"%s\":", name) != 0 ||
	    jtext_string(b, value, strlen(value)) != 0))
		return -1;
	if (paged && buf_appendf(b, ",\"Limit\":%d", PAGER_LIMIT) != 0)
		return -1;
	return buf_append_byte(b, '}');
}

void
pool_describe(struct seal *seal, const struct aws_client *c, const char *pool, const char *kind,
    const char *scope)
{
	char now[CLOCK_RFC3339_SIZE];
	struct buf b;

	buf_init(&b, SEAL_MAX);
	buf_appendf(&b, "%s/%s%s%s", aws_endpoint(c), pool != NULL ? pool : "",
	    pool != NULL ? "/" : "", kind);
	seal_set(&seal->source, buf_string(&b));
	buf_free(&b);
	seal_set(&seal->scope, scope);
	clock_rfc3339(clock_wall_ms(), now);
	seal_set(&seal->started, now);
}
