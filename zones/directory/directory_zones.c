#include "directory/ad_property.h"
#include "directory/directory_name.h"
#include "directory/directory_search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where zones are kept, in the order of preference. */
static const struct container {
    const char *name;
    const char *rdns; /* in front of the DN of the domain, or of the forest's root */
    bool of_forest;
} containers[] = {
    {"DomainDnsZones", "CN=MicrosoftDNS,DC=DomainDnsZones,", false},
    {"ForestDnsZones", "CN=MicrosoftDNS,DC=ForestDnsZones,", true},
    {"System", "CN=MicrosoftDNS,CN=System,", false},
};

/* A search of zones under way. */
struct finding {
    struct da_directory *directory;
    const struct da_names *names;
    struct da_directory_zones *zones;
    size_t room;
    const struct container *container;
};

static bool is_there(const struct finding *finding, const struct da_name *name)
{
    for (size_t i = 0; i < finding->zones->count; i++) {
        const struct da_directory_zone *zone = &finding->zones->zones[i];
        if (zone->container == finding->container->name && da_name_equal(zone->aging.zone.wire, name->wire))
            return true;
    }
    return false;
}

static void read_properties(struct da_directory *directory, LDAPMessage *entry, struct da_directory_zone *zone)
{
    struct berval **values = ldap_get_values_len(directory->ldap, entry, "dNSProperty");

    da_ad_property_defaults(&zone->aging);
    for (size_t i = 0; values != NULL && values[i] != NULL; i++) {
        const char *wrong = da_ad_property_read((const uint8_t *)values[i]->bv_val, values[i]->bv_len, &zone->aging);
        if (wrong != NULL && zone->fault[0] == '\0')
            snprintf(zone->fault, sizeof(zone->fault), "%s", wrong);
    }
    ldap_value_free_len(values);
}

static enum da_status add_zone(struct finding *finding, LDAPMessage *entry, const struct da_name *name,
                               struct da_error *error)
{
    struct da_directory_zones *zones = finding->zones;

    if (zones->count == finding->room) {
        size_t room = finding->room > 0 ? finding->room * 2 : 8;
        struct da_directory_zone *more = realloc(zones->zones, room * sizeof(*more));
        if (more == NULL)
            return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
        zones->zones = more;
        finding->room = room;
    }
    struct da_directory_zone *zone = &zones->zones[zones->count];
    *zone = (struct da_directory_zone){.container = finding->container->name, .aging = {.zone = *name}};
    zone->dn = da_entry_dn(finding->directory, entry);
    if (zone->dn == NULL)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    zones->count++;
    read_properties(finding->directory, entry, zone);
    return DA_OK;
}

/* Keeps the zones that a suffix is in. Those that no DNS name is like (RootDNSServers has a name that could be one,
 * "..TrustAnchors", "..InProgress-…", objects in conflict "…\0ACNF:…") are in nobody's way. */
static enum da_status take_zone(void *arg, LDAPMessage *entry, struct da_error *error)
{
    struct finding *finding = arg;
    struct da_name name;
    enum da_status status = DA_OK;

    char *text = da_entry_text(finding->directory, entry, "name");
    if (text != NULL && strchr(text, '\n') == NULL && strcasecmp(text, "RootDNSServers") != 0 &&
        da_directory_zone_name(text, &name) &&
        (da_names_interest(finding->names, name.wire) & DA_INTEREST_ABOVE) != 0 && !is_there(finding, &name))
        status = add_zone(finding, entry, &name, error);
    free(text);
    return status;
}

/* elsewhere is set where other servers have the container. */
static enum da_status search_container(struct finding *finding, bool *elsewhere, struct da_error *error)
{
    static const char *const attributes[] = {"name", "dNSProperty", NULL};
    const struct container *container = finding->container;
    const char *domain = container->of_forest ? finding->directory->forest : finding->directory->domain;
    const size_t size = strlen(container->rdns) + strlen(domain) + 1;
    enum da_search_base came;

    char *base = malloc(size);
    if (base == NULL)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    snprintf(base, size, "%s%s", container->rdns, domain);
    const struct da_search search = {
        .base = base, .scope = LDAP_SCOPE_ONELEVEL, .filter = "(objectClass=dnsZone)", .attributes = attributes};
    enum da_status status = da_directory_search(finding->directory, &search, take_zone, finding, &came, error);
    *elsewhere = came == DA_SEARCH_ELSEWHERE;
    free(base);
    return status;
}

static int compare_zones(const void *left, const void *right)
{
    const struct da_directory_zone *a = left, *b = right;
    size_t of_a = 0, of_b = 0;

    while (containers[of_a].name != a->container)
        of_a++;
    while (containers[of_b].name != b->container)
        of_b++;
    if (of_a != of_b)
        return of_a < of_b ? -1 : 1;
    return da_name_compare(a->aging.zone.wire, b->aging.zone.wire);
}

/* A suffix whose zone is not here may have it in a container that is elsewhere. */
static enum da_status check_elsewhere(const struct finding *finding, const char *elsewhere, struct da_error *error)
{
    const struct da_record_set *set = finding->names->set;
    char text[DA_NAME_TEXT_MAX];

    for (size_t i = 0; elsewhere != NULL && i < set->suffix_count; i++)
        if (da_directory_zone_of(finding->zones, &set->suffixes[i]) == NULL)
            return da_error_set(error, DA_ERR_VALUE, NULL,
                                "no zone is here for %.70s, and this domain controller does not hold %s: name one that "
                                "runs DNS",
                                da_name_to_text(&set->suffixes[i], text), elsewhere);
    return DA_OK;
}

enum da_status da_directory_find_zones(struct da_directory *directory, const struct da_names *names,
                                       struct da_directory_zones *zones, struct da_error *error)
{
    struct finding finding = {.directory = directory, .names = names, .zones = zones};
    const char *elsewhere = NULL;
    enum da_status status = DA_OK;

    *zones = (struct da_directory_zones){0};
    for (size_t i = 0; i < sizeof(containers) / sizeof(*containers) && status == DA_OK; i++) {
        bool is_elsewhere = false;
        finding.container = &containers[i];
        status = search_container(&finding, &is_elsewhere, error);
        elsewhere = is_elsewhere && elsewhere == NULL ? containers[i].name : elsewhere;
    }
    if (zones->count > 0)
        qsort(zones->zones, zones->count, sizeof(*zones->zones), compare_zones);
    return status == DA_OK ? check_elsewhere(&finding, elsewhere, error) : status;
}
