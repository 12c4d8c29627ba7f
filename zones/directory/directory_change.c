#include "directory/ad_record.h"
#include "directory/directory_connection.h"
#include "directory/directory_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum da_status da_directory_node_dn(const struct da_directory_zone *zone, const struct da_name *owner, char **result,
                                    struct da_error *error)
{
    char relative[DA_RELATIVE_MAX], rdn[DA_RDN_MAX], text[DA_NAME_TEXT_MAX];
    const size_t size = DA_RDN_MAX + 1 + strlen(zone->dn);

    if (!da_directory_relative(owner, &zone->aging.zone, relative))
        return da_error_set(error, DA_ERR_VALUE, NULL, "%.200s: no node of %.200s can have this name",
                            da_name_to_text(owner, text), zone->dn);
    char *dn = malloc(size);
    if (dn == NULL)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    snprintf(dn, size, "%s,%s", da_directory_rdn(relative, rdn), zone->dn);
    *result = dn;
    return DA_OK;
}

/* ---- what is sent ---- */

/* Values to delete and to add: they point to the caller's. */
struct change {
    struct berval *values; /* of the deleted, then of the added records */
    struct berval **deleted, **added;
    size_t deleted_count, added_count;
};

/* At most two parts of the records and two of the mark. */
struct request {
    LDAPMod parts[4];
    LDAPMod *list[5];
    size_t count;
};

static char record_attribute[] = "dnsRecord", mark_attribute[] = "dNSTombstoned", class_attribute[] = "objectClass";
static struct berval marked = {4, (char[]){"TRUE"}}, unmarked = {5, (char[]){"FALSE"}};
static struct berval top_class = {3, (char[]){"top"}}, node_class = {7, (char[]){"dnsNode"}};

/* Room for so many values. */
static bool change_init(struct change *change, size_t deleted, size_t added)
{
    *change = (struct change){.values = calloc(deleted + added + 1, sizeof(*change->values)),
                              .deleted = calloc(deleted + 1, sizeof(struct berval *)),
                              .added = calloc(added + 1, sizeof(struct berval *))};
    return change->values != NULL && change->deleted != NULL && change->added != NULL;
}

static void change_clear(struct change *change)
{
    free(change->values);
    free(change->deleted);
    free(change->added);
}

static struct berval *keep_value(struct change *change, const struct da_octets *octets)
{
    struct berval *value = &change->values[change->deleted_count + change->added_count];

    *value = (struct berval){.bv_len = octets->length, .bv_val = (char *)octets->octets};
    return value;
}

static void delete_value(struct change *change, const struct da_octets *octets)
{
    struct berval *value = keep_value(change, octets);
    change->deleted[change->deleted_count++] = value;
}

static void add_value(struct change *change, const struct da_octets *octets)
{
    struct berval *value = keep_value(change, octets);
    change->added[change->added_count++] = value;
}

static bool is_among(const struct da_octets *octets, const struct da_octets *among, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (among[i].length == octets->length && memcmp(among[i].octets, octets->octets, octets->length) == 0)
            return true;
    return false;
}

static bool is_tombstone(const struct da_octets *value)
{
    struct da_ad_record record;
    return da_ad_record_read(value->octets, value->length, &record) == NULL && record.type == DA_AD_TOMBSTONE;
}

/* The values to delete and to add. What says when the node was deleted goes with the old ones, and where nothing does,
 * a value that stays is deleted and added: the change then fails where the node was deleted meanwhile, as any does that
 * deletes a value. */
static void fill_values(struct change *change, const struct da_directory_node *node, const struct da_octets *old,
                        size_t old_count, const struct da_octets *fresh, size_t fresh_count)
{
    for (size_t i = 0; i < old_count; i++)
        delete_value(change, &old[i]);
    for (size_t i = 0; i < node->value_count && fresh_count > 0; i++)
        if (is_tombstone(&node->values[i]) && !is_among(&node->values[i], old, old_count))
            delete_value(change, &node->values[i]);
    bool is_guarded = change->deleted_count > 0 || node->value_count == 0;
    if (!is_guarded)
        delete_value(change, &node->values[0]);
    for (size_t i = 0; i < fresh_count; i++)
        add_value(change, &fresh[i]);
    if (!is_guarded && !is_among(&node->values[0], fresh, fresh_count))
        add_value(change, &node->values[0]);
}

