#include "directory/pin_apply.h"

static enum da_status write_node(struct da_directory *directory, const struct da_pin_node *node,
                                 enum da_directory_change *change, struct da_error *error)
{
    const struct da_pin_plan *plan = &node->plan;

    if (plan->state == DA_PIN_CREATE)
        return da_directory_create(directory, node->zone, &node->name, plan->fresh, plan->fresh_count, change, error);
    return da_directory_modify(directory, &node->node, plan->old, plan->old_count, plan->fresh, plan->fresh_count,
                               change, error);
}

/* Writes what is planned, between its lines in the log. */
static enum da_status change_node(struct da_directory *directory, const struct da_pin_node *node,
                                  const struct da_pin_log *log, enum da_pin_result *result, struct da_error *error)
{
    enum da_directory_change change = DA_DIRECTORY_CONFLICT;
    const char *text;

    if (da_pin_log_change(log, node) != DA_OK)
        return DA_ERR_IO;
    enum da_status status = write_node(directory, node, &change, error);
    if (status == DA_ERR_IO || status == DA_ERR_LIMIT) {
        *result = DA_PIN_UNKNOWN;
        text = "not known whether it was written";
    } else if (status != DA_OK) {
        text = "not written";
    } else if (change == DA_DIRECTORY_CONFLICT) {
        text = "not written: it changed meanwhile";
    } else {
        *result = DA_PIN_WRITTEN;
        text = "written";
    }
    if (da_pin_log_result(log, node, text) != DA_OK && status == DA_OK)
        return DA_ERR_IO;
    return status;
}

/* What is left to be done after a reading says whether a node is pinned: writing it is no proof. */
enum da_status da_pin_apply(struct da_directory *directory, struct da_pin_node *node, const struct da_pin_log *log,
                            enum da_pin_result *result, struct da_error *error)
{
    *result = DA_PIN_NOTHING;
    for (unsigned attempt = 0;; attempt++) {
        enum da_status status = DA_OK;
        if (node->plan.state == DA_PIN_DONE)
            return DA_OK;
        if (node->plan.state == DA_PIN_REFUSE)
            status = da_error_set(error, DA_ERR_VALUE, NULL, "cannot be pinned: %s", node->plan.refusal);
        else if (attempt == DA_PIN_ATTEMPTS)
            status = da_error_set(error, DA_ERR_VALUE, NULL, "others changed it each of %d times: try again",
                                  DA_PIN_ATTEMPTS);
        else
            status = change_node(directory, node, log, result, error);
        if (status == DA_OK)
            status = da_pin_node_read(directory, node, error);
        if (status == DA_OK)
            continue;
        if (*result != DA_PIN_UNKNOWN)
            *result = *result == DA_PIN_WRITTEN && status != DA_ERR_VALUE ? DA_PIN_UNKNOWN : DA_PIN_FAILED;
        return status;
    }
}
