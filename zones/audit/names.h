/* names.h - the names that an audit looks at, and why.
 *
 * Beside the names that a deployment publishes and blocks these are the names that decide what becomes of them: the
 * suffixes and all above them (apexes, delegations, DNAMEs), and the wildcards in front of those. Immutable once made;
 * any number of threads may ask. A question costs time in the labels of the name and in
 * the logarithm of the number of suffixes. */
#ifndef DA_NAMES_H
#define DA_NAMES_H

#include "deployment.h"
#include "error.h"
#include "name.h"
#include "record_set.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why a name is looked at: bits. */
enum {
    DA_INTEREST_LABEL = 1,    /* one of the labels below in front of a suffix */
    DA_INTEREST_BLOCKED = 2,  /* a blocked label alone, or in front of a name at or below a suffix */
    DA_INTEREST_ABOVE = 4,    /* a suffix, or above one; the root too */
    DA_INTEREST_WILDCARD = 8, /* "*" in front of such */
};

/* What a label in front of a suffix is to be. */
enum da_label_role {
    DA_LABEL_CORP_CONNECTIVITY,
    DA_LABEL_WEB_PROBE,
    DA_LABEL_NLS,           /* published where the record set has it, else only to be hidden from remote clients */
    DA_LABEL_ISATAP_ROUTER, /* published where the record set has it, else left over in a topology without ISATAP */
};
#define DA_LABEL_ROLES 4

struct da_label {
    const char *text;
    enum da_label_role role;
    const struct da_owner *owner; /* of the record set; NULL = not published */
};

struct da_name_above; /* private */

struct da_names {
    struct da_label labels[DA_LABEL_ROLES]; /* of which there is none twice; not in the order of roles */
    size_t label_count;
    const struct da_record_set *set; /* borrowed; its suffixes have the order of all reports */
    struct da_name_above *above;     /* private, as what follows */
    size_t above_count;
    char (*first)[DA_LABEL_MAX + 1];
    const char **first_labels;
    size_t first_count;
};

/* Makes the names of a deployment. Keeps pointers to both: they live longer.
 *
 * router  a label that hosts use, or used, as their ISATAP router where the deployment names none; NULL = none
 * names   set on success only; freed with da_names_free()
 * Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_names_new(const struct da_deployment *deployment, const struct da_record_set *set, const char *router,
                            struct da_names **names);

/* NULL is allowed. */
void da_names_free(struct da_names *names);

/* Why the name is looked at: DA_INTEREST_… or 0. wire is a valid wire name, in any case of letters. */
unsigned da_names_interest(const struct da_names *names, const uint8_t *wire);

/* First labels of all these names but the root, folded, for a filter of scan.h; they live as long as names. */
const char *const *da_names_first_labels(const struct da_names *names, size_t *count);

/* True where the deployment itself tells the name: all that are looked at, but for blocked labels further below a
 * suffix, of which there may be any number. */
bool da_names_is_known(const struct da_names *names, const uint8_t *wire);

/* The suffix that the name is closest below or at: its index; SIZE_MAX = none. */
size_t da_names_suffix(const struct da_names *names, const uint8_t *wire);

#endif
