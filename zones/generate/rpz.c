/* A response policy zone: draft-vixie-dnsop-dns-rpz, QNAME triggers only. */
#include "generate/format.h"

#include "rr.h"

#include <stdlib.h>
#include <string.h>

/* Measured on BIND 9.18, Unbound 1.17, Knot Resolver 5.6 and PowerDNS Recursor 4.8. */
static const char *const limits[] = {
    "A blocked label that is not directly in front of a suffix, as in isatap.sub.SUFFIX, is resolved like any name.",
    ("Negative answers do not carry our SOA: BIND puts the zone's into the additional section, Unbound and PowerDNS "
     "send none, Knot Resolver makes up its own. So how long they are cached is not ours to say."),
    "ANY for a published name is NODATA in Unbound and SERVFAIL in Knot Resolver; BIND caps its TTL at 5 seconds.",
    ("An alias of a published name elsewhere leads to our answer in BIND and PowerDNS; in Unbound only where it is "
     "resolved anew, not from its cache; in Knot Resolver never."),
    "Knot Resolver refuses queries without the RD flag; Unbound answers in every class, not in IN alone.",
    "BIND answers in this file's spelling of a name, the others in the query's.",
    "The answers are not signed: who validates behind the resolver refuses them where the suffix is signed.",
    NULL,
};

/* Every line was run in the server it is for. qname-wait-recurse no: answers do not wait for an upstream that is down;
 * recursive-only no: queries without RD get them, too; max-policy-ttl: BIND's own limit is 5 seconds; log no: a line
 * for every answer costs a quarter of the speed; break-dnssec yes: also where the client sets DO and the suffix is
 * signed; min-update-interval: BIND's own waits up to a minute with what a transfer brought. */
static const char *const setup[] = {
    "BIND:",
    "  options {",
    "    response-policy {",
    "      zone \"ZONE\" max-policy-ttl 86400 log no;",
    "    } qname-wait-recurse no recursive-only no break-dnssec yes",
    "      min-update-interval 1;",
    "  };",
    "  zone \"ZONE\" {",
    "    // or: type primary; file \"PATH\";",
    "    type secondary; primaries { ADDRESS; }; file \"COPY\";",
    "    allow-query { localhost; };",
    "  };",
    "Unbound:",
    "  server:",
    "    module-config: \"respip validator iterator\"",
    "  rpz:",
    "    name: \"ZONE\"",
    "    primary: ADDRESS  # or leave it out",
    "    zonefile: \"COPY\"  # or PATH; then auth_zone_reload takes a new one",
    "Knot Resolver 5:",
    "  policy.add(policy.rpz(policy.DENY, 'PATH'))",
    "  -- with lua-cqueues it sees a change, else restart it",
    "PowerDNS Recursor, its lua-config-file:",
    "  rpzFile(\"PATH\", {policyName=\"ZONE\"})",
    "  -- or: rpzPrimary(\"ADDRESS\", \"ZONE\")",
    NULL,
};

/* Numbers of the SOA, in seconds. NOTIFY is what brings a change; refresh is for the resolver that missed it. A primary
 * that is gone for four weeks leaves the answers standing. */
enum { REFRESH = 600, RETRY = 120, EXPIRE = 2419200 };

/* One record below the zone. */
struct record {
    const struct da_name *trigger; /* owner, less the zone's name */
    uint16_t type;
    uint32_t ttl;
    const uint8_t *rdata;
    uint16_t rdata_length;
    const char *text; /* the rdata */
};

/* Takes the records of the zone, one by one. */
struct sink {
    enum da_status (*take)(struct sink *sink, const struct record *record);
    const struct da_format_request *request;
    struct da_zone_digest *digest; /* of the sink that digests */
    FILE *out;                     /* of the sink that writes */
};

#define DA_TYPE_NS    2
#define DA_TYPE_CNAME 5

/* ---- what the zone holds ---- */

static enum da_status too_long(const struct sink *sink, const struct da_name *trigger)
{
    char text[DA_NAME_TEXT_MAX], quoted[DA_ERROR_QUOTE_MAX], zone[DA_NAME_TEXT_MAX];

    return da_error_set(sink->request->error, DA_ERR_LIMIT, NULL,
                        "%s does not fit below the zone %s: a name has 255 octets at the most; choose a shorter "
                        "--rpz-zone",
                        da_error_quote(da_name_to_text(trigger, text), quoted, sizeof(quoted)),
                        da_name_to_text(&sink->request->rpz_zone, zone));
}

