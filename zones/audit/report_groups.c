#include "audit/report_groups.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(DA_FINDING_CODES <= 64, "a bit for each code");

static int compare_groups(const void *left, const void *right)
{
    const struct da_group *a = left, *b = right;

    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    return (a->code > b->code) - (a->code < b->code);
}

static void add_finding(const struct da_finding *finding, size_t at, uint64_t *seen, struct da_group *group)
{
    const uint64_t bit = UINT64_C(1) << finding->code;

    if (group->count++ == 0)
        *group = (struct da_group){.code = finding->code, .severity = finding->severity, .first = at, .count = 1};
    if (finding->suffix == DA_NO_SUFFIX)
        return;
    group->suffixes += (seen[finding->suffix] & bit) == 0;
    seen[finding->suffix] |= bit;
}

enum da_status da_groups_make(const struct da_audit *audit, struct da_groups *groups)
{
    struct da_group of_code[DA_FINDING_CODES] = {0};
    uint64_t *seen = calloc(audit->request.set->suffix_count + 1, sizeof(*seen)); /* codes, by suffix */

    memset(groups, 0, sizeof(*groups));
    if (seen == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < audit->finding_count; i++)
        add_finding(&audit->findings[i], i, seen, &of_code[audit->findings[i].code]);
    free(seen);
    for (size_t i = 0; i < DA_FINDING_CODES; i++)
        if (of_code[i].count > 0)
            groups->list[groups->count++] = of_code[i];
    qsort(groups->list, groups->count, sizeof(*groups->list), compare_groups);
    return DA_OK;
}
