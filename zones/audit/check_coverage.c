/* What the sources are worth: whether they have a suffix, could be read, tell of aging. */
#include "audit/check.h"

void check_coverage(const struct check_suffix *at)
{
    const struct da_found *cut = at->run->delegated[at->index];
    char text[DA_NAME_TEXT_MAX];

    if (at->run->covered[at->index])
        return;
    if (cut != NULL)
        check_say(check_add_cut(at, CHECK_RANK_SUFFIX, at->suffix, DA_FINDING_NOT_COVERED, cut),
                  "delegated away at %s, to a zone that no source has", check_text(cut->owner, text));
    else
        check_add(at, CHECK_RANK_SUFFIX, at->suffix, DA_FINDING_NOT_COVERED, 0, NULL);
}

void check_source(const struct check_suffix *at)
{
    const struct da_collection *collection = at->collection;

    if (collection->failed)
        check_say(check_add(at, CHECK_RANK_SUFFIX, NULL, DA_FINDING_SOURCE_FAILED, 0, NULL), "%s", collection->failure);
    else if (at->run->ageless != NULL)
        check_add(at, CHECK_RANK_SUFFIX, NULL, DA_FINDING_AGING_UNKNOWN, 0, NULL);
}

void check_doubt(const struct check_suffix *at, size_t rank, const struct da_doubt *doubt)
{
    struct da_finding *finding =
        check_add(at, rank, doubt->one_name ? &doubt->name : NULL, DA_FINDING_READING_UNCERTAIN, 0, NULL);

    finding->place = doubt->place;
    check_say(finding, "%s", doubt->text);
}
