/* finding.h - what an audit can find: one table of code, severity, message, explanation and remedy.
 *
 * Findings are values with borrowed pointers into collections and the deployment: they live no longer than those. */
#ifndef DA_FINDING_H
#define DA_FINDING_H

#include "audit/collection.h"
#include "error.h"

#include <stddef.h>
#include <stdint.h>

/* Order: the worse, the higher; the exit status of an audit follows from its worst finding. */
enum da_severity {
    DA_SEVERITY_SILENT,   /* not reported at all */
    DA_SEVERITY_NOTE,     /* exit status 0 */
    DA_SEVERITY_WARNING,  /* 1 */
    DA_SEVERITY_UNKNOWN,  /* 3: it could not be told */
    DA_SEVERITY_CRITICAL, /* 2 */
};
#define DA_SEVERITIES 5

enum da_finding_code {
    /* records of ours that are not as they are to be */
    DA_FINDING_CORP_CONNECTIVITY_MISSING, /* the name has no address at all: clients of some deployments do without */
    DA_FINDING_CORP_CONNECTIVITY_NO_A,    /* AAAA is there, A is not: DNS64 asks for A only */
    DA_FINDING_CORP_CONNECTIVITY_NO_AAAA, /* A is there; the AAAA of a prefix is not */
    DA_FINDING_WEB_PROBE_MISSING,
    DA_FINDING_WEB_PROBE_INCOMPLETE, /* some of several addresses are missing */
    DA_FINDING_NLS_MISSING,
    DA_FINDING_NLS_INCOMPLETE,
    DA_FINDING_WRONG_ADDRESS,    /* and no right one beside it */
    DA_FINDING_EXTRA_ADDRESS,    /* beside right ones: of an entry point that was removed, for one */
    DA_FINDING_SERVER_ADDRESS,   /* a server's own address where the VIP belongs */
    DA_FINDING_A_NOT_ALLOWED,    /* corpConnectivityHost in a native IPv6 network: only ::1 may be */
    DA_FINDING_AAAA_NOT_ALLOWED, /* WebProbeHost in an IPv4-only network */
    DA_FINDING_PREFIX_LENGTH,    /* 127.0.0.1 in our prefix, embedded as if it had another length */
    DA_FINDING_TTL_DIFFERS,      /* from the deployment's */
    DA_FINDING_TTL_MIXED,        /* one RRset, several TTLs: RFC 2181 section 5.2 */
    DA_FINDING_ALIAS,            /* CNAME at a published name */
    DA_FINDING_OCCLUDED,         /* below a delegation or DNAME, or delegated itself */
    DA_FINDING_WILDCARD_ANSWERS, /* a wildcard answers for a published name that is missing */
    DA_FINDING_ISATAP_ROUTER_MISSING,
    DA_FINDING_ISATAP_ROUTER_INCOMPLETE,
    DA_FINDING_ISATAP_ROUTER_UNSUPPORTED, /* it is there, with several entry points or an external balancer */
    /* names that are to be refused */
    DA_FINDING_BLOCKED_PRESENT,
    DA_FINDING_BLOCKED_WILDCARD,
    DA_FINDING_BLOCKED_DELEGATED,
    DA_FINDING_BLOCKED_RESOLVES, /* a server or resolver answers */
    DA_FINDING_NLS_RESOLVABLE,   /* by a resolver that remote clients use */
    /* aging */
    DA_FINDING_RECORD_DYNAMIC,
    DA_FINDING_RECORD_STALE,
    DA_FINDING_STATIC_PARTLY,     /* of the right records of a name some are dynamic */
    DA_FINDING_RECORD_TOMBSTONED, /* beside the finding that its records are missing; directory alone */
    DA_FINDING_NODE_OWNER,        /* somebody's, and records are missing there; directory alone */
    DA_FINDING_ZONE_AGING,        /* once a zone: how its records age; directory alone */
    DA_FINDING_AGING_UNKNOWN,     /* once a source: transfers and replies carry no time stamps */
    /* what resolvers do */
    DA_FINDING_PRIVATE_FILTERED, /* suspected: 127.0.0.0/8 or private addresses are taken out of answers */
    DA_FINDING_RESOLVERS_DISAGREE,
    /* what could not be told */
    DA_FINDING_UNDETERMINED,      /* a record was not found, and the reading is uncertain */
    DA_FINDING_READING_UNCERTAIN, /* why: file and line */
    DA_FINDING_NOT_COVERED,       /* a suffix is in no zone of the sources */
    DA_FINDING_NOT_AUTHORITATIVE, /* a server was asked that is not */
    DA_FINDING_SOURCE_FAILED,
};
#define DA_FINDING_CODES 40

/* What repairs it, as far as commands can: see fix.h. */
enum da_remedy {
    DA_REMEDY_NONE,
    DA_REMEDY_ADD,    /* finding.address, or all that is to be at the name; with the deployment's TTL */
    DA_REMEDY_DELETE, /* finding.found, or all of type where that is NULL */
    DA_REMEDY_TTL,    /* the RRset of name and type gets the deployment's TTL */
    DA_REMEDY_STATIC, /* finding.found, or all that is right at the name, becomes static */
};

/* One line of the table. */
struct da_finding_kind {
    const char *code;        /* as in files and JSON: "record-dynamic" */
    const char *message;     /* a phrase; what is special to one finding is in its detail */
    const char *explanation; /* why it matters to a DirectAccess client: a sentence or two */
    const char *advice;      /* what to do about it: a sentence or two */
    enum da_severity severity;
    enum da_remedy remedy;
};
extern const struct da_finding_kind da_finding_kinds[DA_FINDING_CODES];

#define DA_NO_SUFFIX SIZE_MAX

struct da_finding {
    enum da_finding_code code;
    enum da_severity severity;              /* after overrides */
    const struct da_collection *collection; /* the source; NULL = all of them */
    size_t suffix;                          /* index in the record set's; DA_NO_SUFFIX = none */
    struct da_name name;                    /* length 0 = none */
    uint16_t type;                          /* 0 = none */
    const struct da_found *found;           /* the record it is about; NULL = none */
    uint8_t address_length;                 /* octets: 4, 16; 0 = none */
    uint8_t address[16];                    /* the address that is to be there, or that is meant */
    int64_t stale_at;                       /* Unix time, as da_stale_at() has it; 0 = does not apply */
    struct da_place place;                  /* file NULL = none */
    char detail[256];                       /* what is special to it: a phrase; "" = nothing */
};

/* Hears of one finding; it is the callee's for the call only. */
typedef void da_finding_fn(void *arg, const struct da_finding *finding);

/* "note", "warning", "unknown", "critical"; "silent". */
const char *da_severity_text(enum da_severity severity);

/* Severities by code; at first those of the table. */
struct da_severities {
    enum da_severity of[DA_FINDING_CODES];
};
void da_severities_default(struct da_severities *severities);

/* Changes severities by a YAML file: one mapping, code: severity. Errors as of a deployment: unknown or repeated code,
 * unknown severity, with line and column where libcyaml tells. Returns DA_OK or what error holds. */
enum da_status da_severities_load(const char *path, struct da_severities *severities, struct da_error *error);

#endif
