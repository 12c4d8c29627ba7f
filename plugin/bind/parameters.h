/* parameters.h - the text between the braces of the plugin statement.
 *
 *   plugin query "bind-directaccess.so" { deployment "/etc/bind/directaccess.yaml"; };
 *
 * It is read with named's own parser, so that a fault in it is told as any other of named.conf: file, line, what is
 * wrong. A path that is not absolute is relative to named's working directory (option `directory`), as for zone files.
 */
#ifndef DA_PARAMETERS_H
#define DA_PARAMETERS_H

#include "policy.h"

#include <isc/log.h>
#include <isc/mem.h>
#include <isc/result.h>

/* What named hands over to plugin_check() and plugin_register(). */
struct da_statement {
    const char *parameters; /* the text; NULL where there are no braces */
    const char *file;       /* of named.conf, and the line in it */
    unsigned long line;
    isc_mem_t *memory;
    isc_log_t *log;
};

struct da_parameters {
    char *deployment;         /* path, as given */
    char *where;              /* "FILE:LINE" of the clause, for the log */
    struct da_policy *policy; /* built from the deployment */
};

/* Reads the text and the deployment that it names, whose warnings and faults are logged. parameters is set on
 * ISC_R_SUCCESS only, and then to be given to da_parameters_clear(). Any other result: an error has been logged, but
 * for ISC_R_NOMEMORY. */
isc_result_t da_parameters_read(const struct da_statement *statement, struct da_parameters *parameters);
void da_parameters_clear(struct da_parameters *parameters);

#endif
