/* Options and environment of the SCIM clients. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/num.h"
#include "net/endpoint.h"
#include "net/fetch.h"
#include "net/netdoor.h"
#include "net/retry.h"

#include "net/scim_client.h"

enum {
	RETRY_SECONDS_MAX = 24 * 3600,
	CONNECT_SECONDS = 10, CONNECT_SECONDS_MAX = 300,
	READ_SECONDS = 60, READ_SECONDS_MAX = 3600
};

/* A million requests a second: beyond it the number is a mistake. */
static const double rate_max = 1e6;

static const char oracle_token_path[] = "/oauth2/v1/token";
static const char oracle_scope[] = "urn:opc:idm:__myscopes__";

const struct opt_spec *
scim_option_table(struct scim_options *o)
{
	static struct opt_spec table[] = {
		{ "url", 0, OPT_VALUE, NULL },
		{ "dialect", 0, OPT_VALUE, NULL },
		{ "token-file", 0, OPT_VALUE, NULL },
		{ "token-url", 0, OPT_VALUE, NULL },
		{ "client-id", 0, OPT_VALUE, NULL },
		{ "client-secret-file", 0, OPT_VALUE, NULL },
		{ "scope", 0, OPT_VALUE, NULL },
		{ "domain-type", 0, OPT_VALUE, NULL },
		{ "ca-bundle", 0, OPT_VALUE, NULL },
		{ "max-rate", 0, OPT_VALUE, NULL },
		{ "retry-seconds", 0, OPT_VALUE, NULL },
		{ "connect-timeout", 0, OPT_VALUE, NULL },
		{ "read-timeout", 0, OPT_VALUE, NULL },
		{ "progress", 0, OPT_FLAG, NULL },
		{ "no-progress", 0, OPT_FLAG, NULL },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	void *const places[] = { &o->url, &o->dialect, &o->token_file, &o->token_url,
		&o->client_id, &o->client_secret_file, &o->scope, &o->domain_type, &o->ca_bundle,
		&o->max_rate, &o->retry_seconds, &o->connect_timeout, &o->read_timeout,
		&o->progress, &o->no_progress };

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		table[i].dest = places[i];
	return table;
}

enum progress_mode
scim_progress(const struct scim_options *o)
{
	if (o->no_progress)
		return PROGRESS_OFF;
	return o->progress ? PROGRESS_ON : PROGRESS_AUTO;
}

void
scim_config_free(struct scim_config *c)
{
	free(c->url);
	free(c->endpoint);
	free(c->prefix);
	mem_wipe_free(c->token);
	free(c->token_file);
	free(c->token_endpoint);
	free(c->token_path);
	free(c->client_id);
	mem_wipe_free(c->client_secret);
	free(c->scope);
	free(c->ca_bundle);
	memset(c, 0, sizeof *c);
}

/* The option, else the variable unless it is empty; *name is what to call it in a message. */
static const char *
setting(const char *option, const char *option_name, const char *variable, const char **name)
{
	const char *value = option != NULL ? NULL : getenv(variable);

	*name = option != NULL ? option_name : variable;
	if (option != NULL)
		return option;
	return value != NULL && value[0] != '\0' ? value : NULL;
}

static int64_t
seconds(const char *name, const char *text, long min, long max, long fallback)
{
	return (int64_t)opt_number(name, text, min, max, fallback) * 1000;
}

static void
read_numbers(const struct scim_options *o, struct scim_config *c)
{
	const char *why;

	if (o->max_rate != NULL &&
	    num_parse_decimal(o->max_rate, 0.01, rate_max, &c->max_rate, &why) != 0)
		opt_value_error("--max-rate: %s", why);
	c->retry_ms = seconds("retry-seconds", o->retry_seconds, 0, RETRY_SECONDS_MAX,
	    RETRY_BUDGET_S);
	c->connect_ms = seconds("connect-timeout", o->connect_timeout, 1, CONNECT_SECONDS_MAX,
	    CONNECT_SECONDS);
	c->read_ms = seconds("read-timeout", o->read_timeout, 1, READ_SECONDS_MAX, READ_SECONDS);
}

/* Returns 0, or -1 with the reason printed, here and below. */
static int
read_url(const struct scim_options *o, struct scim_config *c)
{
	static const char *const near[] = { NULL };
	const char *name, *text = setting(o->url, "--url", "SCIM_URL", &name), *why;
	size_t len;

	if (text == NULL) {
		diag_error("no server: give --url or set SCIM_URL");
		return -1;
	}
	if (fetch_split(text, near, &c->endpoint, &c->prefix, &why) != 0) {
		diag_error("%s: %s", name, why);
		return -1;
	}
	if (strchr(c->prefix, '?') != NULL) {
		diag_error("%s: a base address has no query", name);
		return -1;
	}
	len = strlen(c->prefix);
	while (len > 0 && c->prefix[len - 1] == '/')
		c->prefix[--len] = '\0';
	len = strlen(c->endpoint) + strlen(c->prefix) + 1;
	c->url = mem_alloc(len);
	snprintf(c->url, len, "%s%s", c->endpoint, c->prefix);
	return 0;
}

static int
read_dialect(const struct scim_options *o, struct scim_config *c)
{
	static const char *const names[] = { [SCIM_RFC] = "scim", [SCIM_OCI] = "oci",
		[SCIM_AWS] = "aws" };
	const char *name = o->dialect != NULL ? o->dialect : "scim";
	int i = SCIM_AWS;

	while (i > SCIM_RFC && strcmp(names[i], name) != 0)
		i--;
	c->dialect = (enum scim_dialect)i;
	if (strcmp(names[i], name) != 0) {
		diag_error("--dialect: must be scim, oci or aws");
		return -1;
	}
	if (o->domain_type != NULL && c->dialect != SCIM_OCI) {
		diag_error("--domain-type: is for --dialect oci");
		return -1;
	}
	/* What stands in for Oracle on this machine has no such limits, unless one wants them. */
	if (c->dialect == SCIM_OCI && (o->domain_type != NULL ||
	    !endpoint_is_loopback(c->endpoint)) && scim_pace_domain(o->domain_type != NULL ?
	    o->domain_type : "free", &c->bulk, &c->others) != 0) {
		diag_error("--domain-type: must be free, oracle-apps, apps-premium, premium or "
		    "external");
		return -1;
	}
	return 0;
}

/* A secret from a file, else from the variable; NULL in *secret if there is none. */
static int
read_secret(const char *path, const char *option, const char *variable, char **secret)
{
	const char *value = getenv(variable);
	char why[SCIM_WHY_SIZE];

	if (path != NULL) {
		*secret = scim_secret_read(path, why);
		if (*secret == NULL)
			diag_error("%s: %s", option, why);
		return *secret != NULL ? 0 : -1;
	}
	if (value == NULL || value[0] == '\0')
		return 0;
	for (const char *s = value; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f || s - value >= SCIM_SECRET_MAX) {
			diag_error("%s: too long, or holds a character that cannot be in it",
			    variable);
			return -1;
		}
	*secret = mem_dup_string(value);
	return 0;
}

/* A header's value must not hold blanks, or some servers would see another token. */
static int
check_token(const struct scim_config *c)
{
	for (const char *s = c->token; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~') {
			diag_error("%s: holds a character that a bearer token cannot have",
			    c->token_file != NULL ? "--token-file" : "SCIM_TOKEN");
			return -1;
		}
	return 0;
}

/* Of dialect oci the token endpoint and the scope are known. */
static void
complete_oracle(struct scim_config *c)
{
	if (c->token_endpoint == NULL) {
		c->token_endpoint = mem_dup_string(c->endpoint);
		c->token_path = mem_dup_string(oracle_token_path);
	}
	if (c->scope == NULL)
		c->scope = mem_dup_string(oracle_scope);
}

static int
read_client(const struct scim_options *o, struct scim_config *c)
{
	static const char *const near[] = { NULL };
	const char *name, *why;
	const char *url = setting(o->token_url, "--token-url", "SCIM_TOKEN_URL", &name);
	const char *id = setting(o->client_id, "--client-id", "SCIM_CLIENT_ID", &why);

	if (url != NULL && fetch_split(url, near, &c->token_endpoint, &c->token_path, &why) != 0) {
		diag_error("%s: %s", name, why);
		return -1;
	}
	if (id != NULL && (id[0] == '\0' || strlen(id) > SCIM_SECRET_MAX)) {
		diag_error("the client id is empty or too long");
		return -1;
	}
	c->client_id = mem_dup_string(id);
	c->scope = mem_dup_string(o->scope);
	return read_secret(o->client_secret_file, "--client-secret-file", "SCIM_CLIENT_SECRET",
	    &c->client_secret);
}

static int
read_credentials(const struct scim_options *o, struct scim_config *c)
{
	if (read_secret(o->token_file, "--token-file", "SCIM_TOKEN", &c->token) != 0 ||
	    read_client(o, c) != 0)
		return -1;
	c->token_file = mem_dup_string(o->token_file);
	if (c->token != NULL) {
		if (c->token_endpoint == NULL && c->client_id == NULL &&
		    c->client_secret == NULL && c->scope == NULL)
			return check_token(c);
		diag_error("both a bearer token and OAuth2 client credentials are given; one of "
		    "them is enough");
		return -1;
	}
	if (c->token_endpoint == NULL && c->client_id == NULL && c->client_secret == NULL) {
		diag_error("no credentials: give --token-file, or --client-id and "
		    "--client-secret-file with --token-url");
		return -1;
	}
	if (c->dialect == SCIM_OCI)
		complete_oracle(c);
	if (c->token_endpoint != NULL && c->client_id != NULL && c->client_secret != NULL)
		return 0;
	diag_error("OAuth2 client credentials: no %s", c->token_endpoint == NULL ?
	    "token endpoint (--token-url)" : c->client_id == NULL ? "client id (--client-id)" :
	    "client secret (--client-secret-file)");
	return -1;
}

static int
read_ca_bundle(const struct scim_options *o, struct scim_config *c)
{
	const char *name, *path = setting(o->ca_bundle, "--ca-bundle", "SCIM_CA_BUNDLE", &name);
	const char *wrong = path != NULL ? http_bundle_load(path) : NULL;

	if (wrong != NULL) {
		diag_error("%s: %s: %s", name, path, wrong);
		return -1;
	}
	c->ca_bundle = mem_dup_string(path);
	return 0;
}

/* What is needed once the door is shut. */
static void
announce(const struct scim_config *c)
{
	netdoor_will_reach(c->endpoint);
	if (c->token_endpoint != NULL)
		netdoor_will_reach(c->token_endpoint);
	if (c->token_file != NULL)
		files_will_read(c->token_file);
}

enum prog_status
scim_resolve(const struct scim_options *o, struct scim_config *config)
{
	memset(config, 0, sizeof *config);
	read_numbers(o, config);
	if (read_url(o, config) == 0 && read_dialect(o, config) == 0 &&
	    read_ca_bundle(o, config) == 0 && read_credentials(o, config) == 0) {
		announce(config);
		return PROG_OK;
	}
	scim_config_free(config);
	return PROG_USAGE;
}
