/* The client policy as a registry file. The editor of Windows reads such files as UTF-16 with a byte order mark, as it
 * writes them, or without one as text of the machine's code page; all that is written here is ASCII, which is the same
 * in every code page, and which other programs and people read too. */
#include "generate/format.h"

#include "ncsi/ncsi.h"
#include "rr.h"
#include "text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#define NAMES_MAX 300 /* octets of the list of entry points in a message */

static const char *const limits[] = {
    "The group policy that DirectAccess writes overwrites these values each time it is applied: for tests, and to "
    "compare with; correct the deployment's policy in the Remote Access console.",
    "The key, DnsProbeHost and WebProbeUrl are confirmed by Microsoft's own programs. DnsProbeContent, SitePrefixes "
    "and "
    "DomainLocationDeterminationUrl are inferred from the names of the policies (ADMX_NCSI): compare with an export of "
    "a client.",
    "The names are those under the first suffix, or the first of --suffix. Where entry points have NAT64 prefixes of "
    "their own, the address is that of --entry-point.",
    "Site prefixes are the NAT64 prefixes; on an IPv6 network the /64 of each server or VIP. DirectAccess sets shorter "
    "ones, of the whole internal network, which a deployment does not have.",
    "The network location server is there only where the deployment publishes directaccess-NLS; the path of its URL, "
    "and the port, are those of yours.",
    NULL,
};

/* True where clients of every entry point expect the same address. */
static bool expect_the_same(const struct da_deployment *deployment)
{
    const struct da_prefix *first = &deployment->entry_points[0].nat64;

    for (size_t i = 1; i < deployment->entry_point_count; i++) {
        const struct da_prefix *nat64 = &deployment->entry_points[i].nat64;
        if (nat64->length != first->length || memcmp(&nat64->network, &first->network, sizeof(first->network)) != 0)
            return false;
    }
    return true;
}

/* Whose address is written: the one asked for, or any where that makes no difference. */
static enum da_status find_entry_point(const struct da_format_request *request, const struct da_entry_point **found)
{
    const struct da_deployment *deployment = request->deployment;
    char names[NAMES_MAX] = "";
    size_t used = 0;

    *found = request->entry_point != NULL ? request->entry_point : &deployment->entry_points[0];
    if (request->entry_point != NULL || expect_the_same(deployment))
        return DA_OK;
    for (size_t i = 0; i < deployment->entry_point_count && used < sizeof(names); i++)
        used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i > 0 ? ", " : "",
                                 deployment->entry_points[i].name);
    return da_error_set(request->error, DA_ERR_VALUE, NULL,
                        "clients of each entry point expect another address; --entry-point is missing, one of: %s%s",
                        names, used >= sizeof(names) ? "..." : "");
}

static void write_value(enum da_ncsi_value value, const char *before, const char *name, const char *after, FILE *out)
{
    fprintf(out, "\"%s\"=\"%s%s%s\"\n", da_ncsi_name(value, true), before, name, after);
}

/* A value that is made of a published name. */
static void write_named(const struct da_record_set *set, enum da_ncsi_value value, const char *scheme,
                        const char *label, FILE *out)
{
    char suffix[DA_NAME_TEXT_MAX], name[DA_NAME_TEXT_MAX + DA_LABEL_MAX + 1];

    da_name_to_text(&set->suffixes[0], suffix);
    suffix[strlen(suffix) - 1] = '\0';
    snprintf(name, sizeof(name), "%s.%s", label, suffix);
    write_value(value, scheme, name, *scheme != '\0' ? "/" : "", out);
}

static void write_address(const struct da_deployment *deployment, const struct da_entry_point *entry_point, FILE *out)
{
    static const struct da_ipv4 loopback = {{127, 0, 0, 1}};
    char text[INET6_ADDRSTRLEN] = "::1";

    if (deployment->network == DA_NETWORK_IPV4_ONLY) {
        struct da_ipv6 address = da_prefix_embed(&entry_point->nat64, &loopback);
        inet_ntop(AF_INET6, address.octet, text, sizeof(text));
    }
    write_value(DA_NCSI_PROBE_ADDRESS, "", text, "", out);
}

/* What an entry point adds to the site prefixes. Length 0: nothing is known. */
static struct da_prefix site_prefix(const struct da_deployment *deployment, const struct da_entry_point *entry_point)
{
    bool balanced = entry_point->balancer.kind != DA_BALANCER_NONE;
    struct da_prefix prefix = {.length = 64}; /* RFC 4291 section 2.5.4: a subnet's */

