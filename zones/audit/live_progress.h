/* live_progress.h - a line on a terminal that is written over and goes away. Private to the live sources. */
#ifndef DA_LIVE_PROGRESS_H
#define DA_LIVE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct da_progress {
    FILE *out;    /* NULL = nobody wants it */
    int64_t next; /* private: when the line may be written again */
    bool shown;   /* private */
};

/* True where the line may be written now, at most five times a second: then da_progress_show() is to be called. */
bool da_progress_is_due(struct da_progress *progress);
void da_progress_show(struct da_progress *progress, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Takes the line away. */
void da_progress_end(struct da_progress *progress);

#endif
