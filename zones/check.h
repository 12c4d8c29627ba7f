/* check.h - the subcommand `dadns check`: validates a deployment and prints its records. */
#ifndef DA_CHECK_H
#define DA_CHECK_H

#include "command.h"

extern const struct da_command da_command_check;

#endif
