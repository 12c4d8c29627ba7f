/* changes.h - what is different from the round before.
 *
 * Everything known is kept as one round, which grows out of each new one. What cannot be looked at now is neither gone
 * nor news: while a source fails, or does not tell of a name, what was known of it is held. A source that was never
 * heard is news as a whole when it is, but for notes; the first round is that of all sources. Words that only the clock
 * changes are no change; thresholds in front of the hour a record becomes stale are (round.h). No output here: changes
 * are told through a callback. */
#ifndef DA_CHANGES_H
#define DA_CHANGES_H

#include "watch/round.h"

enum da_change_kind {
    DA_CHANGE_FOUND,  /* at the first look at a source */
    DA_CHANGE_NEW,    /* later */
    DA_CHANGE_WORSE,  /* of severity, or nearer to be scavenged */
    DA_CHANGE_BETTER, /* the same in the other direction */
    DA_CHANGE_OTHER,  /* neither */
    DA_CHANGE_GONE,
    DA_CHANGE_FAILED, /* of a source */
    DA_CHANGE_BACK,   /* of a source */
};
#define DA_CHANGE_KINDS 8

struct da_change {
    enum da_change_kind kind;
    enum da_severity severity; /* DA_SEVERITY_SILENT: nothing is wrong (any more) */
    uint32_t source;           /* index; DA_ROUND_ALL */
    const char *text;          /* the item's; of a source that failed, why; "" = nothing is to be said */
};

/* Hears of one change; its text lives for the call only. */
typedef void da_change_fn(void *arg, const struct da_change *change);

struct da_known {
    struct da_round round; /* items only */
    struct da_known_source {
        bool heard;  /* once at least */
        bool failed; /* the last time */
    } * sources;
    size_t source_count;
};

/* known is to be given to da_known_clear() whatever is returned. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_known_make(size_t source_count, struct da_known *known);
void da_known_clear(struct da_known *known);

/* Tells what is different in a round, sources first, then items in their order, and makes it the known. failed_severity
 * is that of a source that fails; where it is silent, nothing is told of that. Returns DA_OK, or DA_ERR_MEMORY, changes
 * being told again the next time. */
enum da_status da_known_update(struct da_known *known, const struct da_round *round, enum da_severity failed_severity,
                               da_change_fn *tell, void *arg);

#endif
