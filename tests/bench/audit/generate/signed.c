/* A zone as dnssec-signzone writes it: sorted, each RRset with its RRSIG over several lines, an NSEC chain that is
 * whole. Of signatures and keys only the form is right. */
#include "zone.h"

#define APEX     10 /* records of the apex, with two keys */
#define HOST     4  /* records of a name with an address: A, NSEC, and their signatures */
#define HOST6    6  /* with AAAA too */
#define LINE     36 /* characters of a signature or key on a line */
#define INDENT   "\t\t\t\t\t"
#define SIGNED   "20360708160000 20260708160000 54296 " ZONE_ORIGIN "."
#define LABELS   4    /* of a host's name */
#define APEX_TTL 3600 /* seconds; of hosts, too, ours excepted */
#define NSEC_TTL 300

static void write_base64(struct zone *zone, const char *close)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char line[LINE + 1] = "";

    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < LINE; j++)
            line[j] = digits[zone_below(zone, 64)];
        zone_line(zone, INDENT "%s", line);
    }
    /* 64 octets in all, as ECDSA P-256 has for both */
    line[13] = digits[zone_below(zone, 4) << 4];
    zone_line(zone, INDENT "%.14s==%s", line, close);
}

static void write_signature(struct zone *zone, const char *type, unsigned labels, unsigned ttl)
{
    zone_record(zone, "\t\t\t%u\tRRSIG\t%s 13 %u %u (", ttl, type, labels, ttl);
    zone_line(zone, INDENT SIGNED);
    write_base64(zone, " )");
}

static void write_key(struct zone *zone, const char *title, unsigned flags, unsigned tag)
{
    zone_record(zone, "\t\t\t%d\tDNSKEY\t%u 3 13 (", APEX_TTL, flags);
    write_base64(zone, "");
    zone_line(zone, INDENT ") ; %s; alg = ECDSAP256SHA256 ; key id = %u", title, tag);
}

static void write_nsec(struct zone *zone, const char *next, const char *types, unsigned labels)
{
    zone_record(zone, "\t\t\t%d\tNSEC\t%s%s%s. %s", NSEC_TTL, next, next[0] != '\0' ? "." : "", ZONE_ORIGIN, types);
    write_signature(zone, "NSEC", labels, NSEC_TTL);
}

/* third_key: a key that is being rolled, so that the number of records is odd. */
static void write_apex(struct zone *zone, const char *next, bool third_key)
{
    zone_line(zone, "; File written on Wed Jul  8 16:00:00 2026");
    zone_line(zone, "; dnssec_signzone version 9.18.49");
    zone_record(zone, "%s.\t%d\tIN SOA\tns1.%s. hostmaster.%s. (", ZONE_ORIGIN, APEX_TTL, ZONE_ORIGIN, ZONE_ORIGIN);
    zone_line(zone, INDENT "2026070801 ; serial");
    zone_line(zone, INDENT "900        ; refresh (15 minutes)");
    zone_line(zone, INDENT "600        ; retry (10 minutes)");
    zone_line(zone, INDENT "86400      ; expire (1 day)");
    zone_line(zone, INDENT "300        ; minimum (5 minutes)");
    zone_line(zone, INDENT ")");
    write_signature(zone, "SOA", LABELS - 1, APEX_TTL);
    zone_record(zone, "\t\t\t%d\tNS\tns1.%s.", APEX_TTL, ZONE_ORIGIN);
    write_signature(zone, "NS", LABELS - 1, APEX_TTL);
    write_nsec(zone, next, "NS SOA RRSIG NSEC DNSKEY", LABELS - 1);
    write_key(zone, "ZSK", 256, 54296);
    if (third_key)
        write_key(zone, "ZSK", 256, 20326);
    write_key(zone, "KSK", 257, 52501);
    write_signature(zone, "DNSKEY", LABELS - 1, APEX_TTL);
    write_signature(zone, "DNSKEY", LABELS - 1, APEX_TTL);
}

/* A name with its A, its AAAA where that is not NULL, and what signs them. */
static void write_host(struct zone *zone, const char *name, unsigned ttl, const char *a, const char *aaaa,
                       const char *next)
{
    zone_record(zone, "%s.%s.\t%u IN\tA %s", name, ZONE_ORIGIN, ttl, a);
    write_signature(zone, "A", LABELS, ttl);
    if (aaaa != NULL) {
        zone_record(zone, "\t\t\t%u\tAAAA\t%s", ttl, aaaa);
        write_signature(zone, "AAAA", LABELS, ttl);
    }
    write_nsec(zone, next, aaaa != NULL ? "A AAAA RRSIG NSEC" : "A RRSIG NSEC", LABELS);
}

/* Names that sort one behind another, until so many records are written, an even number of 4 or more away; next comes
 * behind the last. */
static void write_hosts(struct zone *zone, uint64_t written, const char *role, const char *next)
{
    while (zone->written < written && !ferror(zone->out)) {
        uint64_t left = written - zone->written;
        bool has_aaaa = left == HOST6 || (left > HOST6 + HOST && zone_percent(zone, 25));
        char a[ZONE_ADDRESS_SIZE], aaaa[ZONE_ADDRESS6_SIZE], follower[ZONE_NAME_SIZE];

        zone_address(zone, a);
        zone_address6(zone, aaaa);
        snprintf(zone->host, sizeof(zone->host), "%s-%08u", role, zone->hosts++);
        snprintf(follower, sizeof(follower), "%s-%08u", role, zone->hosts);
        write_host(zone, zone->host, APEX_TTL, a, has_aaaa ? aaaa : NULL,
                   left == (has_aaaa ? HOST6 : HOST) ? next : follower);
    }
}

static void write_signed(struct zone *zone)
{
    uint64_t odd = zone->total % 2, last = zone->total - HOST - HOST; /* isatap and ns1 */
    uint64_t hosts = last - APEX - odd - HOST6 - HOST, first = hosts / 4 * 2;
    char second[ZONE_NAME_SIZE];

    write_apex(zone, "client-00000000", odd != 0);
    write_hosts(zone, APEX + odd + first, "client", ZONE_CORP);
    snprintf(second, sizeof(second), "host-%08u", zone->hosts);
    write_host(zone, ZONE_CORP, 1200, ZONE_CORP_A, ZONE_CORP_AAAA, ZONE_PROBE);
    write_host(zone, ZONE_PROBE, 1200, ZONE_PROBE_A, NULL, second);
    write_hosts(zone, last, "host", "isatap");
    write_host(zone, "isatap", APEX_TTL, ZONE_ISATAP_A, NULL, "ns1");
    write_host(zone, "ns1", APEX_TTL, "10.0.0.1", NULL, "");
}

const struct zone_kind zone_signed = {.name = "signed", .least = 40, .end = "\n", .write = write_signed};
