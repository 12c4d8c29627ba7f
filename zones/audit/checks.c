#include "audit/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- telling ---- */

/* Room for one more finding; the spare one where there is none. */
static struct check_gathered *make_room(struct check_run *run)
{
    if (run->gathered_count == run->gathered_room) {
        size_t room = run->gathered_room > 0 ? run->gathered_room * 2 : 16;
        struct check_gathered *grown = realloc(run->gathered, room * sizeof(*grown));
        if (grown == NULL) {
            run->status = DA_ERR_MEMORY;
            return &run->spare;
        }
        run->gathered = grown;
        run->gathered_room = room;
    }
    return &run->gathered[run->gathered_count++];
}

struct da_finding *check_add(const struct check_suffix *at, size_t rank, const struct da_name *name,
                             enum da_finding_code code, uint16_t type, const struct da_found *found)
{
    struct check_gathered *gathered = make_room(at->run);

    *gathered = (struct check_gathered){.rank = rank, .sequence = at->run->gathered_count};
    struct da_finding *finding = &gathered->finding;
    finding->code = code;
    finding->severity = da_finding_kinds[code].severity;
    finding->collection = at->collection;
    finding->suffix = at->index;
    finding->type = type;
    finding->found = found;
    if (name != NULL)
        finding->name = *name;
    if (found != NULL)
        finding->place = found->place;
    return finding;
}

struct da_finding *check_name_add(const struct check_name *name, enum da_finding_code code, uint16_t type,
                                  const struct da_found *found)
{
    return check_add(name->at, CHECK_RANK_LABEL + name->label->role, &name->name, code, type, found);
}

void check_say(struct da_finding *finding, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(finding->detail, sizeof(finding->detail), format, args);
    va_end(args);
}

const char *check_text(const struct da_name *name, char text[static DA_NAME_TEXT_MAX])
{
    size_t length = strlen(da_name_to_text(name, text));

    if (length > 1)
        text[length - 1] = '\0';
    return text;
}

static int compare_gathered(const void *left, const void *right)
{
    const struct check_gathered *a = left, *b = right;

    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->finding.type != b->finding.type)
        return a->finding.type < b->finding.type ? -1 : 1;
    if (a->finding.code != b->finding.code)
        return a->finding.code < b->finding.code ? -1 : 1;
    return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

/* Reports what was gathered of a suffix, in order. */
static void tell(struct check_run *run)
{
    if (run->gathered_count > 1)
        qsort(run->gathered, run->gathered_count, sizeof(*run->gathered), compare_gathered);
    for (size_t i = 0; i < run->gathered_count; i++)
        run->report(run->arg, &run->gathered[i].finding);
    run->gathered_count = 0;
}

/* ---- what is not at a name known beforehand ---- */

/* A doubt, or a record of a blocked name that is not right in front of a suffix. */
struct item {
    size_t suffix; /* DA_NO_SUFFIX = none */
    size_t sequence;
    const struct da_doubt *doubt; /* NULL: it is a record */
    const struct da_found *record;
};

struct items {
    struct item *items;
    size_t count, room, told;
};

static void put_item(struct check_run *run, struct items *items, struct item item)
{
    if (items->count == items->room) {
        size_t room = items->room > 0 ? items->room * 2 : 16;
        struct item *grown = realloc(items->items, room * sizeof(*grown));
        if (grown == NULL) {
            run->status = DA_ERR_MEMORY;
            return;
        }
        items->items = grown;
        items->room = room;
    }
    item.sequence = items->count;
    items->items[items->count++] = item;
}

