/*
 * Command lines: tables of long options with short forms, over getopt_long(3).
 *
 * A table row says where the value goes, so that no command needs a switch.  An option that
 * takes a value may be given once; a second time is a usage error.  --help, --version and -- work
 * everywhere and are not in the tables; -h is --help.
 */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include <stdbool.h>
#include <stddef.h>

enum opt_kind {
	OPT_FLAG,	/* bool: true when given */
	OPT_COUNT,	/* int: how often it was given */
	OPT_VALUE,	/* const char *: borrowed from argv */
	OPT_LIST	/* struct opt_list: every value, in order */
};

struct opt_list {
	const char **items;	/* borrowed strings; the array lives until the next opt_parse */
	size_t count;
};

struct opt_spec {
	const char *name;	/* without the dashes; NULL ends a table */
	int letter;		/* short form, or 0 */
	enum opt_kind kind;
	void *dest;		/* bool, int, const char * or struct opt_list, by kind */
};

/*
 * Parses argv by all the tables (an array of them, ended by NULL) and stores the values.  A
 * destination that is not mentioned keeps what it held.
 *
 * usage is the text of SYNOPSIS, a line or more without "usage: ".  Its first word is the
 * command's own name and may begin further lines; it is printed as prog_name(), so that a renamed
 * command shows the name it was called by.  --help prints the usage on stdout and ends with 0 (1
 * if that cannot be written); --version prints name and version, and with --verbose or -v beside it
 * what the kernel has of a sandbox (sandbox.h).  Anything wrong is explained on stderr, followed by
 * the usage, and ends with 2.
 *
 * Returns the index in argv of the first operand.  Options end at the first operand when
 * stop_at_operand is true (for commands that run another command), else operands and options mix.
 */
int opt_parse(int argc, char **argv, const struct opt_spec *const tables[], const char *usage,
    bool stop_at_operand);

/* Prints the line as diag_error, then the usage given to opt_parse, and ends with status 2. */
_Noreturn void opt_usage_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Prints the line as diag_error and ends with status 2: for a value that is wrong or missing, where
 * the usage would only hide the line that says so.
 */
_Noreturn void opt_value_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A number from the option --name; text NULL gives fallback.  Wrong text is a value error. */
long opt_number(const char *name, const char *text, long min, long max, long fallback);

#endif
