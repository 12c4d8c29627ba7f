/* plugin.c - the four functions that named looks up in a query plugin, and the hook.
 *
 * A view has an instance of its own, which belongs to the view: it is made before the view is put in force, and
 * destroyed with the last reference to the view, which every query under way holds. That makes `rndc reconfig` the
 * reload, without a lock. See abi.h for why check and register look before they touch anything. */
#include "abi.h"
#include "access.h"
#include "answer.h"
#include "limit.h"
#include "parameters.h"

#include <dns/message.h>
#include <dns/name.h>
#include <dns/result.h>
#include <isc/log.h>
#include <isc/region.h>
#include <isc/result.h>
#include <ns/client.h>
#include <ns/hooks.h>
#include <ns/log.h>
#include <ns/query.h>

#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>

#define EXPORT __attribute__((visibility("default")))

/* A counter on a cache line of its own: all worker threads count. */
struct counter {
    alignas(64) atomic_ulong value;
};

struct instance {
    struct da_parameters parameters;
    uint8_t soa[DA_SOA_RDATA_LENGTH];
    isc_log_t *log;
    struct counter verdicts[DA_VERDICTS];
};

/* The types are those of ns/hooks.h. */
EXPORT ns_plugin_register_t plugin_register;
EXPORT ns_plugin_destroy_t plugin_destroy;
EXPORT ns_plugin_check_t plugin_check;
EXPORT ns_plugin_version_t plugin_version;

static void count(struct instance *instance, enum da_verdict verdict)
{
    atomic_fetch_add_explicit(&instance->verdicts[verdict].value, 1, memory_order_relaxed);
}

static unsigned long counted(const struct instance *instance, enum da_verdict verdict)
{
    return atomic_load_explicit(&instance->verdicts[verdict].value, memory_order_relaxed);
}

/* The end of the query name at which a negative answer's SOA stands. */
static void soa_owner(const dns_name_t *qname, const struct da_match *match, dns_name_t *owner)
{
    isc_region_t region = {qname->ndata + match->soa_offset, (unsigned int)(qname->length - match->soa_offset)};
    dns_name_init(owner, NULL);
    dns_name_fromregion(owner, &region);
}

/* named takes AA from the first name of a chain of aliases: a claim made for a later one changes nothing. */
static void respond(query_ctx_t *qctx, struct instance *instance, const struct da_match *match)
{
    dns_name_t zone;
    struct da_answer answer = {instance->parameters.policy, match, instance->soa, &zone};

    soa_owner(qctx->client->query.qname, match, &zone);
    qctx->authoritative = true;
    if (da_limit_allows(qctx, match->verdict, &zone))
        da_answer(qctx, &answer);
}

/* Called for a query's name, and again for every name that an alias leads to. Whatever is not ours goes on as if we
 * were not there. */
static ns_hookresult_t at_start(void *arg, void *data, isc_result_t *result)
{
    query_ctx_t *qctx = arg;
    struct instance *instance = data;
    const ns_client_t *client = qctx->client;
    const dns_name_t *qname = client->query.qname;
    struct da_match match;

    /* Of the query, not of qctx: that has A where DNS64 has begun to look for one. */
    da_policy_lookup(instance->parameters.policy, qname->ndata, qname->length, client->query.qtype,
                     client->message->rdclass, &match);
    if (match.verdict == DA_PASS || !da_access_granted(qctx)) {
        count(instance, DA_PASS);
        return NS_HOOK_CONTINUE;
    }
    count(instance, match.verdict);
    respond(qctx, instance, &match);
    *result = ns_query_done(qctx); /* may release the client, not the view */
    return NS_HOOK_RETURN;
}

/* The one way in which named.conf is validated. */
static isc_result_t read_statement(const struct da_statement *statement, struct da_parameters *parameters)
{
    char reason[DA_ABI_REASON_MAX];

    if (da_abi_matches_host(reason))
        return da_parameters_read(statement, parameters);
    /* This function, the category and the module are as they were in 9.14, the first BIND with plugins: so much can be
     * called in any that takes a plugin of this version. */
    isc_log_write(statement->log, NS_LOGCATEGORY_GENERAL, NS_LOGMODULE_HOOKS, ISC_LOG_ERROR,
                  "%s:%lu: directaccess: %s; build the plugin with the headers of this BIND", statement->file,
                  statement->line, reason);
    return ISC_R_FAILURE;
}

static struct instance *make_instance(const struct da_parameters *parameters, isc_log_t *log)
{
    struct instance *instance = aligned_alloc(alignof(struct instance), sizeof(*instance));
    if (instance == NULL)
        return NULL;

    instance->parameters = *parameters;
    instance->log = log;
    da_soa_rdata(da_policy_records(parameters->policy)->negative_ttl, instance->soa);
    for (size_t i = 0; i < DA_VERDICTS; i++)
        atomic_init(&instance->verdicts[i].value, 0);
    return instance;
}

static void log_start(const struct instance *instance)
{
    const struct da_record_set *set = da_policy_records(instance->parameters.policy);
    isc_log_write(instance->log, NS_LOGCATEGORY_GENERAL, NS_LOGMODULE_HOOKS, ISC_LOG_INFO,
                  "%s: directaccess %s: deployment %s, fingerprint %s, suffixes %zu, records %llu",
                  instance->parameters.where, DA_VERSION, instance->parameters.deployment, set->fingerprint,
                  set->suffix_count, (unsigned long long)da_record_set_count(set));
}

isc_result_t plugin_register(const char *parameters, const void *cfg, const char *cfg_file, unsigned long cfg_line,
                             isc_mem_t *mctx, isc_log_t *lctx, void *actx, ns_hooktable_t *hooktable, void **instp)
{
    const struct da_statement statement = {parameters, cfg_file, cfg_line, mctx, lctx};
    struct da_parameters read;
    (void)cfg, (void)actx;

    isc_result_t result = read_statement(&statement, &read);
    if (result != ISC_R_SUCCESS)
        return result;
    struct instance *instance = make_instance(&read, lctx);
    if (instance == NULL) {
        da_parameters_clear(&read);
        return ISC_R_NOMEMORY;
    }
    ns_hook_add(hooktable, mctx, NS_QUERY_START_BEGIN, &(ns_hook_t){.action = at_start, .action_data = instance});
    log_start(instance);
    *instp = instance;
    return ISC_R_SUCCESS;
}

isc_result_t plugin_check(const char *parameters, const void *cfg, const char *cfg_file, unsigned long cfg_line,
                          isc_mem_t *mctx, isc_log_t *lctx, void *actx)
{
    const struct da_statement statement = {parameters, cfg_file, cfg_line, mctx, lctx};
    struct da_parameters read;
    (void)cfg, (void)actx;

    isc_result_t result = read_statement(&statement, &read);
    if (result == ISC_R_SUCCESS)
        da_parameters_clear(&read);
    return result;
}

void plugin_destroy(void **instp)
{
    struct instance *instance = *instp;

    isc_log_write(instance->log, NS_LOGCATEGORY_GENERAL, NS_LOGMODULE_HOOKS, ISC_LOG_INFO,
                  "%s: directaccess %s: stopped; ANSWER %lu, NODATA %lu, NXDOMAIN %lu, PASS %lu",
                  instance->parameters.where, DA_VERSION, counted(instance, DA_ANSWER), counted(instance, DA_NODATA),
                  counted(instance, DA_NXDOMAIN), counted(instance, DA_PASS));
    da_parameters_clear(&instance->parameters);
    free(instance);
    *instp = NULL;
}

int plugin_version(void)
{
    return NS_PLUGIN_VERSION;
}
