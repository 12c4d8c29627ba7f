/* pin_survey.h - the directory as pinning finds it: the plan of every name that a deployment publishes.
 *
 * All is read and planned before anything is written. What makes it doubtful where a suffix lives, or what is at a
 * name, is an error of the whole: then nothing is to be written at all. */
#ifndef DA_PIN_SURVEY_H
#define DA_PIN_SURVEY_H

#include "directory/pin_plan.h"

#define DA_PIN_STATES  5
#define DA_PIN_BLOCKED 4 /* blocked names that are named; others are counted */

/* One published name. */
struct da_pin_node {
    const struct da_directory_zone *zone;
    struct da_pin_terms terms;
    struct da_name name;
    const struct da_owner *owner; /* what it is to have; borrowed from the record set */
    struct da_directory_node node;
    struct da_pin_plan plan;
};

struct da_pin_survey {
    struct da_directory_zones zones;
    struct da_pin_node *nodes; /* in the record set's order */
    size_t node_count;
    size_t states[DA_PIN_STATES]; /* nodes by enum da_pin_state */
    struct da_name blocked[DA_PIN_BLOCKED];
    size_t blocked_count; /* names that are to be blocked, and have records; there may be more than in blocked */
};

/* Reads and plans every name of a set.
 *
 * set      lives as long as the survey
 * names    made of set
 * replace  delete wrong addresses
 * survey   to be given to da_pin_survey_clear() whatever is returned
 * Returns DA_OK; DA_ERR_VALUE for a suffix without zone, in a zone that is there twice, has no SOA, or has the suffix
 * delegated, and for a malformed value; or what else error holds. */
enum da_status da_pin_survey_read(struct da_directory *directory, const struct da_record_set *set,
                                  const struct da_names *names, bool replace, struct da_pin_survey *survey,
                                  struct da_error *error);
void da_pin_survey_clear(struct da_pin_survey *survey);

/* Reads a node afresh, and plans it again. Returns DA_OK or what error holds. */
enum da_status da_pin_node_read(struct da_directory *directory, struct da_pin_node *node, struct da_error *error);

/* Whether names below a suffix are answered from a zone at all: they are not where the zone has no SOA, and below a
 * delegation or a DNAME.
 *
 * nodes  of the zone, in canonical order of owner
 * Returns DA_OK, or DA_ERR_VALUE where the suffix cannot be pinned in the zone. */
enum da_status da_pin_check_suffix(const struct da_name *suffix, const struct da_directory_zone *zone,
                                   const struct da_directory_node *nodes, size_t count, struct da_error *error);

#endif
