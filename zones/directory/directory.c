#include "directory/directory_search.h"

#include "directory/ad_record.h"

#include <stdlib.h>
#include <string.h>

#define SOA_NUMBERS 20 /* octets of serial, refresh, retry, expire, minimum at the end of an SOA's data */

/* ---- opening and closing ---- */

static enum da_status take_root(void *arg, LDAPMessage *entry, struct da_error *error)
{
    struct da_directory *directory = arg;

    (void)error;
    free(directory->domain);
    free(directory->forest);
    free(directory->configuration);
    directory->domain = da_entry_text(directory, entry, "defaultNamingContext");
    directory->forest = da_entry_text(directory, entry, "rootDomainNamingContext");
    directory->configuration = da_entry_text(directory, entry, "configurationNamingContext");
    return DA_OK;
}

/* Reads where the domain is (RFC 4512 section 5.1; [MS-ADTS] section 3.1.1.3.2). */
static enum da_status read_root(struct da_directory *directory, struct da_error *error)
{
    static const char *const attributes[] = {"defaultNamingContext", "rootDomainNamingContext",
                                             "configurationNamingContext", NULL};
    const struct da_search search = {
        .base = "", .scope = LDAP_SCOPE_BASE, .filter = "(objectClass=*)", .attributes = attributes};
    enum da_search_base base;

    enum da_status status = da_directory_search(directory, &search, take_root, directory, &base, error);
    if (status == DA_OK && (directory->domain == NULL || directory->forest == NULL))
        return da_error_set(error, DA_ERR_VALUE, NULL, "%.110s is no domain controller: its root DSE names no domain",
                            directory->url.server);
    return status;
}

enum da_status da_directory_open(const char *url, const struct da_login *login, struct da_directory **result,
                                 struct da_error *error)
{
    enum da_status status = da_login_check(login, url, error);

    if (status != DA_OK)
        return status;
    struct da_directory *directory = calloc(1, sizeof(*directory));
    if (directory == NULL)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    directory->stream.fd = -1;
    da_directory_url_parse(url, &directory->url);
    status = da_directory_connect(directory, login, error);
    if (status == DA_OK)
        status = read_root(directory, error);
    if (status == DA_OK)
        *result = directory;
    else
        da_directory_close(directory);
    return status;
}

void da_directory_close(struct da_directory *directory)
{
    if (directory == NULL)
        return;
    if (directory->ldap != NULL) {
        da_directory_begin(directory);
        ldap_unbind_ext_s(directory->ldap, NULL, NULL);
    }
    da_directory_stream_close(&directory->stream);
    free(directory->domain);
    free(directory->forest);
    free(directory->configuration);
    free(directory);
}

/* ---- zones and nodes ---- */

void da_directory_zones_clear(struct da_directory_zones *zones)
{
    for (size_t i = 0; i < zones->count; i++)
        free(zones->zones[i].dn);
    free(zones->zones);
    *zones = (struct da_directory_zones){0};
}

const struct da_directory_zone *da_directory_zone_of(const struct da_directory_zones *zones,
                                                     const struct da_name *suffix)
{
    const struct da_directory_zone *closest = NULL;

    for (size_t i = 0; i < zones->count; i++) {
        const struct da_directory_zone *zone = &zones->zones[i];
        if (da_name_is_below(suffix, &zone->aging.zone) &&
            (closest == NULL || zone->aging.zone.length > closest->aging.zone.length))
            closest = zone;
    }
    return closest;
}

void da_directory_node_clear(struct da_directory_node *node)
{
    for (size_t i = 0; i < node->value_count; i++)
        free(node->values[i].octets);
    free(node->values);
    free(node->dn);
    free(node->holder);
    *node = (struct da_directory_node){0};
}

/* ---- the serial number ---- */

/* False where the value is no SOA that can be read. */
static bool read_serial(const struct da_octets *value, uint8_t *rdata, uint32_t *serial)
{
    struct da_ad_record record;
    size_t length = 0;

    if (da_ad_record_read(value->octets, value->length, &record) != NULL || record.type != DA_TYPE_SOA ||
        da_ad_record_rdata(&record, rdata, UINT16_MAX, &length) != NULL || length < SOA_NUMBERS)
        return false;
    const uint8_t *at = rdata + length - SOA_NUMBERS;
    *serial = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    return true;
}

enum da_status da_directory_serial(struct da_directory *directory, const struct da_directory_zone *zone,
                                   uint32_t *serial, struct da_error *error)
{
    struct da_directory_node apex = {0};
    uint8_t *rdata = malloc(UINT16_MAX);

    *serial = 0;
    if (rdata == NULL)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    enum da_status status = da_directory_read_node(directory, zone, &zone->aging.zone, &apex, error);
    for (size_t i = 0; status == DA_OK && i < apex.value_count; i++)
        if (read_serial(&apex.values[i], rdata, serial))
            break;
    da_directory_node_clear(&apex);
    free(rdata);
    return status;
}
