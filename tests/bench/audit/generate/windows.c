/* A zone as dnscmd /ZoneExport writes it: [AGE:n] in front of the TTL, no class, no $TTL, the owner left out where it
 * is that of the line before, WINS, comments around what is special, CRLF. */
#include "zone.h"

#define FROM_END 200     /* records behind ours, at most */
#define AGE      3730000 /* 8 July 2026, 16:00: hours since 1601 */
#define AGES     336     /* hours that stamps lie back */

static const char *const services[] = {"_kerberos._tcp", "_ldap._tcp", "_gc._tcp", "_kpasswd._udp"};

static void write_comment(struct zone *zone, const char *text)
{
    zone_line(zone, ";");
    zone_line(zone, ";  %s", text);
    zone_line(zone, ";");
    zone_line(zone, "%s", "");
}

static void write_head(struct zone *zone)
{
    zone_line(zone, ";");
    zone_line(zone, ";  Database file (null) for %s zone.", ZONE_ORIGIN);
    zone_line(zone, ";      Zone version:  40712");
    zone_line(zone, ";");
    zone_line(zone, "%s", "");
    zone_record(zone, "@                       IN  SOA dc01.%s. hostmaster.%s. (", ZONE_ORIGIN, ZONE_ORIGIN);
    zone_line(zone, "                        \t\t40712        ; serial number");
    zone_line(zone, "                        \t\t900          ; refresh");
    zone_line(zone, "                        \t\t600          ; retry");
    zone_line(zone, "                        \t\t86400        ; expire");
    zone_line(zone, "                        \t\t3600       ) ; default TTL");
    write_comment(zone, "Zone NS records");
    zone_record(zone, "@                       NS\tdc01.%s.", ZONE_ORIGIN);
    write_comment(zone, "WINS lookup record");
    zone_record(zone, "@                       0\tWINS\tL2 C900 (");
    zone_line(zone, "                        \t\t\t10.0.0.5 )");
    write_comment(zone, "Zone records");
    zone_record(zone, "@                       [AGE:%d] 600\tA\t10.0.0.1", AGE);
    zone_line(zone, ";");
    zone_line(zone, ";  Delegated sub-zone:  lab.%s.", ZONE_ORIGIN);
    zone_line(zone, ";");
    zone_record(zone, "lab                     NS\tdc01.%s.", ZONE_ORIGIN);
    zone_line(zone, ";  End delegation");
    zone_line(zone, "%s", "");
    zone_record(zone, "dc01                    A\t10.0.0.1");
}

static void write_group(struct zone *zone, uint64_t most)
{
    unsigned choice = zone_below(zone, 100), age = AGE - zone_below(zone, AGES);
    char address[ZONE_ADDRESS6_SIZE];

    if (choice < 4) {
        zone_record(zone, "%-23s [AGE:%u]\t600\tSRV\t0 100 389\tdc01.%s.", services[choice], age, ZONE_ORIGIN);
        return;
    }
    snprintf(zone->host, sizeof(zone->host), "%s%07u", choice < 70 ? "LAPTOP-" : "srv-", zone->hosts++);
    if (choice < 10) {
        zone_record(zone, "%-23s CNAME\tdc01.%s.", zone->host, ZONE_ORIGIN);
        return;
    }
    zone_address(zone, address);
    if (choice < 80)
        zone_record(zone, "%-23s [AGE:%u]\t1200\tA\t%s", zone->host, age, address);
    else
        zone_record(zone, "%-23s A\t%s", zone->host, address);
    if (most > 1 && choice < 40)
        zone_record(zone, "%-23s [AGE:%u]\t1200\tAAAA\t%s", "", age, zone_address6(zone, address));
}

static void write_windows(struct zone *zone)
{
    uint64_t behind = zone->total / 10 < FROM_END ? zone->total / 10 : FROM_END;

    write_head(zone);
    zone_fill(zone, zone->total / 2, write_group);
    zone_record(zone, "%-23s 1200\tA\t%s", ZONE_CORP, ZONE_CORP_A);
    zone_record(zone, "%-23s 1200\tAAAA\t%s", "", ZONE_CORP_AAAA);
    zone_fill(zone, zone->total - behind - 2, write_group);
    zone_record(zone, "%-23s [AGE:%d]\t1200\tA\t%s", ZONE_PROBE, AGE, ZONE_PROBE_A);
    zone_record(zone, "%-23s A\t%s", "isatap", ZONE_ISATAP_A);
    zone_fill(zone, zone->total, write_group);
}

const struct zone_kind zone_windows = {.name = "windows", .least = 20, .end = "\r\n", .write = write_windows};
