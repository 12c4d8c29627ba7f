/* watch.h - the subcommand "watch". */
#ifndef DA_WATCH_H
#define DA_WATCH_H

#include "command.h"

extern const struct da_command da_command_watch;

#endif
