/* Settings from option, environment or profile (netopt_settings.h). */
#include "net/netopt_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "net/endpoint.h"
#include "net/http.h"

const char *
settings_variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

/* "FILE:LINE: NAME: what", or "NAME: what". */
static int
fail(const struct setting *at, const char *what, char why[CRED_WHY_SIZE])
{
	if (at->path != NULL)
		snprintf(why, CRED_WHY_SIZE, "%s:%d: %s: %s", at->path, at->line, at->name, what);
	else
		snprintf(why, CRED_WHY_SIZE, "%s: %s", at->name, what);
	return -1;
}

static bool
take(struct setting *found, const char *name, const char *text)
{
	if (text == NULL)
		return false;
	*found = (struct setting){ .text = text, .name = name };
	return true;
}

static bool
take_value(struct setting *found, const char *key, const struct profile_value *v)
{
	if (v->text[0] == '\0')
		return false;
	*found = (struct setting){ .text = v->text, .name = key, .path = v->path,
		.line = v->line };
	return true;
}

/* The key of the selected profile, if it has one that is not empty. */
static bool
take_key(struct setting *found, const struct settings *s, const char *key)
{
	struct profile_value v;

	return profile_get(s->profiles, PROFILE_EITHER, profiles_selected(s->profiles), key, &v) &&
	    take_value(found, key, &v);
}

/* "profile" for what stands in a file: the files themselves are in the name of the source. */
static const char *
from(const struct setting *at)
{
	return at->path != NULL ? "profile" : at->name;
}

/* True, false, or as it was if nothing says so. */
static int
read_flag(const struct settings *s, const char *name, const char *key, bool *flag,
    char why[CRED_WHY_SIZE])
{
	struct setting found;

	if (!take(&found, name, settings_variable(name)) && !take_key(&found, s, key))
		return 0;
	if (strcasecmp(found.text, "true") == 0)
		*flag = true;
	else if (strcasecmp(found.text, "false") != 0)
		return fail(&found, "neither true nor false", why);
	return 0;
}

/* Whether the len bytes at s are made like a region's name: "eu-west-1", "us-gov-east-1". */
static bool
looks_like_region(const char *s, size_t len)
{
	size_t digits = 0, hyphens = 0;

	for (size_t i = 0; i < len; i++)
		hyphens += s[i] == '-';
	while (digits < len && s[len - 1 - digits] >= '0' && s[len - 1 - digits] <= '9')
		digits++;
	return hyphens >= 2 && digits > 0 && digits < len && s[len - 1 - digits] == '-';
}

int
settings_region(const struct settings *s, struct aws_config *config, char why[CRED_WHY_SIZE])
{
	size_t prefix = s->pool_id != NULL ? strcspn(s->pool_id, "_") : 0;
	struct setting found;

	if (take(&found, "--region", s->o->region) ||
	    take(&found, "AWS_REGION", settings_variable("AWS_REGION")) ||
	    take(&found, "AWS_DEFAULT_REGION", settings_variable("AWS_DEFAULT_REGION")) ||
	    take_key(&found, s, "region")) {
		config->region = mem_dup_string(found.text);
	} else if (prefix > 0 && looks_like_region(s->pool_id, prefix)) {
		found = (struct setting){ .name = "--user-pool-id" };
		config->region = mem_dup(s->pool_id, prefix);
	} else {
		snprintf(why, CRED_WHY_SIZE, "no region: give --region or set AWS_REGION");
		return -1;
	}
	config->region_from = from(&found);
	if (endpoint_region_valid(config->region))
		return 0;
	return fail(&found, "not a region such as eu-west-1", why);
}

int
settings_configured_endpoint(const struct settings *s, enum aws_service service,
    struct setting *found, char why[CRED_WHY_SIZE])
{
	const char *selected = profiles_selected(s->profiles);
	const struct aws_service_names *names = aws_service_names(service);
	struct profile_value v;
	bool ignored = false;
	int rc;

	*found = (struct setting){ .text = NULL };
	if (read_flag(s, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls",
	    &ignored, why) != 0)
		return -1;
	if (ignored || take(found, names->variable, settings_variable(names->variable)) ||
	    take(found, "AWS_ENDPOINT_URL", settings_variable("AWS_ENDPOINT_URL")))
		return 0;
	rc = profile_get_service(s->profiles, selected, names->key, "endpoint_url", &v, why);
	if (rc < 0 || (rc > 0 && take_value(found, "endpoint_url", &v)))
		return rc < 0 ? -1 : 0;
	(void)take_key(found, s, "endpoint_url");
	return 0;
}

int
settings_endpoint(const struct settings *s, const char *option, struct aws_config *config,
    bool *custom, char why[CRED_WHY_SIZE])
{
	bool fips = false, dualstack = false;
	struct setting found;
	const char *wrong;

	/* An empty variable of a script must not send the session token somewhere else. */
	if (take(&found, "--endpoint-url", option) && option[0] == '\0')
		return fail(&found, "empty", why);
	if ((option == NULL &&
	    settings_configured_endpoint(s, config->service, &found, why) != 0) ||
	    read_flag(s, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", &fips, why) != 0 ||
	    read_flag(s, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", &dualstack,
	    why) != 0)
		return -1;
	fips = fips || s->o->fips;
	dualstack = dualstack || s->o->dualstack;
	*custom = found.text != NULL;
	if (!*custom) {
		config->endpoint_from = "AWS";
		config->endpoint = endpoint_of_aws(config->service, config->region, fips,
		    dualstack);
		return 0;
	}
	if (fips || dualstack)
		return fail(&found, fips ? "cannot be used with a FIPS endpoint" :
		    "cannot be used with a dual-stack endpoint", why);
	config->endpoint_from = from(&found);
	config->endpoint = endpoint_parse(found.text, &wrong);
	return config->endpoint != NULL ? 0 : fail(&found, wrong, why);
}

int
settings_ca_bundle(const struct settings *s, struct aws_config *config, char why[CRED_WHY_SIZE])
{
	struct setting found;
	const char *wrong;
	char text[CRED_WHY_SIZE / 2];

	if (!take(&found, "--ca-bundle", s->o->ca_bundle) &&
	    !take(&found, "AWS_CA_BUNDLE", settings_variable("AWS_CA_BUNDLE")) &&
	    !take_key(&found, s, "ca_bundle"))
		return 0;
	wrong = http_bundle_load(found.text);
	if (wrong == NULL) {
		config->ca_bundle = mem_dup_string(found.text);
		return 0;
	}
	snprintf(text, sizeof text, "%s: %s", found.text, wrong);
	return fail(&found, text, why);
}
