#include "audit/finding.h"

#include <stddef.h>

/* Where messages differ in the name only, so do these. */
#define WHY_WEB_PROBE                                                                                                  \
    "Clients fetch http://directaccess-WebProbeHost to see that the tunnel works; without its address they show "      \
    "\"Connecting\" for ever."
#define WHY_NLS                                                                                                        \
    "A client that cannot reach the network location server takes itself for outside: within the office it then "      \
    "builds tunnels and may lose the names it needs."
#define WHY_ISATAP_ROUTER                                                                                              \
    "Hosts that manage remote clients find the ISATAP router by this name: the servers' addresses and the cluster's "  \
    "VIP."
#define WHY_BLOCKED                                                                                                    \
    "A host that finds the name isatap brings up a tunnel adapter that DirectAccess no longer supports; wpad names "   \
    "the proxy of every browser. Microsoft keeps both on the DNS servers' global query block list."
#define WHY_AGING                                                                                                      \
    "Scavenging may delete it once its time stamp is older than the no-refresh and refresh intervals together, and "   \
    "nothing registers these names again. Windows spares zones that have aging off or take no dynamic updates; Samba " \
    "does not, once its own scavenging is on."
#define TO_PIN                                                                                                         \
    "In the directory, dadns pin --directory does it; in the DNS console, clear \"Delete this record when it becomes " \
    "stale\"."
#define ADD_RECORD "Add the record, static and with the deployment's TTL."

