#include "directory/pin_survey.h"

#include <stdlib.h>
#include <string.h>

/* What was read of one zone. */
struct contents {
    const struct da_names *names;
    struct da_directory_node *nodes; /* read: in canonical order of owner */
    size_t count, room;
    struct da_pin_survey *survey;
};

/* ---- reading a zone ---- */

static void note_blocked(struct da_pin_survey *survey, const struct da_directory_node *node)
{
    if (node->is_tombstoned || node->value_count == 0)
        return;
    if (survey->blocked_count < DA_PIN_BLOCKED)
        survey->blocked[survey->blocked_count] = node->owner;
    survey->blocked_count++;
}

/* A da_directory_node_fn. */
static enum da_status keep_node(void *arg, struct da_directory_node *node)
{
    struct contents *contents = arg;
    unsigned interest = da_names_interest(contents->names, node->owner.wire);

    if ((interest & DA_INTEREST_BLOCKED) != 0)
        note_blocked(contents->survey, node);
    if ((interest & (DA_INTEREST_LABEL | DA_INTEREST_ABOVE)) == 0)
        return DA_OK;
    if (contents->count == contents->room) {
        size_t room = contents->room > 0 ? contents->room * 2 : 64;
        struct da_directory_node *grown = realloc(contents->nodes, room * sizeof(*grown));
        if (grown == NULL)
            return DA_ERR_MEMORY;
        contents->nodes = grown;
        contents->room = room;
    }
    contents->nodes[contents->count++] = *node;
    *node = (struct da_directory_node){0};
    return DA_OK;
}

static int compare_nodes(const void *left, const void *right)
{
    const struct da_directory_node *a = left, *b = right;
    return da_name_compare(a->owner.wire, b->owner.wire);
}

static void clear_contents(struct contents *contents)
{
    for (size_t i = 0; i < contents->count; i++)
        da_directory_node_clear(&contents->nodes[i]);
    free(contents->nodes);
    *contents = (struct contents){0};
}

/* The node of a name; NULL = there is none. */
static struct da_directory_node *find_node(const struct da_directory_node *nodes, size_t count,
                                           const struct da_name *owner)
{
    size_t from = 0, to = count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = da_name_compare(owner->wire, nodes[middle].owner.wire);
        if (order == 0)
            return (struct da_directory_node *)&nodes[middle];
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}

/* ---- may a suffix be pinned? ---- */

static enum da_status refuse_suffix(const struct da_name *suffix, const struct da_directory_zone *zone,
                                    const struct da_name *at, const char *fault, struct da_error *error)
{
    char text[DA_NAME_TEXT_MAX], where[DA_NAME_TEXT_MAX];

    return da_error_set(error, DA_ERR_VALUE, NULL, "%.200s %s %.200s (zone in %s): nothing is written for it here",
                        da_name_to_text(suffix, text), fault, da_name_to_text(at, where), zone->container);
}

/* A type at a name; no node has none. */
static enum da_status has_type(const struct da_directory_node *node, uint16_t type, bool *has, struct da_error *error)
{
    *has = false;
    return node != NULL ? da_pin_node_has(node, type, has, error) : DA_OK;
}

/* Forwarders and stubs are kept in the directory as zones, too. */
static enum da_status check_apex(const struct da_directory_zone *zone, const struct da_directory_node *node,
                                 struct da_error *error)
{
    char text[DA_NAME_TEXT_MAX];
    bool has_soa;

    enum da_status status = has_type(node, DA_TYPE_SOA, &has_soa, error);
    if (status == DA_OK && !has_soa)
        return da_error_set(error, DA_ERR_VALUE, NULL, "zone %.250s in %s has no SOA: expected a primary zone",
                            da_name_to_text(&zone->aging.zone, text), zone->container);
    return status;
}

static void parent_of(struct da_name *name)
{
    uint8_t label = (uint8_t)(1 + name->wire[0]);

    name->length = (uint8_t)(name->length - label);
    memmove(name->wire, name->wire + label, name->length);
}

enum da_status da_pin_check_suffix(const struct da_name *suffix, const struct da_directory_zone *zone,
                                   const struct da_directory_node *nodes, size_t count, struct da_error *error)
{
    struct da_name at = *suffix;
    bool has;

    for (;;) {
        const struct da_directory_node *node = find_node(nodes, count, &at);
        bool is_apex = da_name_equal(at.wire, zone->aging.zone.wire);
        enum da_status status = has_type(node, DA_TYPE_DNAME, &has, error);
        if (status == DA_OK && has)
            return refuse_suffix(suffix, zone, &at, "has its names below the DNAME at", error);
        if (status == DA_OK && is_apex)
            return check_apex(zone, node, error);
        if (status == DA_OK)
            status = has_type(node, DA_TYPE_NS, &has, error);
        if (status == DA_OK && has)
            return refuse_suffix(suffix, zone, &at, "is delegated to other servers at", error);
        if (status != DA_OK)
            return status;
        parent_of(&at);
    }
}

/* ---- zones ---- */

/* Which of two the servers use is not to be told from outside. */
static enum da_status check_twice(const struct da_directory_zones *zones, const struct da_directory_zone *zone,
                                  struct da_error *error)
{
    char text[DA_NAME_TEXT_MAX];

    for (size_t i = 0; i < zones->count; i++) {
        const struct da_directory_zone *other = &zones->zones[i];
        if (other != zone && da_name_equal(other->aging.zone.wire, zone->aging.zone.wire))
            return da_error_set(error, DA_ERR_VALUE, NULL,
                                "zone %.250s is in %s and in %s: expected one, as it is not known which servers use",
                                da_name_to_text(&zone->aging.zone, text), zone->container, other->container);
    }
    return DA_OK;
}

