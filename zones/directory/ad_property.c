#include "directory/ad_property.h"

#include <stddef.h>

#define HEADER_LENGTH 20 /* octets: lengths of data and name, flag, version, id */
#define VERSION       1

/* Properties of interest: [MS-DNSP] section 2.3.2.1.1. */
enum {
    ALLOW_UPDATE = 0x02,
    NO_REFRESH_INTERVAL = 0x10,
    SCAVENGED_FROM = 0x12, /* hours since 1601 */
    REFRESH_INTERVAL = 0x20,
    AGING_STATE = 0x40,
};

enum { AT_LENGTH = 0, AT_VERSION = 12, AT_ID = 16 };

/* A number, little-endian. */
static uint32_t read_number(const uint8_t *octets, size_t length)
{
    uint32_t number = 0;

    for (size_t i = length; i > 0; i--)
        number = number << 8 | octets[i - 1];
    return number;
}

static bool is_of_interest(uint32_t id)
{
    return id == ALLOW_UPDATE || id == NO_REFRESH_INTERVAL || id == SCAVENGED_FROM || id == REFRESH_INTERVAL ||
           id == AGING_STATE;
}

/* An interval of 0 is none: servers take the default then. */
static uint32_t interval(uint32_t hours)
{
    return hours != 0 ? hours : DA_AGING_INTERVAL_DEFAULT;
}

static const char *set(uint32_t id, uint32_t number, struct da_zone_aging *aging)
{
    switch (id) {
    case ALLOW_UPDATE:
        if (number > DA_UPDATES_SECURE)
            return "it allows updates of a kind that is not known";
        aging->updates = (enum da_updates)number;
        break;
    case NO_REFRESH_INTERVAL:
        aging->intervals.no_refresh = interval(number);
        break;
    case REFRESH_INTERVAL:
        aging->intervals.refresh = interval(number);
        break;
    case SCAVENGED_FROM:
        aging->scavenged_from = number != 0 ? da_aging_time(number) : 0;
        break;
    default:
        aging->enabled = number != 0;
        break;
    }
    return NULL;
}

const char *da_ad_property_read(const uint8_t *value, size_t length, struct da_zone_aging *aging)
{
    if (length < HEADER_LENGTH)
        return "it is shorter than its header";
    uint32_t data_length = read_number(value + AT_LENGTH, 4);
    if (data_length > length - HEADER_LENGTH)
        return "its data is shorter than it says";
    if (read_number(value + AT_VERSION, 4) != VERSION)
        return "its version is not 1";
    uint32_t id = read_number(value + AT_ID, 4);
    if (!is_of_interest(id))
        return NULL;
    /* Windows keeps properties that were never set without data, and small numbers in 1 octet as well as in 4. */
    if (data_length > 4)
        return "its number is longer than 4 octets";
    return set(id, read_number(value + HEADER_LENGTH, data_length), aging);
}

void da_ad_property_defaults(struct da_zone_aging *aging)
{
    aging->enabled = false;
    aging->intervals = (struct da_intervals){DA_AGING_INTERVAL_DEFAULT, DA_AGING_INTERVAL_DEFAULT};
    aging->scavenged_from = 0;
    aging->updates = DA_UPDATES_NONE;
}
