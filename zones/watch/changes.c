#include "watch/changes.h"

#include <stdlib.h>
#include <string.h>

enum da_status da_known_make(size_t source_count, struct da_known *known)
{
    *known = (struct da_known){.source_count = source_count};
    known->sources = calloc(source_count + 1, sizeof(*known->sources));
    return known->sources != NULL ? DA_OK : DA_ERR_MEMORY;
}

void da_known_clear(struct da_known *known)
{
    da_round_clear(&known->round);
    free(known->sources);
    *known = (struct da_known){0};
}

/* ---- what cannot be looked at now ---- */

/* Where a round is uncertain: a name and type in a source, or a suffix. */
struct gap {
    uint32_t source;
    const char *scope; /* a name or a suffix */
    bool is_suffix;
    uint16_t type; /* of a name; 0 = all */
};

struct gaps {
    struct gap *list; /* in the order of compare_gaps() */
    size_t count;
    bool any_failed; /* a source */
};

static int compare_gaps(const void *left, const void *right)
{
    const struct gap *a = left, *b = right;

    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    if (a->is_suffix != b->is_suffix)
        return a->is_suffix ? 1 : -1;
    return strcmp(a->scope, b->scope);
}

static void put_gap(const struct da_round *round, const struct da_round_item *item, struct gaps *gaps)
{
    struct gap gap = {.source = item->source, .type = item->type};

    switch (item->code) {
    case DA_FINDING_UNDETERMINED:
        gap.scope = da_round_text(round, item->name);
        break;
    case DA_FINDING_NOT_AUTHORITATIVE:
    case DA_FINDING_NOT_COVERED:
        gap.scope = da_round_text(round, item->suffix);
        gap.is_suffix = true;
        break;
    default:
        return;
    }
    gaps->list[gaps->count++] = gap;
}

static enum da_status find_gaps(const struct da_round *round, struct gaps *gaps)
{
    *gaps = (struct gaps){.list = calloc(round->item_count + 1, sizeof(*gaps->list))};
    if (gaps->list == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < round->source_count; i++)
        gaps->any_failed = gaps->any_failed || round->sources[i].failed;
    for (size_t i = 0; i < round->item_count; i++)
        put_gap(round, &round->items[i], gaps);
    if (gaps->count > 1)
        qsort(gaps->list, gaps->count, sizeof(*gaps->list), compare_gaps);
    return DA_OK;
}

static bool is_in(const struct gaps *gaps, const struct gap *at)
{
    size_t low = 0, high = gaps->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_gaps(&gaps->list[middle], at) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < gaps->count && compare_gaps(&gaps->list[low], at) == 0; low++) {
        uint16_t type = gaps->list[low].type;
        if (at->is_suffix || type == 0 || at->type == 0 || type == at->type)
            return true;
    }
    return false;
}

/* True for an item that is not in a round because nobody could tell. */
static bool is_held(const struct da_round *round, const struct gaps *gaps, const struct da_known *known,
                    const struct da_round_item *item)
{
    const char *name = da_round_text(&known->round, item->name), *suffix = da_round_text(&known->round, item->suffix);
    bool is_address = item->type == DA_TYPE_A || item->type == DA_TYPE_AAAA;
    const struct gap gaps_of[] = {
        {.source = item->source, .scope = name, .type = is_address ? item->type : 0},
        {.source = item->source, .scope = suffix, .is_suffix = true},
        {.source = DA_ROUND_ALL, .scope = suffix, .is_suffix = true},
    };

    if (item->source == DA_ROUND_ALL ? gaps->any_failed : round->sources[item->source].failed)
        return true;
    for (size_t i = 0; i < sizeof(gaps_of) / sizeof(gaps_of[0]); i++)
        if (*gaps_of[i].scope != '\0' && is_in(gaps, &gaps_of[i]))
            return true;
    return false;
}

/* ---- changes ---- */

struct update {
    struct da_known *known;
    const struct da_round *round;
    struct da_round next; /* what will be known */
    struct gaps gaps;
    da_change_fn *tell;
    void *arg;
};

static void tell_item(const struct update *update, enum da_change_kind kind, const struct da_round *of,
                      const struct da_round_item *item)
{
    bool is_gone = kind == DA_CHANGE_GONE;
    struct da_change change = {.kind = kind,
                               .severity = is_gone ? DA_SEVERITY_SILENT : item->severity,
                               .source = item->source,
                               .text = da_round_text(of, item->text)};

    update->tell(update->arg, &change);
}

