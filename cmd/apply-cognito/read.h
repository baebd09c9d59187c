/* The plan, read to its end before anything is sent. */
#ifndef APPLY_COGNITO_READ_H
#define APPLY_COGNITO_READ_H

#include "apply.h"

/*
 * Reads it, asks the pool for its attributes, and judges.  Returns PROG_OK: it may be carried out;
 * or a status with the reason printed and in *why.
 */
enum prog_status read_plan(struct apply *a, const char **why);

#endif
