/* live.h - the policy in force, replaced while queries go on.
 *
 * The deployment file is looked at once a second, by whichever query comes first, and a new policy is put in force by
 * it. A thread of its own would do that, too, but from the moment it starts libc takes its slower ways in every call of
 * a server that has one thread, as Unbound has by default: two in a hundred of all it does. So once a second one query
 * costs a stat(2) more, and the one that finds a new file loads it, with all that the others must not do: allocate,
 * log, wait for the disk. That takes a tenth of a millisecond, or 40 with 10,000 suffixes. The others never wait: they
 * are read-side critical sections of liburcu (urcu-bp, which registers threads by itself). Nothing here knows Unbound.
 */
#ifndef DA_LIVE_H
#define DA_LIVE_H

#include "error.h"
#include "policy.h"

/* Told of what happens to the file, as one line without newline. Called from the thread that starts or looks. */
enum da_live_level { DA_LIVE_INFO, DA_LIVE_WARNING, DA_LIVE_ERROR };
typedef void da_live_log_fn(enum da_live_level level, const char *line);

struct da_live;

/* Reserves a handle without a policy; NULL where memory is short. path is copied. */
struct da_live *da_live_new(const char *path, da_live_log_fn *log);

/* Reads the file. Called while there are no readers: first, and again whenever the file is to be read at once.
 *
 * Returns DA_OK, or what is wrong with the file, which has been logged. Where a policy was in force before, it stays in
 * force in that case, and DA_OK is returned. */
enum da_status da_live_start(struct da_live *live);

/* Looks at the file where nobody has in this second, and takes it where it is new and settled. Any thread may call it,
 * not between begin and end. */
void da_live_look(struct da_live *live);

/* Frees all. No reader may be left. NULL is allowed. */
void da_live_free(struct da_live *live);

const char *da_live_path(const struct da_live *live);

/* The policy in force, from begin until end; the thread may not wait or sleep in between. Never NULL after a successful
 * start. */
const struct da_policy *da_live_read_begin(struct da_live *live);
void da_live_read_end(void);

#endif
