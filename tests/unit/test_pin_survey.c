/* Where a suffix may be pinned: in a zone that is a primary, above no delegation and no DNAME. */
#include "unit.h"

#include "audit/collection.h"
#include "directory/pin_survey.h"

#include <stdio.h>

#define NODES_MAX 8
#define VALUE_MAX 64

struct node {
    const char *owner;
    uint16_t type; /* 0 = a node without values */
    bool is_tombstoned;
};

struct row {
    const char *title;
    const char *suffix;
    struct node nodes[NODES_MAX]; /* of the zone corp.example.net, in canonical order */
    const char *error;            /* NULL = it may */
};

#define APEX                                                                                                           \
    {                                                                                                                  \
        "corp.example.net", DA_TYPE_SOA, false                                                                         \
    }

static const struct row rows[] = {
    {"at the apex", "corp.example.net", {APEX}, NULL},
    {"below it", "b.a.corp.example.net", {APEX}, NULL},
    {"case", "CORP.example.NET", {APEX}, NULL},
    {"no SOA",
     "corp.example.net",
     {{"corp.example.net", DA_TYPE_NS, false}},
     "zone corp.example.net. in DomainDnsZones has no SOA: expected a primary zone"},
    {"nothing",
     "a.corp.example.net",
     {{0}},
     "zone corp.example.net. in DomainDnsZones has no SOA: expected a primary zone"},
    {"an SOA that was deleted",
     "corp.example.net",
     {{"corp.example.net", DA_TYPE_SOA, true}},
     "zone corp.example.net. in DomainDnsZones has no SOA: expected a primary zone"},
    {"delegated",
     "a.corp.example.net",
     {APEX, {"a.corp.example.net", DA_TYPE_NS, false}},
     "a.corp.example.net. is delegated to other servers at a.corp.example.net. (zone in DomainDnsZones): nothing is "
     "written for it here"},
    {"delegated above",
     "c.b.a.corp.example.net",
     {APEX, {"A.corp.example.net", DA_TYPE_NS, false}},
     "c.b.a.corp.example.net. is delegated to other servers at a.corp.example.net. (zone in DomainDnsZones): nothing "
     "is written for it here"},
    {"the delegation was deleted", "a.corp.example.net", {APEX, {"a.corp.example.net", DA_TYPE_NS, true}}, NULL},
    {"delegated beside", "a.corp.example.net", {APEX, {"b.corp.example.net", DA_TYPE_NS, false}}, NULL},
    {"delegated below", "a.corp.example.net", {APEX, {"b.a.corp.example.net", DA_TYPE_NS, false}}, NULL},
    {"another type above", "b.a.corp.example.net", {APEX, {"a.corp.example.net", DA_TYPE_A, false}}, NULL},
    {"no values above", "b.a.corp.example.net", {APEX, {"a.corp.example.net", 0, false}}, NULL},
    {"a DNAME",
     "a.corp.example.net",
     {APEX, {"a.corp.example.net", DA_TYPE_DNAME, false}},
     "a.corp.example.net. has its names below the DNAME at a.corp.example.net. (zone in DomainDnsZones): nothing is "
     "written for it here"},
    {"a DNAME at the apex",
     "a.corp.example.net",
     {{"corp.example.net", DA_TYPE_DNAME, false}},
     "a.corp.example.net. has its names below the DNAME at corp.example.net. (zone in DomainDnsZones): nothing is "
     "written for it here"},
    {"malformed above",
     "b.a.corp.example.net",
     {APEX, {"a.corp.example.net", 1000, false}},
     "DC=a.corp.example.net: malformed dnsRecord value 0000e8030400000000000000000000000000000000000000: its "
     "version is not 5"},
};

static void make_name(const char *text, struct da_name *name)
{
    name->length = (uint8_t)wire_name(text, name->wire);
}

/* A value of a type, with data as short as can be; of type 1000 one that is malformed. */
static size_t make_value(uint16_t type, uint8_t value[static VALUE_MAX])
{
    size_t length = type == DA_TYPE_SOA ? 24 : type == DA_TYPE_A ? 4 : type == 1000 ? 0 : 2;

    memset(value, 0, VALUE_MAX);
    value[0] = (uint8_t)length;
    value[2] = (uint8_t)type;
    value[3] = (uint8_t)(type >> 8);
    value[4] = type == 1000 ? 4 : DA_AD_VERSION;
    return DA_AD_HEADER_LENGTH + length;
}

static void checks(void **state)
{
    struct da_directory_zone zone = {.container = "DomainDnsZones"};
    (void)state;

    make_name("corp.example.net", &zone.aging.zone);
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_directory_node nodes[NODES_MAX] = {0};
        uint8_t octets[NODES_MAX][VALUE_MAX];
        struct da_octets values[NODES_MAX];
        char dns[NODES_MAX][64];
        struct da_name suffix;
        struct da_error error = {0};
        size_t count = 0;
        for (; count < NODES_MAX && rows[i].nodes[count].owner != NULL; count++) {
            const struct node *node = &rows[i].nodes[count];
            snprintf(dns[count], sizeof(dns[count]), "DC=%s", node->owner);
            values[count] = (struct da_octets){make_value(node->type, octets[count]), octets[count]};
            nodes[count] = (struct da_directory_node){.dn = dns[count],
                                                      .is_tombstoned = node->is_tombstoned,
                                                      .values = &values[count],
                                                      .value_count = node->type != 0};
            make_name(node->owner, &nodes[count].owner);
        }
        make_name(rows[i].suffix, &suffix);
        enum da_status status = da_pin_check_suffix(&suffix, &zone, nodes, count, &error);
        if (status != (rows[i].error != NULL ? DA_ERR_VALUE : DA_OK) ||
            strcmp(error.text, rows[i].error != NULL ? rows[i].error : "") != 0)
            fail_msg("%s: '%s'", rows[i].title, error.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(checks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
