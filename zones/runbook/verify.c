/* The last chapter: is it right, as clients see it and as zones have it? */
#include "runbook/chapters.h"

#include "runbook/network_text.h"

#include <arpa/inet.h>

static void write_client(const struct da_runbook *runbook, struct da_document *document)
{
    char host[DA_NAME_TEXT_MAX];

    da_host_to_text(da_label_corp_connectivity, &runbook->set->suffixes[0], host);
    da_document_section(document, "On a client");
    da_document_step(document, "From outside, the client says `ConnectedRemotely`.");
    da_document_commands_begin(document, "On a client, PowerShell");
    da_document_command(document, "Get-DAConnectionStatus");
    da_document_commands_end(document);
    da_document_step(document,
                     "If not: does it expect what is published? The address it gets for `%s` is the one in "
                     "its policy.",
                     host);
    da_document_commands_begin(document, "On a client, PowerShell");
    da_document_command(document, "Get-NCSIPolicyConfiguration > policy.txt\n");
    da_document_command(document, "Resolve-DnsName %s -Type AAAA", host);
    da_document_commands_end(document);
    da_document_commands_begin(document, "Where dadns is");
    da_document_command(document, "dadns check --ncsi policy.txt %s", runbook->path);
    da_document_commands_end(document);
}

static void write_probe(const struct da_runbook *runbook, struct da_document *document)
{
    const struct da_deployment *deployment = runbook->deployment;

    da_document_section(document, "What clients would conclude");
    da_document_paragraph(document, "From a host inside, through each DNS server that clients or the DNS64 ask. Each "
                                    "entry point is to be `Connected`, and the exit status 0.");
    da_document_commands_begin(document, "Inside");
    da_document_command(document, "dadns probe --resolver YOUR-DNS-1 --resolver YOUR-DNS-2 %s\n", runbook->path);
    if (deployment->network == DA_NETWORK_IPV4_ONLY && deployment->entry_point_count == 1)
        da_document_command(document, "dadns probe --dns64 --resolver YOUR-DNS64 %s\n", runbook->path);
    else if (deployment->network == DA_NETWORK_IPV4_ONLY) /* each has its own */
        da_document_command(document, "dadns probe --dns64 --resolver YOUR-DNS64 --entry-point %s %s\n",
                            deployment->entry_points[0].name, runbook->path);
    else if (deployment->entry_point_count > 1)
        da_document_command(document, "dadns probe --entry-point %s %s\n", deployment->entry_points[0].name,
                            runbook->path);
    da_document_commands_end(document);
    da_document_paragraph(document, "`Connecting` means that the web probe fails: the reason names the address. "
                                    "`tunnel would be given up` means that the address of corpConnectivityHost is "
                                    "not the expected one. The manual's chapter on the probe has each reason with "
                                    "what to do.");
}

static void write_audit(const struct da_runbook *runbook, struct da_document *document)
{
    char domain[DA_NAME_TEXT_MAX];

    da_host_to_text(NULL, &runbook->set->suffixes[0], domain);
    da_document_section(document, "What zones have");
    da_document_paragraph(document, "Resolvers may hide what a zone has lost. Ask where the records live.");
    da_document_commands_begin(document, "Anywhere");
    da_document_command(document, "dadns audit --directory ldap://YOUR-DC.%s %s\n", domain, runbook->path);
    da_document_command(document, "dadns audit --server YOUR-DC.%s %s\n", domain, runbook->path);
    da_document_command(document, "dadns audit --resolver YOUR-DNS-1 --resolver YOUR-DNS-2 %s", runbook->path);
    da_document_commands_end(document);
    da_document_paragraph(document, "The first line and the exit status suit a monitoring system: 0 ok, 1 warning, 2 "
                                    "critical, 3 unknown.");
}

void da_runbook_verify(const struct da_runbook *runbook, struct da_document *document)
{
    da_document_chapter(document, "Verification");
    write_client(runbook, document);
    write_probe(runbook, document);
    write_audit(runbook, document);
}