const struct da_finding_kind da_finding_kinds[DA_FINDING_CODES] = {
    [DA_FINDING_CORP_CONNECTIVITY_MISSING] =
        {
            .code = "corp-connectivity-missing",
            .severity = DA_SEVERITY_WARNING, /* deployments are known that live without it */
            .message = "corpConnectivityHost has no address",
            .explanation = "Clients compare what this name resolves to with their policy, and on no answer give up the "
                           "tunnel they have and try the next. Some deployments work without it.",
            .advice = ADD_RECORD,
            .remedy = DA_REMEDY_ADD,
        },
    [DA_FINDING_CORP_CONNECTIVITY_NO_A] =
        {
            .code = "corp-connectivity-no-a",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "corpConnectivityHost lacks the A record 127.0.0.1",
            .explanation = "The DNS64 in front of remote clients asks internal DNS for A alone and makes the address "
                           "that clients expect from it. Without the A record their check fails, whatever AAAA "
                           "records say.",
            .advice = ADD_RECORD,
            .remedy = DA_REMEDY_ADD,
        },
    [DA_FINDING_CORP_CONNECTIVITY_NO_AAAA] =
        {
            .code = "corp-connectivity-no-aaaa",
            .severity = DA_SEVERITY_WARNING,
            .message = "corpConnectivityHost lacks an AAAA record",
            .explanation = "Clients whose policy has this address expect it from any DNS server they ask. Those behind "
                           "the DNS64 of a DirectAccess server get it from the A record.",
            .advice = ADD_RECORD " If it is an entry point that is gone, take it out of the deployment.",
            .remedy = DA_REMEDY_ADD,
        },
    [DA_FINDING_WEB_PROBE_MISSING] =
        {
            .code = "web-probe-missing",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "WebProbeHost has none of its addresses",
            .explanation = WHY_WEB_PROBE,
            .advice = ADD_RECORD " Uninstalling one of two deployments in a domain deletes the record they share.",
            .remedy = DA_REMEDY_ADD,
        },
    [DA_FINDING_WEB_PROBE_INCOMPLETE] =
        {
            .code = "web-probe-incomplete",
            .severity = DA_SEVERITY_WARNING,
            .message = "WebProbeHost lacks one of its addresses",
            .explanation = "Clients of the entry point whose address is missing probe another one, and depend on the "
                           "routes to it.",
            .advice = ADD_RECORD,
            .remedy = DA_REMEDY_ADD,
        },
    [DA_FINDING_NLS_MISSING] =
        {
            .code = "nls-missing",
            .severity = DA_SEVERITY_WARNING,
            .message = "the network location server's name has none of its addresses",
            .explanation = WHY_NLS,
            .advice = ADD_RECORD " If it does not run on the DirectAccess servers, set network-location-server: false.",
            .remedy = DA_REMEDY_ADD,
        },
    [DA_FINDING_NLS_INCOMPLETE] =
        {
            .code = "nls-incomplete",
            .severity = DA_SEVERITY_WARNING,
            .message = "the network location server's name lacks one of its addresses",
            .explanation = WHY_NLS,
            .advice = ADD_RECORD,
            .remedy = DA_REMEDY_ADD,
        },
    [DA_FINDING_WRONG_ADDRESS] =
        {
            .code = "wrong-address",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "a wrong address, and no right one beside it",
            .explanation = "Clients compare or connect to what they get: with a wrong address they give up working "
                           "tunnels or never show \"Connected\".",
            .advice = "Delete the record, once the right one is there.",
            .remedy = DA_REMEDY_DELETE,
        },
    [DA_FINDING_EXTRA_ADDRESS] =
        {
            .code = "extra-address",
            .severity = DA_SEVERITY_WARNING,
            .message = "an address that does not belong, beside right ones",
            .explanation =
                "Clients take one of several addresses, so that some of them fail some of the time. Often it "
                "is an entry point's that was removed.",
            .advice = "Delete the record, or add the entry point to the deployment.",
            .remedy = DA_REMEDY_DELETE,
        },
    [DA_FINDING_SERVER_ADDRESS] =
        {
            .code = "server-address",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "a server's own address where the VIP belongs",
            .explanation =
                "Enabling load balancing makes the first server's address the VIP and gives the server a new "
                "one. Clients that probe the server itself fail when it is down, though the cluster is up.",
            .advice = "Delete the record, once that of the VIP is there. Keep the servers from registering the name.",
            .remedy = DA_REMEDY_DELETE,
        },
    [DA_FINDING_A_NOT_ALLOWED] =
        {
            .code = "a-not-allowed",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "an A record where only the AAAA record ::1 may be",
            .explanation =
                "In a native IPv6 network clients expect corpConnectivityHost to be ::1 and nothing else; an "
                "A record belongs to IPv4-only networks.",
            .advice = "Delete the record, or set network: ipv4-only if the deployment has NAT64.",
            .remedy = DA_REMEDY_DELETE,
        },
    [DA_FINDING_AAAA_NOT_ALLOWED] =
        {
            .code = "aaaa-not-allowed",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "an AAAA record in a network that has IPv4 only",
            .explanation =
                "Clients prefer IPv6 and try this address first; within an IPv4-only network nothing answers "
                "there. For remote clients DNS64 makes the address from the A record.",
            .advice = "Delete the record.",
            .remedy = DA_REMEDY_DELETE,
        },
    [DA_FINDING_PREFIX_LENGTH] =
        {
            .code = "prefix-length",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "127.0.0.1 in the NAT64 prefix, as if the prefix had another length",
            .explanation = "Where IPv4 octets stand in an address depends on the prefix's length (RFC 6052). Clients "
                           "compare all of it, so the check fails.",
            .advice = "Delete the record, once the right one is there. Get-NetNatTransitionConfiguration prints the "
                      "prefix.",
            .remedy = DA_REMEDY_DELETE,
        },
    [DA_FINDING_TTL_DIFFERS] =
        {
            .code = "ttl-differs",
            .severity = DA_SEVERITY_NOTE,
            .message = "another TTL than the deployment's",
            .explanation = "It decides how long clients and resolvers keep an address after it changed.",
            .advice = "Set the TTL, or change ttl in the deployment.",
            .remedy = DA_REMEDY_TTL,
        },
    [DA_FINDING_TTL_MIXED] =
        {
            .code = "ttl-mixed",
            .severity = DA_SEVERITY_WARNING,
            .message = "records of one name and type have several TTLs",
            .explanation =
                "RFC 2181 section 5.2 forbids it: servers and resolvers take one of them or drop records, so "
                "that clients may see only some of the addresses.",
            .advice = "Give all of them the deployment's TTL.",
            .remedy = DA_REMEDY_TTL,
        },
    [DA_FINDING_ALIAS] =
        {
            .code = "alias",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "a CNAME record where addresses belong",
            .explanation = "What clients get then hangs on another name and its zone, and an address cannot be added "
                           "beside it: servers ignore or refuse that.",
            .advice = "Delete the CNAME record and add the addresses, in this order.",
            .remedy = DA_REMEDY_DELETE,
        },
    [DA_FINDING_OCCLUDED] =
        {
            .code = "occluded",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "delegated away, or below a delegation or DNAME",
            .explanation = "The server sends those who ask to other servers or to another name; what this zone has for "
                           "it is never answered.",
            .advice = "Remove the NS or DNAME record, or publish the names in the zone that it points to.",
            .remedy = DA_REMEDY_NONE,
        },
    [DA_FINDING_WILDCARD_ANSWERS] =
        {
            .code = "wildcard-answers",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "a wildcard answers for a name that is missing",
            .explanation =
                "Clients get the wildcard's data for the name (RFC 4592): a wrong address, where without the "
                "wildcard they would get none.",
            .advice = "Add the records of the name itself; the wildcard no longer applies to it then.",
            .remedy = DA_REMEDY_NONE,
        },
    [DA_FINDING_ISATAP_ROUTER_MISSING] =
        {
            .code = "isatap-router-missing",
            .severity = DA_SEVERITY_WARNING,
            .message = "the ISATAP router's name has none of its addresses",
            .explanation = WHY_ISATAP_ROUTER " Without it no host within can reach remote clients over ISATAP.",
            .advice = ADD_RECORD,
            .remedy = DA_REMEDY_ADD,
        },
    [DA_FINDING_ISATAP_ROUTER_INCOMPLETE] =
        {
            .code = "isatap-router-incomplete",
            .severity = DA_SEVERITY_WARNING,
            .message = "the ISATAP router's name lacks one of its addresses",
            .explanation = WHY_ISATAP_ROUTER " Remote clients of a server that is missing cannot be reached.",
            .advice = ADD_RECORD,
            .remedy = DA_REMEDY_ADD,
        },
    [DA_FINDING_ISATAP_ROUTER_UNSUPPORTED] =
        {
            .code = "isatap-router-unsupported",
            .severity = DA_SEVERITY_WARNING,
            .message = "an ISATAP router where ISATAP does not work",
            .explanation = "With several entry points or an external load balancer ISATAP is not supported: hosts that "
                           "use this router reach remote clients only by chance.",
            .advice = "Delete the record, and manage remote clients over native IPv6.",
            .remedy = DA_REMEDY_DELETE,
        },
    [DA_FINDING_BLOCKED_PRESENT] =
        {
            .code = "blocked-present",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "a record of a name that must not resolve",
            .explanation = WHY_BLOCKED,
            .advice = "Delete the record, and leave the name on the block list.",
            .remedy = DA_REMEDY_DELETE,
        },
    [DA_FINDING_BLOCKED_WILDCARD] =
        {
            .code = "blocked-wildcard",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "a wildcard answers for a name that must not resolve",
            .explanation = WHY_BLOCKED " A wildcard gets around that list.",
            .advice = "Narrow the wildcard or remove it, or let a DNS server with directaccess-dns refuse the name.",
            .remedy = DA_REMEDY_NONE,
        },
    [DA_FINDING_BLOCKED_DELEGATED] =
        {
            .code = "blocked-delegated",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "a name that must not resolve is delegated or below a DNAME",
            .explanation = WHY_BLOCKED " A delegation or DNAME gets around that list.",
            .advice = "Remove the NS or DNAME record.",
            .remedy = DA_REMEDY_NONE,
        },
    [DA_FINDING_BLOCKED_RESOLVES] =
        {
            .code = "blocked-resolves",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "a name that must not resolve is answered",
            .explanation = WHY_BLOCKED,
            .advice = "Delete the record where it is, and see that the servers refuse the name.",
            .remedy = DA_REMEDY_DELETE,
        },
    [DA_FINDING_NLS_RESOLVABLE] =
        {
            .code = "nls-resolvable",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "the network location server resolves for remote clients",
            .explanation = "A remote client that finds and reaches it takes itself for inside and builds no tunnel.",
            .advice = "Take the name out of the DNS that remote clients use, and exempt it in the name resolution "
                      "policy table.",
            .remedy = DA_REMEDY_NONE,
        },
    [DA_FINDING_RECORD_DYNAMIC] =
        {
            .code = "record-dynamic",
            .severity = DA_SEVERITY_WARNING,
            .message = "the record is dynamic and can be scavenged",
            .explanation = WHY_AGING,
            .advice = "Make the record static. " TO_PIN,
            .remedy = DA_REMEDY_STATIC,
        },
    [DA_FINDING_RECORD_STALE] =
        {
            .code = "record-stale",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "the record is stale: the next scavenging may delete it",
            .explanation = WHY_AGING,
            .advice = "Make the record static now. " TO_PIN,
            .remedy = DA_REMEDY_STATIC,
        },
    [DA_FINDING_STATIC_PARTLY] =
        {
            .code = "static-partly",
            .severity = DA_SEVERITY_WARNING,
            .message = "some records of the name are static, others are not",
            .explanation = "Each record ages alone: scavenging takes the dynamic ones and leaves the others. The name "
                           "then still exists, which hides that an address or a whole type of them is gone.",
            .advice = "Make all of them static. " TO_PIN,
            .remedy = DA_REMEDY_STATIC,
        },
    [DA_FINDING_RECORD_TOMBSTONED] =
        {
            .code = "record-tombstoned",
            .severity = DA_SEVERITY_WARNING,
            .message = "the name's records were deleted: its node is a tombstone",
            .explanation = "Scavenging deleted them, or somebody did. The directory keeps the empty node for a while, "
                           "14 days if nothing else is set, and then removes it.",
            .advice = "dadns pin --directory revives the node with records that are static. Records that an update "
                      "restores (dadns restore) are dynamic, and will be deleted again.",
            .remedy = DA_REMEDY_ADD,
        },
    [DA_FINDING_NODE_OWNER] =
        {
            .code = "node-owner",
            .severity = DA_SEVERITY_WARNING,
            .message = "records are missing at a node that belongs to an account",
            .explanation = "The account that registered a name owns its node, also while that is deleted; others have "
                           "no right to write to it, and the server refuses their signed updates.",
            .advice = "Run dadns pin --directory, which restores the records and makes them static, as that account or "
                      "as a member of DnsAdmins.",
            .remedy = DA_REMEDY_NONE,
        },
    [DA_FINDING_ZONE_AGING] =
        {
            .code = "zone-aging",
            .severity = DA_SEVERITY_NOTE,
            .message = "how the records of the zone age",
            .explanation = "Windows deletes stale records of zones that have aging on and take dynamic updates; Samba "
                           "those of any zone, once its own scavenging is on. Static records are never deleted.",
            .advice = "Leave it as it is for the zone's other records; dadns pin --directory makes those of the "
                      "deployment static.",
            .remedy = DA_REMEDY_NONE,
        },
    [DA_FINDING_AGING_UNKNOWN] =
        {
            .code = "aging-unknown",
            .severity = DA_SEVERITY_NOTE,
            .message = "the source does not tell whether records are dynamic",
            .explanation = "In Active Directory scavenging deletes dynamic records. Transfers, answers and other "
                           "servers' zone files carry no time stamps.",
            .advice = "If the zone is in Active Directory, audit it there, with --directory, or an export of it: "
                      "dnscmd /ZoneExport, or Get-DnsServerResourceRecord.",
            .remedy = DA_REMEDY_NONE,
        },
    [DA_FINDING_PRIVATE_FILTERED] =
        {
            .code = "private-filtered",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "loopback or private addresses seem to be taken out of answers",
            .explanation = "Resolvers that guard against DNS rebinding drop such addresses, and with them 127.0.0.1 or "
                           "the VIP: clients find the name without an address.",
            .advice =
                "Exempt the suffix from the filter: private-domain in Unbound, except-from in deny-answer-addresses "
                "in BIND, rebind-domain-ok in dnsmasq.",
            .remedy = DA_REMEDY_NONE,
        },
    [DA_FINDING_RESOLVERS_DISAGREE] =
        {
            .code = "resolvers-disagree",
            .severity = DA_SEVERITY_CRITICAL,
            .message = "servers answer the same question differently",
            .explanation = "Whether a client connects hangs on which server it asks.",
            .advice = "Compare the zone or configuration of those that differ; a replica may be behind.",
            .remedy = DA_REMEDY_NONE,
        },
    [DA_FINDING_UNDETERMINED] =
        {
            .code = "undetermined",
            .severity = DA_SEVERITY_UNKNOWN,
            .message = "it could not be told whether the record is there and right",
            .explanation = "It was not found, but the source could not be read with certainty, or the question got no "
                           "answer: it need not be absent.",
            .advice = "Repair what made it uncertain, and audit again.",
            .remedy = DA_REMEDY_NONE,
        },
    [DA_FINDING_READING_UNCERTAIN] =
        {
            .code = "reading-uncertain",
            .severity = DA_SEVERITY_WARNING,
            .message = "the source could not be read with certainty",
            .explanation = "DNS servers may read more, less or something else there than this audit did.",
            .advice = "Look at the line named, and repair it.",
            .remedy = DA_REMEDY_NONE,
        },
    [DA_FINDING_NOT_COVERED] =
        {
            .code = "not-covered",
            .severity = DA_SEVERITY_UNKNOWN,
            .message = "no source says anything about the suffix",
            .explanation = "None of the zones given has it, so that nothing is known of its records.",
            .advice = "Audit the zone that has the suffix, too; --origin names the zone of a file that does not.",
            .remedy = DA_REMEDY_NONE,
        },
    [DA_FINDING_NOT_AUTHORITATIVE] =
        {
            .code = "not-authoritative",
            .severity = DA_SEVERITY_UNKNOWN,
            .message = "the server is not authoritative for the suffix",
            .explanation = "What it says is from a cache or from hearsay, and proves nothing about the zone.",
            .advice = "Ask a server of the zone, or use --resolver for a resolver.",
            .remedy = DA_REMEDY_NONE,
        },
    [DA_FINDING_SOURCE_FAILED] =
        {
            .code = "source-failed",
            .severity = DA_SEVERITY_UNKNOWN,
            .message = "the source gave nothing",
            .explanation = "Nothing is known of what it would have said.",
            .advice = "See why it failed, and audit again.",
            .remedy = DA_REMEDY_NONE,
        },
};

const char *da_severity_text(enum da_severity severity)
{
    static const char *const texts[DA_SEVERITIES] = {
        [DA_SEVERITY_SILENT] = "silent",   [DA_SEVERITY_NOTE] = "note",         [DA_SEVERITY_WARNING] = "warning",
        [DA_SEVERITY_UNKNOWN] = "unknown", [DA_SEVERITY_CRITICAL] = "critical",
    };
    return texts[severity];
}

void da_severities_default(struct da_severities *severities)
{
    for (size_t i = 0; i < DA_FINDING_CODES; i++)
        severities->of[i] = da_finding_kinds[i].severity;
}
