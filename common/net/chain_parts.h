/*
 * Inside the chain: its links that are more than a line, and how they look at one profile.
 *
 * What gives a source gives NULL with why set if it is configured wrongly, and NULL with why
 * untouched, which is "" before, if nothing of the kind is configured.
 */
#ifndef NET_CHAIN_PARTS_H
#define NET_CHAIN_PARTS_H

#include "net/chain.h"
#include "net/sts.h"

/* Of the session of a role, where the configuration gives none. */
#define CHAIN_SESSION_NAME "cognito-filters"

/* The profile that is looked at. */
struct chain_at {
	const struct profiles *profiles;
	const char *name;
	char *why;		/* CRED_WHY_SIZE */
};

/* Sets why to "FILE:LINE: KEY: ...".  Returns -1. */
int chain_blame(const struct chain_at *at, const struct profile_value *value, const char *key,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Returns 1 if the profile has the key, 0 if not, or -1 with why set if its value is empty. */
int chain_take(const struct chain_at *at, enum profile_file file, const char *key,
    struct profile_value *value);

/* The name of a source, "profile NAME (FILE:LINE): WHAT"; the caller frees. */
char *chain_describe(const char *profile, const struct profile_value *value, const char *what,
    const char *more);

/* The profile's keys in one of the files. */
struct source *chain_static_keys(const struct chain_at *at, enum profile_file file);

/* Its credential_process. */
struct source *chain_process(const struct chain_at *at);

/* Sets why if the profile has keys of IAM Identity Center or aws login, which only the CLI uses. */
void chain_blame_login(const struct chain_at *at);

/* The keys in the environment. */
struct source *chain_environment(const char *name, char why[CRED_WHY_SIZE]);

/* The role (arn, session name, duration) with the OpenID Connect token of the file. */
struct source *chain_web_identity(const struct chain *c, const char *name,
    const struct sts_assume_role *role, const char *token_file, char why[CRED_WHY_SIZE]);

/* The selected profile, with all that it rests on. */
struct source *chain_profile(const struct chain *c, char why[CRED_WHY_SIZE]);

#endif
