/* Master file to be $INCLUDEd: RFC 1035 section 5. */
#include "generate/format.h"

#include "rr.h"

#include <stdlib.h>
#include <string.h>

static const char *const limits[] = {
    "Blocked names are refused by being absent: no wildcard, delegation or DNAME of the zone may cover them. The bare "
    "names, such as isatap alone, are in no zone of yours.",
    "Negative answers carry the zone's own SOA, so that they are cached as long as it says.",
    NULL,
};

/* Owners are relative to the origin, so that a reader sees the few labels there are: of the line only what follows the
 * owner is taken. */
static enum da_status write_rrset(const struct da_record_set *set, const struct da_rrset_cursor *cursor, FILE *out)
{
    for (size_t i = 0; i < cursor->rrset->count; i++) {
        char *line = da_rr_line(set, cursor, i, '\t');
        if (line == NULL)
            return DA_ERR_MEMORY;
        int written = fprintf(out, "%s%s\n", cursor->owner->label, strchr(line, '\t'));
        free(line);
        if (written < 0)
            return DA_ERR_IO;
    }
    return DA_OK;
}

static enum da_status write_zone(const struct da_format *format, const struct da_format_request *request, FILE *out)
{
    const struct da_record_set *set = request->set;
    struct da_rrset_cursor cursor = {0};
    const struct da_name *origin = NULL;
    char text[DA_NAME_TEXT_MAX];

    da_format_head(format, request, "; ", out);
    while (da_record_set_next(set, &cursor)) {
        if (cursor.suffix != origin)
            fprintf(out, "\n$ORIGIN %s\n", da_name_to_text(cursor.suffix, text));
        origin = cursor.suffix;
        enum da_status status = write_rrset(set, &cursor, out);
        if (status != DA_OK)
            return status;
    }
    return ferror(out) ? DA_ERR_IO : DA_OK;
}

const struct da_format da_format_zone = {
    .name = "zone",
    .purpose = "DirectAccess records for a zone file (RFC 1035) of any authoritative server.",
    .loading = "Write $INCLUDE PATH, without quotes, into the zone's file; then raise the zone's serial and reload it. "
               "For suffixes that are zones of their own, make a file for each with --suffix.",
    .expresses = "It has the positive answers. What a zone file cannot say:",
    .limits = limits,
    .checked = "served by NSD 4.6, Knot DNS 3.2 and BIND 9.18.",
    .write = write_zone,
};
