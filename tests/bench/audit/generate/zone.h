/* zone.h - a zone file that is written record by record, the same octets each time.
 *
 * All kinds are of zone corp.example.net. directaccess-corpConnectivityHost is right; directaccess-WebProbeHost has an
 * address that is wrong, and isatap is there: what an audit must find. A write that fails shows in ferror(zone->out).
 */
#ifndef BENCH_ZONE_H
#define BENCH_ZONE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define ZONE_RECORDS_MAX 100000000

#define ZONE_ORIGIN    "corp.example.net"
#define ZONE_CORP      "directaccess-corpConnectivityHost"
#define ZONE_CORP_A    "127.0.0.1"
#define ZONE_CORP_AAAA "fd12:3456:789a:7777::7f00:1"
#define ZONE_PROBE     "directaccess-WebProbeHost"
#define ZONE_PROBE_A   "10.0.0.99" /* the deployment has 10.0.0.11 */
#define ZONE_ISATAP_A  "10.0.0.11"

#define ZONE_NAME_SIZE 48 /* octets of a host's relative name, with the NUL */

struct zone {
    FILE *out;
    const char *end; /* of a line */
    uint64_t random; /* state of zone_random() */
    uint64_t total;  /* records that are to be written */
    uint64_t written;
    unsigned hosts;            /* names made so far */
    char host[ZONE_NAME_SIZE]; /* the last of them that has an address */
};

/* A way to write zones. */
struct zone_kind {
    const char *name, *end;
    uint64_t least; /* records of a zone */
    /* Writes zone->total records exactly; may stop early where writing fails. */
    void (*write)(struct zone *zone);
};
extern const struct zone_kind zone_enterprise, zone_windows, zone_signed, zone_worst;

/* Random numbers: any, 0 to limit - 1, and true so many times of a hundred. Two of them must not be drawn in arguments
 * of one call, as compilers evaluate those in different orders. */
uint64_t zone_random(struct zone *zone);
unsigned zone_below(struct zone *zone, unsigned limit);
bool zone_percent(struct zone *zone, unsigned chance);

#define ZONE_ADDRESS_SIZE  16
#define ZONE_ADDRESS6_SIZE 46

/* Any address of 10.0.0.0/8, or of a /48. Return text. */
const char *zone_address(struct zone *zone, char text[static ZONE_ADDRESS_SIZE]);
const char *zone_address6(struct zone *zone, char text[static ZONE_ADDRESS6_SIZE]);

/* Writes a line; the first counts it as a record, of which further lines may follow. */
void zone_record(struct zone *zone, const char *format, ...) __attribute__((format(printf, 2, 3)));
void zone_line(struct zone *zone, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Calls group, which writes from 1 to most records, until so many are written in all, or writing fails. */
void zone_fill(struct zone *zone, uint64_t written, void (*group)(struct zone *zone, uint64_t most));

#endif
