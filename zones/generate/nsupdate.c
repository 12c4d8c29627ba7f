/* Commands of BIND's nsupdate: dynamic updates (RFC 2136). */
#include "generate/format.h"

#include "rr.h"

static const char *const limits[] = {
    "In Active Directory, records that come by an update are dynamic: scavenging deletes them in time. The format "
    "powershell makes static ones.",
    "Without --replace it only adds: wrong addresses stay beside the right ones, and where the name is an alias the "
    "server ignores what is added, without an error. With it, the A, AAAA and CNAME records of each published name are "
    "deleted and the right ones added in one update, so that the name is never without; in Active Directory this makes "
    "static records dynamic. It also deletes those of blocked names.",
    "Blocked names are refused by being absent only; the bare names are in no zone of yours.",
    "Each suffix is taken for a zone of its own. Where it is not, write the zone's name behind \"zone\".",
    "Negative answers carry the zone's own SOA, so that they are cached as long as it says.",
    NULL,
};

/* A CNAME, too: beside one, what is added would be ignored (RFC 2136 section 3.4.2.2). */
static void write_deletions(const struct da_name *name, FILE *out)
{
    static const char *const types[] = {"A", "AAAA", "CNAME"};
    char text[DA_NAME_TEXT_MAX];

    da_name_to_text(name, text);
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        fprintf(out, "update delete %s %s\n", text, types[i]);
}

static void write_owner(const struct da_format_request *request, const struct da_owner *owner,
                        const struct da_name *suffix, FILE *out)
{
    char text[DA_NAME_TEXT_MAX], address[DA_ADDRESS_TEXT_MAX];
    struct da_name name;

    da_name_prepend(owner->label, suffix, &name);
    da_name_to_text(&name, text);
    if (request->replace)
        write_deletions(&name, out);
    for (size_t i = 0; i < owner->rrset_count; i++)
        for (size_t j = 0; j < owner->rrsets[i].count; j++)
            fprintf(out, "update add %s %u %s %s\n", text, request->set->ttl, da_rr_type(&owner->rrsets[i]),
                    da_rr_address(&owner->rrsets[i], j, address));
}

static void write_suffix(const struct da_format_request *request, const struct da_name *suffix, FILE *out)
{
    const struct da_record_set *set = request->set;
    char text[DA_NAME_TEXT_MAX];
    struct da_name name;

    fprintf(out, "\nzone %s\n", da_name_to_text(suffix, text));
    for (size_t i = 0; i < set->owner_count; i++)
        write_owner(request, &set->owners[i], suffix, out);
    for (size_t i = 0; request->replace && i < set->block_count; i++)
        if (da_name_prepend(set->block[i], suffix, &name) == DA_OK) /* else it is longer than a name can be */
            write_deletions(&name, out);
    fputs("send\n", out);
}

static enum da_status write_nsupdate(const struct da_format *format, const struct da_format_request *request, FILE *out)
{
    da_format_head(format, request, "; ", out);
    for (size_t i = 0; i < request->set->suffix_count && !ferror(out); i++)
        write_suffix(request, &request->set->suffixes[i], out);
    return ferror(out) ? DA_ERR_IO : DA_OK;
}

static const char *const setup[] = {
    "(echo server PRIMARY; cat PATH) | nsupdate -k KEYFILE",
    "(echo server DC; cat PATH) | nsupdate -g",
    NULL,
};

const struct da_format da_format_nsupdate = {
    .name = "nsupdate",
    .purpose = "DirectAccess records as dynamic updates (RFC 2136): commands of BIND's nsupdate.",
    .loading = "With a key that may update the zones (-k), or a Kerberos ticket (-g) for Active Directory. The server "
               "is named because a resolver with one of our modules answers for the names:",
    .setup = setup,
    .expresses = "It has the positive answers, one update a suffix. What updates cannot do:",
    .limits = limits,
    .checked = "run against BIND 9.18; not against Windows.",
    .options = DA_FORMAT_REPLACE,
    .write = write_nsupdate,
};
