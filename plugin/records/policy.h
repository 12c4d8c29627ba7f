/* clang-format off */
/* policy.h - (qname, qtype, qclass) → verdict.
 *
 * A policy is immutable after it was built: any number of threads may look names up without a lock. A lookup allocates
 * nothing and costs time in the octets of the name, whatever the number of suffixes.
 *
 *   ANSWER    an owner of the record set, and a type it has; ANY (RFC 8482 leaves the choice) gets all its types
 *   NODATA    an owner of the record set, and another type
 *   NXDOMAIN  a blocked label in front of nothing (the bare name) or of a name at or below a suffix; and all below
 *             such a name (RFC 8020)
 *   PASS      everything else, and every class but IN
 *
 * Names compare without case. */
/* clang-format on */
#ifndef DA_POLICY_H
#define DA_POLICY_H

#include "record_set.h"

enum da_verdict { DA_PASS, DA_ANSWER, DA_NODATA, DA_NXDOMAIN };
#define DA_VERDICTS 4

struct da_policy;

struct da_match {
    enum da_verdict verdict;
    size_t rrset_count;                             /* ANSWER: how many; else 0 */
    const struct da_rrset *rrsets[DA_OWNER_RRSETS]; /* owned by the policy */
    size_t soa_offset; /* not PASS: the owner of a negative answer's SOA is the query name from this octet on */
};

/* Builds a policy from a deployment; it keeps no pointer into it. policy is set on success only. Returns DA_OK or
 * DA_ERR_MEMORY. */
enum da_status da_policy_new(const struct da_deployment *deployment, struct da_policy **policy);

/* Reads a deployment file and builds the policy of it. What can only be opened by waiting for somebody, such as a pipe,
 * is refused: a server would wait with it. Otherwise as da_deployment_load(), but that error is set for every fault. */
enum da_status da_policy_load(const char *path, struct da_policy **policy, da_warning_fn *warn, void *arg,
                              struct da_error *error);

/* NULL is allowed. No thread may still be looking a name up. */
void da_policy_free(struct da_policy *policy);

/* The record set the policy answers from; it lives as long as the policy. */
const struct da_record_set *da_policy_records(const struct da_policy *policy);

/* True where `before` decided about every name that policy publishes or blocks directly in front of a suffix or of
 * nothing. */
bool da_policy_covers(const struct da_policy *before, const struct da_policy *policy);

/* Octets of memory the policy holds. */
size_t da_policy_size(const struct da_policy *policy);

/* Decides. qname is a wire name of length octets, as a server has checked it; one that does not end within length is
 * PASS. */
void da_policy_lookup(const struct da_policy *policy, const uint8_t *qname, size_t length, uint16_t qtype,
                      uint16_t qclass, struct da_match *match);

/* "PASS", "ANSWER", "NODATA", "NXDOMAIN". */
const char *da_verdict_text(enum da_verdict verdict);

#endif