/* The zone of each suffix. */
static enum da_status find_zones(const struct da_directory_zones *zones, const struct da_record_set *set,
                                 const struct da_directory_zone **of, struct da_error *error)
{
    char text[DA_NAME_TEXT_MAX];
    enum da_status status = DA_OK;

    for (size_t i = 0; status == DA_OK && i < set->suffix_count; i++) {
        of[i] = da_directory_zone_of(zones, &set->suffixes[i]);
        if (of[i] == NULL)
            return da_error_set(error, DA_ERR_VALUE, NULL,
                                "%.250s: no zone at or above it is in the directory, or you may not see it",
                                da_name_to_text(&set->suffixes[i], text));
        status = check_twice(zones, of[i], error);
    }
    return status;
}

/* ---- plans ---- */

static enum da_status plan_node(struct da_pin_survey *survey, struct da_pin_node *node, struct da_error *error)
{
    enum da_status status = da_pin_plan(&node->terms, node->owner, &node->node, &node->plan, error);

    if (status == DA_OK)
        survey->states[node->plan.state]++;
    return status;
}

/* Plans the names below the suffixes of one zone. Their place among all follows from the set's order. */
static enum da_status plan_zone(struct contents *contents, const struct da_record_set *set,
                                const struct da_directory_zone **of, const struct da_pin_terms *terms,
                                const struct da_directory_zone *zone, struct da_error *error)
{
    struct da_pin_survey *survey = contents->survey;
    enum da_status status = DA_OK;

    for (size_t i = 0; status == DA_OK && i < set->suffix_count; i++) {
        if (of[i] != zone)
            continue;
        status = da_pin_check_suffix(&set->suffixes[i], zone, contents->nodes, contents->count, error);
        for (size_t k = 0; status == DA_OK && k < set->owner_count; k++) {
            struct da_pin_node *node = &survey->nodes[i * set->owner_count + k];
            node->zone = zone;
            node->terms = *terms;
            node->owner = &set->owners[k];
            da_name_prepend(node->owner->label, &set->suffixes[i], &node->name); /* the deployment leaves room */
            struct da_directory_node *found = find_node(contents->nodes, contents->count, &node->name);
            if (found != NULL) {
                node->node = *found;
                *found = (struct da_directory_node){.owner = found->owner};
            }
            status = plan_node(survey, node, error);
        }
    }
    return status;
}

static enum da_status survey_zone(struct da_directory *directory, struct contents *contents,
                                  const struct da_record_set *set, const struct da_directory_zone **of, bool replace,
                                  const struct da_directory_zone *zone, struct da_error *error)
{
    struct da_pin_terms terms = {.ttl = set->ttl, .replace = replace};

    enum da_status status = da_directory_serial(directory, zone, &terms.serial, error);
    if (status == DA_OK)
        status = da_directory_read_nodes(directory, zone, contents->names, keep_node, contents, error);
    if (status != DA_OK)
        return status;
    if (contents->count > 0)
        qsort(contents->nodes, contents->count, sizeof(*contents->nodes), compare_nodes);
    return plan_zone(contents, set, of, &terms, zone, error);
}

static bool is_used(const struct da_directory_zone *zone, const struct da_directory_zone *const *of, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (of[i] == zone)
            return true;
    return false;
}

enum da_status da_pin_survey_read(struct da_directory *directory, const struct da_record_set *set,
                                  const struct da_names *names, bool replace, struct da_pin_survey *survey,
                                  struct da_error *error)
{
    const struct da_directory_zone **of = calloc(set->suffix_count + 1, sizeof(struct da_directory_zone *));
    enum da_status status = DA_ERR_MEMORY;

    *survey = (struct da_pin_survey){0};
    survey->nodes = calloc(set->suffix_count * set->owner_count + 1, sizeof(*survey->nodes));
    if (of == NULL || survey->nodes == NULL)
        goto end;
    survey->node_count = set->suffix_count * set->owner_count;
    status = da_directory_find_zones(directory, names, &survey->zones, error);
    if (status == DA_OK)
        status = find_zones(&survey->zones, set, of, error);
    for (size_t i = 0; status == DA_OK && i < survey->zones.count; i++) {
        struct contents contents = {.names = names, .survey = survey};
        if (!is_used(&survey->zones.zones[i], of, set->suffix_count))
            continue;
        status = survey_zone(directory, &contents, set, of, replace, &survey->zones.zones[i], error);
        clear_contents(&contents);
    }
end:
    if (status == DA_ERR_MEMORY)
        da_error_set(error, status, NULL, "out of memory");
    free((void *)of);
    return status;
}

static void clear_node(struct da_pin_node *node)
{
    da_pin_plan_clear(&node->plan);
    da_directory_node_clear(&node->node);
    node->node = (struct da_directory_node){0};
}

void da_pin_survey_clear(struct da_pin_survey *survey)
{
    for (size_t i = 0; i < survey->node_count; i++)
        clear_node(&survey->nodes[i]);
    free(survey->nodes);
    da_directory_zones_clear(&survey->zones);
    *survey = (struct da_pin_survey){0};
}

enum da_status da_pin_node_read(struct da_directory *directory, struct da_pin_node *node, struct da_error *error)
{
    clear_node(node);
    enum da_status status = da_directory_read_node(directory, node->zone, &node->name, &node->node, error);
    if (status == DA_OK)
        status = da_pin_plan(&node->terms, node->owner, &node->node, &node->plan, error);
    return status;
}
