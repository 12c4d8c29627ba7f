#include "directory/directory_name.h"
#include "directory/directory_search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TERMS 50 /* of one filter */

static const char *const node_attributes[] = {"name", "dnsRecord", "dNSTombstoned", "nTSecurityDescriptor", NULL};

/* ---- one node ---- */

static enum da_status out_of_memory(struct da_error *error)
{
    return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
}

static bool copy_values(struct berval **values, struct da_directory_node *node)
{
    int count = ldap_count_values_len(values);

    node->values = calloc((size_t)count + 1, sizeof(*node->values));
    if (node->values == NULL)
        return false;
    for (int i = 0; i < count; i++) {
        struct da_octets *value = &node->values[i];
        value->length = values[i]->bv_len;
        value->octets = malloc(value->length + 1);
        if (value->octets == NULL)
            return false;
        memcpy(value->octets, values[i]->bv_val, value->length);
        node->value_count++;
    }
    return true;
}

static bool read_holder(struct da_directory *directory, LDAPMessage *entry, struct da_directory_node *node)
{
    struct berval **values = ldap_get_values_len(directory->ldap, entry, "nTSecurityDescriptor");
    bool done = true;

    if (values != NULL && values[0] != NULL) {
        node->holder = da_directory_holder(directory, values[0]);
        done = node->holder != NULL;
    }
    if (node->holder != NULL && node->holder[0] == '\0') {
        free(node->holder);
        node->holder = NULL;
    }
    ldap_value_free_len(values);
    return done;
}

/* Reads all but the owner's name. node is to be cleared whatever is returned. */
static enum da_status read_entry(struct da_directory *directory, LDAPMessage *entry, struct da_directory_node *node,
                                 struct da_error *error)
{
    struct berval **values = ldap_get_values_len(directory->ldap, entry, "dnsRecord");
    char *tombstoned = da_entry_text(directory, entry, "dNSTombstoned");

    node->is_tombstoned = tombstoned != NULL && strcasecmp(tombstoned, "TRUE") == 0;
    node->dn = da_entry_dn(directory, entry);
    bool done = node->dn != NULL && copy_values(values, node) && read_holder(directory, entry, node);
    free(tombstoned);
    ldap_value_free_len(values);
    return done ? DA_OK : out_of_memory(error);
}

/* One node asked for by its DN. */
struct single {
    struct da_directory *directory;
    struct da_directory_node *node;
};

static enum da_status take_single(void *arg, LDAPMessage *entry, struct da_error *error)
{
    struct single *single = arg;

    if (single->node->dn != NULL)
        return da_error_set(error, DA_ERR_VALUE, NULL, "%.200s: several objects came for one DN", single->node->dn);
    return read_entry(single->directory, entry, single->node, error);
}

enum da_status da_directory_read_node(struct da_directory *directory, const struct da_directory_zone *zone,
                                      const struct da_name *owner, struct da_directory_node *node,
                                      struct da_error *error)
{
    struct single single = {.directory = directory, .node = node};
    enum da_search_base base;
    char *dn;

    *node = (struct da_directory_node){.owner = *owner};
    enum da_status status = da_directory_node_dn(zone, owner, &dn, error);
    if (status != DA_OK)
        return status;
    const struct da_search search = {.base = dn,
                                     .scope = LDAP_SCOPE_BASE,
                                     .filter = "(objectClass=dnsNode)",
                                     .attributes = node_attributes,
                                     .owner = true};
    status = da_directory_search(directory, &search, take_single, &single, &base, error);
    free(dn);
    return status;
}

/* ---- the nodes of a zone ---- */

struct reading {
    struct da_directory *directory;
    const struct da_directory_zone *zone;
    const struct da_names *names;
    da_directory_node_fn *node;
    void *arg;
    bool of_blocked; /* the search is for blocked labels at any depth */
    struct da_error *error;

    char *filter; /* room for TERMS terms */
    size_t used, terms;
};

/* A name that several filters find is handed on by the one that is for it. */
static bool is_wanted(const struct reading *reading, const struct da_name *owner)
{
    unsigned interest = da_names_interest(reading->names, owner->wire);
    bool is_known = (interest & ~(unsigned)DA_INTEREST_BLOCKED) != 0;

    return reading->of_blocked ? interest != 0 && !is_known : is_known;
}

static enum da_status take_node(void *arg, LDAPMessage *entry, struct da_error *error)
{
    struct reading *reading = arg;
    struct da_directory_node node = {0};
    enum da_status status = DA_OK;

    char *name = da_entry_text(reading->directory, entry, "name");
    if (name != NULL && da_directory_owner(name, &reading->zone->aging.zone, &node.owner) &&
        is_wanted(reading, &node.owner)) {
        status = read_entry(reading->directory, entry, &node, error);
        if (status == DA_OK)
            status = reading->node(reading->arg, &node);
    }
    free(name);
    da_directory_node_clear(&node);
    return status;
}

#define FILTER_HEAD "(&(objectClass=dnsNode)(|"
#define FILTER_TAIL "))"
#define TERM_ROOM   (sizeof("(name=.*)") + DA_TERM_MAX)
#define FILTER_ROOM (sizeof(FILTER_HEAD FILTER_TAIL) + TERMS * TERM_ROOM)

/* Searches for the names gathered, if any. */
static enum da_status flush(struct reading *reading)
{
    enum da_search_base base;

