#include "audit/names.h"

#include <stdlib.h>
#include <string.h>

#define NO_SUFFIX SIZE_MAX

/* A suffix, or a name above one. */
struct da_name_above {
    struct da_name name; /* folded */
    size_t suffix;       /* index; NO_SUFFIX = only above one */
};

/* Shorter names first: what matters is that equal ones meet. */
static int compare_names(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length)
{
    return a_length != b_length ? (a_length < b_length ? -1 : 1) : memcmp(a, b, a_length);
}

/* A suffix goes before the same name that is only above another. */
static int compare_above(const void *left, const void *right)
{
    const struct da_name_above *a = left, *b = right;
    int order = compare_names(a->name.wire, a->name.length, b->name.wire, b->name.length);
    return order != 0 ? order : (a->suffix > b->suffix) - (a->suffix < b->suffix);
}

/* Looks a folded name up; NULL = it is not there. */
static const struct da_name_above *find_above(const struct da_names *names, const uint8_t *wire, size_t length)
{
    size_t from = 0, to = names->above_count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const struct da_name_above *above = &names->above[middle];
        int order = compare_names(wire, length, above->name.wire, above->name.length);
        if (order == 0)
            return above;
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}

static size_t count_labels(const struct da_name *name)
{
    size_t count = 0;

    for (const uint8_t *label = name->wire; *label != 0; label += 1u + *label)
        count++;
    return count;
}

/* A length octet is below 'A' and stays. */
static void fold_name(const uint8_t *wire, size_t length, struct da_name *folded)
{
    folded->length = (uint8_t)length;
    for (size_t i = 0; i < length; i++)
        folded->wire[i] = da_name_fold(wire[i]);
}

/* Collects the suffixes and all names above them, each once. */
static enum da_status collect_above(struct da_names *names)
{
    const struct da_record_set *set = names->set;
    size_t most = 1, count = 0;

    for (size_t i = 0; i < set->suffix_count; i++)
        most += count_labels(&set->suffixes[i]) + 1;
    struct da_name_above *above = calloc(most, sizeof(*above));
    if (above == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < set->suffix_count; i++) {
        const uint8_t *wire = set->suffixes[i].wire;
        size_t length = set->suffixes[i].length;
        for (size_t suffix = i;; suffix = NO_SUFFIX) {
            above[count].suffix = suffix;
            fold_name(wire, length, &above[count++].name);
            if (*wire == 0)
                break;
            length -= 1u + *wire;
            wire += 1u + *wire;
        }
    }
    qsort(above, count, sizeof(*above), compare_above);
    names->above = above;
    for (size_t i = 0; i < count; i++)
        if (i == 0 || compare_names(above[i].name.wire, above[i].name.length, above[i - 1].name.wire,
                                    above[i - 1].name.length) != 0)
            above[names->above_count++] = above[i];
    above = realloc(names->above, names->above_count * sizeof(*above));
    if (above != NULL)
        names->above = above;
    return DA_OK;
}

static void add_label(struct da_names *names, const char *text, enum da_label_role role)
{
    struct da_label *label = &names->labels[names->label_count++];

    *label = (struct da_label){.text = text, .role = role};
    for (size_t i = 0; i < names->set->owner_count; i++)
        if (strcasecmp(names->set->owners[i].label, text) == 0)
            label->owner = &names->set->owners[i];
}

static void add_first(struct da_names *names, const char *label, size_t length)
{
    char *first = names->first[names->first_count];

    for (size_t i = 0; i < length; i++)
        first[i] = (char)da_name_fold((uint8_t)label[i]);
    first[length] = '\0';
    names->first_labels[names->first_count++] = first;
}

static enum da_status collect_first(struct da_names *names)
{
    const struct da_record_set *set = names->set;
    size_t most = names->label_count + set->block_count + 1 + names->above_count;

    names->first = calloc(most, sizeof(*names->first));
    names->first_labels = calloc(most, sizeof(*names->first_labels));
    if (names->first == NULL || names->first_labels == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < names->label_count; i++)
        add_first(names, names->labels[i].text, strlen(names->labels[i].text));
    for (size_t i = 0; i < set->block_count; i++)
        add_first(names, set->block[i], strlen(set->block[i]));
    add_first(names, "*", 1);
    for (size_t i = 0; i < names->above_count; i++) {
        const uint8_t *wire = names->above[i].name.wire;
        if (wire[0] > 0)
            add_first(names, (const char *)wire + 1, wire[0]);
    }
    return DA_OK;
}

