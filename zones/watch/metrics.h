/* metrics.h - what a watch knows, for Prometheus: the text format, version 0.0.4.
 *
 * Samples of a record are left out where its source failed, or does not tell: what is old must not look fresh. When it
 * was last looked at with success stays, as long as the watch runs. */
#ifndef DA_METRICS_H
#define DA_METRICS_H

#include "audit/sources.h"
#include "record_set.h"
#include "watch/round.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* What is remembered between rounds. */
struct da_metrics {
    int64_t *sources; /* Unix time of the last success of each; 0 = none yet */
    size_t source_count;
    int64_t *records; /* the same of each record, in the order of a round's */
    size_t record_count;
    uint64_t rounds, failed_rounds;
    int64_t last_round; /* Unix time of the last that did not fail; 0 = none yet */
    double duration;    /* seconds it took */
    bool loaded;        /* deployment, key and severities, as they are in their files now */
    unsigned interval;  /* seconds; 0 = a single look */
};

/* metrics is to be given to da_metrics_clear() whatever is returned. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_metrics_make(size_t source_count, struct da_metrics *metrics);
void da_metrics_clear(struct da_metrics *metrics);

/* Counts a round; NULL = it failed. forget: the records are others than those of the round before. Returns DA_OK or
 * DA_ERR_MEMORY. */
enum da_status da_metrics_note(struct da_metrics *metrics, const struct da_round *round, bool forget);

/* Writes all of it. set is what the round, NULL if it failed, was made of. A failure shows in ferror(out). */
void da_metrics_write(const struct da_metrics *metrics, const struct da_source_settings *settings,
                      const struct da_record_set *set, const struct da_round *round, FILE *out);

/* Writes a label's value with its quotes: a backslash, a quote and a newline escaped, and what is not UTF-8 as \xNN
 * with the backslash escaped. */
void da_metrics_put_label(const char *value, FILE *out);

#endif
