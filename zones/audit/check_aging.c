/* Which records scavenging will delete, and when. */
#include "audit/check.h"

#include <stdio.h>

const struct da_intervals *da_intervals_of(const struct da_check_request *request,
                                           const struct da_collection *collection, const struct da_name *name)
{
    const struct da_zone_aging *zone = da_collection_zone_of(collection, name);
    return zone != NULL ? &zone->intervals : &request->intervals;
}

/* Why the zone is not scavenged, whatever the stamps of its records ("DNS scavenging setup", Microsoft); NULL = it is,
 * as far as is known. */
static const char *why_spared(const struct da_zone_aging *zone)
{
    if (zone != NULL && !zone->enabled)
        return "aging is off in the zone; were it on";
    if (zone != NULL && zone->updates == DA_UPDATES_NONE)
        return "the zone takes no dynamic updates; if it did";
    return NULL;
}

/* When a dynamic record may be deleted if its zone is scavenged at all. */
static int64_t stale_time(const struct da_check_request *request, const struct da_collection *collection,
                          const struct da_found *found)
{
    const struct da_zone_aging *zone = da_collection_zone_of(collection, found->owner);
    int64_t stale = da_aging_stale(found->stamp, da_intervals_of(request, collection, found->owner));

    return zone != NULL && zone->scavenged_from > stale ? zone->scavenged_from : stale;
}

bool da_stale_at(const struct da_check_request *request, const struct da_collection *collection,
                 const struct da_found *found, int64_t *stale_at)
{
    if (found->aging != DA_AGING_DYNAMIC || why_spared(da_collection_zone_of(collection, found->owner)) != NULL)
        return false;
    *stale_at = stale_time(request, collection, found);
    return true;
}

static void check_stamp(const struct check_name *name, const struct da_found *found)
{
    const struct da_check_request *request = name->at->run->request;
    const struct da_zone_aging *zone = da_collection_zone_of(name->at->collection, &name->name);
    const char *spared = why_spared(zone);
    int64_t stale = stale_time(request, name->at->collection, found);
    bool is_stale = stale <= request->now; /* at equality, too: see aging.h */
    enum da_finding_code code = is_stale && spared == NULL ? DA_FINDING_RECORD_STALE : DA_FINDING_RECORD_DYNAMIC;
    struct da_finding *finding = check_name_add(name, code, found->type, found);
    char when[DA_AGING_TEXT_MAX], span[DA_AGING_TEXT_MAX];

    da_aging_text(stale, when);
    if (spared != NULL) {
        check_say(finding, "%s: stale %s %s", spared, is_stale ? "since" : "from", when);
        return;
    }
    finding->stale_at = stale;
    if (is_stale)
        check_say(finding, "stale since %s, for %s", when, da_aging_span(request->now - stale, span));
    else if (zone != NULL && stale == zone->scavenged_from)
        check_say(finding, "the zone is not scavenged before %s, in %s", when,
                  da_aging_span(stale - request->now, span));
    else
        check_say(finding, "stale from %s on, in %s", when, da_aging_span(stale - request->now, span));
}

/* Of what is right: each ages alone. */
static void check_partly(const struct check_name *name)
{
    static const char *const types[CHECK_RRSETS] = {"A", "AAAA"};
    size_t dynamic = 0, others = 0, used = 0;
    char text[96] = "";

    for (size_t i = 0; i < CHECK_RRSETS; i++) {
        const struct check_rrset *rrset = &name->rrsets[i];
        size_t ages = 0, stays = 0;
        for (size_t j = 0; j < rrset->found_count; j++) {
            bool is_right = check_is_expected(rrset->expected, &rrset->found[j]);
            ages += is_right && rrset->found[j].aging == DA_AGING_DYNAMIC;
            stays += is_right && rrset->found[j].aging == DA_AGING_STATIC;
        }
        if (ages + stays > 0)
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%zu of %zu %s", used > 0 ? " and " : "", ages,
                                     ages + stays, types[i]);
        dynamic += ages;
        others += stays;
    }
    if (dynamic > 0 && others > 0)
        check_say(check_name_add(name, DA_FINDING_STATIC_PARTLY, 0, NULL), "%s records are dynamic", text);
}

/* Wrong records, too: that they are dynamic tells how they came. */
void check_aging(const struct check_name *name)
{
    struct check_run *run = name->at->run;

    for (size_t i = 0; i < name->record_count; i++) {
        const struct da_found *found = &name->records[i];
        if (found->type != DA_TYPE_A && found->type != DA_TYPE_AAAA)
            continue;
        if (found->aging == DA_AGING_DYNAMIC)
            check_stamp(name, found);
        else if (found->aging == DA_AGING_UNKNOWN && run->ageless == NULL)
            run->ageless = found;
    }
    check_partly(name);
}
