#include "audit/fix_plan.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is safe, and where it belongs ---- */

static bool is_safe(const struct da_name *name)
{
    for (const uint8_t *label = name->wire; *label != 0; label += 1 + *label) {
        if (label[1] == '-')
            return false;
        for (size_t i = 1; i <= *label; i++) {
            uint8_t octet = da_name_fold(label[i]);
            if (!(octet >= 'a' && octet <= 'z') && !(octet >= '0' && octet <= '9') && octet != '-' && octet != '_')
                return false;
        }
    }
    return name->length > 1;
}

/* The closest zone that the name is in, of the finding's source or, where that is a server, of any other's. */
static bool find_apex(const struct da_audit *audit, const struct da_finding *finding, struct da_name *zone)
{
    struct da_name apex;
    bool is_found = da_collection_apex(finding->collection, &finding->name, zone);

    for (size_t i = 0; !da_collection_is_contents(finding->collection) && i < audit->request.collection_count; i++) {
        if (!da_collection_apex(audit->request.collections[i], &finding->name, &apex))
            continue;
        if (!is_found || apex.length > zone->length)
            *zone = apex;
        is_found = true;
    }
    return is_found;
}

/* Where no source tells the zone, it is taken to be the suffix, as `generate` does. */
static void find_zone(const struct da_audit *audit, struct da_repair *repair)
{
    const struct da_finding *finding = repair->finding;
    struct da_name zone = {.length = 1};

    repair->is_zone_known = find_apex(audit, finding, &zone);
    if (!repair->is_zone_known && finding->suffix != DA_NO_SUFFIX)
        zone = audit->request.set->suffixes[finding->suffix];
    repair->zone_at = (uint8_t)(finding->name.length - zone.length);
}

static const char *find_obstacle(const struct da_repair *repair)
{
    if (!is_safe(&repair->finding->name))
        return "a name that no command can hold safely";
    if (repair->finding->name.wire[repair->zone_at] == 0)
        return "in no zone that is known";
    if (repair->zone_at == 0)
        return "the name of a zone itself";
    if (repair->step == DA_STEP_DELETE && repair->length == 0 &&
        (repair->type == DA_TYPE_A || repair->type == DA_TYPE_AAAA))
        return "the source does not tell which address";
    if (repair->type != DA_TYPE_A && repair->type != DA_TYPE_AAAA && repair->type != DA_TYPE_CNAME)
        return "of a type that is left to you";
    return NULL;
}

/* ---- from findings to repairs ---- */

static enum da_status add_repair(struct da_plan *plan, const struct da_repair *repair)
{
    if (plan->count == plan->room) {
        size_t room = plan->room > 0 ? 2 * plan->room : 64;
        struct da_repair *repairs = realloc(plan->repairs, room * sizeof(*repairs));
        if (repairs == NULL)
            return DA_ERR_MEMORY;
        plan->repairs = repairs;
        plan->room = room;
    }
    struct da_repair *added = &plan->repairs[plan->count++];
    *added = *repair;
    const struct da_label *label = da_names_label_of(plan->audit->request.names, &repair->finding->name);
    added->rank = label != NULL ? (uint8_t)label->role : DA_LABEL_ROLES;
    find_zone(plan->audit, added);
    added->obstacle = find_obstacle(added);
    return DA_OK;
}

static const struct da_rrset *published(const struct da_audit *audit, const struct da_finding *finding)
{
    const struct da_label *label = da_names_label_of(audit->request.names, &finding->name);

    for (size_t i = 0; label != NULL && label->owner != NULL && i < label->owner->rrset_count; i++)
        if (label->owner->rrsets[i].type == finding->type)
            return &label->owner->rrsets[i];
    return NULL;
}

static bool is_published(const struct da_rrset *rrset, const uint8_t *address, size_t length)
{
    for (size_t i = 0; rrset != NULL && rrset->rdata_length == length && i < rrset->count; i++)
        if (memcmp(rrset->rdata + i * length, address, length) == 0)
            return true;
    return false;
}

static enum da_status add_found(struct da_plan *plan, struct da_repair *repair, const struct da_found *found)
{
    size_t length = found->type == DA_TYPE_A ? DA_IPV4_LEN : found->type == DA_TYPE_AAAA ? DA_IPV6_LEN : 0;

    if (length > 0 && found->rdata_length == length) {
        repair->length = (uint8_t)length;
        memcpy(repair->address, found->rdata, length);
    }
    return add_repair(plan, repair);
}

/* Each right address of the RRset; of those that are to become static, each that is dynamic. */
static enum da_status renew_rrset(struct da_plan *plan, struct da_repair *repair, const struct da_rrset *rrset)
{
    const struct da_finding *finding = repair->finding;
    size_t count = 0;
    const struct da_found *found = da_collection_find(finding->collection, &finding->name, rrset->type, &count);
    enum da_status status = DA_OK;

