#include "matcher.h"

#include <stdlib.h>
#include <string.h>

#define EACH_OCTET(value) (0x0101010101010101u * (value))

/* Folds eight octets at once: bit 7 of an octet of the sums tells whether it is at least 'A', and whether it is beyond
 * 'Z'. */
static uint64_t fold_chunk(uint64_t chunk)
{
    uint64_t low = chunk & EACH_OCTET(0x7f);
    uint64_t from_a = low + EACH_OCTET(0x80 - 'A');
    uint64_t beyond_z = low + EACH_OCTET(0x80 - 'Z' - 1);
    uint64_t upper = from_a & ~beyond_z & ~chunk & EACH_OCTET(0x80);

    return chunk | upper >> 2;
}

bool da_walk_name(struct da_walk *walk, const uint8_t *name, size_t length)
{
    size_t at = 0;

    walk->labels = 0;
    walk->label_lengths = 0;
    while (at < length && at < DA_NAME_MAX) {
        size_t n = name[at];
        walk->offset[walk->labels] = (uint8_t)at;
        if (n == 0) {
            walk->length = at + 1;
            return true;
        }
        if (n > DA_LABEL_MAX || walk->labels == DA_NAME_LABELS)
            return false;
        walk->labels++;
        walk->label_lengths |= (uint64_t)1 << n;
        at += 1 + n;
    }
    return false;
}

/* A length octet is below 'A' and stays. */
void da_walk_fold(struct da_walk *walk, const uint8_t *name)
{
    uint64_t chunk;
    size_t i = 0;

    for (; i + 8 <= walk->length; i += 8) {
        memcpy(&chunk, name + i, 8);
        chunk = fold_chunk(chunk);
        memcpy(walk->folded + i, &chunk, 8);
    }
    chunk = 0;
    memcpy(&chunk, name + i, walk->length - i);
    chunk = fold_chunk(chunk);
    memcpy(walk->folded + i, &chunk, 8);
}

/* The first n octets of a chunk as they lie in memory, 1 to 8; the others are dropped. */
static uint64_t keep_first(uint64_t chunk, size_t n)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return chunk << (64 - 8 * n);
#else
    return chunk >> (64 - 8 * n);
#endif
}

/* Mixes eight octets in. Twice over, so that every bit of them reaches the low bits, which pick the slot. */
static uint64_t mix(uint64_t hash, uint64_t chunk)
{
    const uint64_t odd = 0x9e3779b97f4a7c15u; /* 2^64 over the golden ratio */

    hash = (hash ^ chunk) * odd;
    hash = (hash ^ hash >> 32) * odd;
    return hash ^ hash >> 32;
}

/* Hashes a lower-case label, its length octet included, in front of a parent with that hash. The label is within a
 * da_walk, which can be read eight octets at a time. */
static uint64_t hash_label(uint64_t parent, const uint8_t *label)
{
    size_t length = 1u + label[0];
    uint64_t hash = parent, chunk;

    for (; length > 8; length -= 8, label += 8) {
        memcpy(&chunk, label, 8);
        hash = mix(hash, chunk);
    }
    memcpy(&chunk, label, 8);
    return mix(hash, keep_first(chunk, length));
}

static uint64_t hash_name(const struct da_walk *walk, size_t from)
{
    uint64_t hash = 0;
    for (size_t i = walk->labels; i-- > from;)
        hash = hash_label(hash, walk->folded + walk->offset[i]);
    return hash;
}

/* The slot that holds the name from that label on, or the free one where it would go. */
static struct da_matcher_slot *find_slot(const struct da_matcher *matcher, const struct da_walk *walk, size_t from,
                                         uint64_t hash)
{
    const uint8_t *name = walk->folded + walk->offset[from];
    size_t length = walk->length - walk->offset[from];

    for (size_t i = hash & matcher->slot_mask;; i = (i + 1) & matcher->slot_mask) {
        struct da_matcher_slot *slot = &matcher->slots[i];
        /* A wire name ends itself, so equal octets over one's length are an equal name. */
        if (slot->name == DA_MATCHER_EMPTY ||
            (slot->hash == (uint32_t)(hash >> 32) && memcmp(matcher->names + slot->name, name, length) == 0))
            return slot;
    }
}

static bool has_depth(const struct da_matcher *matcher, size_t labels)
{
    return matcher->depths[labels / 64] >> labels % 64 & 1;
}

bool da_matcher_is_suffix(const struct da_matcher *matcher, const struct da_walk *walk, size_t from)
{
    return has_depth(matcher, walk->labels - from) &&
           find_slot(matcher, walk, from, hash_name(walk, from))->name != DA_MATCHER_EMPTY;
}