enum da_status da_names_new(const struct da_deployment *deployment, const struct da_record_set *set, const char *router,
                            struct da_names **result)
{
    struct da_names *names = calloc(1, sizeof(*names));

    if (names == NULL)
        return DA_ERR_MEMORY;
    if (deployment->isatap_router[0] != '\0')
        router = deployment->isatap_router;
    names->set = set;
    add_label(names, da_label_corp_connectivity, DA_LABEL_CORP_CONNECTIVITY);
    add_label(names, da_label_web_probe, DA_LABEL_WEB_PROBE);
    add_label(names, da_label_nls, DA_LABEL_NLS);
    if (router != NULL)
        add_label(names, router, DA_LABEL_ISATAP_ROUTER);
    enum da_status status = collect_above(names);
    if (status == DA_OK)
        status = collect_first(names);
    if (status == DA_OK)
        *result = names;
    else
        da_names_free(names);
    return status;
}

void da_names_free(struct da_names *names)
{
    if (names == NULL)
        return;
    free(names->above);
    free(names->first);
    free((void *)names->first_labels);
    free(names);
}

static bool is_label(const uint8_t *label, const char *text)
{
    return strlen(text) == label[0] && strncasecmp((const char *)label + 1, text, label[0]) == 0;
}

static bool is_published(const struct da_names *names, const uint8_t *label)
{
    for (size_t i = 0; i < names->label_count; i++)
        if (is_label(label, names->labels[i].text))
            return true;
    return false;
}

static bool is_blocked(const struct da_names *names, const uint8_t *label)
{
    for (size_t i = 0; i < names->set->block_count; i++)
        if (is_label(label, names->set->block[i]))
            return true;
    return false;
}

/* The suffix that a folded name is closest below or at; NULL = none. */
static const struct da_name_above *closest_suffix(const struct da_names *names, const uint8_t *wire, size_t length)
{
    for (;;) {
        const struct da_name_above *above = find_above(names, wire, length);
        if (above != NULL && above->suffix != NO_SUFFIX)
            return above;
        if (*wire == 0)
            return NULL;
        length -= 1u + *wire;
        wire += 1u + *wire;
    }
}

static size_t wire_length(const uint8_t *wire)
{
    size_t length = 1;

    for (; *wire != 0; wire += 1u + *wire)
        length += 1u + *wire;
    return length;
}

unsigned da_names_interest(const struct da_names *names, const uint8_t *wire)
{
    struct da_name folded = {0};
    unsigned interest = 0;

    fold_name(wire, wire_length(wire), &folded);
    if (find_above(names, folded.wire, folded.length) != NULL)
        interest |= DA_INTEREST_ABOVE;
    if (folded.wire[0] == 0)
        return interest;
    const uint8_t *rest = folded.wire + 1 + folded.wire[0];
    size_t rest_length = folded.length - 1u - folded.wire[0];
    const struct da_name_above *parent = find_above(names, rest, rest_length);
    if (parent != NULL && is_label(folded.wire, "*"))
        interest |= DA_INTEREST_WILDCARD;
    if (parent != NULL && parent->suffix != NO_SUFFIX && is_published(names, folded.wire))
        interest |= DA_INTEREST_LABEL;
    if (is_blocked(names, folded.wire) && (*rest == 0 || closest_suffix(names, rest, rest_length) != NULL))
        interest |= DA_INTEREST_BLOCKED;
    return interest;
}

bool da_names_is_known(const struct da_names *names, const uint8_t *wire)
{
    unsigned interest = da_names_interest(names, wire);
    struct da_name rest = {0};

    if (interest != DA_INTEREST_BLOCKED)
        return interest != 0;
    wire += 1u + *wire;
    fold_name(wire, wire_length(wire), &rest);
    const struct da_name_above *parent = find_above(names, rest.wire, rest.length);
    return rest.length == 1 || (parent != NULL && parent->suffix != NO_SUFFIX);
}

const char *const *da_names_first_labels(const struct da_names *names, size_t *count)
{
    *count = names->first_count;
    return names->first_labels;
}

size_t da_names_suffix(const struct da_names *names, const uint8_t *wire)
{
    struct da_name folded = {0};

    fold_name(wire, wire_length(wire), &folded);
    const struct da_name_above *closest = closest_suffix(names, folded.wire, folded.length);
    return closest != NULL ? closest->suffix : SIZE_MAX;
}
