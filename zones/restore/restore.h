/* restore.h - the subcommand `dadns restore`: adds the records that are missing at an authoritative server. */
#ifndef DA_RESTORE_H
#define DA_RESTORE_H

#include "command.h"

extern const struct da_command da_command_restore;

#endif
