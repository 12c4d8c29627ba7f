/* matcher.h - which suffix a name lies under, and which of its labels is blocked. Private to plugin/records.
 *
 * Both the deployment's cross-check and the policy ask this. A matcher is immutable once it is set up and may be used
 * by any number of threads; nothing but set-up allocates. Costs grow with the octets of the name, not with the number
 * of suffixes. */
#ifndef DA_MATCHER_H
#define DA_MATCHER_H

#include "deployment.h"
#include "error.h"
#include "name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A name taken apart. */
struct da_walk {
    size_t length;                      /* octets, root included */
    size_t labels;                      /* the root not counted */
    uint64_t label_lengths;             /* bit n: a label has n octets */
    uint8_t offset[DA_NAME_LABELS + 1]; /* of each label, leftmost first, then of the root */
    uint8_t folded[DA_NAME_MAX + 8];    /* lower case; read and written eight octets at a time, so past the end */
};

/* Takes a wire name apart, all but folded. False where it does not end within length, or is longer than a name may be.
 */
bool da_walk_name(struct da_walk *walk, const uint8_t *name, size_t length);

/* Fills in folded, which every function below needs. name is what da_walk_name() has taken apart. */
void da_walk_fold(struct da_walk *walk, const uint8_t *name);

struct da_matcher_slot {
    uint32_t hash;
    uint32_t name; /* offset into names; DA_MATCHER_EMPTY = a free slot */
};

struct da_matcher {
    struct da_matcher_slot *slots; /* open addressing, at most a quarter full */
    size_t slot_mask;
    size_t names_size;
    uint8_t *names;     /* the suffixes, lower case, one behind the other */
    uint64_t depths[2]; /* bit n: a suffix has n labels */
    size_t depth_max;
    char (*block)[DA_LABEL_MAX + 1]; /* lower case */
    size_t block_count;
    uint64_t block_lengths; /* bit n: a blocked label has n octets */
};

#define DA_MATCHER_EMPTY UINT32_MAX
#define DA_MATCHER_NONE  SIZE_MAX

/* Sets up a matcher for the deployment's suffixes and blocked labels, of which it keeps copies. Whatever is returned,
 * the matcher is to be given to da_matcher_clear().
 *
 * repeated  set to the number of the suffix that is there a second time, with DA_ERR_VALUE
 * Returns DA_OK, DA_ERR_MEMORY or DA_ERR_VALUE. */
enum da_status da_matcher_init(struct da_matcher *matcher, const struct da_deployment *deployment, size_t *repeated);
void da_matcher_clear(struct da_matcher *matcher);

/* Octets of memory held, the struct itself not counted. */
size_t da_matcher_size(const struct da_matcher *matcher);

/* True where no label of the name can be a blocked one, by their lengths alone. Needs no folded name. */
static inline bool da_matcher_has_no_blocked(const struct da_matcher *matcher, const struct da_walk *walk)
{
    return (matcher->block_lengths & walk->label_lengths) == 0;
}

/* True where a suffix is exactly the name from label number `from` on. */
bool da_matcher_is_suffix(const struct da_matcher *matcher, const struct da_walk *walk, size_t from);

/* Where the name is blocked, or lies below a blocked one: the number of the label at which the negative answer's SOA
 * owner begins, that is the closest enclosing suffix, or the bare blocked name itself. Else DA_MATCHER_NONE. */
size_t da_matcher_blocked(const struct da_matcher *matcher, const struct da_walk *walk);

#endif
