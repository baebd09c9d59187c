/* What the AWS client has counted, for --stats. */
#include <string.h>

#include "base/mem.h"
#include "net/aws_client.h"

const struct aws_stats *
aws_stats(const struct aws_client *c)
{
	return &c->stats;
}

void
aws_stats_json(const struct aws_client *c, struct buf *b)
{
	(void)buf_append_string(b, ",\"Calls\":{");
	for (int i = 0; i < AWS_OPERATIONS_MAX && c->operations[i].name != NULL; i++)
		(void)buf_appendf(b, "%s\"%s\":%llu", i > 0 ? "," : "", c->operations[i].name,
		    (unsigned long long)c->operations[i].count);
	(void)buf_appendf(b, "},\"Retries\":%llu,\"Throttles\":%llu,\"BytesIn\":%llu,"
	    "\"BytesOut\":%llu", (unsigned long long)c->stats.retries,
	    (unsigned long long)c->stats.throttles, (unsigned long long)c->stats.bytes_in,
	    (unsigned long long)c->stats.bytes_out);
}

static void
count(struct aws_client *c, const char *operation, uint64_t calls)
{
	for (int i = 0; i < AWS_OPERATIONS_MAX; i++) {
		if (c->operations[i].name == NULL)
			c->operations[i].name = mem_dup_string(operation);
		if (strcmp(c->operations[i].name, operation) == 0) {
			c->operations[i].count += calls;
			return;
		}
	}
}

void
aws_count_call(struct aws_client *c, const struct call *call)
{
	c->stats.calls++;
	c->stats.retries += call->failures > 0 || call->skews > 0 || call->renewals > 0;
	c->stats.bytes_out += call->len;
	count(c, call->operation, 1);
}

void
aws_stats_add(struct aws_client *c, const struct aws_client *other)
{
	c->stats.calls += other->stats.calls;
	c->stats.retries += other->stats.retries;
	c->stats.throttles += other->stats.throttles;
	c->stats.bytes_in += other->stats.bytes_in;
	c->stats.bytes_out += other->stats.bytes_out;
	for (int i = 0; i < AWS_OPERATIONS_MAX && other->operations[i].name != NULL; i++)
		count(c, other->operations[i].name, other->operations[i].count);
}