    if (deployment->network == DA_NETWORK_IPV4_ONLY)
        return entry_point->nat64;
    if (!(balanced ? entry_point->balancer.has_ipv6 : entry_point->servers[0].has_ipv6))
        return (struct da_prefix){0};
    memcpy(prefix.network.octet, balanced ? &entry_point->balancer.ipv6 : &entry_point->servers[0].ipv6, 8);
    return prefix;
}

/* True where an entry point before this one has the same. */
static bool is_repeated(const struct da_deployment *deployment, size_t index, const struct da_prefix *prefix)
{
    for (size_t i = 0; i < index; i++) {
        struct da_prefix other = site_prefix(deployment, &deployment->entry_points[i]);
        if (other.length == prefix->length && memcmp(&other.network, &prefix->network, sizeof(other.network)) == 0)
            return true;
    }
    return false;
}

static void write_site_prefixes(const struct da_deployment *deployment, FILE *out)
{
    char text[INET6_ADDRSTRLEN];
    size_t count = 0;

    for (size_t i = 0; i < deployment->entry_point_count; i++) {
        struct da_prefix prefix = site_prefix(deployment, &deployment->entry_points[i]);
        if (prefix.length == 0 || is_repeated(deployment, i, &prefix))
            continue;
        if (count == 0)
            fprintf(out, "\"%s\"=\"", da_ncsi_name(DA_NCSI_SITE_PREFIXES, true));
        inet_ntop(AF_INET6, prefix.network.octet, text, sizeof(text));
        fprintf(out, "%s%s/%u", count++ > 0 ? "," : "", text, prefix.length);
    }
    if (count > 0)
        fputs("\"\n", out);
    else
        fprintf(out, "; \"%s\": the deployment has no IPv6 address to tell it by\n",
                da_ncsi_name(DA_NCSI_SITE_PREFIXES, true));
}

static void write_values(const struct da_format *format, const struct da_format_request *request,
                         const struct da_entry_point *entry_point, FILE *out)
{
    const struct da_deployment *deployment = request->deployment;

    fputs("Windows Registry Editor Version 5.00\n\n", out);
    da_format_head(format, request, "; ", out);
    if (!expect_the_same(deployment))
        fprintf(out, ";\n; For clients of the entry point %s.\n", entry_point->name);
    fputs("\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows\\NetworkConnectivityStatusIndicator\\"
          "CorporateConnectivity]\n",
          out);
    write_named(request->set, DA_NCSI_PROBE_HOST, "", da_label_corp_connectivity, out);
    write_address(deployment, entry_point, out);
    write_site_prefixes(deployment, out);
    write_named(request->set, DA_NCSI_WEB_PROBE_URL, "http://", da_label_web_probe, out);
    if (deployment->network_location_server)
        write_named(request->set, DA_NCSI_NLS_URL, "https://", da_label_nls, out);
    else
        fprintf(out, "; \"%s\": the deployment does not publish the network location server\n",
                da_ncsi_name(DA_NCSI_NLS_URL, true));
}

static enum da_status write_ncsi_reg(const struct da_format *format, const struct da_format_request *request, FILE *out)
{
    const struct da_entry_point *entry_point;

    enum da_status status = find_entry_point(request, &entry_point);
    if (status != DA_OK)
        return status;
    FILE *lines = da_text_crlf(out);
    if (lines == NULL)
        return DA_ERR_MEMORY;
    write_values(format, request, entry_point, lines);
    return da_text_crlf_close(lines) ? DA_OK : DA_ERR_IO;
}

const struct da_format da_format_ncsi_reg = {
    .name = "ncsi-reg",
    .purpose = "What clients of DirectAccess are to expect: their policy for the connectivity probes, as a .reg file.",
    .loading = "On a client, in an elevated command prompt; dadns check --ncsi FILE reads it, too:",
    .setup = (const char *const[]){"reg import directaccess.reg", NULL},
    .expresses = "It has no records: it holds the names and addresses that clients compare with the answers.",
    .limits = limits,
    .checked = "read back by dadns and compared with the deployment; not imported on Windows.",
    .options = DA_FORMAT_ENTRY_POINT,
    .write = write_ncsi_reg,
};
