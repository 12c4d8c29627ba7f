/* pin_apply.h - plans carried out: one modification a node, from a fresh reading where it changed meanwhile, and read
 * again to see that it is so.
 *
 * A node is changed whole or not at all, so that whenever this ends, however it ends, no node has fewer good records
 * than before. */
#ifndef DA_PIN_APPLY_H
#define DA_PIN_APPLY_H

#include "directory/pin_log.h"

#define DA_PIN_ATTEMPTS 5 /* modifications of a node that others change, too */

enum da_pin_result {
    DA_PIN_UNTRIED, /* it was not this node's turn */
    DA_PIN_NOTHING, /* nothing was to be done */
    DA_PIN_WRITTEN, /* and read again: it is as the deployment has it, and static */
    DA_PIN_FAILED,  /* it is as it was, but for what others changed */
    DA_PIN_UNKNOWN, /* the directory was lost before it said, or before it could be read again */
};
#define DA_PIN_RESULTS 5

/* Pins one node. plan and node are those of the last reading afterwards. log may have no streams.
 *
 * result  set whatever is returned
 * Returns DA_OK; DA_ERR_VALUE where this node failed, and others need not; else what no other node can do without:
 * DA_ERR_IO or DA_ERR_LIMIT for the connection, with error set; DA_ERR_IO for the log, with errno set and error not;
 * DA_ERR_MEMORY. */
enum da_status da_pin_apply(struct da_directory *directory, struct da_pin_node *node, const struct da_pin_log *log,
                            enum da_pin_result *result, struct da_error *error);

#endif
