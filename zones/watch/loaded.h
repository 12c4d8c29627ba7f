/* loaded.h - the files that a watch goes by, loaded again for every round: deployment, key, severities.
 *
 * Where one of them is bad, or gone, what was loaded before stays in force: a slip in an editor must not end a watch.
 */
#ifndef DA_LOADED_H
#define DA_LOADED_H

#include "audit/run.h"

struct da_loaded {
    struct da_audit_run run; /* as da_audit_load() left it */
    char *warnings;          /* of the last time, so that they are printed once; NULL = none yet */
    struct da_error error;   /* of the last time; DA_OK = none */
    const char *about;       /* the file it is about */
};

/* What became of loading. */
enum da_loaded_change {
    DA_LOADED_SAME,    /* the same answers to every query, and the same records in the same order */
    DA_LOADED_CHANGED, /* something else is the deployment now */
    DA_LOADED_FAULT    /* error tells; what was loaded before stays */
};

/* Loads. Warnings go to the command's err, unless they are those of the last time; its error is left alone. loaded is
 * zeroed at first, and given to da_loaded_clear() in the end. */
enum da_loaded_change da_loaded_load(struct da_loaded *loaded, struct da_run *command,
                                     const struct da_source_settings *settings);
void da_loaded_clear(struct da_loaded *loaded);

#endif