static int compare_items(const void *left, const void *right)
{
    const struct item *a = left, *b = right;

    if (a->suffix != b->suffix)
        return a->suffix < b->suffix ? -1 : 1;
    return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

/* True where the record's owner is a blocked name that check_blocked() does not look at. */
static bool is_far(const struct da_names *names, const struct da_found *found, size_t *suffix)
{
    const struct da_name *owner = found->owner;

    if ((da_names_interest(names, owner->wire) & DA_INTEREST_BLOCKED) == 0)
        return false;
    *suffix = da_names_suffix(names, owner->wire);
    return *suffix == SIZE_MAX || owner->length != names->set->suffixes[*suffix].length + 1 + owner->wire[0];
}

static void gather_items(struct check_run *run, const struct da_collection *collection, struct items *items)
{
    const struct da_names *names = run->request->names;
    size_t suffix;

    for (size_t i = 0; i < collection->doubt_count; i++) {
        const struct da_doubt *doubt = &collection->doubts[i];
        suffix = doubt->one_name ? da_names_suffix(names, doubt->name.wire) : DA_NO_SUFFIX;
        put_item(run, items, (struct item){.suffix = suffix, .doubt = doubt});
    }
    for (size_t i = 0; da_collection_is_contents(collection) && i < collection->record_count; i++)
        if (is_far(names, &collection->records[i], &suffix))
            put_item(run, items, (struct item){.suffix = suffix, .record = &collection->records[i]});
    if (items->count > 1)
        qsort(items->items, items->count, sizeof(*items->items), compare_items);
}

/* A doubt goes with the findings of its name. */
static size_t rank_of(const struct check_run *run, const struct da_doubt *doubt)
{
    const struct da_record_set *set = run->request->set;
    const uint8_t *first = doubt->name.wire;

    if (!doubt->one_name)
        return CHECK_RANK_SUFFIX;
    const struct da_label *label = da_names_label_of(run->request->names, &doubt->name);
    if (label != NULL)
        return CHECK_RANK_LABEL + label->role;
    for (size_t i = 0; i < set->block_count; i++)
        if (strlen(set->block[i]) == first[0] && strncasecmp(set->block[i], (const char *)first + 1, first[0]) == 0)
            return CHECK_RANK_BLOCKED + i;
    return CHECK_RANK_SUFFIX;
}

/* Tells the items of a suffix, which come in order. */
static void check_items(const struct check_suffix *at, struct items *items, bool is_judged)
{
    for (; items->told < items->count && items->items[items->told].suffix == at->index; items->told++) {
        const struct item *item = &items->items[items->told];
        if (item->doubt != NULL)
            check_doubt(at, rank_of(at->run, item->doubt), item->doubt);
        else if (is_judged)
            check_blocked_record(at, CHECK_RANK_OTHER + items->told, item->record);
    }
}

/* ---- the checks ---- */

typedef void check_name_fn(const struct check_name *name);

static check_name_fn *const published_checks[] = {
    check_alias, check_addresses, check_wildcards, check_ttl, check_aging, check_node,
};

static void check_label(const struct check_suffix *at, const struct da_label *label)
{
    struct check_name name = {.at = at, .label = label};

    if (da_name_prepend(label->text, at->suffix, &name.name) != DA_OK)
        return; /* longer than a name can be */
    name.records = da_collection_find(at->collection, &name.name, 0, &name.record_count);
    check_compare(&name);
    if (at->collection->remote) {
        if (label->role == DA_LABEL_NLS)
            check_nls_remote(&name);
    } else if (label->owner == NULL) {
        if (label->role == DA_LABEL_ISATAP_ROUTER)
            check_isatap_router(&name);
    } else if (!check_occlusion(&name)) {
        for (size_t i = 0; i < sizeof(published_checks) / sizeof(published_checks[0]); i++)
            published_checks[i](&name);
    }
}

static bool is_covered_elsewhere(const struct check_suffix *at)
{
    const struct da_check_request *request = at->run->request;

    for (size_t i = 0; i < request->collection_count; i++)
        if (request->collections[i] != at->collection && da_covers(request->collections[i], at->suffix))
            return true;
    return false;
}

/* Contents: whether they say anything of the suffix. Behind a delegation they do not, unless records were left there
 * and no other source has the zone that they belong to. */
static bool is_judged(const struct check_suffix *at)
{
    if (!da_collection_is_contents(at->collection) || (at->has_apex && at->delegation == NULL))
        return true;
    if (at->delegation != NULL && is_covered_elsewhere(at))
        return false;
    if (check_has_labels(at->collection, at->suffix))
        return true;
    if (at->run->delegated[at->index] == NULL)
        at->run->delegated[at->index] = at->delegation;
    return false;
}

static void check_suffix_in_source(struct check_suffix *at, struct items *items)
{
    struct check_run *run = at->run;
    const struct da_names *names = run->request->names;

    check_suffix_look(at->collection, &run->request->set->suffixes[at->index], at);
    bool judged = is_judged(at);
    check_items(at, items, judged);
    if (!judged)
        return;
    run->covered[at->index] = true;
    if (at->collection->kind == DA_SOURCE_SERVER && !check_authority(at))
        return;
    for (size_t i = 0; i < names->label_count; i++)
        check_label(at, &names->labels[i]);
    if (at->delegation == NULL)
        check_blocked(at);
}

static void check_one_source(struct check_run *run, const struct da_collection *collection)
{
    struct check_suffix at = {.run = run, .collection = collection};
    struct items items = {0};

    run->ageless = NULL;
    if (!collection->failed) {
        gather_items(run, collection, &items);
        for (; at.index < run->request->set->suffix_count; at.index++) {
            check_suffix_in_source(&at, &items);
            tell(run);
        }
        at = (struct check_suffix){.run = run, .collection = collection, .index = DA_NO_SUFFIX};
        check_blocked(&at);
        check_items(&at, &items, true);
    }
    at.index = DA_NO_SUFFIX;
    check_source(&at);
    check_zones(&at);
    tell(run);
    free(items.items);
}

static void check_all_sources(struct check_run *run)
{
    const struct da_check_request *request = run->request;
    size_t heard = 0, live = 0;

    for (size_t i = 0; i < request->collection_count; i++) {
        heard += !request->collections[i]->failed;
        live += !request->collections[i]->failed && !da_collection_is_contents(request->collections[i]);
    }
    for (size_t i = 0; heard > 0 && i < request->set->suffix_count; i++) {
        struct check_suffix at = {.run = run, .index = i, .suffix = &request->set->suffixes[i]};
        check_coverage(&at);
        if (live > 1)
            check_disagreement(&at);
        tell(run);
    }
}

enum da_status da_checks_run(const struct da_check_request *request, da_finding_fn *report, void *arg)
{
    struct check_run run = {.request = request, .report = report, .arg = arg};
    size_t suffix_count = request->set->suffix_count;

    run.covered = calloc(suffix_count + 1, sizeof(*run.covered));
    run.delegated = calloc(suffix_count + 1, sizeof(const struct da_found *));
    run.status = run.covered != NULL && run.delegated != NULL ? check_known_make(&run) : DA_ERR_MEMORY;
    if (run.status == DA_OK) {
        for (size_t i = 0; i < request->collection_count; i++)
            check_one_source(&run, request->collections[i]);
        check_all_sources(&run);
    }
    free(run.covered);
    free(run.delegated);
    free(run.known);
    free(run.gathered);
    return run.status;
}