    repair->type = rrset->type;
    for (size_t i = 0; status == DA_OK && found != NULL && i < count; i++)
        if (is_published(rrset, found[i].rdata, found[i].rdata_length) &&
            (!repair->make_static || found[i].aging == DA_AGING_DYNAMIC))
            status = add_found(plan, repair, &found[i]);
    return status;
}

/* Each address that is to be there; those that are there already are left alone by what is printed. */
static enum da_status add_rrset(struct da_plan *plan, struct da_repair *repair, const struct da_rrset *rrset)
{
    enum da_status status = DA_OK;

    repair->type = rrset->type;
    repair->length = rrset->rdata_length;
    for (size_t i = 0; status == DA_OK && i < rrset->count; i++) {
        memcpy(repair->address, rrset->rdata + i * rrset->rdata_length, rrset->rdata_length);
        status = add_repair(plan, repair);
    }
    return status;
}

/* A finding about all of a name. */
static enum da_status add_name(struct da_plan *plan, struct da_repair *repair)
{
    const struct da_label *label = da_names_label_of(plan->audit->request.names, &repair->finding->name);
    size_t count = label != NULL && label->owner != NULL ? label->owner->rrset_count : 0;
    enum da_status status = DA_OK;

    for (size_t i = 0; status == DA_OK && i < count; i++) {
        const struct da_rrset *rrset = &label->owner->rrsets[i];
        status = repair->step == DA_STEP_ADD ? add_rrset(plan, repair, rrset) : renew_rrset(plan, repair, rrset);
    }
    return status;
}

static enum da_status add_deletion(struct da_plan *plan, struct da_repair *repair)
{
    const struct da_finding *finding = repair->finding;
    const struct da_label *label = da_names_label_of(plan->audit->request.names, &finding->name);

    repair->type = finding->found != NULL ? finding->found->type : finding->type;
    repair->step = repair->type == DA_TYPE_CNAME && label != NULL ? DA_STEP_ALIAS : DA_STEP_DELETE;
    return finding->found != NULL ? add_found(plan, repair, finding->found) : add_repair(plan, repair);
}

bool da_plan_is_repairable(const struct da_finding *finding)
{
    return da_finding_kinds[finding->code].remedy != DA_REMEDY_NONE && finding->collection != NULL &&
           finding->collection->kind != DA_SOURCE_RESOLVER && finding->name.length > 0;
}

static enum da_status add_finding(struct da_plan *plan, const struct da_finding *finding)
{
    const struct da_rrset *rrset = published(plan->audit, finding);
    struct da_repair repair = {.finding = finding, .type = finding->type};

    switch (da_plan_is_repairable(finding) ? da_finding_kinds[finding->code].remedy : DA_REMEDY_NONE) {
    case DA_REMEDY_ADD:
        repair.step = DA_STEP_ADD;
        if (finding->type == 0)
            return add_name(plan, &repair);
        repair.length = finding->address_length;
        memcpy(repair.address, finding->address, sizeof(repair.address));
        return is_published(rrset, repair.address, repair.length) ? add_repair(plan, &repair) : DA_OK;
    case DA_REMEDY_DELETE:
        return add_deletion(plan, &repair);
    case DA_REMEDY_TTL:
        repair.step = DA_STEP_RENEW;
        repair.ttl = true;
        return rrset != NULL ? renew_rrset(plan, &repair, rrset) : DA_OK;
    case DA_REMEDY_STATIC: /* a wrong one is deleted anyway */
        repair.step = DA_STEP_RENEW;
        repair.make_static = true;
        if (finding->type == 0)
            return add_name(plan, &repair);
        if (finding->found == NULL || !is_published(rrset, finding->found->rdata, finding->found->rdata_length))
            return DA_OK;
        return add_found(plan, &repair, finding->found);
    case DA_REMEDY_NONE:
        break;
    }
    return DA_OK;
}

/* ---- order ---- */

static int compare_names(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length)
{
    for (size_t i = 0; i < a_length && i < b_length; i++)
        if (da_name_fold(a[i]) != da_name_fold(b[i]))
            return da_name_fold(a[i]) < da_name_fold(b[i]) ? -1 : 1;
    return (a_length > b_length) - (a_length < b_length);
}

static int compare_zones(const struct da_repair *a, const struct da_repair *b)
{
    return compare_names(a->finding->name.wire + a->zone_at, (size_t)a->finding->name.length - a->zone_at,
                         b->finding->name.wire + b->zone_at, (size_t)b->finding->name.length - b->zone_at);
}

