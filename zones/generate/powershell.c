/* A script for the DnsServer module of Windows PowerShell. Names are hostnames and addresses are addresses, so that
 * nothing in single quotes needs an escape. */
#include "generate/script.h"

#include "rr.h"

#include <string.h>

static const char *const limits[] = {
    "Blocked names are refused by the server's global query block list, in all its zones; the bare names are in no "
    "zone of yours. The list is each server's own: run the script against every one.",
    "Without -Replace it deletes nothing: it tells of wrong addresses, and of right records that are dynamic, which "
    "scavenging will delete. Adding such a record again does not make it static; -Replace deletes it and adds it anew; "
    "for that moment it is not there.",
    "The TTL of a record that is right already stays as it is.",
    "Negative answers carry the zone's own SOA, so that they are cached as long as it says.",
    NULL,
};

/* The name without its final dot. */
static const char *relative_text(const struct da_name *name, char text[static DA_NAME_TEXT_MAX])
{
    da_name_to_text(name, text);
    text[strlen(text) - 1] = '\0';
    return text;
}

/* Both types for every owner: one that an owner has not is to have no address. */
static void write_rrset(const struct da_owner *owner, uint16_t type, FILE *out)
{
    const struct da_rrset *rrset = NULL;
    char text[DA_ADDRESS_TEXT_MAX];

    for (size_t i = 0; i < owner->rrset_count; i++)
        if (owner->rrsets[i].type == type)
            rrset = &owner->rrsets[i];
    fprintf(out, "    @{ Label = '%s'; Type = '%s'; Addresses = @(", owner->label, type == DA_TYPE_A ? "A" : "AAAA");
    for (size_t i = 0; rrset != NULL && i < rrset->count; i++)
        fprintf(out, "%s'%s'", i > 0 ? ", " : "", da_rr_address(rrset, i, text));
    fputs(") }\n", out);
}

static void write_data(const struct da_format_request *request, FILE *out)
{
    const struct da_record_set *set = request->set;
    char text[DA_NAME_TEXT_MAX];

    fprintf(out, "$Ttl = [TimeSpan]::FromSeconds(%u)\n$Suffixes = @(\n", set->ttl);
    for (size_t i = 0; i < set->suffix_count; i++)
        fprintf(out, "    '%s'\n", relative_text(&set->suffixes[i], text));
    fputs(")\n$Records = @(\n", out);
    for (size_t i = 0; i < set->owner_count; i++) {
        write_rrset(&set->owners[i], DA_TYPE_A, out);
        write_rrset(&set->owners[i], DA_TYPE_AAAA, out);
    }
    fputs(")\n$Blocked = @(\n", out);
    for (size_t i = 0; i < set->block_count; i++)
        fprintf(out, "    '%s'\n", set->block[i]);
    fputs(")\n", out);
}

static enum da_status write_powershell(const struct da_format *format, const struct da_format_request *request,
                                       FILE *out)
{
    return da_script_write_crlf(format, request, "# ", da_script_powershell, write_data, out);
}

const struct da_format da_format_powershell = {
    .name = "powershell",
    .purpose = "DirectAccess names as static records of Windows DNS, and its query block list: a PowerShell script.",
    .loading = "On a machine with the DnsServer module, as an administrator of the server's DNS, first with -WhatIf:",
    .setup = (const char *const[]){".\\directaccess.ps1 -ComputerName SERVER -WhatIf", NULL},
    .expresses = "It finds the zones by itself, adds the records that are missing, without -AgeRecord, and adds the "
                 "blocked labels to those on the block list. Run again, it changes nothing.",
    .limits = limits,
    .checked =
        "its syntax, by a grammar of PowerShell, and its records, by comparing them with the deployment; not run on "
        "Windows.",
    .write = write_powershell,
};
