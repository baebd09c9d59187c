/*
 * Sends a file to a presigned URL of S3's.  The URL is a secret: whoever has it may replace the
 * file.  It stands in no message, no argument and no file, and is wiped.
 */
#ifndef PUSH_IMPORT_UPLOAD_H
#define PUSH_IMPORT_UPLOAD_H

#include "base/prog.h"
#include "net/aws.h"

#include "files.h"

/*
 * PUT with x-amz-server-side-encryption: aws:kms, again after what may pass, within the client's
 * --retry-seconds.  Returns PROG_OK; or with one line printed PROG_FAIL or PROG_TEMPORARY.
 */
enum prog_status upload_file(const struct aws_client *client, const char *url,
    const struct file *f);

#endif
