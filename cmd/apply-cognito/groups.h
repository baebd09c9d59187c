/* What becomes of the rows about groups. */
#ifndef APPLY_COGNITO_GROUPS_H
#define APPLY_COGNITO_GROUPS_H

#include "task.h"

void groups_create(struct task *t);
void groups_update(struct task *t);
void groups_delete(struct task *t);

#endif
