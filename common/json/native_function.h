/* The builtin functions of jq that a native program may call, by subject. */
#ifndef JSON_NATIVE_FUNCTION_H
#define JSON_NATIVE_FUNCTION_H

#include "json/native_node.h"

struct native_builtin {
	const char *name;
	int64_t args;
	native_function *function;
};

/* Each ends with a row whose name is NULL. */
extern const struct native_builtin native_string_rows[], native_list_rows[], native_number_rows[];

/* sub and gsub of the run's regular expression by the string arg. */
native_function native_sub, native_gsub;

#endif
