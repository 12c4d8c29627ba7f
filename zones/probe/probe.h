/* probe.h - dadns probe: what a DirectAccess client would conclude. */
#ifndef DA_PROBE_PROBE_H
#define DA_PROBE_PROBE_H

#include "command.h"

extern const struct da_command da_command_probe;

#endif
