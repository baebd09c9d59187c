/*
 * resolve: resolves region, endpoint and credentials as the network commands do, and prints what
 * came out as one JSON line.
 *
 *     resolve [--service cognito-idp|cognito-identity|sts] [--get] [the options of netopt.h]
 *
 * {"Status":0,"Source":"environment","Region":"eu-west-1","RegionFrom":"AWS_REGION",
 * "Endpoint":"https://...","EndpointFrom":"AWS","CaBundle":null,"AccessKeyId":"AKIA..."}
 *
 * With --get the source is asked for credentials, and the access key id shows which they are; the
 * secret key is never shown.  The exit status is Status; a reason is on standard error.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/prog.h"
#include "json/jtext.h"
#include "net/netopt.h"
#include "net/source.h"

enum { LINE_MAX_BYTES = 64 * 1024 };

static void
put(struct buf *b, const char *name, const char *text)
{
	(void)buf_appendf(b, ",\"%s\":", name);
	if (text == NULL)
		(void)buf_append_string(b, "null");
	else
		(void)jtext_string(b, text, strlen(text));
}

static enum prog_status
resolve(const struct net_options *net, enum aws_service service, bool get, struct buf *b)
{
	char why[CRED_WHY_SIZE];
	struct aws_config config;
	enum prog_status status = netopt_resolve(net, service, NULL, &config);

	if (status != PROG_OK)
		return status;
	if (get)
		status = keeper_ready(&config.keeper, clock_mono_ms(), why);
	if (status != PROG_OK)
		diag_error("%s", why);
	put(b, "Source", config.keeper.source->name);
	put(b, "Region", config.region);
	put(b, "RegionFrom", config.region_from);
	put(b, "Endpoint", config.endpoint);
	put(b, "EndpointFrom", config.endpoint_from);
	put(b, "CaBundle", config.ca_bundle);
	put(b, "AccessKeyId", config.keeper.cred.access_key);
	aws_config_free(&config);
	return status;
}

static enum aws_service
find_service(const char *name)
{
	for (int i = 0; i < AWS_SERVICES; i++)
		if (strcmp(aws_service_names((enum aws_service)i)->name, name) == 0)
			return (enum aws_service)i;
	opt_usage_error("--service: none of ours");
}

int
main(int argc, char **argv)
{
	static const char usage[] = "resolve [--service service] [--get] " NETOPT_USAGE;
	struct net_options net = { 0 };
	const char *service = NULL;
	bool get = false;
	const struct opt_spec own[] = {
		{ "service", 0, OPT_VALUE, &service },
		{ "get", 0, OPT_FLAG, &get },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { own, netopt_table(&net), NULL };
	enum prog_status status;
	struct buf b;

	prog_start(argv[0]);
	if (opt_parse(argc, argv, tables, usage, false) < argc)
		opt_usage_error("no operands are taken");
	buf_init(&b, LINE_MAX_BYTES);
	status = resolve(&net, find_service(service != NULL ? service : "cognito-idp"), get, &b);
	printf("{\"Status\":%d%s}\n", (int)status, buf_string(&b));
	buf_free(&b);
	return fflush(stdout) == 0 ? (int)status : PROG_FAIL;
}
