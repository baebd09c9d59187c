/* The profiles of both files as one table. */
#include <stdlib.h>
#include <unistd.h>

#include "net/profile.h"
#include "tap.h"

static char directory[] = "profile.XXXXXX", config[80], credentials[80];

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0) {
		perror(path);
		exit(1);
	}
}

/* What the key is, "TEXT:LINE", or "none". */
static void
value_is(const struct profiles *p, enum profile_file file, const char *name, const char *key,
    const char *want, const char *title)
{
	struct profile_value v;
	char got[200] = "none";

	if (profile_get(p, file, name, key, &v))
		snprintf(got, sizeof got, "%s %s:%d", v.text,
		    strcmp(v.path, config) == 0 ? "config" : "credentials", v.line);
	is(got, want, title);
}

static void
table(void)
{
	char why[CRED_WHY_SIZE] = "";
	struct profiles *p;

	write_file(config, "[default]\nregion = a\noutput = old\n[profile default]\nregion = b\n"
	    "[profile x y]\n[profile 'x y']\nregion = c\nonly = here\nempty =\n[z]\nregion = d\n"
	    "[sso-session s]\nregion = e\n");
	write_file(credentials, "[default]\nREGION = f\n[x y]\nregion = g\nonly_2 = there\n"
	    "[profile q]\nregion = h\n");
	p = profiles_load(NULL, why);
	if (!ok(p != NULL, "loaded"))
		return;
	is(profiles_selected(p), "default", "the default is selected");
	ok(profiles_selected_by(p) == NULL, "by nobody");
	value_is(p, PROFILE_EITHER, "default", "region", "f credentials:2", "credentials win");
	value_is(p, PROFILE_CONFIG, "default", "region", "b config:5", "[profile default] wins");
	value_is(p, PROFILE_EITHER, "default", "output", "none", "and leaves nothing of [default]");
	value_is(p, PROFILE_EITHER, "x y", "region", "g credentials:4", "a name with a blank");
	value_is(p, PROFILE_CONFIG, "x y", "region", "c config:8", "in both files");
	value_is(p, PROFILE_EITHER, "x y", "only", "here config:9", "a key of one file");
	value_is(p, PROFILE_EITHER, "x y", "only_2", "there credentials:5", "a key of the other");
	value_is(p, PROFILE_CREDENTIALS, "x y", "only", "none", "not in that one");
	value_is(p, PROFILE_EITHER, "x y", "empty", " config:10", "an empty value is one");
	value_is(p, PROFILE_EITHER, "z", "region", "none", "a section of the config file");
	value_is(p, PROFILE_EITHER, "s", "region", "none", "of another kind");
	value_is(p, PROFILE_EITHER, "q", "region", "none", "a profile of the credentials file");
	value_is(p, PROFILE_EITHER, "profile q", "region", "h credentials:7", "by its whole name");
	ok(profile_exists(p, "default") && profile_exists(p, "x y"), "who is there");
	ok(!profile_exists(p, "z") && !profile_exists(p, "") && !profile_exists(p, "X y"),
	    "who is not");
	profiles_free(p);
	profiles_free(NULL);
}

static void
selected(const char *option, const char *variable, const char *old_variable, const char *want,
    const char *want_by)
{
	char why[CRED_WHY_SIZE];
	struct profiles *p;

	setenv("AWS_PROFILE", variable, 1);
	setenv("AWS_DEFAULT_PROFILE", old_variable, 1);
	p = profiles_load(option, why);
	unsetenv("AWS_PROFILE");
	unsetenv("AWS_DEFAULT_PROFILE");
	if (!ok(p != NULL, want_by))
		return;
	is(profiles_selected(p), want, "is selected");
	is(profiles_selected_by(p), want_by, "by");
	profiles_free(p);
}

static void
refused(const char *option, const char *want, const char *title)
{
	char why[CRED_WHY_SIZE] = "";
	struct profiles *p = profiles_load(option, why);

	ok(p == NULL, title);
	ok(strstr(why, want) != NULL, want);
	if (strstr(why, want) == NULL)
		printf("# %s\n", why);
	profiles_free(p);
}