static void put_part(struct request *request, int operation, char *attribute, struct berval **values)
{
    LDAPMod *part = &request->parts[request->count];

    if (values[0] == NULL)
        return;
    *part = (LDAPMod){.mod_op = operation | LDAP_MOD_BVALUES, .mod_type = attribute, .mod_bvalues = values};
    request->list[request->count++] = part;
}

/* ---- what comes of it ---- */

/* Says why nothing, or perhaps nothing, was written. */
static enum da_status refuse(struct da_directory *directory, int code, const char *dn, struct da_error *error)
{
    const bool is_lost = directory->stream.end != DA_STREAM_GOOD || LDAP_API_ERROR(code); /* no result can be read */

    if (code == LDAP_INSUFFICIENT_ACCESS)
        return da_error_set(error, DA_ERR_VALUE, NULL, "%.300s: %s may not write it", dn,
                            directory->account[0] != '\0' ? directory->account : "this account");
    if (is_lost)
        return da_directory_fail(directory, code, error, "%.300s: it is not known whether this was written", dn);
    enum da_status status = da_directory_fail(directory, code, error, "%.300s: was not written", dn);
    if (status == DA_ERR_IO)
        error->status = status = DA_ERR_VALUE;
    return status;
}

enum da_status da_directory_modify(struct da_directory *directory, const struct da_directory_node *node,
                                   const struct da_octets *old, size_t old_count, const struct da_octets *fresh,
                                   size_t fresh_count, enum da_directory_change *change, struct da_error *error)
{
    struct berval *mark[] = {&marked, NULL}, *no_mark[] = {&unmarked, NULL};
    struct request request = {0};
    struct change sent;
    enum da_status status = DA_OK;

    if (!change_init(&sent, old_count + node->value_count, fresh_count + 1)) {
        change_clear(&sent);
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    }
    fill_values(&sent, node, old, old_count, fresh, fresh_count);
    put_part(&request, LDAP_MOD_DELETE, record_attribute, sent.deleted);
    put_part(&request, LDAP_MOD_ADD, record_attribute, sent.added);
    if (node->is_tombstoned) {
        put_part(&request, LDAP_MOD_DELETE, mark_attribute, mark);
        put_part(&request, LDAP_MOD_ADD, mark_attribute, no_mark);
    }
    da_directory_begin(directory);
    int code = ldap_modify_ext_s(directory->ldap, node->dn, request.list, NULL, NULL);
    *change = code == LDAP_SUCCESS ? DA_DIRECTORY_CHANGED : DA_DIRECTORY_CONFLICT;
    if (code != LDAP_SUCCESS && code != LDAP_NO_SUCH_ATTRIBUTE && code != LDAP_TYPE_OR_VALUE_EXISTS &&
        code != LDAP_NO_SUCH_OBJECT)
        status = refuse(directory, code, node->dn, error);
    change_clear(&sent);
    return status;
}

enum da_status da_directory_create(struct da_directory *directory, const struct da_directory_zone *zone,
                                   const struct da_name *owner, const struct da_octets *fresh, size_t fresh_count,
                                   enum da_directory_change *change, struct da_error *error)
{
    struct berval *classes[] = {&top_class, &node_class, NULL};
    struct request request = {0};
    struct change sent;
    char *dn = NULL;

    enum da_status status = da_directory_node_dn(zone, owner, &dn, error);
    if (status != DA_OK)
        return status;
    if (!change_init(&sent, 0, fresh_count)) {
        status = da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
        goto cleanup;
    }
    for (size_t i = 0; i < fresh_count; i++)
        add_value(&sent, &fresh[i]);
    put_part(&request, LDAP_MOD_ADD, class_attribute, classes);
    put_part(&request, LDAP_MOD_ADD, record_attribute, sent.added);
    da_directory_begin(directory);
    int code = ldap_add_ext_s(directory->ldap, dn, request.list, NULL, NULL);
    *change = code == LDAP_SUCCESS ? DA_DIRECTORY_CHANGED : DA_DIRECTORY_CONFLICT;
    if (code != LDAP_SUCCESS && code != LDAP_ALREADY_EXISTS)
        status = refuse(directory, code, dn, error);
cleanup:
    change_clear(&sent);
    free(dn);
    return status;
}