/* 0 = the same repair. */
static int compare_repairs(const void *left, const void *right)
{
    const struct da_repair *a = left, *b = right;
    int order = compare_zones(a, b);

    if (order == 0)
        order = (a->finding->suffix > b->finding->suffix) - (a->finding->suffix < b->finding->suffix);
    if (order == 0)
        order = (a->rank > b->rank) - (a->rank < b->rank);
    if (order == 0)
        order = compare_names(a->finding->name.wire, a->finding->name.length, b->finding->name.wire,
                              b->finding->name.length);
    if (order == 0)
        order = (a->step > b->step) - (a->step < b->step);
    if (order == 0)
        order = (a->type > b->type) - (a->type < b->type);
    if (order == 0)
        order = (a->length > b->length) - (a->length < b->length);
    return order != 0 ? order : memcmp(a->address, b->address, sizeof(a->address));
}

/* So that of equal repairs the first finding's is kept. */
static int compare_all(const void *left, const void *right)
{
    const struct da_repair *a = left, *b = right;
    int order = compare_repairs(left, right);

    return order != 0 ? order : (a->finding > b->finding) - (a->finding < b->finding);
}

static void unite(struct da_plan *plan)
{
    size_t kept = 0;

    for (size_t i = 0; i < plan->count; i++) {
        struct da_repair *last = kept > 0 ? &plan->repairs[kept - 1] : NULL;
        const struct da_repair *repair = &plan->repairs[i];
        if (last == NULL || compare_repairs(last, repair) != 0) {
            plan->repairs[kept++] = *repair;
            continue;
        }
        last->ttl = last->ttl || repair->ttl;
        last->make_static = last->make_static || repair->make_static;
    }
    plan->count = kept;
}

/* ---- what a deletion leaves ---- */

static bool has_right(const struct da_finding *finding, const struct da_rrset *rrset)
{
    size_t count = 0;
    const struct da_found *found = da_collection_find(finding->collection, &finding->name, rrset->type, &count);

    for (size_t i = 0; found != NULL && i < count; i++)
        if (is_published(rrset, found[i].rdata, found[i].rdata_length))
            return true;
    return false;
}

/* Repairs of a name stand together. */
static bool is_added(const struct da_plan *plan, size_t at, uint16_t type)
{
    const uint8_t *name = plan->repairs[at].finding->name.wire;
    size_t i = at;

    while (i > 0 && da_name_equal(plan->repairs[i - 1].finding->name.wire, name))
        i--;
    for (; i < plan->count && da_name_equal(plan->repairs[i].finding->name.wire, name); i++)
        if (plan->repairs[i].step == DA_STEP_ADD && plan->repairs[i].type == type)
            return true;
    return false;
}

/* False where the name is to have records in place of what is deleted, but none is there and none is added: whether
 * they are missing could not be told, or nobody wants to know. */
static bool leaves_enough(const struct da_plan *plan, size_t at)
{
    const struct da_repair *repair = &plan->repairs[at];
    const struct da_label *label = da_names_label_of(plan->audit->request.names, &repair->finding->name);
    bool is_enough = true;

    for (size_t i = 0; label != NULL && label->owner != NULL && i < label->owner->rrset_count; i++) {
        const struct da_rrset *rrset = &label->owner->rrsets[i];
        if (repair->step == DA_STEP_DELETE && repair->type != rrset->type)
            continue;
        if (has_right(repair->finding, rrset) || is_added(plan, at, rrset->type))
            return true;
        is_enough = false;
    }
    return is_enough;
}

static void look_at_deletions(struct da_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        struct da_repair *repair = &plan->repairs[i];
        bool deletes = repair->step == DA_STEP_ALIAS || repair->step == DA_STEP_DELETE;
        if (deletes && repair->obstacle == NULL && !leaves_enough(plan, i))
            repair->obstacle = "the name would have nothing that is known to be right";
    }
}

enum da_status da_plan_make(const struct da_audit *audit, struct da_plan *plan)
{
    enum da_status status = DA_OK;

    *plan = (struct da_plan){.audit = audit};
    for (size_t i = 0; status == DA_OK && i < audit->finding_count; i++)
        status = add_finding(plan, &audit->findings[i]);
    if (plan->count > 0)
        qsort(plan->repairs, plan->count, sizeof(*plan->repairs), compare_all);
    unite(plan);
    look_at_deletions(plan);
    return status;
}

void da_plan_clear(struct da_plan *plan)
{
    free(plan->repairs);
    memset(plan, 0, sizeof(*plan));
}

void da_repair_print(const struct da_repair *repair, struct da_repair_text *text)
{
    const struct da_name *name = &repair->finding->name;
    struct da_name zone = {.length = (uint8_t)(name->length - repair->zone_at)}, node = *name;

    memcpy(zone.wire, name->wire + repair->zone_at, zone.length);
    node.wire[repair->zone_at] = 0;
    node.length = (uint8_t)(repair->zone_at + 1);
    da_words_name(&zone, text->zone);
    da_words_name(name, text->name);
    if (repair->zone_at == 0)
        strcpy(text->node, "@");
    else
        da_words_name(&node, text->node);
    da_words_type(repair->type, text->type);
    text->address[0] = '\0';
    if (repair->length > 0)
        da_words_address(repair->address, repair->length, text->address);
}
