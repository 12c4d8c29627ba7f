#include "audit/scan_filter.h"

#include "name.h"

#include <stdlib.h>

/* What a first label cannot have in it unescaped. */
static const char label_ends[] = {'\0', '\t', '\n', '\r', ' ', '"', '(', ')', '.', ';', '\\'};

static uint64_t hash_label(const struct da_scan_label *label)
{
    const uint64_t odd = 0x9e3779b97f4a7c15u; /* 2^64 over the golden ratio */
    uint64_t hash = label->length, chunk;

    for (size_t i = 0; i < label->length; i += sizeof(chunk)) {
        size_t left = sizeof(label->octets) - i, n = left < sizeof(chunk) ? left : sizeof(chunk);
        chunk = 0;
        memcpy(&chunk, label->octets + i, n);
        hash = (hash ^ chunk) * odd;
        hash ^= hash >> 32;
    }
    return hash;
}

/* The slot of that label, or the free one where it would go. */
static uint32_t *find_slot(const struct da_scan_filter *filter, const struct da_scan_label *label)
{
    for (size_t i = hash_label(label) & filter->slot_mask;; i = (i + 1) & filter->slot_mask) {
        uint32_t *slot = &filter->slots[i];
        if (*slot == 0 || memcmp(&filter->labels[*slot - 1], label, sizeof(*label)) == 0)
            return slot;
    }
}

/* By octets, a label before those it is the beginning of: what is behind a label's length is 0. */
static int compare_labels(const void *a, const void *b)
{
    const struct da_scan_label *left = a, *right = b;
    return memcmp(left->octets, right->octets, sizeof(left->octets));
}

/* True where that is the beginning of one of the filter's labels, or nothing. */
static bool is_beginning(const struct da_scan_filter *filter, const struct da_scan_label *label)
{
    size_t low = 0, high = filter->count;

    if (label->length == 0)
        return true;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_labels(&filter->labels[middle], label) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < filter->count && memcmp(filter->labels[low].octets, label->octets, label->length) == 0;
}

enum da_scan_match da_scan_match(const struct da_scan_filter *filter, const char *line)
{
    struct da_scan_label label = {0};
    uint8_t octet = filter->fold[(uint8_t)line[0]];
    size_t n = 0;

    while (octet != 0 && n < sizeof(label.octets)) {
        label.octets[n++] = octet;
        octet = filter->fold[(uint8_t)line[n]];
    }
    label.length = (uint8_t)n;
    if (octet == 0 && filter->lengths >> n & 1 && *find_slot(filter, &label) != 0)
        return DA_SCAN_MATCH_LABEL;
    if (line[0] == '@' || line[0] == '.' || line[0] == '$' || line[0] == '(')
        return DA_SCAN_MATCH_SPECIAL;
    if ((line[n] == '\\' || line[n] == '"') && is_beginning(filter, &label))
        return DA_SCAN_MATCH_SPECIAL;
    return DA_SCAN_MATCH_NONE;
}

/* Kinds of octets: one for all, and seven that keep those apart that often stand in the same place. */
#define ANY_KIND 1u

static uint8_t kind(uint8_t octet)
{
    return (uint8_t)(2u << da_name_fold(octet) % 7);
}

static uint8_t upper(uint8_t octet)
{
    return octet >= 'a' && octet <= 'z' ? (uint8_t)(octet - 'a' + 'A') : octet;
}

/* Lines that begin with these two octets in either case and a third of these kinds may match. */
static void set_pair(struct da_scan_filter *filter, uint8_t first, uint8_t second, uint8_t kinds)
{
    const uint8_t octets[][2] = {
        {first, second}, {upper(first), second}, {first, upper(second)}, {upper(first), upper(second)}};
    uint16_t pair;

    for (size_t i = 0; i < 4; i++) {
        memcpy(&pair, octets[i], sizeof(pair));
        filter->pairs[pair] |= kinds;
    }
}

/* The beginnings that da_scan_match() takes for this label: it, or where it is escaped or quoted, what is in front. */
static void set_label(struct da_scan_filter *filter, const struct da_scan_label *label)
{
    const uint8_t *octets = label->octets;

    set_pair(filter, octets[0], '\\', ANY_KIND);
    set_pair(filter, octets[0], '"', ANY_KIND);
    for (size_t i = 0; i < sizeof(label_ends) && label->length == 1; i++)
        set_pair(filter, octets[0], (uint8_t)label_ends[i], ANY_KIND);
    if (label->length == 1)
        return;
    set_pair(filter, octets[0], octets[1], kind('\\') | kind('"'));
    for (size_t i = 0; i < sizeof(label_ends) && label->length == 2; i++)
        set_pair(filter, octets[0], octets[1], kind((uint8_t)label_ends[i]));
    if (label->length > 2)
        set_pair(filter, octets[0], octets[1], kind(octets[2]));
}

static void set_beginnings(struct da_scan_filter *filter)
{
    static const char specials[] = {'@', '.', '\\', '$', '(', '"'};

    for (unsigned octet = 0; octet < 256; octet++)
        filter->kinds[octet] = (uint8_t)(ANY_KIND | kind((uint8_t)octet));
    for (size_t i = 0; i < sizeof(specials); i++)
        for (unsigned second = 0; second < 256; second++)
            set_pair(filter, (uint8_t)specials[i], (uint8_t)second, ANY_KIND);
    for (size_t i = 0; i < filter->count; i++)
        set_label(filter, &filter->labels[i]);
}

static void set_fold(struct da_scan_filter *filter)
{
    for (unsigned i = 0; i < 256; i++)
        filter->fold[i] = da_name_fold((uint8_t)i);
    for (size_t i = 0; i < sizeof(label_ends); i++)
        filter->fold[(uint8_t)label_ends[i]] = 0;
}

static enum da_status allocate(size_t count, struct da_scan_filter **filter)
{
    size_t slots = 4;

    while (slots < 4 * count)
        slots *= 2;
    struct da_scan_filter *made = calloc(1, sizeof(*made));
    if (made == NULL)
        return DA_ERR_MEMORY;
    made->slot_mask = slots - 1;
    made->slots = calloc(slots, sizeof(*made->slots));
    made->labels = calloc(count + 1, sizeof(*made->labels));
    if (made->slots == NULL || made->labels == NULL) {
        da_scan_filter_free(made);
        return DA_ERR_MEMORY;
    }
    *filter = made;
    return DA_OK;
}

enum da_status da_scan_filter_new(const char *const *labels, size_t count, struct da_scan_filter **filter)
{
    struct da_scan_filter *made = NULL;
    enum da_status status = allocate(count, &made);

    if (status != DA_OK)
        return status;
    made->count = count;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(labels[i]);
        if (length == 0 || length > DA_SCAN_LABEL_MAX) {
            da_scan_filter_free(made);
            return DA_ERR_VALUE;
        }
        made->labels[i].length = (uint8_t)length;
        made->lengths |= (uint64_t)1 << length;
        for (size_t j = 0; j < length; j++)
            made->labels[i].octets[j] = da_name_fold((uint8_t)labels[i][j]);
    }
    qsort(made->labels, count, sizeof(*made->labels), compare_labels);
    for (size_t i = 0; i < count; i++)
        *find_slot(made, &made->labels[i]) = (uint32_t)i + 1;
    set_fold(made);
    set_beginnings(made);
    *filter = made;
    return DA_OK;
}

void da_scan_filter_free(struct da_scan_filter *filter)
{
    if (filter == NULL)
        return;
    free(filter->slots);
    free(filter->labels);
    free(filter);
}
