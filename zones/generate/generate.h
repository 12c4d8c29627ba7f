/* generate.h - the subcommand `dadns generate`: a deployment's records in the formats of other programs. */
#ifndef DA_GENERATE_H
#define DA_GENERATE_H

#include "command.h"

extern const struct da_command da_command_generate;

#endif
