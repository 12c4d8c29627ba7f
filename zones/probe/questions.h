/* questions.h - what a probe asks each resolver: a list that is never written out.
 *
 * Order: the bare blocked names; then for each suffix corpConnectivityHost, WebProbeHost, the blocked labels; A before
 * AAAA. "isatap" is the first of the blocked labels, whether the deployment blocks it or not. */
#ifndef DA_PROBE_QUESTIONS_H
#define DA_PROBE_QUESTIONS_H

#include "record_set.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What was asked under each suffix; blocked labels besides. */
enum da_asked {
    DA_ASKED_CONNECTIVITY, /* directaccess-corpConnectivityHost */
    DA_ASKED_WEB_PROBE,    /* directaccess-WebProbeHost */
    DA_ASKED_BLOCKED,      /* isatap, and whatever else the deployment blocks */
};

#define DA_PROBE_BARE SIZE_MAX /* stands for a suffix where there is none */

struct da_probe_questions {
    const struct da_record_set *set;
    const char *labels[DA_MAX_BLOCK + 1]; /* blocked ones, none twice */
    size_t label_count;
    size_t count;
};

struct da_probe_question {
    size_t suffix; /* index in the record set, or DA_PROBE_BARE */
    enum da_asked asked;
    const char *label; /* the leftmost one */
    uint16_t type;     /* DA_TYPE_A or DA_TYPE_AAAA */
};

/* Borrows the set. */
struct da_probe_questions da_probe_questions_of(const struct da_record_set *set);

/* Gives question number index. */
void da_probe_question_get(const struct da_probe_questions *questions, size_t index,
                           struct da_probe_question *question);

/* The name it asks for. False, and the name of its suffix, where a label does not fit in front of that: there is no
 * such name. */
bool da_probe_question_name(const struct da_probe_questions *questions, const struct da_probe_question *question,
                            struct da_name *name);

/* Finds a question's number; label: of DA_ASKED_BLOCKED, else not looked at. False where it is not asked. */
bool da_probe_question_find(const struct da_probe_questions *questions, size_t suffix, enum da_asked asked,
                            const char *label, uint16_t type, size_t *index);

#endif
