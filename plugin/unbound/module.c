/* module.c - the six functions Unbound's dynlib module calls.
 *
 * init and deinit run in the main thread, without queries; operate runs in any worker thread. See abi.h for why init
 * looks before it touches anything. */
#include "config.h"

#include "abi.h"
#include "answer.h"
#include "live.h"

#include "dynlibmod/dynlibmod.h"
#include "services/cache/dns.h"
#include "util/log.h"
#include "util/module.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>

#define DEFAULT_DEPLOYMENT  "/etc/unbound/directaccess.yaml"
#define DEPLOYMENT_VARIABLE "DIRECTACCESS_DEPLOYMENT"
#define EXPORT              __attribute__((visibility("default")))

enum layout { LAYOUT_UNKNOWN, LAYOUT_RIGHT, LAYOUT_WRONG };

/* A counter on a cache line of its own: all worker threads count. */
struct counter {
    alignas(64) atomic_ulong value;
};

/* The one handle. It outlives a reload, as the library does (-z nodelete), and with it the last good policy. */
static struct {
    struct da_live *live;
    bool in_use;       /* between init and deinit */
    atomic_int layout; /* enum layout, of the first query */
    struct counter verdicts[DA_VERDICTS];
} handle;

/* The entry points' declarations; Unbound looks them up by name. */
int init(struct module_env *env, int id);
void deinit(struct module_env *env, int id);
void operate(struct module_qstate *qstate, enum module_ev event, int id, struct outbound_entry *entry);
void inform_super(struct module_qstate *qstate, int id, struct module_qstate *super);
void clear(struct module_qstate *qstate, int id);
size_t get_mem(struct module_env *env, int id);

static void log_line(enum da_live_level level, const char *line)
{
    if (level == DA_LIVE_ERROR)
        log_err("directaccess: %s", line);
    else if (level == DA_LIVE_WARNING)
        log_warn("directaccess: %s", line);
    else
        log_info("directaccess %s: %s", DA_VERSION, line);
}

/* At exit only. After deinit() no thread is left; an exit without it may find others at work. */
__attribute__((destructor)) static void free_handle(void)
{
    if (handle.in_use)
        return;
    da_live_free(handle.live);
    handle.live = NULL;
}

/* An inplace_cb_query_func_type, called before a query goes upstream. Unbound asks for our names by itself, as the
 * target of an alias and as a step of QNAME minimisation (RFC 9156), and would keep the answer in its message cache,
 * which it looks into before it asks any module: then upstream's answer would stand before ours. So what such a
 * resolution finds is not stored. */
static int before_upstream(struct query_info *qinfo, uint16_t flags, struct module_qstate *qstate,
                           struct sockaddr_storage *address, socklen_t address_length, uint8_t *zone,
                           size_t zone_length, struct regional *region, int id, void *arg)
{
    struct da_match match;
    (void)flags, (void)address, (void)address_length, (void)zone, (void)zone_length, (void)region, (void)id, (void)arg;

    if (atomic_load_explicit(&handle.layout, memory_order_relaxed) != LAYOUT_RIGHT)
        return 1;
    const struct da_policy *policy = da_live_read_begin(handle.live);
    da_policy_lookup(policy, qinfo->qname, qinfo->qname_len, qinfo->qtype, qinfo->qclass, &match);
    da_live_read_end();
    if (match.verdict != DA_PASS)
        qstate->no_cache_store = 1;
    return 1;
}

/* Finds or makes the handle's policy. */
static bool start_live(void)
{
    const char *path = getenv(DEPLOYMENT_VARIABLE);

    if (handle.live == NULL)
        handle.live = da_live_new(path != NULL && path[0] != '\0' ? path : DEFAULT_DEPLOYMENT, log_line);
    if (handle.live == NULL) {
        log_err("directaccess: out of memory");
        return false;
    }
    return da_live_start(handle.live) == DA_OK;
}

EXPORT int init(struct module_env *env, int id)
{
    char reason[DA_ABI_REASON_MAX];

    if (!da_abi_matches_host(reason)) {
        log_err("directaccess: %s; build the module from the source of this Unbound", reason);
        return 0;
    }
    if (handle.in_use) {
        log_err("directaccess: loaded twice; expected one dynlib-file with it");
        return 0;
    }
    for (size_t i = 0; i < DA_VERDICTS; i++)
        atomic_store(&handle.verdicts[i].value, 0);
    if (!start_live())
        return 0;
    handle.in_use = true;
    struct dynlibmod_env *host = env->modinfo[id];
    return host->inplace_cb_register_wrapped(before_upstream, inplace_cb_query, NULL, env, id);
}

