#include "live.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <urcu-bp.h>

/* How long a file must have been left alone before it is read, so that none is read half written. Under the second
 * between two looks, so that a change is in force within two seconds of being made. */
#define SETTLED_MS 800

/* Tells one state of a file from another. */
struct identity {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec modified, changed;
    int error; /* errno where the file cannot be looked at; EINVAL where it is nothing to read, such as a pipe */
};

struct da_live {
    char *path;
    da_live_log_fn *log;
    struct da_policy *policy; /* read under RCU; written by start() and by who looks */
    atomic_long second;       /* of the monotonic clock, of the last look */
    atomic_flag looking;      /* somebody is: what follows is theirs */
    struct identity taken;    /* what the policy, or the last refusal, came from */
    struct identity seen;     /* at the last look */
    bool retrying;            /* the file could not be read for a reason that may pass */
};

static bool same_time(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool same_identity(const struct identity *a, const struct identity *b)
{
    return a->error == b->error && a->device == b->device && a->inode == b->inode && a->size == b->size &&
           same_time(&a->modified, &b->modified) && same_time(&a->changed, &b->changed);
}

static struct identity look(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return (struct identity){.error = errno};
    if (!S_ISREG(st.st_mode))
        return (struct identity){.error = EINVAL};
    return (struct identity){
        .device = st.st_dev,
        .inode = st.st_ino,
        .size = st.st_size,
        .modified = st.st_mtim,
        .changed = st.st_ctim,
    };
}

/* True where the file has been left alone long enough: by its time of modification, or, should that lie in the future,
 * by being found the same at two looks. */
static bool is_settled(const struct identity *now, const struct identity *before)
{
    struct timespec clock;
    clock_gettime(CLOCK_REALTIME, &clock);
    long long age = (clock.tv_sec - now->modified.tv_sec) * 1000LL + (clock.tv_nsec - now->modified.tv_nsec) / 1000000;
    return now->error != 0 || age >= SETTLED_MS || same_identity(now, before);
}

static void log_line(const struct da_live *live, enum da_live_level level, const char *text)
{
    char line[DA_ERROR_PRINT_MAX];
    snprintf(line, sizeof(line), "%s", text);
    live->log(level, line);
}

static void log_warning(void *arg, const char *path, const char *text)
{
    const struct da_live *live = arg;
    char line[DA_ERROR_PRINT_MAX];
    snprintf(line, sizeof(line), "%s: %s: %s", live->path, path, text);
    live->log(DA_LIVE_WARNING, line);
}

static void log_error(const struct da_live *live, const struct da_error *error)
{
    char text[DA_ERROR_PRINT_MAX];
    log_line(live, DA_LIVE_ERROR, da_error_print(error, live->path, text, sizeof(text)));
}

/* Puts the policy in force and frees the one before, once no reader has it. */
static void replace(struct da_live *live, struct da_policy *policy)
{
    struct da_policy *before = rcu_xchg_pointer(&live->policy, policy);
    const struct da_record_set *set = da_policy_records(policy);
    char line[DA_ERROR_PRINT_MAX];

    snprintf(line, sizeof(line), "deployment %s, fingerprint %s, suffixes %zu, records %llu", live->path,
             set->fingerprint, set->suffix_count, (unsigned long long)da_record_set_count(set));
    live->log(DA_LIVE_INFO, line);
    if (before != NULL) {
        if (!da_policy_covers(before, policy))
            log_line(live, DA_LIVE_WARNING,
                     "names were added; what the server has cached of them is served until it expires, or a reload "
                     "drops it");
        urcu_bp_synchronize_rcu();
        da_policy_free(before);
    }
}

/* A fault that may pass by itself, while the file stays as it is: no memory, or no descriptor to read it with. */
static bool may_pass(enum da_status status, const struct identity *now)
{
    return status == DA_ERR_MEMORY || (status == DA_ERR_IO && now->error == 0);
}

/* Logs why the file was not taken; a fault that is tried again every second is logged once. */
static void keep(struct da_live *live, enum da_status status, const struct identity *now, const struct da_error *error)
{
    bool retried = may_pass(status, now);

    if (!retried)
        live->taken = *now;
    if (!retried || !live->retrying) {
        log_error(live, error);
        log_line(live, DA_LIVE_ERROR, "the deployment in force stays");
    }
    live->retrying = retried;
}

/* One look: takes the file where it is new, has settled, and did not change while it was read. */
static void check_file(struct da_live *live)
{
    struct da_policy *policy = NULL;
    struct da_error error = {0};
    struct identity now = look(live->path);
    bool settled = is_settled(&now, &live->seen);

    live->seen = now;
    if (!settled || same_identity(&now, &live->taken))
        return;
    enum da_status status = da_policy_load(live->path, &policy, log_warning, live, &error);
    struct identity after = look(live->path);
    if (!same_identity(&now, &after)) {
        da_policy_free(policy);
        return;
    }
    if (status != DA_OK) {
        keep(live, status, &now, &error);
        return;
    }
    live->taken = now;
    live->retrying = false;
    replace(live, policy);
}

struct da_live *da_live_new(const char *path, da_live_log_fn *log)
{
    struct da_live *live = calloc(1, sizeof(*live));
    if (live == NULL)
        return NULL;
    live->path = strdup(path);
    live->log = log;
    atomic_flag_clear(&live->looking);
    if (live->path == NULL) {
        free(live);
        return NULL;
    }
    return live;
}

enum da_status da_live_start(struct da_live *live)
{
    struct da_policy *policy = NULL;
    struct da_error error = {0};
    struct identity now = look(live->path);

    live->seen = now;
    enum da_status status = da_policy_load(live->path, &policy, log_warning, live, &error);
    if (status != DA_OK && live->policy == NULL) {
        log_error(live, &error);
        return status;
    }
    live->retrying = false;
    if (status == DA_OK) {
        live->taken = now;
        replace(live, policy);
    } else {
        keep(live, status, &now, &error);
    }
    return DA_OK;
}

void da_live_free(struct da_live *live)
{
    if (live == NULL)
        return;
    da_policy_free(live->policy);
    free(live->path);
    free(live);
}

const char *da_live_path(const struct da_live *live)
{
    return live->path;
}

void da_live_look(struct da_live *live)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    if (atomic_load_explicit(&live->second, memory_order_relaxed) == now.tv_sec)
        return;
    if (atomic_exchange_explicit(&live->second, now.tv_sec, memory_order_relaxed) == now.tv_sec)
        return; /* another thread's turn */
    if (atomic_flag_test_and_set_explicit(&live->looking, memory_order_acquire))
        return; /* it takes longer than a second */
    check_file(live);
    atomic_flag_clear_explicit(&live->looking, memory_order_release);
}

const struct da_policy *da_live_read_begin(struct da_live *live)
{
    urcu_bp_read_lock();
    return rcu_dereference(live->policy);
}

void da_live_read_end(void)
{
    urcu_bp_read_unlock();
}
