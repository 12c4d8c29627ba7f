/* TTLs: once an RRset. */
#include "audit/check.h"

static void check_rrset_ttl(const struct check_name *name, const struct check_rrset *rrset)
{
    uint32_t wanted = name->at->run->request->set->ttl;
    const struct da_found *first = NULL;

    for (size_t i = 0; i < rrset->found_count; i++) {
        const struct da_found *found = &rrset->found[i];
        if (!found->has_ttl)
            continue;
        if (first == NULL) {
            first = found;
        } else if (found->ttl != first->ttl) {
            const struct da_found *other = first->ttl != wanted ? first : found;
            check_say(check_name_add(name, DA_FINDING_TTL_MIXED, rrset->type, other),
                      "%u and %u seconds; the deployment's is %u", first->ttl, found->ttl, wanted);
            return;
        }
    }
    if (first != NULL && first->ttl != wanted)
        check_say(check_name_add(name, DA_FINDING_TTL_DIFFERS, rrset->type, first),
                  "%u seconds; the deployment's is %u", first->ttl, wanted);
}

void check_ttl(const struct check_name *name)
{
    if (name->at->collection->kind == DA_SOURCE_RESOLVER) /* it counts down */
        return;
    for (size_t i = 0; i < CHECK_RRSETS; i++)
        if (name->rrsets[i].right > 0)
            check_rrset_ttl(name, &name->rrsets[i]);
}
