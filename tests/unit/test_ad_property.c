/* dNSProperty values of Active Directory: how a zone ages and who may update it. */
#include "unit.h"

#include "directory/ad_property.h"

#define VERSION_1 0x01, 0x00, 0x00, 0x00

struct property {
    const char *title;
    size_t length;
    uint8_t octets[40];
    const char *fault; /* NULL = it is read */
    struct da_zone_aging aging;
};

#define HOURS(no, re) .intervals = {.no_refresh = (no), .refresh = (re)}

/* length of data, length of name, flag, version, id, data, name */
static const struct property properties[] = {
    {"aging on, as Samba writes it",
     28,
     {4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x40, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0},
     NULL,
     {.enabled = true, HOURS(168, 168)}},
    {"aging on, as Windows writes it",
     25,
     {4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x40, 0, 0, 0, 1, 0, 0, 0, 0},
     NULL,
     {.enabled = true, HOURS(168, 168)}},
    {"aging on, in one octet",
     22,
     {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x40, 0, 0, 0, 1, 0},
     NULL,
     {.enabled = true, HOURS(168, 168)}},
    {"aging off",
     25,
     {4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x40, 0, 0, 0, 0, 0, 0, 0, 0},
     NULL,
     {HOURS(168, 168)}},
    {"no-refresh interval",
     25,
     {4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x10, 0, 0, 0, 0x02, 0x01, 0, 0, 0},
     NULL,
     {HOURS(258, 168)}},
    {"refresh interval",
     25,
     {4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x20, 0, 0, 0, 72, 0, 0, 0, 0},
     NULL,
     {HOURS(168, 72)}},
    {"an interval of 0 is the default",
     25,
     {4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x20, 0, 0, 0, 0, 0, 0, 0, 0},
     NULL,
     {HOURS(168, 168)}},
    {"scavenged from",
     25,
     {4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x12, 0, 0, 0, 0x56, 0xa8, 0x38, 0, 0},
     NULL,
     {HOURS(168, 168), .scavenged_from = 1722722400}},
    {"scavenged from no time on",
     25,
     {4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x12, 0, 0, 0, 0, 0, 0, 0, 0},
     NULL,
     {HOURS(168, 168)}},
    {"secure updates",
     22,
     {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x02, 0, 0, 0, 2, 0},
     NULL,
     {HOURS(168, 168), .updates = DA_UPDATES_SECURE}},
    {"updates by anybody",
     24,
     {4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x02, 0, 0, 0, 1, 0, 0, 0},
     NULL,
     {HOURS(168, 168), .updates = DA_UPDATES_ANYBODY}},
    {"updates of another kind",
     21,
     {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x02, 0, 0, 0, 3},
     "it allows updates of a kind that is not known",
     {HOURS(168, 168)}},
    {"a property without data",
     21,
     {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x40, 0, 0, 0, 1},
     NULL,
     {HOURS(168, 168)}},
    {"of no interest, and long",
     32,
     {12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x81, 0, 0, 0, 2, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8},
     NULL,
     {HOURS(168, 168)}},
    {"an id that is larger",
     25,
     {4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x40, 1, 0, 0, 1, 0, 0, 0, 0},
     NULL,
     {HOURS(168, 168)}},
    {"empty", 0, {0}, "it is shorter than its header", {HOURS(168, 168)}},
    {"cut off",
     19,
     {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x40, 0, 0},
     "it is shorter than its header",
     {HOURS(168, 168)}},
    {"data cut off",
     23,
     {4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x40, 0, 0, 0, 1, 0, 0},
     "its data is shorter than it says",
     {HOURS(168, 168)}},
    {"data longer than all",
     24,
     {0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x40, 0, 0, 0, 1, 0, 0, 0},
     "its data is shorter than it says",
     {HOURS(168, 168)}},
    {"too long a number",
     28,
     {8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION_1, 0x40, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0},
     "its number is longer than 4 octets",
     {HOURS(168, 168)}},
    {"version 2",
     25,
     {4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0x40, 0, 0, 0, 1, 0, 0, 0, 0},
     "its version is not 1",
     {HOURS(168, 168)}},
};

static void reads(void **state)
{
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(properties); i++) {
        const struct property *property = &properties[i];
        struct da_zone_aging aging = {.enabled = true, .scavenged_from = 1, .updates = DA_UPDATES_SECURE};
        da_ad_property_defaults(&aging);
        const char *fault = da_ad_property_read(property->octets, property->length, &aging);
        if ((fault == NULL) != (property->fault == NULL) || (fault != NULL && strcmp(fault, property->fault) != 0))
            fail_msg("%s: %s", property->title, fault != NULL ? fault : "it was read");
        if (aging.enabled != property->aging.enabled ||
            aging.intervals.no_refresh != property->aging.intervals.no_refresh ||
            aging.intervals.refresh != property->aging.intervals.refresh ||
            aging.scavenged_from != property->aging.scavenged_from || aging.updates != property->aging.updates)
            fail_msg("%s: it was read as something else", property->title);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