/* The closest suffix that begins at label number `from` or behind it, or DA_MATCHER_NONE. */
static size_t closest_suffix(const struct da_matcher *matcher, const struct da_walk *walk, size_t from)
{
    size_t closest = DA_MATCHER_NONE;
    uint64_t hash = 0;

    for (size_t i = walk->labels; i-- > from && walk->labels - i <= matcher->depth_max;) {
        hash = hash_label(hash, walk->folded + walk->offset[i]);
        if (has_depth(matcher, walk->labels - i) && find_slot(matcher, walk, i, hash)->name != DA_MATCHER_EMPTY)
            closest = i;
    }
    return closest;
}

static bool is_blocked_label(const struct da_matcher *matcher, const uint8_t *label)
{
    if ((matcher->block_lengths >> label[0] & 1) == 0)
        return false;
    for (size_t i = 0; i < matcher->block_count; i++)
        if (matcher->block[i][label[0]] == '\0' && memcmp(matcher->block[i], label + 1, label[0]) == 0)
            return true;
    return false;
}

size_t da_matcher_blocked(const struct da_matcher *matcher, const struct da_walk *walk)
{
    for (size_t i = 0; i < walk->labels; i++) {
        if (!is_blocked_label(matcher, walk->folded + walk->offset[i]))
            continue;
        if (i + 1 == walk->labels)
            return i;
        /* The leftmost blocked label has the most names behind it, so those further right need no look, but for the
         * bare one. */
        size_t suffix = closest_suffix(matcher, walk, i + 1);
        if (suffix != DA_MATCHER_NONE)
            return suffix;
        size_t last = walk->labels - 1;
        return is_blocked_label(matcher, walk->folded + walk->offset[last]) ? last : DA_MATCHER_NONE;
    }
    return DA_MATCHER_NONE;
}

/* Copies the blocked labels in lower case. */
static enum da_status copy_block(struct da_matcher *matcher, const struct da_deployment *deployment)
{
    matcher->block = calloc(deployment->block_count + 1, sizeof(*matcher->block));
    if (matcher->block == NULL)
        return DA_ERR_MEMORY;
    matcher->block_count = deployment->block_count;
    for (size_t i = 0; i < deployment->block_count; i++) {
        const char *label = deployment->block[i];
        for (size_t j = 0; label[j] != '\0'; j++)
            matcher->block[i][j] = (char)da_name_fold((uint8_t)label[j]);
        matcher->block_lengths |= (uint64_t)1 << strlen(label);
    }
    return DA_OK;
}

static enum da_status allocate_index(struct da_matcher *matcher, const struct da_deployment *deployment)
{
    size_t slots = 4, octets = 1;

    while (slots < 4 * deployment->suffix_count)
        slots *= 2;
    for (size_t i = 0; i < deployment->suffix_count; i++)
        octets += deployment->suffixes[i].length;
    matcher->slots = malloc(slots * sizeof(*matcher->slots));
    /* find_slot() may compare past a shorter name's end, never past this margin. */
    matcher->names_size = octets + DA_NAME_MAX;
    matcher->names = calloc(matcher->names_size, 1);
    if (matcher->slots == NULL || matcher->names == NULL)
        return DA_ERR_MEMORY;
    memset(matcher->slots, 0xff, slots * sizeof(*matcher->slots));
    matcher->slot_mask = slots - 1;
    return DA_OK;
}

enum da_status da_matcher_init(struct da_matcher *matcher, const struct da_deployment *deployment, size_t *repeated)
{
    uint32_t used = 0;

    *matcher = (struct da_matcher){0};
    enum da_status status = allocate_index(matcher, deployment);
    if (status == DA_OK)
        status = copy_block(matcher, deployment);
    for (size_t i = 0; status == DA_OK && i < deployment->suffix_count; i++) {
        const struct da_name *suffix = &deployment->suffixes[i];
        struct da_walk walk;
        if (!da_walk_name(&walk, suffix->wire, suffix->length))
            return DA_ERR_VALUE;
        da_walk_fold(&walk, suffix->wire);
        uint64_t hash = hash_name(&walk, 0);
        struct da_matcher_slot *slot = find_slot(matcher, &walk, 0, hash);
        if (slot->name != DA_MATCHER_EMPTY) {
            *repeated = i;
            return DA_ERR_VALUE;
        }
        *slot = (struct da_matcher_slot){.hash = (uint32_t)(hash >> 32), .name = used};
        memcpy(matcher->names + used, walk.folded, walk.length);
        used += (uint32_t)walk.length;
        matcher->depths[walk.labels / 64] |= (uint64_t)1 << walk.labels % 64;
        if (walk.labels > matcher->depth_max)
            matcher->depth_max = walk.labels;
    }
    return status;
}

size_t da_matcher_size(const struct da_matcher *matcher)
{
    return (matcher->slot_mask + 1) * sizeof(*matcher->slots) + matcher->names_size +
           matcher->block_count * sizeof(*matcher->block);
}

void da_matcher_clear(struct da_matcher *matcher)
{
    free(matcher->slots);
    free(matcher->names);
    free(matcher->block);
    *matcher = (struct da_matcher){0};
}