static bool fits(const struct sink *sink, const struct da_name *trigger)
{
    return trigger->length - 1 + sink->request->rpz_zone.length <= DA_NAME_MAX;
}

static enum da_status take_addresses(struct sink *sink, const struct da_rrset_cursor *cursor)
{
    const struct da_rrset *rrset = cursor->rrset;
    enum da_status status = fits(sink, &cursor->name) ? DA_OK : too_long(sink, &cursor->name);
    char text[DA_ADDRESS_TEXT_MAX];

    for (size_t i = 0; status == DA_OK && i < rrset->count; i++)
        status = sink->take(sink, &(struct record){
                                      .trigger = &cursor->name,
                                      .type = rrset->type,
                                      .ttl = sink->request->set->ttl,
                                      .rdata = rrset->rdata + i * rrset->rdata_length,
                                      .rdata_length = rrset->rdata_length,
                                      .text = da_rr_address(rrset, i, text),
                                  });
    return status;
}

/* CNAME to the root: NXDOMAIN. */
static enum da_status take_refusal(struct sink *sink, const struct da_name *trigger)
{
    static const uint8_t root[] = {0};

    if (!fits(sink, trigger))
        return too_long(sink, trigger);
    return sink->take(sink, &(struct record){.trigger = trigger,
                                             .type = DA_TYPE_CNAME,
                                             .ttl = sink->request->set->negative_ttl,
                                             .rdata = root,
                                             .rdata_length = sizeof(root),
                                             .text = "."});
}

/* The blocked labels under a parent: a suffix, or the root for the bare names; and what is below them. A name that
 * nobody can ask for needs no refusal. */
static enum da_status take_blocked(struct sink *sink, const struct da_name *parent)
{
    const struct da_record_set *set = sink->request->set;
    enum da_status status = DA_OK;

    for (size_t i = 0; status == DA_OK && i < set->block_count; i++) {
        struct da_name name, below;
        if (da_name_prepend(set->block[i], parent, &name) != DA_OK)
            continue;
        status = take_refusal(sink, &name);
        if (status == DA_OK && da_name_prepend("*", &name, &below) == DA_OK)
            status = take_refusal(sink, &below);
    }
    return status;
}

static enum da_status take_all(struct sink *sink)
{
    static const struct da_name root = {.length = 1};
    const struct da_record_set *set = sink->request->set;
    struct da_rrset_cursor cursor = {0};

    enum da_status status = take_blocked(sink, &root);
    for (bool more = da_record_set_next(set, &cursor); status == DA_OK && more;) {
        const struct da_name *suffix = cursor.suffix;
        for (; status == DA_OK && more && cursor.suffix == suffix; more = da_record_set_next(set, &cursor))
            status = take_addresses(sink, &cursor);
        if (status == DA_OK)
            status = take_blocked(sink, suffix);
    }
    return status;
}

/* ---- digest ---- */

static enum da_status digest_record(struct sink *sink, const struct record *record)
{
    const struct da_name *zone = &sink->request->rpz_zone;
    struct da_name owner = *record->trigger;

    memcpy(owner.wire + owner.length - 1, zone->wire, zone->length);
    owner.length = (uint8_t)(owner.length - 1 + zone->length);
    da_zone_digest_add(sink->digest, &owner, record->type, record->ttl, record->rdata, record->rdata_length);
    return DA_OK;
}

/* The rdata that policy.h's negative answers have, with the timers of a zone that is transferred. */
static void soa_rdata(uint32_t negative_ttl, uint8_t rdata[static DA_SOA_RDATA_LENGTH])
{
    static const uint32_t numbers[] = {0, REFRESH, RETRY, EXPIRE};
    uint8_t *at = rdata + DA_SOA_RDATA_LENGTH - 20;

    da_soa_rdata(negative_ttl, rdata);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        for (size_t shift = 32; shift > 0; shift -= 8)
            *at++ = (uint8_t)(numbers[i] >> (shift - 8));
}

static enum da_status digest_zone(const struct da_format_request *request, struct da_zone_digest *digest)
{
    static const uint8_t localhost[] = "\x09localhost";
    struct sink sink = {.take = digest_record, .request = request, .digest = digest};
    const uint32_t ttl = request->set->negative_ttl;
    uint8_t rdata[DA_SOA_RDATA_LENGTH];

    soa_rdata(ttl, rdata);
    da_zone_digest_add(digest, &request->rpz_zone, DA_TYPE_SOA, ttl, rdata, DA_SOA_RDATA_LENGTH);
    da_zone_digest_add(digest, &request->rpz_zone, DA_TYPE_NS, ttl, localhost, sizeof(localhost));
    return take_all(&sink);
}

