/* audit.h - the subcommand "audit". */
#ifndef DA_AUDIT_H
#define DA_AUDIT_H

#include "command.h"

extern const struct da_command da_command_audit;

#endif
