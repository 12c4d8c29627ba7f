/* Which records scavenging will delete, and when. */
#include "audit/check.h"

static void check_stamp(const struct check_name *name, const struct da_found *found)
{
    const struct da_check_request *request = name->at->run->request;
    int64_t stale = da_aging_stale(found->stamp, &request->intervals);
    bool is_stale = stale <= request->now; /* at equality, too: see aging.h */
    enum da_finding_code code = is_stale ? DA_FINDING_RECORD_STALE : DA_FINDING_RECORD_DYNAMIC;
    struct da_finding *finding = check_name_add(name, code, found->type, found);
    char when[DA_AGING_TEXT_MAX], span[DA_AGING_TEXT_MAX];

    finding->stale_at = stale;
    da_aging_text(stale, when);
    if (is_stale)
        check_say(finding, "stale since %s, for %s", when, da_aging_span(request->now - stale, span));
    else
        check_say(finding, "stale from %s on, in %s", when, da_aging_span(stale - request->now, span));
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
}
