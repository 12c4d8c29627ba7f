/* draft_entries.h - what is known of a deployment while a draft of it is made. Private to zones/import.
 *
 * Texts of Windows are borrowed from the objects and the policy. What is out of memory sets draft->failed. */
#ifndef DA_IMPORT_DRAFT_ENTRIES_H
#define DA_IMPORT_DRAFT_ENTRIES_H

#include "address.h"
#include "import/objects.h"
#include "name.h"
#include "ncsi/ncsi.h"

#include <stdbool.h>
#include <stdio.h>

#define DA_DRAFT_NOTE_MAX 512

/* Where to look for what is missing. */
extern const char da_draft_command_nat[], da_draft_command_address[], da_draft_command_balancer[];
extern const char da_draft_command_servers[], da_draft_command_policy[];

struct da_draft_server {
    const char *host; /* as Windows has it; NULL = not known */
    char label[DA_LABEL_MAX + 1];
    char from[DA_DRAFT_NOTE_MAX], address_from[DA_DRAFT_NOTE_MAX];
    bool has_ipv4, several, has_ipv6;
    struct da_ipv4 ipv4;
    struct da_ipv6 ipv6;
};

struct da_draft_entry {
    const char *name; /* as Windows has it; NULL = not known */
    char label[DA_LABEL_MAX + 1];
    char from[DA_DRAFT_NOTE_MAX], prefix_from[DA_DRAFT_NOTE_MAX], vip_from[DA_DRAFT_NOTE_MAX];
    struct da_draft_server *servers;
    size_t server_count;
    bool servers_cut, configured, not_configured; /* LoadBalancing */
    bool has_balancer, has_kind, external;        /* Get-RemoteAccessLoadBalancer */
    bool has_prefix, has_vip, has_vip6;
    struct da_prefix prefix;
    struct da_ipv4 vip;
    struct da_ipv6 vip6;
};

struct da_draft {
    const struct da_objects *objects;
    const struct da_ncsi *ncsi;
    FILE *out, *problems;
    size_t count; /* of problems */
    bool failed;  /* out of memory */
    struct da_draft_entry *entries;
    size_t entry_count;
    bool has_network, ipv6;
    char network_from[DA_DRAFT_NOTE_MAX];
};

/* ---- telling ---- */

/* Tells a value that is missing or contradicted. */
void da_draft_problem(struct da_draft *draft, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Says where a value is from: "Name "value" (FILE line N)". Returns buffer. */
const char *da_draft_place(const char *name, const char *value, const char *file, size_t line,
                           char buffer[static DA_DRAFT_NOTE_MAX]);
const char *da_draft_place_of(const struct da_object *object, const char *name, char buffer[static DA_DRAFT_NOTE_MAX]);
const char *da_draft_place_of_policy(const struct da_draft *draft, enum da_ncsi_value value,
                                     char buffer[static DA_DRAFT_NOTE_MAX]);

/* A value of the policy; NULL = not there. */
const char *da_draft_policy(const struct da_draft *draft, enum da_ncsi_value value);

/* ---- entry points and servers ---- */

/* Finds one by its name, or adds it; no name is a new one. NULL = out of memory. */
struct da_draft_entry *da_draft_add_entry(struct da_draft *draft, const char *name);

/* As da_draft_add_entry(); a qualified name and its leftmost label are one server's. */
struct da_draft_server *da_draft_add_server(struct da_draft *draft, struct da_draft_entry *entry, const char *host);

/* The entry point that a computer belongs to, and which of its servers it is, or NULL; else the only entry point. */
struct da_draft_entry *da_draft_entry_of(struct da_draft *draft, const char *host, struct da_draft_server **server);

/* ---- gathering ---- */

/* Fills the draft in with what the objects tell. */
void da_draft_gather(struct da_draft *draft);

/* Then with what the policy tells: the network, and NAT64 prefixes. */
void da_draft_decide_network(struct da_draft *draft);

#endif