    if (reading->terms == 0)
        return DA_OK;
    memcpy(reading->filter + reading->used, FILTER_TAIL, sizeof(FILTER_TAIL));
    const struct da_search search = {.base = reading->zone->dn,
                                     .scope = LDAP_SCOPE_ONELEVEL,
                                     .filter = reading->filter,
                                     .attributes = node_attributes,
                                     .owner = true};
    reading->terms = 0;
    enum da_status status = da_directory_search(reading->directory, &search, take_node, reading, &base, reading->error);
    if (status == DA_OK && base != DA_SEARCH_THERE)
        status = da_error_set(reading->error, DA_ERR_IO, NULL, "%.200s: the zone is gone", reading->zone->dn);
    return status;
}

static enum da_status ask_for(struct reading *reading, const char *value, const char *rest)
{
    char term[DA_TERM_MAX];

    if (reading->terms == 0)
        reading->used = (size_t)sprintf(reading->filter, "%s", FILTER_HEAD);
    da_directory_escape_term(value, term);
    reading->used += (size_t)sprintf(reading->filter + reading->used, "(name=%s%s)", term, rest);
    return ++reading->terms == TERMS ? flush(reading) : DA_OK;
}

/* ---- which names ---- */

/* Names that may be in the zone. */
struct wanted {
    struct da_name *names;
    size_t count, room;
};

static bool want(struct wanted *wanted, const struct da_name *name)
{
    if (wanted->count == wanted->room) {
        size_t room = wanted->room > 0 ? wanted->room * 2 : 64;
        struct da_name *more = realloc(wanted->names, room * sizeof(*more));
        if (more == NULL)
            return false;
        wanted->names = more;
        wanted->room = room;
    }
    wanted->names[wanted->count++] = *name;
    return true;
}

/* Names too long to have a label in front have no such node. */
static bool want_in_front(struct wanted *wanted, const char *label, const struct da_name *name)
{
    struct da_name longer;
    return da_name_prepend(label, name, &longer) != DA_OK || want(wanted, &longer);
}

/* Wants what lies at and above a suffix as far as the zone reaches, its wildcards, and our labels. */
static bool want_suffix(struct wanted *wanted, const struct da_names *names, const struct da_name *suffix,
                        const struct da_name *zone)
{
    struct da_name name = *suffix;
    bool done = true;

    for (size_t i = 0; i < names->label_count; i++)
        done = done && want_in_front(wanted, names->labels[i].text, suffix);
    while (done && da_name_is_below(&name, zone)) {
        done = want(wanted, &name) && want_in_front(wanted, "*", &name);
        size_t label = 1u + name.wire[0];
        if (name.length == 1)
            break;
        name.length = (uint8_t)(name.length - label);
        memmove(name.wire, name.wire + label, name.length);
    }
    return done;
}

static int compare_names(const void *left, const void *right)
{
    return da_name_compare(((const struct da_name *)left)->wire, ((const struct da_name *)right)->wire);
}

/* Suffixes share much of what lies above them: each name once. */
static void make_unique(struct wanted *wanted)
{
    size_t kept = 0;

    if (wanted->count > 0)
        qsort(wanted->names, wanted->count, sizeof(*wanted->names), compare_names);
    for (size_t i = 0; i < wanted->count; i++)
        if (kept == 0 || compare_names(&wanted->names[kept - 1], &wanted->names[i]) != 0)
            wanted->names[kept++] = wanted->names[i];
    wanted->count = kept;
}

static enum da_status read_known(struct reading *reading)
{
    const struct da_record_set *set = reading->names->set;
    const struct da_name *zone = &reading->zone->aging.zone;
    struct wanted wanted = {0};
    char relative[DA_RELATIVE_MAX];
    enum da_status status = DA_OK;

    for (size_t i = 0; i < set->suffix_count && status == DA_OK; i++)
        if (da_name_is_below(&set->suffixes[i], zone) && !want_suffix(&wanted, reading->names, &set->suffixes[i], zone))
            status = out_of_memory(reading->error);
    make_unique(&wanted);
    for (size_t i = 0; i < wanted.count && status == DA_OK; i++)
        if (da_directory_relative(&wanted.names[i], zone, relative))
            status = ask_for(reading, relative, "");
    free(wanted.names);
    return status == DA_OK ? flush(reading) : status;
}

/* Blocked labels may be in front of any name below a suffix. */
static enum da_status read_blocked(struct reading *reading)
{
    const struct da_record_set *set = reading->names->set;
    enum da_status status = DA_OK;

    reading->of_blocked = true;
    for (size_t i = 0; i < set->block_count && status == DA_OK; i++) {
        status = ask_for(reading, set->block[i], "");
        if (status == DA_OK)
            status = ask_for(reading, set->block[i], ".*");
    }
    return status == DA_OK ? flush(reading) : status;
}

enum da_status da_directory_read_nodes(struct da_directory *directory, const struct da_directory_zone *zone,
                                       const struct da_names *names, da_directory_node_fn *node, void *arg,
                                       struct da_error *error)
{
    struct reading reading = {.directory = directory,
                              .zone = zone,
                              .names = names,
                              .node = node,
                              .arg = arg,
                              .error = error,
                              .filter = malloc(FILTER_ROOM)};

    if (reading.filter == NULL)
        return out_of_memory(error);
    enum da_status status = read_known(&reading);
    if (status == DA_OK)
        status = read_blocked(&reading);
    free(reading.filter);
    return status;
}
