/* conclude_case.h - one conclusion in the making, and whose addresses are whose. Private to conclude*.c and
 * report_text.c. */
#ifndef DA_PROBE_CONCLUDE_CASE_H
#define DA_PROBE_CONCLUDE_CASE_H

#include "probe/conclude.h"

enum da_whose {
    DA_WHOSE_ENTRY_POINT, /* the VIP; of a single server, its address */
    DA_WHOSE_SERVER,      /* a server's own, behind a balancer */
    DA_WHOSE_MAPPED,      /* 127.0.0.1 within the NAT64 prefix */
};

/* An address of the deployment. */
struct da_owned {
    struct da_seen_address address;
    enum da_whose whose;
    size_t entry_point;
    const struct da_server *server; /* of DA_WHOSE_SERVER */
};

/* All of them, in order of address, so that looking one up does not cost their number. */
struct da_owned_list {
    struct da_owned *list;
    size_t count;
};

/* The list is to be freed whatever is returned. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_owned_make(const struct da_deployment *deployment, struct da_owned_list *owned);

/* Finds an address; entry points may share a NAT64 prefix, so preferred is looked for first. NULL = nobody's. */
const struct da_owned *da_owned_find(const struct da_owned_list *owned, const struct da_seen_address *address,
                                     size_t preferred);

struct da_case {
    const struct da_expectations *expectations;
    const struct da_view *view;
    const struct da_owned_list *owned;
    struct da_conclusion *conclusion;
    enum da_status status; /* DA_ERR_MEMORY: no more is added */
};

/* Adds a reason about an RRset, type 0 being none. What decides makes the state no better than state; a remark
 * (DA_STATE_CONNECTED) leaves it. */
void da_case_add(struct da_case *made, enum da_state state, enum da_reason reason, uint16_t type, const char *format,
                 ...) __attribute__((format(printf, 5, 6)));

const struct da_entry_point *da_case_entry_point(const struct da_case *made);

/* The part of what one resolver answered that a case is about. */
const struct da_seen *da_case_seen(const struct da_case *made, enum da_asked asked, uint16_t type);

/* Steps 1 and 2 of conclude.h. */
void da_conclude_connectivity(struct da_case *made);
void da_conclude_web(struct da_case *made);

/* What one resolver answered for the blocked names: appends to conclusions->blocked. */
enum da_status da_conclude_blocked(const struct da_view *view, size_t resolver, struct da_conclusions *conclusions);

#define DA_ADDRESS_TEXT_MAX 48
#define DA_ADDRESSES_MAX    160

const char *da_address_words(const struct da_seen_address *address, char text[static DA_ADDRESS_TEXT_MAX]);

/* "10.0.0.9, 10.0.0.10 and 3 more". */
const char *da_addresses_words(const struct da_seen_address *addresses, size_t count,
                               char text[static DA_ADDRESSES_MAX]);

/* "NXDOMAIN", "NODATA", or why there is neither. Not of addresses. */
const char *da_answered_words(const struct da_seen *seen);

const char *da_type_words(uint16_t type);

#endif
