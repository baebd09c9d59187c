/*
 * Profiles: AWS_CONFIG_FILE (~/.aws/config) and AWS_SHARED_CREDENTIALS_FILE (~/.aws/credentials)
 * as one table.
 *
 * In the first a profile is a section [profile NAME] or [default] ([profile default] wins over
 * [default]), in the second [NAME].  Where both files have a key, the credentials file wins.  A
 * file that is not there counts as empty; one that cannot be read, or that ini.h refuses, is an
 * error.  "~/" at the start of the variables is the home directory.
 *
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
#ifndef NET_PROFILE_H
#define NET_PROFILE_H

#include <stdbool.h>

#include "net/cred.h"

struct profiles;

enum profile_file { PROFILE_CONFIG, PROFILE_CREDENTIALS, PROFILE_EITHER };

struct profile_value {
	const char *text;	/* borrowed from the profiles; never NULL, may be "" */
	const char *path;	/* of the file, for messages */
	int line;
};

/*
 * Reads both files and selects a profile: option (--profile) if not NULL, else AWS_PROFILE, else
 * AWS_DEFAULT_PROFILE, else "default".  Returns NULL with why set ("FILE:LINE: ..."): a file is
 * wrong, or the profile was named and is in neither file.
 */
struct profiles *profiles_load(const char *option, char why[CRED_WHY_SIZE]);

/* NULL is fine. */
void profiles_free(struct profiles *p);

/* The name of the selected profile. */
const char *profiles_selected(const struct profiles *p);

/* Who named it: "--profile", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"; NULL: nobody. */
const char *profiles_selected_by(const struct profiles *p);

/* Whether either file has the profile. */
bool profile_exists(const struct profiles *p, const char *name);

/* The value of a key in the given file or, with PROFILE_EITHER, where it counts. */
bool profile_get(const struct profiles *p, enum profile_file file, const char *name,
    const char *key, struct profile_value *value);

/*
 * The value of key for a service ("cognito_identity_provider", "sts") in the [services X] section
 * that the profile's key services names.  Returns 1 with *value set; 0 if there is none; or -1 with
 * why set if the section is not there.
 */
int profile_get_service(const struct profiles *p, const char *name, const char *service,
    const char *key, struct profile_value *value, char why[CRED_WHY_SIZE]);

#endif