/* An item about all sources is there at a first look where one of them was never heard before. */
static bool is_first_look(const struct update *update, uint32_t source)
{
    if (source != DA_ROUND_ALL)
        return !update->known->sources[source].heard;
    for (size_t i = 0; i < update->known->source_count; i++)
        if (!update->known->sources[i].heard)
            return true;
    return false;
}

static enum da_status meet_new(struct update *update, const struct da_round_item *item)
{
    bool is_first = is_first_look(update, item->source);

    /* That a suffix is in none of the sources follows from one that failed. */
    if (item->code == DA_FINDING_NOT_COVERED && update->gaps.any_failed)
        return DA_OK;
    if (!is_first || item->severity >= DA_SEVERITY_WARNING)
        tell_item(update, is_first ? DA_CHANGE_FOUND : DA_CHANGE_NEW, update->round, item);
    return da_round_keep(&update->next, update->round, item);
}

static enum da_status meet_again(struct update *update, const struct da_round_item *old,
                                 const struct da_round_item *item)
{
    const char *before = da_round_text(&update->known->round, old->value);
    const char *now = da_round_text(update->round, item->value);

    if (item->severity != old->severity)
        tell_item(update, item->severity > old->severity ? DA_CHANGE_WORSE : DA_CHANGE_BETTER, update->round, item);
    else if (item->stage != old->stage)
        tell_item(update, item->stage > old->stage ? DA_CHANGE_WORSE : DA_CHANGE_BETTER, update->round, item);
    else if (item->code != old->code || strcmp(before, now) != 0)
        tell_item(update, DA_CHANGE_OTHER, update->round, item);
    return da_round_keep(&update->next, update->round, item);
}

static enum da_status miss(struct update *update, const struct da_round_item *old)
{
    if (is_held(update->round, &update->gaps, update->known, old))
        return da_round_keep(&update->next, &update->known->round, old);
    tell_item(update, DA_CHANGE_GONE, &update->known->round, old);
    return DA_OK;
}

/* Walks both lists of items side by side. */
static enum da_status compare(struct update *update)
{
    const struct da_round *before = &update->known->round, *round = update->round;
    enum da_status status = DA_OK;
    size_t i = 0, j = 0;

    while (status == DA_OK && (i < before->item_count || j < round->item_count)) {
        int order = i == before->item_count ? 1 : j == round->item_count ? -1 : 0;
        if (order == 0)
            order = strcmp(da_round_text(before, before->items[i].key), da_round_text(round, round->items[j].key));
        if (order < 0)
            status = miss(update, &before->items[i++]);
        else if (order > 0)
            status = meet_new(update, &round->items[j++]);
        else
            status = meet_again(update, &before->items[i++], &round->items[j++]);
    }
    return status;
}

static void compare_sources(const struct update *update, enum da_severity failed_severity)
{
    for (size_t i = 0; i < update->round->source_count; i++) {
        const struct da_round_source *source = &update->round->sources[i];
        struct da_change change = {.source = (uint32_t)i, .text = source->failure};
        if (source->failed == update->known->sources[i].failed || failed_severity == DA_SEVERITY_SILENT)
            continue;
        change.kind = source->failed ? DA_CHANGE_FAILED : DA_CHANGE_BACK;
        change.severity = source->failed ? failed_severity : DA_SEVERITY_SILENT;
        update->tell(update->arg, &change);
    }
}

enum da_status da_known_update(struct da_known *known, const struct da_round *round, enum da_severity failed_severity,
                               da_change_fn *tell, void *arg)
{
    struct update update = {.known = known, .round = round, .tell = tell, .arg = arg};
    enum da_status status = find_gaps(round, &update.gaps);

    if (status == DA_OK) {
        compare_sources(&update, failed_severity);
        status = compare(&update);
    }
    free(update.gaps.list);
    if (status != DA_OK) {
        da_round_clear(&update.next);
        return status;
    }
    for (size_t i = 0; i < round->source_count; i++) {
        known->sources[i].failed = round->sources[i].failed;
        known->sources[i].heard = known->sources[i].heard || !round->sources[i].failed;
    }
    da_round_clear(&known->round);
    known->round = update.next;
    return DA_OK;
}
