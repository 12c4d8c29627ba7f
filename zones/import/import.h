/* import.h - dadns import: drafts a deployment file from what Windows tells of a deployment. */
#ifndef DA_IMPORT_IMPORT_H
#define DA_IMPORT_IMPORT_H

#include "command.h"

extern const struct da_command da_command_import;

#endif
