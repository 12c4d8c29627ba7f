/* live.h - the policy in force, replaced while queries go on.
 *
 * A thread of its own looks at the deployment file once a second and puts a new policy in force. Readers are never kept
 * waiting: they are read-side critical sections of liburcu (urcu-bp, which registers threads by itself). Nothing here
 * knows Unbound. */
#ifndef DA_LIVE_H
#define DA_LIVE_H

#include "error.h"
#include "policy.h"

/* Told of what happens to the file, as one line without newline. Called from the thread that starts or from the
 * watching one. */
enum da_live_level { DA_LIVE_INFO, DA_LIVE_WARNING, DA_LIVE_ERROR };
typedef void da_live_log_fn(enum da_live_level level, const char *line);

struct da_live;

/* Reserves a handle without a policy; NULL where memory is short. path is copied. */
struct da_live *da_live_new(const char *path, da_live_log_fn *log);

/* Reads the file and begins to watch it. Called before there are readers.
 *
 * Returns DA_OK, or what is wrong with the file, which has been logged. Where a policy was in force before (after
 * da_live_stop()), it stays in force in that case, the file is watched on, and DA_OK is returned. Also DA_ERR_MEMORY
 * where no thread can be had. */
enum da_status da_live_start(struct da_live *live);

/* Ends the watching; the policy stays in force. */
void da_live_stop(struct da_live *live);

/* Frees all. No reader may be left. NULL is allowed. */
void da_live_free(struct da_live *live);

const char *da_live_path(const struct da_live *live);

/* The policy in force, from begin until end; the thread may not wait or sleep in between. Never NULL after a successful
 * start. */
const struct da_policy *da_live_read_begin(struct da_live *live);
void da_live_read_end(void);

#endif
