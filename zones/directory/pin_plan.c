#include "directory/pin_plan.h"

#include <stdlib.h>
#include <string.h>

#define STAMP_AT     20 /* where a value has its time stamp */
#define STAMP_LENGTH 4  /* octets */
#define HEX_SHOWN    64 /* octets of a malformed value that a message shows */

/* ---- values ---- */

static enum da_status refuse_value(const struct da_directory_node *node, const struct da_octets *value,
                                   const char *fault, struct da_error *error)
{
    char hex[2 * HEX_SHOWN + 1] = "";

    for (size_t i = 0; i < value->length && i < HEX_SHOWN; i++)
        snprintf(hex + 2 * i, 3, "%02x", value->octets[i]);
    return da_error_set(error, DA_ERR_VALUE, NULL, "%.256s: malformed dnsRecord value %s%s: %s", node->dn, hex,
                        value->length > HEX_SHOWN ? "..." : "", fault);
}

/* Takes a value apart, its data included. */
static enum da_status read_value(const struct da_directory_node *node, const struct da_octets *value,
                                 struct da_ad_record *record, struct da_error *error)
{
    uint8_t rdata[2 * DA_NAME_MAX + 20]; /* an SOA has two names and five numbers */
    size_t length;

    const char *fault = da_ad_record_read(value->octets, value->length, record);
    if (fault == NULL)
        fault = da_ad_record_rdata(record, rdata, sizeof(rdata), &length);
    return fault == NULL ? DA_OK : refuse_value(node, value, fault, error);
}

static bool is_address(const struct da_ad_record *record)
{
    return record->type == DA_TYPE_A || record->type == DA_TYPE_AAAA;
}

enum da_status da_pin_node_has(const struct da_directory_node *node, uint16_t type, bool *has, struct da_error *error)
{
    struct da_ad_record record;
    enum da_status status = DA_OK;

    *has = false;
    for (size_t i = 0; status == DA_OK && i < node->value_count; i++) {
        status = read_value(node, &node->values[i], &record, error);
        if (status == DA_OK && record.type == type && !node->is_tombstoned)
            *has = true;
    }
    return status;
}

/* ---- a plan as it is made ---- */

/* A value of the node. */
struct value {
    const struct da_octets *octets;
    struct da_ad_record record;
    bool is_taken; /* it is in the plan */
};

struct planner {
    const struct da_pin_terms *terms;
    const struct da_directory_node *node;
    struct value *values; /* by type, address, static in front of dynamic, TTL */
    size_t value_count;
    struct da_pin_plan *plan;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_values(const void *left, const void *right)
{
    const struct da_ad_record *a = &((const struct value *)left)->record, *b = &((const struct value *)right)->record;
    uint16_t shorter = a->data_length < b->data_length ? a->data_length : b->data_length;

    int order = compare_numbers(a->type, b->type);
    if (order == 0)
        order = memcmp(a->data, b->data, shorter);
    if (order == 0)
        order = compare_numbers(a->data_length, b->data_length);
    if (order == 0)
        order = compare_numbers(a->stamp != 0, b->stamp != 0);
    return order != 0 ? order : compare_numbers(a->ttl, b->ttl);
}

static enum da_status read_values(struct planner *planner, struct da_error *error)
{
    const struct da_directory_node *node = planner->node;
    enum da_status status = DA_OK;

    planner->values = calloc(node->value_count + 1, sizeof(*planner->values));
    if (planner->values == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; status == DA_OK && i < node->value_count; i++) {
        struct value *value = &planner->values[planner->value_count++];
        value->octets = &node->values[i];
        status = read_value(node, value->octets, &value->record, error);
    }
    if (status == DA_OK)
        qsort(planner->values, planner->value_count, sizeof(*planner->values), compare_values);
    return status;
}

/* Room for every value and every address of the deployment. */
static enum da_status make_room(struct planner *planner, const struct da_owner *owner)
{
    struct da_pin_plan *plan = planner->plan;
    size_t most = planner->value_count + 1;

    for (size_t i = 0; i < owner->rrset_count; i++)
        most += owner->rrsets[i].count;
    plan->records = calloc(most, sizeof(*plan->records));
    plan->old = calloc(most, sizeof(*plan->old));
    plan->fresh = calloc(most, sizeof(*plan->fresh));
    plan->written = calloc(most, sizeof(*plan->written));
    if (plan->records == NULL || plan->old == NULL || plan->fresh == NULL || plan->written == NULL)
        return DA_ERR_MEMORY;
    return DA_OK;
}

/* Plans a value of the node. */
static struct da_pin_record *take(struct planner *planner, struct value *value, enum da_pin_act act)
{
    struct da_pin_plan *plan = planner->plan;
    struct da_pin_record *record = &plan->records[plan->record_count++];

