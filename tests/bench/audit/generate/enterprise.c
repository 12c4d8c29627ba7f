/* A zone as people and programs keep it together: mixed TTLs and classes, blank owners, comments, relative names. TTLs
 * stand in front of classes, since ldns 1.8 reads no other order. Made so that a line has about 43 octets, three of ten
 * begin with a blank owner, and of 64 octets in a row three of ten times one is a quote, semicolon, parenthesis or
 * backslash. */
#include "zone.h"

#define FROM_END  200 /* records behind ours, at most */
#define LAB_HOSTS 20

static const char *const sites[] = {"seattle", "newyork", "london", "frankfurt",
                                    "dublin",  "sydney",  "tokyo",  "singapore"};
#define SITES 8
static const char *const fields[] = {"\t1200\tIN\t", "\tIN\t", "\t3600\t", "\t\t", "\t300 IN ", "\t"};
#define FIELDS 6

static void write_head(struct zone *zone)
{
    zone_line(zone, "; %s, kept by hand and by the address management; do not sort", ZONE_ORIGIN);
    zone_line(zone, "$ORIGIN %s.", ZONE_ORIGIN);
    zone_line(zone, "$TTL 3600");
    zone_record(zone, "@\tIN\tSOA\tdc01 hostmaster (");
    zone_line(zone, "\t\t2026070801 ; serial");
    zone_line(zone, "\t\t900        ; refresh (15 minutes)");
    zone_line(zone, "\t\t600        ; retry (10 minutes)");
    zone_line(zone, "\t\t86400      ; expire (1 day)");
    zone_line(zone, "\t\t300 )      ; minimum");
    zone_record(zone, "\tNS\tdc01");
    zone_record(zone, "\tNS\tdc02");
    zone_record(zone, "\tTXT\t\"v=spf1 ip4:10.0.0.0/8 -all\"");
    zone_record(zone, "dc01\tA\t10.0.0.1");
    zone_record(zone, "dc02\tA\t10.0.0.2");
    snprintf(zone->host, sizeof(zone->host), "dc01");
}

static void write_text(struct zone *zone)
{
    unsigned number = zone_below(zone, 1000000);

    switch (zone_below(zone, 8)) {
    case 0:
        zone_record(zone, "\t\tTXT\t\t\"owner=facilities; room=%u; asset=\\\"%u\\\"\"", number % 500, number);
        return;
    case 1:
        zone_record(zone, "\t\tTXT\t( \"rack %u\" ; by the door", number % 40);
        zone_line(zone, "\t\t\t\"unit (%u)\" )", number % 48);
        return;
    case 2:
        zone_record(zone, "\t\t300\tHINFO\t\"x86-64\" \"Windows 11\"");
        return;
    default: /* as DHCP servers mark their own */
        zone_record(zone, "\t\tTXT\t\t\"31%06x%06xc2d8f0a96e17b4\"", number, number * 7 % 0x1000000);
        return;
    }
}

/* A host's A, then its AAAA and text with these chances of a hundred. */
static void write_host(struct zone *zone, uint64_t most, const char *role, unsigned address6, unsigned text)
{
    const char *site = sites[zone_below(zone, SITES)], *field = fields[zone_below(zone, FIELDS)];
    char address[ZONE_ADDRESS6_SIZE];
    uint64_t end = zone->written + most;

    snprintf(zone->host, sizeof(zone->host), "%s-%s-%07u-nt", site, role, zone->hosts++);
    zone_record(zone, "%s%sA\t%s", zone->host, field, zone_address(zone, address));
    if (zone->written < end && zone_percent(zone, address6)) {
        field = zone_percent(zone, 50) ? "1200\tIN\t" : "";
        zone_record(zone, "\t\t\t%sAAAA\t%s", field, zone_address6(zone, address));
    }
    if (zone->written < end && zone_percent(zone, text))
        write_text(zone);
}

/* Hosts of another origin, and back. */
static void write_lab(struct zone *zone, uint64_t most)
{
    char address[ZONE_ADDRESS_SIZE];

    zone_line(zone, "$ORIGIN lab%u.%s.", zone_below(zone, 100), ZONE_ORIGIN);
    for (uint64_t i = 0; i < most && i < LAB_HOSTS; i++) {
        const char *field = fields[zone_below(zone, FIELDS)];
        zone_record(zone, "node-%07u%sA\t%s", zone->hosts++, field, zone_address(zone, address));
    }
    zone_line(zone, "$ORIGIN %s.", ZONE_ORIGIN);
}

static void write_printer(struct zone *zone)
{
    unsigned floor = zone_below(zone, 40);
    char address[ZONE_ADDRESS_SIZE];

    snprintf(zone->host, sizeof(zone->host), "printer-floor%u-%07u", floor, zone->hosts++);
    zone_record(zone, "%s\t86400\tA\t%s%s", zone->host, zone_address(zone, address),
                floor < 18 ? "\t; leased until 2027-03-31" : "");
}

static void write_group(struct zone *zone, uint64_t most)
{
    unsigned choice = zone_below(zone, 1000), building = zone_below(zone, 100);
    const char *field = fields[zone_below(zone, FIELDS)];

    if (building < 2)
        zone_line(zone, "; --- building %u ---", choice % 30);
    if (choice < 480)
        write_host(zone, most, "laptop", 30, 19);
    else if (choice < 780)
        write_host(zone, most, "server", 28, 27);
    else if (choice < 860)
        zone_record(zone, "alias-%07u%sCNAME\t%s", zone->hosts++, field, zone->host);
    else if (choice < 910)
        zone_record(zone, "_sip._tcp.pool-%07u\t600 IN\tSRV\t0 100 5060 %s", zone->hosts++, zone->host);
    else if (choice < 999)
        write_printer(zone);
    else
        write_lab(zone, most);
}

static void write_enterprise(struct zone *zone)
{
    uint64_t behind = zone->total / 10 < FROM_END ? zone->total / 10 : FROM_END;

    write_head(zone);
    zone_fill(zone, zone->total / 2, write_group);
    zone_record(zone, ZONE_CORP "\t1200\tIN\tA\t" ZONE_CORP_A);
    zone_record(zone, "\t\t\t1200\tIN\tAAAA\t" ZONE_CORP_AAAA);
    zone_fill(zone, zone->total - behind - 2, write_group);
    zone_record(zone, ZONE_PROBE "\t1200 IN A " ZONE_PROBE_A " ; the old portal");
    zone_record(zone, "isatap\t\tA\t" ZONE_ISATAP_A);
    zone_fill(zone, zone->total, write_group);
}

const struct zone_kind zone_enterprise = {.name = "enterprise", .least = 20, .end = "\n", .write = write_enterprise};
