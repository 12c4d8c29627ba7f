#include "limit.h"

#include <dns/log.h>
#include <dns/message.h>
#include <dns/result.h>
#include <dns/rrl.h>
#include <dns/view.h>
#include <ns/client.h>
#include <ns/log.h>
#include <ns/server.h>
#include <ns/stats.h>

/* What each verdict is to the limiter. */
static isc_result_t kind_of(enum da_verdict verdict)
{
    switch (verdict) {
    case DA_NXDOMAIN:
        return DNS_R_NXDOMAIN;
    case DA_NODATA:
        return DNS_R_NXRRSET;
    default:
        return ISC_R_SUCCESS;
    }
}

static dns_rrl_result_t ask_limiter(query_ctx_t *qctx, enum da_verdict verdict, const dns_name_t *zone)
{
    ns_client_t *client = qctx->client;
    bool would_log = isc_log_wouldlog(ns_lctx, DNS_RRL_LOG_DROP);
    char text[DNS_RRL_LOG_BUF_LEN];
    const dns_name_t *name = verdict == DA_NXDOMAIN ? zone : client->query.qname;

    dns_rrl_result_t result = dns_rrl(
        qctx->view, NULL, &client->peeraddr, (client->attributes & NS_CLIENTATTR_TCP) != 0, client->message->rdclass,
        client->query.qtype, name, kind_of(verdict), client->now, would_log, text, sizeof(text));
    if (result != DNS_RRL_RESULT_OK && would_log)
        ns_client_log(client, DNS_LOGCATEGORY_RRL, NS_LOGMODULE_QUERY, DNS_RRL_LOG_DROP, "%s", text);
    return result;
}

/* A response without data, which makes an honest client come back over TCP or with its cookie. */
static void slip(ns_client_t *client, enum da_verdict verdict)
{
    dns_message_t *message = client->message;

    if ((client->attributes & NS_CLIENTATTR_WANTCOOKIE) != 0) {
        message->flags &= ~(unsigned int)(DNS_MESSAGEFLAG_AA | DNS_MESSAGEFLAG_AD);
        message->rcode = dns_rcode_badcookie;
        return;
    }
    message->flags |= DNS_MESSAGEFLAG_TC;
    if (verdict == DA_NXDOMAIN)
        message->rcode = dns_rcode_nxdomain;
}

bool da_limit_allows(query_ctx_t *qctx, enum da_verdict verdict, const dns_name_t *zone)
{
    ns_client_t *client = qctx->client;

    if (qctx->view->rrl == NULL || (client->attributes & NS_CLIENTATTR_HAVECOOKIE) != 0 ||
        (client->query.attributes & NS_QUERYATTR_RRL_CHECKED) != 0)
        return true;
    client->query.attributes |= NS_QUERYATTR_RRL_CHECKED;

    dns_rrl_result_t result = ask_limiter(qctx, verdict, zone);
    if (result == DNS_RRL_RESULT_OK || qctx->view->rrl->log_only)
        return true;
    if (result == DNS_RRL_RESULT_DROP) {
        ns_stats_increment(client->manager->sctx->nsstats, ns_statscounter_ratedropped);
        qctx->result = DNS_R_DROP;
        qctx->line = __LINE__;
    } else {
        ns_stats_increment(client->manager->sctx->nsstats, ns_statscounter_rateslipped);
        slip(client, verdict);
    }
    return false;
}