    *record = (struct da_pin_record){.act = act, .before = *value->octets, .is = value->record};
    value->is_taken = true;
    if (act != DA_PIN_KEEP && act != DA_PIN_LEAVE)
        plan->old[plan->old_count++] = record->before;
    return record;
}

static void put(struct da_pin_plan *plan, struct da_pin_record *record, size_t length)
{
    record->after = (struct da_octets){.length = length, .octets = plan->written[plan->written_count++]};
    plan->fresh[plan->fresh_count++] = record->after;
}

/* All of a value stays but its time stamp. */
static void plan_right(struct planner *planner, struct value *value)
{
    struct da_pin_plan *plan = planner->plan;

    if (value->record.stamp == 0) {
        take(planner, value, DA_PIN_KEEP);
        return;
    }
    struct da_pin_record *record = take(planner, value, DA_PIN_STATIC);
    uint8_t *written = plan->written[plan->written_count];
    memcpy(written, record->before.octets, record->before.length);
    memset(written + STAMP_AT, 0, STAMP_LENGTH);
    put(plan, record, record->before.length);
}

static bool is_in(const struct da_rrset *rrset, const struct da_ad_record *record)
{
    for (size_t i = 0; record->type == rrset->type && i < rrset->count; i++)
        if (memcmp(record->data, rrset->rdata + i * rrset->rdata_length, rrset->rdata_length) == 0)
            return true;
    return false;
}

/* Records of one RRset have one TTL (RFC 2181 section 5.2): that of one which stays, if there is any. */
static uint32_t ttl_of(const struct planner *planner, const struct da_rrset *rrset)
{
    const bool wrong_stay = !planner->node->is_tombstoned && !planner->terms->replace;

    for (size_t i = 0; i < planner->value_count; i++) {
        const struct da_ad_record *record = &planner->values[i].record;
        if (is_in(rrset, record) || (record->type == rrset->type && wrong_stay))
            return record->ttl;
    }
    return planner->terms->ttl;
}

static void plan_missing(struct planner *planner, const struct da_rrset *rrset, const uint8_t *rdata)
{
    struct da_pin_plan *plan = planner->plan;
    struct da_pin_record *record = &plan->records[plan->record_count++];

    *record = (struct da_pin_record){.act = DA_PIN_ADD,
                                     .is = {.type = rrset->type,
                                            .rank = DA_AD_RANK_ZONE,
                                            .serial = planner->terms->serial,
                                            .ttl = ttl_of(planner, rrset),
                                            .data_length = rrset->rdata_length,
                                            .data = rdata}};
    put(plan, record, da_ad_record_write(&record->is, plan->written[plan->written_count]));
}

/* Of values with the address the first is kept: a static one, if there is any. */
static void plan_address(struct planner *planner, const struct da_rrset *rrset, const uint8_t *rdata)
{
    bool is_there = false;

    for (size_t i = 0; i < planner->value_count; i++) {
        struct value *value = &planner->values[i];
        if (value->record.type != rrset->type || memcmp(value->record.data, rdata, rrset->rdata_length) != 0)
            continue;
        if (is_there)
            take(planner, value, DA_PIN_MERGE);
        else
            plan_right(planner, value);
        is_there = true;
    }
    if (!is_there)
        plan_missing(planner, rrset, rdata);
}

/* What the deployment does not have. */
static void plan_rest(struct planner *planner)
{
    for (size_t i = 0; i < planner->value_count; i++) {
        struct value *value = &planner->values[i];
        if (value->is_taken)
            continue;
        if (planner->node->is_tombstoned)
            take(planner, value, DA_PIN_BURY);
        else if (is_address(&value->record))
            take(planner, value, planner->terms->replace ? DA_PIN_DELETE : DA_PIN_LEAVE);
        else if (value->record.type != DA_AD_TOMBSTONE)
            planner->plan->others++;
    }
    /* Left over in a node that is not deleted, one says nothing that would be worth a change of its own. */
    for (size_t i = 0; i < planner->value_count && planner->plan->fresh_count > 0; i++)
        if (!planner->values[i].is_taken && planner->values[i].record.type == DA_AD_TOMBSTONE)
            take(planner, &planner->values[i], DA_PIN_BURY);
}

/* What no address can stand beside. */
static const char *find_obstacle(const struct planner *planner)
{
    for (size_t i = 0; i < planner->value_count && !planner->node->is_tombstoned; i++) {
        if (planner->values[i].record.type == DA_TYPE_CNAME)
            return "it is an alias (CNAME)";
        if (planner->values[i].record.type == DA_TYPE_NS)
            return "it is delegated to other servers (NS)";
    }
    return NULL;
}

static enum da_pin_state state_of(const struct planner *planner)
{
    if (planner->node->dn == NULL)
        return DA_PIN_CREATE;
    if (planner->node->is_tombstoned)
        return DA_PIN_REVIVE;
    return planner->plan->old_count + planner->plan->fresh_count > 0 ? DA_PIN_CHANGE : DA_PIN_DONE;
}

static void plan_values(struct planner *planner, const struct da_owner *owner)
{
    struct da_pin_plan *plan = planner->plan;

    plan->refusal = find_obstacle(planner);
    if (plan->refusal != NULL) {
        plan->state = DA_PIN_REFUSE;
        return;
    }
    for (size_t i = 0; i < owner->rrset_count; i++) {
        const struct da_rrset *rrset = &owner->rrsets[i];
        for (size_t k = 0; k < rrset->count; k++)
            plan_address(planner, rrset, rrset->rdata + k * rrset->rdata_length);
    }
    plan_rest(planner);
    plan->state = state_of(planner);
}

enum da_status da_pin_plan(const struct da_pin_terms *terms, const struct da_owner *owner,
                           const struct da_directory_node *node, struct da_pin_plan *plan, struct da_error *error)
{
    struct planner planner = {.terms = terms, .node = node, .plan = plan};

    *plan = (struct da_pin_plan){0};
    enum da_status status = read_values(&planner, error);
    if (status == DA_OK)
        status = make_room(&planner, owner);
    if (status == DA_OK)
        plan_values(&planner, owner);
    else if (status == DA_ERR_MEMORY)
        da_error_set(error, status, NULL, "out of memory");
    free(planner.values);
    return status;
}

void da_pin_plan_clear(struct da_pin_plan *plan)
{
    free(plan->records);
    free(plan->old);
    free(plan->fresh);
    free(plan->written);
    *plan = (struct da_pin_plan){0};
}
