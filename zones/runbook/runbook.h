/* runbook.h - dadns runbook: what goes with the records, computed from the deployment. */
#ifndef DA_RUNBOOK_RUNBOOK_H
#define DA_RUNBOOK_RUNBOOK_H

#include "command.h"

extern const struct da_command da_command_runbook;

#endif