/* ---- text ---- */

static enum da_status write_record(struct sink *sink, const struct record *record)
{
    static const char *const names[] = {[DA_TYPE_A] = "A", [DA_TYPE_CNAME] = "CNAME", [DA_TYPE_AAAA] = "AAAA"};
    char text[DA_NAME_TEXT_MAX];

    da_name_to_text(record->trigger, text);
    text[strlen(text) - 1] = '\0'; /* relative to the origin */
    int written = fprintf(sink->out, "%s\t%u\tIN\t%s\t%s\n", text, record->ttl, names[record->type], record->text);
    return written < 0 ? DA_ERR_IO : DA_OK;
}

static enum da_status write_zone(const struct da_format *format, const struct da_format_request *request,
                                 uint32_t serial, FILE *out)
{
    struct sink sink = {.take = write_record, .request = request, .out = out};
    const uint32_t ttl = request->set->negative_ttl;
    char text[DA_NAME_TEXT_MAX];

    da_format_head(format, request, "; ", out);
    fprintf(out, "\n$ORIGIN %s\n", da_name_to_text(&request->rpz_zone, text));
    fprintf(out, "@\t%u\tIN\tSOA\tlocalhost. nobody.invalid. %u %d %d %d %u\n", ttl, serial, REFRESH, RETRY, EXPIRE,
            ttl);
    fprintf(out, "@\t%u\tIN\tNS\tlocalhost.\n", ttl);
    enum da_status status = take_all(&sink);
    return status == DA_OK && ferror(out) ? DA_ERR_IO : status;
}

/* A top-level label that makes the name another kind of trigger. */
static enum da_status check_suffixes(const struct da_format_request *request)
{
    static const char *const kinds[] = {"rpz-ip", "rpz-nsip", "rpz-nsdname", "rpz-client-ip"};
    char text[DA_NAME_TEXT_MAX];

    for (size_t i = 0; i < request->set->suffix_count; i++) {
        da_name_to_text(&request->set->suffixes[i], text);
        text[strlen(text) - 1] = '\0';
        const char *dot = strrchr(text, '.'), *last = dot != NULL ? dot + 1 : text;
        for (size_t j = 0; j < sizeof(kinds) / sizeof(kinds[0]); j++)
            if (strcasecmp(last, kinds[j]) == 0)
                return da_error_set(request->error, DA_ERR_VALUE, NULL,
                                    "the suffix %s: a response policy zone gives names below %s another meaning", text,
                                    kinds[j]);
    }
    return DA_OK;
}

static enum da_status write_rpz(const struct da_format *format, const struct da_format_request *request, FILE *out)
{
    struct da_zone_digest before = {0}, after = {0};
    uint32_t serial = 0;
    bool compare = request->replaced != NULL;

    enum da_status status = check_suffixes(request);
    if (status == DA_OK)
        status = digest_zone(request, &after);
    if (status == DA_OK && compare) {
        /* A number that is given is also the way out where there is nothing to compare it with. */
        bool number = request->serial.choice == DA_SERIAL_NUMBER;
        status = da_zone_digest_read(request->replaced, &request->rpz_zone, &before, number ? NULL : request->error);
        compare = status == DA_OK;
        if (number && status != DA_ERR_MEMORY)
            status = DA_OK;
    }
    if (status == DA_OK)
        status =
            da_serial_choose(&request->serial, request->now, compare ? &before : NULL, &after, &serial, request->error);
    return status == DA_OK ? write_zone(format, request, serial, out) : status;
}

const struct da_format da_format_rpz = {
    .name = "rpz",
    .purpose = "DirectAccess names as a response policy zone (RPZ), for any resolver and any number of them.",
    .loading = "Load the file in a primary server and let the resolvers transfer it, or load it in each resolver. "
               "--rpz-zone names the zone. With --output its serial rises by itself whenever a record changes; "
               "without, it is the Unix time."
               " The "
               "servers need:",
    .setup = setup,
    .expresses = "It has the positive answers, NODATA, and NXDOMAIN for blocked names and all below them. Where "
                 "resolvers differ from the modules:",
    .limits = limits,
    .checked = "run in BIND 9.18, Unbound 1.17, Knot Resolver 5.6 and PowerDNS Recursor 4.8.",
    .options = DA_FORMAT_RPZ_ZONE | DA_FORMAT_SERIAL,
    .write = write_rpz,
};
