/* What the directory tells beside records: deleted nodes, who owns them, how zones age. */
#include "audit/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- nodes ---- */

static void report_tombstone(const struct check_name *name, const struct da_node *node)
{
    struct da_finding *finding = check_name_add(name, DA_FINDING_RECORD_TOMBSTONED, 0, NULL);
    int64_t now = name->at->run->request->now;
    char when[DA_AGING_TEXT_MAX], span[DA_AGING_TEXT_MAX];

    if (node->deleted_at == 0)
        check_say(finding, "it is not told when");
    else if (node->deleted_at > now)
        check_say(finding, "deleted on %s", da_aging_text(node->deleted_at, when));
    else
        check_say(finding, "deleted on %s, %s ago", da_aging_text(node->deleted_at, when),
                  da_aging_span(now - node->deleted_at, span));
}

/* A server that takes unsigned updates writes them with rights of its own. */
static void report_owner(const struct check_name *name, const struct da_node *node)
{
    const struct da_zone_aging *zone = da_collection_zone_of(name->at->collection, &name->name);
    const char *how = zone == NULL                          ? ""
                      : zone->updates == DA_UPDATES_SECURE  ? " by update"
                      : zone->updates == DA_UPDATES_ANYBODY ? " by a signed update"
                                                            : " in the directory";

    check_say(check_name_add(name, DA_FINDING_NODE_OWNER, 0, NULL),
              "held by %s: only that account or a DNS administrator can restore it%s", node->holder, how);
}

static bool is_missing(const struct check_name *name)
{
    for (size_t i = 0; i < CHECK_RRSETS; i++) {
        struct check_walk walk = {0};
        if (name->rrsets[i].untold == 0 && check_next_missing(&name->rrsets[i], &walk) != NULL)
            return true;
    }
    return false;
}

void check_node(const struct check_name *name)
{
    const struct da_node *node = da_collection_node_of(name->at->collection, &name->name);

    if (node == NULL)
        return;
    if (node->is_tombstoned)
        report_tombstone(name, node);
    bool is_certain = node->is_tombstoned || da_collection_doubt_of(name->at->collection, &name->name) == NULL;
    if (node->holder[0] != '\0' && is_certain && is_missing(name))
        report_owner(name, node);
}

/* ---- zones ---- */

static void report_zone(const struct check_suffix *at, const struct da_zone_aging *zone)
{
    static const char *const updates[] = {
        [DA_UPDATES_NONE] = "none",
        [DA_UPDATES_ANYBODY] = "nonsecure and secure",
        [DA_UPDATES_SECURE] = "secure only",
    };
    char when[DA_AGING_TEXT_MAX], from[80] = "";

    if (zone->scavenged_from > 0)
        snprintf(from, sizeof(from), "scavenging allowed from %s on; ", da_aging_text(zone->scavenged_from, when));
    check_say(check_add(at, CHECK_RANK_SUFFIX, &zone->zone, DA_FINDING_ZONE_AGING, 0, NULL),
              "aging is %s; no-refresh %" PRIu32 " hours, refresh %" PRIu32 " hours; %sdynamic updates: %s",
              zone->enabled ? "on" : "off", zone->intervals.no_refresh, zone->intervals.refresh, from,
              updates[zone->updates]);
}

/* Those that suffixes are in. */
void check_zones(const struct check_suffix *at)
{
    const struct da_record_set *set = at->run->request->set;
    const struct da_collection *collection = at->collection;
    bool *used = calloc(collection->zone_count + 1, sizeof(*used));

    if (used == NULL) {
        at->run->status = DA_ERR_MEMORY;
        return;
    }
    for (size_t i = 0; i < set->suffix_count; i++) {
        const struct da_zone_aging *zone = da_collection_zone_of(collection, &set->suffixes[i]);
        if (zone != NULL)
            used[zone - collection->zones] = true;
    }
    for (size_t i = 0; !collection->failed && i < collection->zone_count; i++)
        if (used[i])
            report_zone(at, &collection->zones[i]);
    free(used);
}
