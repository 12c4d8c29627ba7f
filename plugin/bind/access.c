#include "access.h"

#include <dns/db.h>
#include <dns/fixedname.h>
#include <dns/message.h>
#include <dns/name.h>
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
#ifdef NS_CLIENTATTR_BADCOOKIE /* since 9.20; refused whatever the view demands */
    if ((attributes & NS_CLIENTATTR_BADCOOKIE) != 0)
        return false;
#endif
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

/* True where a delegation of the zone stands between its apex and the name. Right below the apex there is no room for
 * one: there it would be at a name of ours. */
static bool is_below_cut(dns_zone_t *zone, const dns_name_t *name)
{
    dns_fixedname_t fixed;
    dns_name_t *cut = dns_fixedname_initname(&fixed);
    dns_db_t *db = NULL;

    if (dns_name_countlabels(name) <= dns_name_countlabels(dns_zone_getorigin(zone)) + 1 ||
        dns_zone_getdb(zone, &db) != ISC_R_SUCCESS)
        return false;
    isc_result_t result = dns_db_find(db, name, NULL, dns_rdatatype_a, 0, 0, NULL, cut, NULL, NULL);
    dns_db_detach(&db);
    return result == DNS_R_DELEGATION && !dns_name_equal(cut, name);
}

/* True where the zone only says whom to ask: what named has of such names is in the cache, for those who may recurse.
 */
static bool points_elsewhere(dns_zone_t *zone, const dns_name_t *name)
{
    dns_zonetype_t type = dns_zone_gettype(zone);
    return type == dns_zone_staticstub || type == dns_zone_stub || is_below_cut(zone, name);
}

/* A mirrored zone is cache data to named. */
static struct acls acls_of(const query_ctx_t *qctx, dns_zone_t *zone, bool elsewhere)
{
    const dns_view_t *view = qctx->view;
    struct acls acls = {view->queryacl, view->queryonacl};

    if (zone == NULL ? (qctx->client->query.attributes & NS_QUERYATTR_CACHEOK) != 0
                     : elsewhere || dns_zone_gettype(zone) == dns_zone_mirror)
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
    bool elsewhere = zone != NULL && points_elsewhere(zone, client->query.qname);
    struct acls acls = acls_of(qctx, zone, elsewhere);
    bool allowed = (!elsewhere || (client->query.attributes & NS_QUERYATTR_RECURSIONOK) != 0) &&
                   ns_client_checkaclsilent(client, NULL, acls.from, true) == ISC_R_SUCCESS &&
                   ns_client_checkaclsilent(client, &client->destaddr, acls.to, true) == ISC_R_SUCCESS;

    if (zone != NULL)
        dns_zone_detach(&zone);
    return allowed;
}

bool da_access_granted(query_ctx_t *qctx)
{
    return has_cookie(qctx) && has_good_owner(qctx) && acls_allow(qctx);
}
