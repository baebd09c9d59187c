/*
 * The INI files of AWS's tools, ~/.aws/config and ~/.aws/credentials, parsed.
 *
 *     # a comment
 *     [profile reader]
 *     role_arn = arn:aws:iam::123456789012:role/reader
 *     s3 =
 *       max_concurrent_requests = 20
 *
 * What botocore reads is read, with the same meaning: keys are matched in lower case; '=' or ':'
 * ends a key; lines that begin with '#' or ';' (perhaps after white space) are comments; a value is
 * the rest of its line without the white space round it, '#' and ';' included; a line indented
 * deeper than its key belongs to that key's value, and if the value's first line is empty these
 * lines are nested settings.  A section twice, or a key twice in one section, is an error here as
 * it is there (Python's RawConfigParser).  LF, CRLF and CR end lines; a byte order mark is skipped.
 *
 * Debian's libinih is not used: it cuts lines at 200 bytes and values at " ;".
 *
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
#ifndef BASE_INI_H
#define BASE_INI_H

#include <stddef.h>

enum {
	INI_FILE_MAX = 4 * 1024 * 1024,	/* generated files of thousands of profiles have 1 MB */
	INI_WHY_SIZE = 200
};

struct ini_setting {
	char *key;			/* in lower case */
	char *value;			/* "" if there are nested ones; further lines behind LF */
	int line;			/* from 1 */
	struct ini_setting *nested;	/* of one level; their own nested is NULL */
	size_t nested_count;
};

struct ini_section {
	char *title;	/* all that stands between the brackets */
	char *kind;	/* the first word of two, such as "profile" or "services"; else "" */
	char *name;	/* the other word, without the quotes that may stand round it; else title */
	int line;
	struct ini_setting *settings;
	size_t count;
};

struct ini {
	struct ini_section *sections;
	size_t count;
};

/*
 * Parses len bytes, which the caller has found to be UTF-8.  Returns 0 with *ini filled (ini_free),
 * or -1 with nothing to free, *line set and why saying what is wrong there, without any value of
 * the file: a NUL, a line that is neither section, setting nor comment, a setting before the first
 * section, a section or key for the second time (why names the line of the first).
 */
int ini_parse(struct ini *ini, const char *text, size_t len, int *line, char why[INI_WHY_SIZE]);

/* Wipes and frees. */
void ini_free(struct ini *ini);

/* The section, or NULL. */
const struct ini_section *ini_section(const struct ini *ini, const char *kind, const char *name);

/* The setting of the section, or NULL; section may be NULL. */
const struct ini_setting *ini_setting(const struct ini_section *section, const char *key);

/* The nested setting of a setting, or NULL; setting may be NULL. */
const struct ini_setting *ini_nested(const struct ini_setting *setting, const char *key);

#endif
