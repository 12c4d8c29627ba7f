/* A batch file for dnscmd, for Windows servers without the DnsServer module of PowerShell. Names are hostnames, so that
 * nothing in them means anything to cmd.exe. */
#include "generate/script.h"

#include "rr.h"

#include <string.h>

static const char *const limits[] = {
    "It cannot tell right addresses from wrong ones that are there: it prints the records of each name for you to look "
    "at. With --replace it deletes all addresses of a name, wrong or right, before it adds the right ones; for that "
    "moment the name has none.",
    "A record that is there already stays as it is, its TTL and its time stamp too: one that is printed with "
    "[Aging:...] "
    "is dynamic, and scavenging will delete it. --replace makes it static.",
    "Blocked names are refused by the server's global query block list, in all its zones; the bare names are in no "
    "zone "
    "of yours. The list is each server's own: run the file against every one. dnscmd replaces the list, so the file "
    "reads it first; where it reads nothing it stops and says what to type.",
    "Negative answers carry the zone's own SOA, so that they are cached as long as it says.",
    NULL,
};

static void write_owner(const struct da_owner *owner, bool replace, FILE *out)
{
    static const char *const types[] = {"A", "AAAA"};
    char text[DA_ADDRESS_TEXT_MAX];

    for (size_t i = 0; replace && i < sizeof(types) / sizeof(types[0]); i++)
        fprintf(out, "call :delete %s %s || exit /b 1\n", owner->label, types[i]);
    for (size_t i = 0; i < owner->rrset_count; i++)
        for (size_t j = 0; j < owner->rrsets[i].count; j++)
            fprintf(out, "call :add %s %s %s || exit /b 1\n", owner->label, da_rr_type(&owner->rrsets[i]),
                    da_rr_address(&owner->rrsets[i], j, text));
    fprintf(out, "call :show %s\n", owner->label);
}

static void write_data(const struct da_format_request *request, FILE *out)
{
    const struct da_record_set *set = request->set;
    char text[DA_NAME_TEXT_MAX];

    fprintf(out, "set \"TTL=%u\"\n\ncall :read_list || exit /b 1\n", set->ttl);
    for (size_t i = 0; i < set->block_count; i++)
        fprintf(out, "call :block %s\n", set->block[i]);
    fputs("call :write_list || exit /b 1\n", out);
    for (size_t i = 0; i < set->suffix_count; i++) {
        da_name_to_text(&set->suffixes[i], text);
        text[strlen(text) - 1] = '\0';
        fprintf(out, "\ncall :suffix %s || exit /b 1\n", text);
        for (size_t j = 0; j < set->owner_count; j++)
            write_owner(&set->owners[j], request->replace, out);
    }
}

/* The comments are labels that nothing jumps to: not printed, even ahead of @echo off. */
static enum da_status write_dnscmd(const struct da_format *format, const struct da_format_request *request, FILE *out)
{
    return da_script_write_crlf(format, request, ":: ", da_script_dnscmd, write_data, out);
}

const struct da_format da_format_dnscmd = {
    .name = "dnscmd",
    .purpose = "DirectAccess names as static records of Windows DNS, and its query block list: a batch file of dnscmd.",
    .loading = "In an elevated command prompt; without SERVER it is the local one:",
    .setup = (const char *const[]){"directaccess.cmd SERVER", NULL},
    .expresses = "It finds the zones by itself, adds the records, without /Aging, and adds the blocked labels to those "
                 "on the block list. It stops at the first error. Where there is PowerShell, the format powershell can "
                 "do more.",
    .limits = limits,
    .checked = "its records are compared with the deployment; not run on Windows.",
    .options = DA_FORMAT_REPLACE,
    .write = write_dnscmd,
};
