/* pin_plan.h - what pinning changes in one node of the directory: records made static, and those added that are
 * missing.
 *
 * A record is static where its time stamp is 0; then it is never scavenged (audit/aging.h). A plan is made of a node as
 * it was read, and writes nothing. It never takes a right record away: what it deletes is put back static in the same
 * modification, or is wrong, or is there twice. Values of other types than A and AAAA are left alone. Any thread may
 * call. */
#ifndef DA_PIN_PLAN_H
#define DA_PIN_PLAN_H

#include "directory/ad_record.h"
#include "directory/directory.h"
#include "record_set.h"

/* How records are written. */
struct da_pin_terms {
    uint32_t ttl;    /* seconds, of records that are added to none of their type; others keep theirs */
    uint32_t serial; /* of the zone's SOA, for records that are added */
    bool replace;    /* delete wrong addresses */
};

/* What becomes of one record. */
enum da_pin_act {
    DA_PIN_KEEP,   /* it is right, and static */
    DA_PIN_STATIC, /* it is right: its time stamp is set to 0 */
    DA_PIN_ADD,    /* it is missing */
    DA_PIN_LEAVE,  /* it is not in the deployment, and stays as it is */
    DA_PIN_DELETE, /* it is not in the deployment, and is deleted */
    DA_PIN_MERGE,  /* its address is there twice: this one is deleted */
    DA_PIN_BURY,   /* DA_PIN_REVIVE: what else a deleted node still has does not come back */
};

struct da_pin_record {
    enum da_pin_act act;
    struct da_octets before; /* borrowed from the node; length 0 = there is none */
    struct da_octets after;  /* as it is to be written; length 0 = nothing is */
    struct da_ad_record is;  /* before taken apart; of DA_PIN_ADD what is to be */
};

enum da_pin_state {
    DA_PIN_DONE,   /* nothing is to be written */
    DA_PIN_CHANGE, /* values of the node are */
    DA_PIN_CREATE, /* there is no node of that name */
    DA_PIN_REVIVE, /* the node was deleted: it is tombstoned */
    DA_PIN_REFUSE, /* nothing can be written: see refusal */
};

struct da_pin_plan {
    enum da_pin_state state;
    const char *refusal;           /* DA_PIN_REFUSE: why, as a phrase */
    struct da_pin_record *records; /* those of the deployment in its order, then others by type and address */
    size_t record_count;
    size_t others;         /* values of other types, which stay */
    struct da_octets *old; /* for da_directory_modify(): what is deleted */
    size_t old_count;
    struct da_octets *fresh; /* and what is added */
    size_t fresh_count;
    uint8_t (*written)[DA_AD_ADDRESS_MAX]; /* private: the octets of after */
    size_t written_count;
};

/* Plans one node.
 *
 * owner  what the deployment publishes there
 * node   as read; dn NULL = there is none. It lives as long as the plan, and its values are not changed meanwhile
 * plan   to be given to da_pin_plan_clear() whatever is returned
 * Returns DA_OK; DA_ERR_VALUE for a malformed value, error naming the node; or DA_ERR_MEMORY. */
enum da_status da_pin_plan(const struct da_pin_terms *terms, const struct da_owner *owner,
                           const struct da_directory_node *node, struct da_pin_plan *plan, struct da_error *error);
void da_pin_plan_clear(struct da_pin_plan *plan);

/* Tells whether a node that is not deleted has a record of a type. Returns DA_OK, or DA_ERR_VALUE for a malformed
 * value, error naming the node. */
enum da_status da_pin_node_has(const struct da_directory_node *node, uint16_t type, bool *has, struct da_error *error);

#endif
