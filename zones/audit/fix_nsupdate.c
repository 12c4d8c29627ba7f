/* Commands of BIND's nsupdate: dynamic updates (RFC 2136). All that concerns a name is in one update, which the server
 * does whole or not at all. */
#include "audit/fix_plan.h"

#include <inttypes.h>

static const char *const limits[] = {
    "Run it with a key that may update the zones, or a Kerberos ticket for Active Directory: (echo server PRIMARY; cat "
    "FILE) | nsupdate -k KEYFILE, or -g.",
    "In Active Directory, records that come by an update are dynamic: scavenging deletes them in time. Make them "
    "static "
    "there, or use --fix powershell.",
    NULL,
};

static void open_zone(const struct da_repair_text *text, FILE *out)
{
    fprintf(out, "zone %s.\n", text->zone);
}

static void close_zone(FILE *out)
{
    fputs("send\n", out);
}

static void write_repair(const struct da_repair *repair, const struct da_repair_text *text, uint32_t ttl, FILE *out)
{
    switch (repair->step) {
    case DA_STEP_ADD:
    case DA_STEP_RENEW: /* adding what is there changes its TTL (RFC 2136 section 3.4.2.2) */
        fprintf(out, "update add %s. %" PRIu32 " %s %s\n", text->name, ttl, text->type, text->address);
        break;
    case DA_STEP_ALIAS:
    case DA_STEP_DELETE:
        fprintf(out, "update delete %s. %s%s%s\n", text->name, text->type, text->address[0] != '\0' ? " " : "",
                text->address);
        break;
    }
}

const struct da_fix_dialect da_fix_nsupdate = {
    .name = "nsupdate",
    .mark = "; ",
    .never_static = true,
    .purpose = "Repairs of DirectAccess records as dynamic updates: commands of BIND's nsupdate.",
    .limits = limits,
    .begin = "",
    .end = "",
    .open = open_zone,
    .close = close_zone,
    .write = write_repair,
};
