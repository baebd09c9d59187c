/* Whether the files are whole, and as the importer wants them: before anything is sent. */
#ifndef PUSH_IMPORT_CHECK_H
#define PUSH_IMPORT_CHECK_H

#include "push.h"

/*
 * Reads every file and fills in what it says of itself.  Returns PROG_OK; or with one line printed
 * and why set PROG_FAIL (a row or heading that does not do, a file that cannot be read) or
 * PROG_INCOMPLETE (a file without its end, or not as many rows as --rows says).
 */
enum prog_status check_files(struct push *p);

#endif
