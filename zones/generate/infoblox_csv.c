/* CSV for the import of Infoblox NIOS: a header row a kind of object, then its rows. It has no comments that the
 * importer is known to skip, so there is no head. */
#include "generate/format.h"

#include "rr.h"

static const char *const limits[] = {
    ("Blocked names are refused by being absent only. Where the appliance has an RPZ licence, let it transfer the zone "
     "of "
     "the format rpz."),
    "Records that are there with another address stay: the import adds. Look for them in the grid first.",
    "The DNS view is the default one; add a column \"view\" for another.",
    "Negative answers carry the zone's own SOA, so that they are cached as long as it says.",
    NULL,
};

static void write_type(const struct da_record_set *set, uint16_t type, const char *object, FILE *out)
{
    struct da_rrset_cursor cursor = {0};
    char text[DA_NAME_TEXT_MAX], address[DA_ADDRESS_TEXT_MAX];
    bool begun = false;

    while (!ferror(out) && da_record_set_next(set, &cursor)) {
        if (cursor.rrset->type != type)
            continue;
        if (!begun)
            fprintf(out, "header-%s,fqdn*,address*,ttl,comment\n", object);
        begun = true;
        da_name_to_text(&cursor.name, text);
        text[strlen(text) - 1] = '\0';
        for (size_t i = 0; i < cursor.rrset->count; i++)
            fprintf(out, "%s,%s,%s,%u,directaccess-dns %s\n", object, text, da_rr_address(cursor.rrset, i, address),
                    set->ttl, set->fingerprint);
    }
}

static enum da_status write_infoblox_csv(const struct da_format *format, const struct da_format_request *request,
                                         FILE *out)
{
    (void)format;
    write_type(request->set, DA_TYPE_A, "arecord", out);
    write_type(request->set, DA_TYPE_AAAA, "aaaarecord", out);
    return ferror(out) ? DA_ERR_IO : DA_OK;
}

const struct da_format da_format_infoblox_csv = {
    .name = "infoblox-csv",
    .purpose = "DirectAccess records for the CSV import of Infoblox NIOS.",
    .loading = "Data Management, DNS, CSV Import: test the file, then import it with the option add. Suffixes must be "
               "zones there, or lie in one.",
    .expresses = "It has the positive answers; the comment of each record is the deployment's fingerprint. What it "
                 "cannot say:",
    .limits = limits,
    .checked = "read back as CSV; not imported into NIOS.",
    .write = write_infoblox_csv,
};