static unsigned long counted(enum da_verdict verdict)
{
    return atomic_load(&handle.verdicts[verdict].value);
}

EXPORT void deinit(struct module_env *env, int id)
{
    struct dynlibmod_env *host = env->modinfo[id];

    if (!handle.in_use)
        return;
    host->inplace_cb_delete_wrapped(env, inplace_cb_query, id);
    handle.in_use = false;
    log_info("directaccess %s: stopped; ANSWER %lu, NODATA %lu, NXDOMAIN %lu, PASS %lu", DA_VERSION, counted(DA_ANSWER),
             counted(DA_NODATA), counted(DA_NXDOMAIN), counted(DA_PASS));
}

/* Whether query states are laid out as the headers say. Should they not be, nothing is answered: the server goes on as
 * if without us. */
static bool layout_is_right(const struct module_qstate *qstate)
{
    int layout = atomic_load_explicit(&handle.layout, memory_order_relaxed);
    int unknown = LAYOUT_UNKNOWN;

    if (layout != LAYOUT_UNKNOWN)
        return layout == LAYOUT_RIGHT;
    layout = da_abi_matches_query(qstate) ? LAYOUT_RIGHT : LAYOUT_WRONG;
    if (atomic_compare_exchange_strong(&handle.layout, &unknown, layout) && layout == LAYOUT_WRONG)
        log_err("directaccess: built for another %s: query states are laid out differently; nothing is answered; "
                "build the module from the source of this Unbound",
                PACKAGE_STRING);
    return layout == LAYOUT_RIGHT;
}

/* Answers where the name is ours, else hands the query on to the next module. */
static enum module_ext_state answer_or_pass(struct module_qstate *qstate, int id)
{
    struct da_match match;
    bool done = false;

    da_live_look(handle.live);
    const struct da_policy *policy = da_live_read_begin(handle.live);
    da_policy_lookup(policy, qstate->qinfo.qname, qstate->qinfo.qname_len, qstate->qinfo.qtype, qstate->qinfo.qclass,
                     &match);
    if (match.verdict != DA_PASS)
        done = da_answer(qstate, da_policy_records(policy), &match);
    da_live_read_end();

    if (match.verdict != DA_PASS && !done)
        return module_error;
    atomic_fetch_add_explicit(&handle.verdicts[match.verdict].value, 1, memory_order_relaxed);
    if (match.verdict == DA_PASS)
        return module_wait_module;
    if (id > 0) { /* a module is in front: see clear() */
        da_answer_set_hashes(qstate);
        qstate->minfo[id] = &handle;
    }
    return module_finished;
}

EXPORT void operate(struct module_qstate *qstate, enum module_ev event, int id, struct outbound_entry *entry)
{
    (void)entry;
    switch (event) {
    case module_event_new:
    case module_event_pass:
        qstate->ext_state[id] = layout_is_right(qstate) ? answer_or_pass(qstate, id) : module_wait_module;
        break;
    case module_event_moddone:
        qstate->ext_state[id] = module_finished;
        break;
    default:
        qstate->ext_state[id] = module_error;
        break;
    }
}

EXPORT void inform_super(struct module_qstate *qstate, int id, struct module_qstate *super)
{
    (void)qstate;
    (void)id;
    (void)super;
}

/* Called when a query is done with. A module in front of this one, as dns64 has to be, has stored our answer in the
 * message cache by then, from where it would be served for its TTL, whatever the deployment says meanwhile. */
EXPORT void clear(struct module_qstate *qstate, int id)
{
    const struct query_info *qinfo = &qstate->qinfo;

    if (qstate->minfo[id] == &handle)
        msg_cache_remove(qstate->env, qinfo->qname, qinfo->qname_len, qinfo->qtype, qinfo->qclass, qstate->query_flags);
}

EXPORT size_t get_mem(struct module_env *env, int id)
{
    (void)env;
    (void)id;
    if (handle.live == NULL)
        return 0;
    size_t size = da_policy_size(da_live_read_begin(handle.live));
    da_live_read_end();
    return size;
}
