/* Options of dnsmasq. */
#include "generate/format.h"

#include "rr.h"

#include <string.h>

/* Measured on dnsmasq 2.90. */
static const char *const limits[] = {
    "A blocked label that is not directly in front of a suffix, as in isatap.sub.SUFFIX, is resolved like any name.",
    "Names below a published one do not exist.",
    "Negative answers carry no SOA.",
    "A blocked name is answered all the same where /etc/hosts or a DHCP lease of this dnsmasq has it. Against leases: "
    "dhcp-name-match=set:blocked,isatap and dhcp-ignore-names=tag:blocked.",
    "A published address that has no PTR here yet gets one: the first name it is published under. Loopback keeps "
    "localhost.",
    "The target of a CNAME from elsewhere is not looked at.",
    NULL,
};

static void write_blocked(const struct da_record_set *set, const struct da_name *parent, FILE *out)
{
    char text[DA_NAME_TEXT_MAX];

    for (size_t i = 0; i < set->block_count; i++) {
        struct da_name name;
        if (da_name_prepend(set->block[i], parent, &name) != DA_OK)
            continue; /* longer than a name can be */
        da_name_to_text(&name, text);
        text[strlen(text) - 1] = '\0';
        fprintf(out, "address=/%s/\n", text);
    }
}

/* The TTL of address= is that of all local answers; host-record has its own. local= keeps other types from upstream. */
static void write_rrset(const struct da_record_set *set, const struct da_rrset_cursor *cursor, FILE *out)
{
    char text[DA_NAME_TEXT_MAX], address[DA_ADDRESS_TEXT_MAX];

    da_name_to_text(&cursor->name, text);
    text[strlen(text) - 1] = '\0';
    if (cursor->rrset == cursor->owner->rrsets)
        fprintf(out, "local=/%s/\n", text);
    for (size_t i = 0; i < cursor->rrset->count; i++)
        fprintf(out, "host-record=%s,%s,%u\n", text, da_rr_address(cursor->rrset, i, address), set->ttl);
}

static enum da_status write_dnsmasq(const struct da_format *format, const struct da_format_request *request, FILE *out)
{
    static const struct da_name root = {.length = 1};
    const struct da_record_set *set = request->set;
    struct da_rrset_cursor cursor = {0};
    const struct da_name *suffix = NULL;
    char text[DA_NAME_TEXT_MAX];

    da_format_head(format, request, "# ", out);
    /* The first name of an address gets its PTR record. */
    fputs("\nhost-record=localhost,127.0.0.1,::1\n", out);
    write_blocked(set, &root, out);
    while (!ferror(out) && da_record_set_next(set, &cursor)) {
        if (cursor.suffix != suffix) {
            fprintf(out, "\n# %s\n", da_name_to_text(cursor.suffix, text));
            write_blocked(set, cursor.suffix, out);
        }
        write_rrset(set, &cursor, out);
        suffix = cursor.suffix;
    }
    return ferror(out) ? DA_ERR_IO : DA_OK;
}

const struct da_format da_format_dnsmasq = {
    .name = "dnsmasq",
    .purpose = "DirectAccess names as options of dnsmasq.",
    .loading = "Put it into /etc/dnsmasq.d as directaccess.conf, run dnsmasq --test, and restart dnsmasq.",
    .expresses = "It has the positive answers, NODATA, and NXDOMAIN for blocked names and all below them. Where it "
                 "differs from the modules:",
    .limits = limits,
    .checked = "run in dnsmasq 2.90.",
    .write = write_dnsmasq,
};