static void
selection(void)
{
	write_file(config, "[profile a]\n[profile b]\n");
	write_file(credentials, "[c]\n");
	selected("a", "b", "c", "a", "--profile");
	selected(NULL, "b", "c", "b", "AWS_PROFILE");
	selected(NULL, "", "c", "c", "AWS_DEFAULT_PROFILE");
	refused("d", "--profile: there is no profile \"d\" in ", "nowhere");
	refused("d", "config or ", "both files are named");
	refused("", "there is no profile \"\"", "an empty name");
	refused("default", "there is no profile \"default\"", "a default that is named");
}

static void
services(void)
{
	char why[CRED_WHY_SIZE] = "";
	struct profile_value v;
	struct profiles *p;

	write_file(config, "[profile a]\nservices = s\n[profile b]\nservices = t\n[services s]\n"
	    "sts =\n  endpoint_url = x\n  empty =\nflat = y\n[services u]\n[profile c]\n");
	write_file(credentials, "[d]\nservices = s\n[services t]\nsts =\n  endpoint_url = z\n");
	p = profiles_load(NULL, why);
	if (!ok(p != NULL, "loaded"))
		return;
	ok(profile_get_service(p, "a", "sts", "endpoint_url", &v, why) == 1, "a setting");
	is(v.text, "x", "its text");
	ok(v.line == 7 && strcmp(v.path, config) == 0, "its place");
	ok(profile_get_service(p, "a", "sts", "empty", &v, why) == 1, "an empty one");
	ok(profile_get_service(p, "a", "sts", "other", &v, why) == 0, "another one");
	ok(profile_get_service(p, "a", "s3", "endpoint_url", &v, why) == 0, "another service");
	ok(profile_get_service(p, "a", "flat", "endpoint_url", &v, why) == 0, "a plain value");
	ok(profile_get_service(p, "c", "sts", "endpoint_url", &v, why) == 0, "no services");
	ok(profile_get_service(p, "d", "sts", "endpoint_url", &v, why) == 1,
	    "from the credentials file");
	ok(profile_get_service(p, "b", "sts", "endpoint_url", &v, why) == -1,
	    "a section that is not in the config file");
	ok(strstr(why, "config:4: services: there is no section [services t] in ") != NULL, why);
	profiles_free(p);
}

static void
files(void)
{
	char why[CRED_WHY_SIZE], path[200];
	struct profiles *p;

	write_file(config, "[default]\nx = \xff\n");
	write_file(credentials, "");
	refused(NULL, "config:2: not UTF-8", "not UTF-8");
	write_file(config, "");
	write_file(credentials, "[default]\nx\n");
	refused(NULL, "credentials:2: neither", "a wrong line");
	setenv("AWS_SHARED_CREDENTIALS_FILE", directory, 1);
	refused(NULL, "cannot be read: Is a directory", "a directory");
	snprintf(path, sizeof path, "%s/none", config);
	setenv("AWS_SHARED_CREDENTIALS_FILE", path, 1);
	setenv("AWS_CONFIG_FILE", "/none", 1);
	p = profiles_load(NULL, why);
	ok(p != NULL && !profile_exists(p, "default"), "no files");
	profiles_free(p);
	write_file(credentials, "[default]\nx = y\n");
	setenv("HOME", directory, 1);
	setenv("AWS_SHARED_CREDENTIALS_FILE", "~/credentials", 1);
	p = profiles_load("default", why);
	ok(p != NULL && profile_exists(p, "default"), "~/");
	profiles_free(p);
	unsetenv("HOME");
	refused("default", "there is no profile", "no home");
	setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
	setenv("AWS_CONFIG_FILE", "/dev/null", 1);
	refused("default", "in /dev/null or /dev/null", "/dev/null");
}

int
main(void)
{
	const char *temporary = getenv("TMPDIR");

	unsetenv("AWS_PROFILE");
	unsetenv("AWS_DEFAULT_PROFILE");
	if (chdir(temporary != NULL ? temporary : "/tmp") != 0 || mkdtemp(directory) == NULL) {
		perror(directory);
		return 1;
	}
	snprintf(config, sizeof config, "%s/config", directory);
	snprintf(credentials, sizeof credentials, "%s/credentials", directory);
	setenv("AWS_CONFIG_FILE", config, 1);
	setenv("AWS_SHARED_CREDENTIALS_FILE", credentials, 1);
	table();
	selection();
	services();
	files();
	unlink(config);
	unlink(credentials);
	rmdir(directory);
	return tap_done();
}
