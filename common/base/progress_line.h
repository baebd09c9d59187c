/*
 * The one line at the bottom of a terminal, on which all stages of a pipeline show how far they
 * are.
 *
 * They share a file, cognito-filters/progress-… below $XDG_RUNTIME_DIR, else in
 * /dev/shm/cognito-filters-UID/: 0600 in a directory of 0700, one for each terminal.  A stage has a
 * slot in it, by a lock that the kernel takes back from whoever is killed; what stands there counts
 * if the holder of the lock wrote it.  Whichever of them comes by when the line is due draws it,
 * for all that are in the same process group; another lock sees to it that one writes to the
 * terminal at a time, and what stands there is noted, so that a message of any stage, of another
 * pipeline at this terminal too, wipes it first.
 *
 * Nobody waits long for that lock: one who was stopped while he held it is left alone, for a
 * second without another try, and a line may then be torn.  Where the file cannot be had nothing is
 * shared.
 * The files stay (4 KiB a terminal): to remove one while another stage opens it would part the two.
 *
 * Group: the process group, or $COGNITO_PROGRESS_GROUP, by which a script whose commands run in
 * groups of their own makes them one.  One that is in the background does not draw.
 */
#ifndef BASE_PROGRESS_LINE_H
#define BASE_PROGRESS_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/progress_text.h"

/*
 * Opens the file of the terminal that standard error is; once it is open the call has no effect.
 * Before the door is shut (sandbox.h).  Messages wipe the line from now on, and the exit of the
 * program, by a signal of deadly.h too, leaves the slot.  Returns whether it is open.
 */
bool progress_line_open(void);

/*
 * Says how far this stage is, and draws the line if it is due; name and pipes of s are filled in
 * here.  quiet: the line is not to be drawn at all, for nobody in the group.  May be called at any
 * time: before the line is open it does nothing.
 */
void progress_line_tell(struct progress_stage *s, bool quiet);

/* The stage is done, or has nothing to show for now; the last one of the group wipes the line. */
void progress_line_leave(void);

/*
 * Nobody draws, and messages come after a short wait, until progress_line_resume: a question stands
 * on the terminal.  Returns whether it is so, and progress_line_resume is to be called.
 */
bool progress_line_pause(void);
void progress_line_resume(void);

#endif
