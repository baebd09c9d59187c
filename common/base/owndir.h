/*
 * Directories of the user's own, for files that the user's processes share (the pace of calls, the
 * progress line): not open to everybody, and no symbolic link leads out of them.  A group may write
 * to a directory, as the user's own umask may have made it (~/.cache); never to the files.
 */
#ifndef BASE_OWNDIR_H
#define BASE_OWNDIR_H

/*
 * Opens the directory that the environment variable names by an absolute path.  Returns a
 * descriptor, good for owndir_enter alone; or -1 with errno set: there is none, or it is not ours
 * (EPERM).
 */
int owndir_open(const char *variable);

/*
 * Opens the directory of that name in parent, and makes it, for its owner only, if it is not there.
 * parent is closed in any case; it may be -1, with errno set.  flags are of open(2), O_NOFOLLOW
 * say.  Returns a descriptor, or -1 with errno set: EPERM if it is another user's, or everybody may
 * write there.
 */
int owndir_enter(int parent, const char *name, int flags);

/*
 * Opens the file of that name in the directory to read and write, and makes it (0600) if it is not
 * there.  The directory is closed in any case; it may be -1, with errno set.  Returns a descriptor,
 * or -1 with errno set: EPERM if it is no regular file of ours, or others may write to it.
 */
int owndir_file(int directory, const char *name);

#endif
