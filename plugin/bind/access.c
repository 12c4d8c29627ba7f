#include "access.h"

#include <dns/message.h>
#include <dns/rdata.h>
#include <dns/view.h>
#include <dns/zone.h>
#include <dns/zt.h>
#include <ns/client.h>
#include <ns/hooks.h>

/* The ACLs by client address and by the address that was asked; NULL lets all. */
struct acls {
    dns_acl_t *from;
    dns_acl_t *to;
};

static bool has_cookie(const query_ctx_t *qctx)
{
    const unsigned int attributes = qctx->client->attributes;
    return (attributes & NS_CLIENTATTR_TCP) != 0 || !qctx->view->requireservercookie ||
           (attributes & NS_CLIENTATTR_WANTCOOKIE) == 0 || (attributes & NS_CLIENTATTR_HAVECOOKIE) != 0;
}

static bool has_good_owner(const query_ctx_t *qctx)
{
    const ns_client_t *client = qctx->client;
    return !qctx->view->checknames ||
           dns_rdata_checkowner(client->query.qname, client->message->rdclass, qctx->qtype, false);
}

/* The zone that would answer, attached, or NULL. */
static dns_zone_t *find_zone(const query_ctx_t *qctx)
{
    const dns_name_t *qname = qctx->client->query.qname;
    dns_zone_t *zone = NULL;
    unsigned int options = DNS_ZTFIND_MIRROR;

    if (dns_rdatatype_atparent(qctx->qtype)) /* DS lives above the cut */
        options |= DNS_ZTFIND_NOEXACT;
#if NS_PLUGIN_VERSION < 2 /* BIND 9.18 */
    dns_zt_find(qctx->view->zonetable, qname, options, NULL, &zone);
#else
    dns_view_findzone(qctx->view, qname, options, &zone);
#endif
    return zone;
}

/* A mirrored zone is cache data to named. */
static struct acls acls_of(const query_ctx_t *qctx, dns_zone_t *zone)
{
    const dns_view_t *view = qctx->view;
    struct acls acls = {view->queryacl, view->queryonacl};

    if (zone == NULL ? (qctx->client->query.attributes & NS_QUERYATTR_CACHEOK) != 0
                     : dns_zone_gettype(zone) == dns_zone_mirror)
        return (struct acls){view->cacheacl, view->cacheonacl};
    if (zone != NULL && dns_zone_getqueryacl(zone) != NULL)
        acls.from = dns_zone_getqueryacl(zone);
    if (zone != NULL && dns_zone_getqueryonacl(zone) != NULL)
        acls.to = dns_zone_getqueryonacl(zone);
    return acls;
}

static bool acls_allow(query_ctx_t *qctx)
{
    ns_client_t *client = qctx->client;
    dns_zone_t *zone = find_zone(qctx);
    struct acls acls = acls_of(qctx, zone);
    bool allowed = ns_client_checkaclsilent(client, NULL, acls.from, true) == ISC_R_SUCCESS &&
                   ns_client_checkaclsilent(client, &client->destaddr, acls.to, true) == ISC_R_SUCCESS;

    if (zone != NULL)
        dns_zone_detach(&zone);
    return allowed;
}

bool da_access_granted(query_ctx_t *qctx)
{
    return has_cookie(qctx) && has_good_owner(qctx) && acls_allow(qctx);
}
