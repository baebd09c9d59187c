/* Which rows are users: a question for each row, where a job's counts do not tell. */
#ifndef PUSH_IMPORT_VERIFY_H
#define PUSH_IMPORT_VERIFY_H

#include "cognito.h"
#include "result.h"

/*
 * Asks for the user of every row of the loaded file (AdminGetUser: each one counts as active in the
 * bill) and writes the results.  Returns PROG_OK; or with one line printed a status.
 */
enum prog_status verify_file(struct cognito *c, const struct file *f, const struct job *j);

#endif
