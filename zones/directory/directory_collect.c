#include "directory/ad_record.h"
#include "directory/directory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A collection being filled from the zones of a directory. */
struct collecting {
    struct da_directory *directory;
    struct da_collection *collection;
    struct da_directory_zones zones;
    const struct da_directory_zone *zone; /* whose nodes are read */
    uint8_t *rdata;                       /* room for a record's */
};

static enum da_status doubt(const struct collecting *collecting, const struct da_name *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum da_status doubt(const struct collecting *collecting, const struct da_name *name, const char *format, ...)
{
    struct da_doubt doubt = {.one_name = true, .name = *name};
    va_list args;

    va_start(args, format);
    vsnprintf(doubt.text, sizeof(doubt.text), format, args);
    va_end(args);
    return da_collection_doubt(collecting->collection, &doubt);
}

/* ---- nodes ---- */

/* Adds a record. wrong is set where it is malformed. */
static enum da_status add_record(const struct collecting *collecting, const struct da_name *owner,
                                 const struct da_ad_record *record, const char **wrong)
{
    struct da_found found = {
        .owner = owner,
        .type = record->type,
        .has_ttl = true,
        .ttl = record->ttl,
        .aging = record->stamp != 0 ? DA_AGING_DYNAMIC : DA_AGING_STATIC,
        .stamp = record->stamp,
        .rdata = collecting->rdata,
    };
    size_t length = 0;

    *wrong = da_ad_record_rdata(record, collecting->rdata, UINT16_MAX, &length);
    found.rdata_length = (uint16_t)length;
    return *wrong == NULL ? da_collection_add(collecting->collection, &found) : DA_OK;
}

/* Adds what a value says: a record, or in node when it was deleted. */
static enum da_status add_value(const struct collecting *collecting, const struct da_directory_node *from,
                                const struct da_octets *value, struct da_node *node)
{
    struct da_ad_record record;
    enum da_status status = DA_OK;

    const char *wrong = da_ad_record_read(value->octets, value->length, &record);
    if (wrong == NULL && record.type == DA_AD_TOMBSTONE)
        wrong = da_ad_record_deleted(&record, &node->deleted_at);
    else if (wrong == NULL && !from->is_tombstoned)
        status = add_record(collecting, &from->owner, &record, &wrong);
    if (wrong != NULL)
        status = doubt(collecting, &from->owner, "a value of dnsRecord is malformed (%s): %s", wrong, from->dn);
    return status;
}

/* True for a node that all but a tombstone was taken from, and that nobody marked. */
static bool has_nothing_else(const struct da_directory_node *node)
{
    struct da_ad_record record;

    for (size_t i = 0; i < node->value_count; i++)
        if (da_ad_record_read(node->values[i].octets, node->values[i].length, &record) != NULL ||
            record.type != DA_AD_TOMBSTONE)
            return false;
    return node->value_count > 0;
}

/* What is at a name comes from the closest zone, as in a server's answers. */
static enum da_status take_node(void *arg, struct da_directory_node *from)
{
    const struct collecting *collecting = arg;
    struct da_node node = {.owner = from->owner, .is_tombstoned = from->is_tombstoned || has_nothing_else(from)};
    enum da_status status = DA_OK;

    if (da_directory_zone_of(&collecting->zones, &from->owner) != collecting->zone)
        return DA_OK;
    for (size_t i = 0; i < from->value_count && status == DA_OK; i++)
        status = add_value(collecting, from, &from->values[i], &node);
    if (from->holder != NULL)
        snprintf(node.holder, sizeof(node.holder), "%s", from->holder);
    return status == DA_OK ? da_collection_node(collecting->collection, &node) : status;
}

/* ---- zones ---- */

static enum da_status add_zone(struct collecting *collecting, struct da_error *error)
{
    const struct da_directory_zone *zone = collecting->zone;

    enum da_status status = da_collection_zone(collecting->collection, &zone->aging);
    if (status == DA_OK && zone->fault[0] != '\0')
        status =
            doubt(collecting, &zone->aging.zone, "a value of dNSProperty is malformed (%s): %s", zone->fault, zone->dn);
    if (status != DA_OK)
        return status;
    return da_directory_read_nodes(collecting->directory, zone, collecting->collection->names, take_node, collecting,
                                   error);
}

static enum da_status add_zones(struct collecting *collecting, struct da_error *error)
{
    enum da_status status = DA_OK;

    for (size_t i = 0; i < collecting->zones.count && status == DA_OK; i++) {
        const struct da_directory_zone *zone = &collecting->zones.zones[i];
        const struct da_directory_zone *judged = da_directory_zone_of(&collecting->zones, &zone->aging.zone);
        collecting->zone = zone;
        if (judged == zone)
            status = add_zone(collecting, error);
        else
            status = doubt(collecting, &zone->aging.zone, "the zone is in %s and in %s: the first is looked at",
                           judged->container, zone->container);
    }
    return status;
}

static enum da_status collect(struct collecting *collecting, const struct da_login *login, struct da_error *error)
{
    enum da_status status = da_directory_open(collecting->collection->title, login, &collecting->directory, error);
    if (status == DA_OK)
        status =
            da_directory_find_zones(collecting->directory, collecting->collection->names, &collecting->zones, error);
    if (status == DA_OK && collecting->zones.count == 0)
        status =
            da_error_set(error, DA_ERR_VALUE, NULL, "it has no zone of a suffix, or none that this account may read");
    if (status == DA_OK)
        status = add_zones(collecting, error);
    da_directory_zones_clear(&collecting->zones);
    da_directory_close(collecting->directory);
    return status;
}

enum da_status da_directory_collect(const struct da_login *login, struct da_collection *collection)
{
    struct collecting collecting = {.collection = collection, .rdata = malloc(UINT16_MAX)};
    struct da_error error = {0};

    if (collecting.rdata == NULL)
        return DA_ERR_MEMORY;
    collection->ages = true;
    enum da_status status = collect(&collecting, login, &error);
    free(collecting.rdata);
    if (status == DA_OK || status == DA_ERR_MEMORY)
        return status;
    da_collection_fail(collection, "%s", error.text);
    return DA_OK;
}
