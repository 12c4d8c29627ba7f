/* A policy in Lua for Knot Resolver 5. */
#include "generate/script.h"

#include "rr.h"

/* Measured on Knot Resolver 5.6. */
static const char *const limits[] = {
    "ANY is SERVFAIL for every name, as ever.",
    "Queries without the RD flag are refused, unless kresd.conf has modules.unload('refuse_nord').",
    "The target of a CNAME from elsewhere is not looked at: an alias of a published name is answered as upstream has "
    "it.",
    NULL,
};

static void write_owner(const struct da_owner *owner, FILE *out)
{
    char text[DA_ADDRESS_TEXT_MAX];

    fprintf(out, "  ['%s'] = {\n", owner->label);
    for (size_t i = 0; i < owner->rrset_count; i++) {
        const struct da_rrset *rrset = &owner->rrsets[i];
        fprintf(out, "    %s = {", da_rr_type(rrset));
        for (size_t j = 0; j < rrset->count; j++)
            fprintf(out, "%s'%s'", j > 0 ? ", " : "", da_rr_address(rrset, j, text));
        fputs("},\n", out);
    }
    fputs("  },\n", out);
}

static void write_data(const struct da_format_request *request, FILE *out)
{
    const struct da_record_set *set = request->set;
    char text[DA_NAME_TEXT_MAX];

    fprintf(out, "local ttl, negative_ttl = %u, %u\nlocal suffixes = {\n", set->ttl, set->negative_ttl);
    for (size_t i = 0; i < set->suffix_count; i++)
        fprintf(out, "  '%s',\n", da_name_to_text(&set->suffixes[i], text));
    fputs("}\nlocal records = {\n", out);
    for (size_t i = 0; i < set->owner_count; i++)
        write_owner(&set->owners[i], out);
    fputs("}\nlocal blocked = {\n", out);
    for (size_t i = 0; i < set->block_count; i++)
        fprintf(out, "  '%s',\n", set->block[i]);
    fputs("}\n", out);
}

static enum da_status write_knot_resolver(const struct da_format *format, const struct da_format_request *request,
                                          FILE *out)
{
    return da_script_write(format, request, "-- ", da_script_lua, write_data, out);
}

const struct da_format da_format_knot_resolver = {
    .name = "knot-resolver",
    .purpose = "DirectAccess names as a policy of Knot Resolver 5.",
    .loading = "In kresd.conf, ahead of every other policy, as the first that matches decides; then restart kresd:",
    .setup = (const char *const[]){"dofile('PATH')", NULL},
    .expresses = "It has the positive answers, NODATA, and NXDOMAIN for blocked labels at any depth under a suffix and "
                 "all below them, with the SOA and the TTLs that the modules give. Where it differs from them:",
    .limits = limits,
    .checked = "run in Knot Resolver 5.6.",
    .write = write_knot_resolver,
};
