/* Local data for an Unbound that loads no module. */
#include "generate/format.h"

#include "rr.h"

#include <stdlib.h>

/* Measured on Unbound 1.17.1 and 1.22.0; tests/integration holds them to it. */
static const char *const limits[] = {
    "A blocked label that is not directly in front of a suffix, as in isatap.sub.SUFFIX, is resolved like any name.",
    "The SOA of a negative answer belongs to the published or blocked name, not to the suffix.",
    "ANY for a published name is NODATA, and SOA is answered with that SOA.",
    "DS for a published or blocked name is resolved like any name.",
    "There is no DNS64 for published names, so directaccess-WebProbeHost gets no AAAA from it.",
    "Clients of a view that has local zones of its own are served only where the view has view-first: yes.",
    "Queries without the RD flag are answered, too.",
    NULL,
};

/* The zone types, of which Unbound applies the one of the closest enclosing local zone (services/localzone.c,
 * local_zones_answer): transparent answers the types there are, NODATA for the others, and resolves names below as
 * ever; always_nxdomain denies the name itself and all below. Either takes the SOA of negative answers from local data
 * at its own name. */
#define ZONE_OWNER   "transparent"
#define ZONE_BLOCKED "always_nxdomain"

static enum da_status write_line(FILE *out, char *line)
{
    if (line == NULL)
        return DA_ERR_MEMORY;
    int written = fprintf(out, "    local-data: \"%s\"\n", line);
    free(line);
    return written < 0 ? DA_ERR_IO : DA_OK;
}

/* Begins a local zone: its type and its SOA. */
static enum da_status write_zone(const struct da_name *name, const char *type, uint32_t negative_ttl, FILE *out)
{
    char text[DA_NAME_TEXT_MAX];

    if (fprintf(out, "    local-zone: \"%s\" %s\n", da_name_to_text(name, text), type) < 0)
        return DA_ERR_IO;
    return write_line(out, da_rr_soa_line(name, negative_ttl, ' '));
}

/* Refuses the blocked labels under a parent: a suffix, or the root for the bare names. */
static enum da_status write_blocked(const struct da_record_set *set, const struct da_name *parent, FILE *out)
{
    enum da_status status = DA_OK;

    for (size_t i = 0; status == DA_OK && i < set->block_count; i++) {
        struct da_name name;
        if (da_name_prepend(set->block[i], parent, &name) == DA_OK) /* else it is longer than a name can be */
            status = write_zone(&name, ZONE_BLOCKED, set->negative_ttl, out);
    }
    return status;
}

static enum da_status write_rrset(const struct da_record_set *set, const struct da_rrset_cursor *cursor, FILE *out)
{
    enum da_status status = DA_OK;

    for (size_t i = 0; status == DA_OK && i < cursor->rrset->count; i++)
        status = write_line(out, da_rr_line(set, cursor, i, ' '));
    return status;
}

static enum da_status write_suffix(const struct da_record_set *set, const struct da_name *suffix, FILE *out)
{
    char text[DA_NAME_TEXT_MAX];

    fprintf(out, "\n    # %s\n", da_name_to_text(suffix, text));
    return write_blocked(set, suffix, out);
}

static enum da_status write_unbound(const struct da_format *format, const struct da_format_request *request, FILE *out)
{
    const struct da_record_set *set = request->set;
    static const struct da_name root = {.length = 1};
    const struct da_owner *owner = NULL;
    const struct da_name *suffix = NULL;
    struct da_rrset_cursor cursor = {0};

    da_format_head(format, request, "# ", out);
    fputs("\nserver:\n", out);
    enum da_status status = write_blocked(set, &root, out);
    while (status == DA_OK && da_record_set_next(set, &cursor)) {
        if (cursor.suffix != suffix)
            status = write_suffix(set, cursor.suffix, out);
        if (status == DA_OK && (cursor.suffix != suffix || cursor.owner != owner))
            status = write_zone(&cursor.name, ZONE_OWNER, set->negative_ttl, out);
        if (status == DA_OK)
            status = write_rrset(set, &cursor, out);
        suffix = cursor.suffix;
        owner = cursor.owner;
    }
    return status == DA_OK && ferror(out) ? DA_ERR_IO : status;
}

const struct da_format da_format_unbound = {
    .name = "unbound",
    .purpose = "DirectAccess names as local data of Unbound, for packages that cannot load the module.",
    .loading =
        "Put it where the configuration includes files from, such as /etc/unbound/unbound.conf.d/directaccess.conf, "
        "run unbound-checkconf, and reload.",
    .expresses =
        "It has the positive answers, NODATA, and NXDOMAIN for blocked names and all below them. Where it differs "
        "from the module:",
    .limits = limits,
    .checked = "run in Unbound 1.17.",
    .write = write_unbound,
};
