/* Nothing to skip: every record has quotes and parentheses, most have semicolons and escapes, too, and comments have
 * them all. It is still what every program reads. */
#include "zone.h"

#define FROM_END 200 /* records behind ours, at most */

static void write_head(struct zone *zone)
{
    zone_line(zone, "$ORIGIN %s.", ZONE_ORIGIN);
    zone_line(zone, "$TTL 3600 ; \"one hour\" (3600 seconds)");
    zone_record(zone, "@ IN SOA dc01 hostmaster (");
    zone_line(zone, "    2026070801 900 600 86400 300 ) ; \"serial\" (and so on)");
    zone_record(zone, "  NS ( dc01 ) ; \"primary\" (the only one)");
    zone_record(zone, "dc01 A ( 10.0.0.1 ) ; \"primary\" (Seattle)");
}

static void write_group(struct zone *zone, uint64_t most)
{
    unsigned number = zone_below(zone, 1000000);
    char address[ZONE_ADDRESS_SIZE];

    (void)most;
    switch (zone_below(zone, 4)) {
    case 0:
        zone_record(zone, "host-%08u 300 IN TXT ( \"a \\\"quoted\\\" (word); %u\" ) ; it says \"so\" (again",
                    zone->hosts++, number);
        break;
    case 1:
        zone_record(zone, "host-%08u TXT ( \"one; (two)\" ; \"three\" )", zone->hosts++);
        zone_line(zone, "    \"(%u\\\\\" ) ; \"", number);
        break;
    case 2:
        zone_record(zone, "host-%08u A ( %s ) ; \"desk\" (%u)", zone->hosts++, zone_address(zone, address), number);
        break;
    default:
        zone_record(zone, "host-%08u 600 HINFO ( \"x86-64 (virtual)\" ; \"the (old\" one", zone->hosts++);
        zone_line(zone, "    \"Windows \\\"%u\\\"\" )", number);
        break;
    }
}

static void write_worst(struct zone *zone)
{
    uint64_t behind = zone->total / 10 < FROM_END ? zone->total / 10 : FROM_END;

    write_head(zone);
    zone_fill(zone, zone->total / 2, write_group);
    zone_record(zone, ZONE_CORP " 1200 IN A ( " ZONE_CORP_A " ) ; \"probe\" (right)");
    zone_record(zone, "  1200 IN AAAA ( ; \"probe\" )");
    zone_line(zone, "    " ZONE_CORP_AAAA " )");
    zone_fill(zone, zone->total - behind - 2, write_group);
    zone_record(zone, ZONE_PROBE " 1200 IN A ( ; \"the old portal\" )");
    zone_line(zone, "    " ZONE_PROBE_A " )");
    zone_record(zone, "isatap A ( " ZONE_ISATAP_A " ) ; \"manage-out\" (unsafe)");
    zone_fill(zone, zone->total, write_group);
}

const struct zone_kind zone_worst = {.name = "worst", .least = 20, .end = "\n", .write = write_worst};
