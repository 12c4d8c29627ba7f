#include "audit/zone_pending.h"

#include <stdlib.h>
#include <string.h>

void da_pending_clear(struct da_pending_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free((void *)list->pending[i].found.owner);
        free((void *)list->pending[i].found.rdata);
    }
    free(list->pending);
    list->pending = NULL;
    list->count = 0;
}

static enum da_status settle_one(struct da_pending_list *list, size_t index, struct da_collection *collection,
                                 const struct da_pending_facts *facts)
{
    struct da_pending *pending = &list->pending[index];
    struct da_found *found = &pending->found;

    bool is_missing = pending->ttl_missing || (pending->ttl_of_before && facts->windows);
    if (is_missing) {
        found->has_ttl = facts->has_minimum;
        found->ttl = facts->has_minimum ? facts->minimum : 0;
    }
    if (is_missing && !facts->has_minimum && facts->read_again) {
        list->left_out = true;
        return DA_OK;
    }
    if (facts->windows && found->aging == DA_AGING_UNKNOWN && !pending->stamp_bad)
        found->aging = DA_AGING_STATIC;
    return da_collection_add(collection, found);
}

enum da_status da_pending_settle(struct da_pending_list *list, struct da_collection *collection,
                                 const struct da_pending_facts *facts)
{
    enum da_status status = DA_OK;

    for (size_t i = 0; i < list->count && status == DA_OK; i++)
        status = settle_one(list, i, collection, facts);
    da_pending_clear(list);
    return status;
}

enum da_status da_pending_add(struct da_pending_list *list, const struct da_pending *pending,
                              struct da_collection *collection, const struct da_pending_facts *facts)
{
    enum da_status status = DA_OK;

    if (list->count == DA_ZONE_PENDING)
        status = da_pending_settle(list, collection, facts);
    if (status == DA_OK && list->pending == NULL) {
        list->pending = malloc(DA_ZONE_PENDING * sizeof(*list->pending));
        status = list->pending != NULL ? DA_OK : DA_ERR_MEMORY;
    }
    if (status != DA_OK)
        return status;

    struct da_name *owner = malloc(sizeof(*owner));
    uint8_t *rdata = malloc(pending->found.rdata_length + (size_t)1);
    if (owner == NULL || rdata == NULL) {
        free(owner);
        free(rdata);
        return DA_ERR_MEMORY;
    }
    *owner = *pending->found.owner;
    if (pending->found.rdata_length > 0)
        memcpy(rdata, pending->found.rdata, pending->found.rdata_length);
    list->pending[list->count] = *pending;
    list->pending[list->count].found.owner = owner;
    list->pending[list->count].found.rdata = rdata;
    list->count++;
    return DA_OK;
}
