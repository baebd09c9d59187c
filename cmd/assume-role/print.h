/* The role's keys on standard output, for other programs and for shells. */
#ifndef ASSUME_ROLE_PRINT_H
#define ASSUME_ROLE_PRINT_H

#include <stdbool.h>

#include "base/prog.h"
#include "net/cred.h"

/* Those of `aws configure export-credentials`. */
enum print_format {
	PRINT_PROCESS,		/* JSON, for credential_process */
	PRINT_ENV,		/* export lines for a POSIX shell */
	PRINT_ENV_NO_EXPORT,	/* NAME=VALUE */
	PRINT_FISH, PRINT_POWERSHELL, PRINT_WINDOWS_CMD
};

extern const char print_format_names[];

/* Returns whether name is one of them; *format is only then set. */
bool print_parse_format(const char *name, enum print_format *format);

/*
 * Prints the keys.  Every form but PRINT_PROCESS names the region too, unless it is NULL, and all
 * but PRINT_ENV_NO_EXPORT take variables away that would lead to other keys.  Returns PROG_OK, or
 * PROG_FAIL with the reason printed.
 */
enum prog_status print_credentials(enum print_format format, const struct cred *cred,
    const char *expiration, const char *region);

#endif
