/* pin.h - the subcommand "pin". */
#ifndef DA_PIN_H
#define DA_PIN_H

#include "command.h"

extern const struct da_command da_command_pin;

#endif
