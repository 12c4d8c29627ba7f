/* The chapter on the ways into DNS. The commands are those of the README and the manual, which the tests run. */
#include "runbook/chapters.h"

#include "generate/format.h"
#include "runbook/network_text.h"

#include <string.h>

static void write_choice(const struct da_runbook *runbook, struct da_document *document)
{
    static const char *const headings[] = {"You run", "Way", "Here"};
    static const char *const rows[][3] = {
        {"Unbound built with dynlib", "the module: right whatever happens to the zone", "--dns unbound"},
        {"BIND 9.18 of Debian 12", "the plugin: right whatever happens to the zone", "--dns bind"},
        {"other resolvers, a fleet", "one response policy zone (RPZ)", "--dns rpz"},
        {"authoritative servers, Windows DNS", "records in the zone", "--dns zone"},
        {"zones in Active Directory", "static records, which scavenging spares", "--dns pin"},
    };

    da_document_paragraph(document,
                          "Zones in Active Directory want pinning in any case: it stops the loss where it happens. A "
                          "module, plugin or RPZ in the resolvers answers right even then. `dadns runbook --dns WAY "
                          "%s` tells one way alone.",
                          runbook->path);
    da_document_table_begin(document, 3, headings);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        da_document_table_row(document, rows[i]);
    da_document_table_end(document);
}

static void write_unbound(const struct da_runbook *runbook, struct da_document *document)
{
    da_document_section(document, "The module in Unbound");
    da_document_step(document, "Build the module against the source of your Unbound, and install it.");
    da_document_commands_begin(document, "In the source of directaccess-dns, as root");
    da_document_command(document, "scripts/build\ncmake --install build/release --prefix /usr/local");
    da_document_commands_end(document);
    da_document_step(document, "Check the deployment, and put it where the module looks for it.");
    da_document_commands_begin(document, "On the resolver, as root");
    da_document_command(document, "dadns check %s\n", runbook->path);
    da_document_command(document, "install -m 644 %s /etc/unbound/directaccess.yaml", runbook->path);
    da_document_commands_end(document);
    da_document_step(document, "Load the module. Where `dns64` is used, that stays first: `dns64 dynlib validator "
                               "iterator`.");
    da_document_commands_begin(document, "/etc/unbound/unbound.conf.d/directaccess.conf");
    da_document_command(document, "server:\n"
                                  "    module-config: \"dynlib validator iterator\"\n"
                                  "dynlib:\n"
                                  "    dynlib-file: /usr/local/lib/unbound/unbound-directaccess.so");
    da_document_commands_end(document);
    da_document_step(document, "Start it. Later, a new deployment file is in force within two seconds, without a "
                               "reload: write it beside, then rename.");
    da_document_commands_begin(document, "On the resolver, as root");
    da_document_command(document, "unbound-checkconf\nsystemctl restart unbound");
    da_document_commands_end(document);
}

static void write_bind(const struct da_runbook *runbook, struct da_document *document)
{
    da_document_section(document, "The plugin in BIND");
    da_document_step(document, "Build the plugin for exactly your bind9 package, and install it; again after each "
                               "upgrade of that.");
    da_document_commands_begin(document, "In the source of directaccess-dns, as root");
    da_document_command(document, "scripts/build\n"
                                  "install -D -m 644 build/release/plugin/bind/bind-directaccess.so "
                                  "/usr/lib/bind/bind-directaccess.so");
    da_document_commands_end(document);
    da_document_step(document, "Check the deployment, and put it where named may read.");
    da_document_commands_begin(document, "On the server, as root");
    da_document_command(document, "dadns check %s\n", runbook->path);
    da_document_command(document, "install -m 644 %s /etc/bind/directaccess.yaml", runbook->path);
    da_document_commands_end(document);
    da_document_step(document, "Load the plugin, in each view or, where there are none, at the top level.");
    da_document_commands_begin(document, "named.conf");
    da_document_command(document, "plugin query \"/usr/lib/bind/bind-directaccess.so\" {\n"
                                  "    deployment \"/etc/bind/directaccess.yaml\";\n"
                                  "};");
    da_document_commands_end(document);
    da_document_step(document, "Take it; so it goes with every new deployment file, too.");
    da_document_commands_begin(document, "On the server, as root");
    da_document_command(document, "named-checkconf\nrndc reconfig");
    da_document_commands_end(document);
}

static void write_rpz(const struct da_runbook *runbook, struct da_document *document)
{
    const struct da_format *format = da_format_find("rpz");

    da_document_section(document, "A response policy zone");
    da_document_step(document, "Write the zone. Its serial rises by itself where a record has changed.");
    da_document_commands_begin(document, "On the primary server");
    da_document_command(document, "dadns generate --format rpz --output /var/lib/knot/directaccess.rpz.zone %s",
                        runbook->path);
    da_document_commands_end(document);
    da_document_step(document, "Serve it, and let the resolvers transfer and apply it. `ZONE` is `" DA_RPZ_ZONE_DEFAULT
                               "`; the manual's chapter on fleets has the configuration of each host, with TSIG.");
    da_document_commands_begin(document, "In the configuration of each resolver");
    for (const char *const *line = format->setup; *line != NULL; line++)
        da_document_command(document, "%s\n", *line);
    da_document_commands_end(document);
}

static void write_zone(const struct da_runbook *runbook, struct da_document *document)
{
    char domain[DA_NAME_TEXT_MAX];

    da_host_to_text(NULL, &runbook->set->suffixes[0], domain);
    da_document_section(document, "Records in the zone");
    da_document_paragraph(document, "Choose what suits the server.");
    da_document_point(document, "A zone file: what this writes is included from it by `$INCLUDE`.");
    da_document_commands_begin(document, "On the primary server");
    da_document_command(document, "dadns generate --format zone --output directaccess.zone %s", runbook->path);
    da_document_commands_end(document);
    da_document_point(document, "Windows DNS: the script adds what is missing, as static records, and puts blocked "
                                "names on the query block list.");
    da_document_commands_begin(document, "Where dadns is");
    da_document_command(document, "dadns generate --format powershell --output directaccess.ps1 %s", runbook->path);
    da_document_commands_end(document);
    da_document_commands_begin(document, "On a machine with the DnsServer module, PowerShell");
    da_document_command(document, ".\\directaccess.ps1 -ComputerName YOUR-DC -WhatIf\n"
                                  ".\\directaccess.ps1 -ComputerName YOUR-DC");
    da_document_commands_end(document);
    da_document_point(document, "Any server that takes dynamic updates, by a TSIG key. In Active Directory such a "
                                "record ages, unless it is pinned.");
    da_document_commands_begin(document, "Anywhere");
    da_document_command(document, "dadns restore --server YOUR-SERVER.%s --key-file YOUR-KEY %s", domain,
                        runbook->path);
    da_document_commands_end(document);
}

static void write_pin(const struct da_runbook *runbook, struct da_document *document)
{
    char domain[DA_NAME_TEXT_MAX];

    da_host_to_text(NULL, &runbook->set->suffixes[0], domain);
    da_document_section(document, "Static records in Active Directory");
    da_document_step(document, "See what will be scavenged, and when. Any domain user may; `kinit` first.");
    da_document_commands_begin(document, "Anywhere");
    da_document_command(document, "dadns audit --directory ldap://YOUR-DC.%s %s", domain, runbook->path);
    da_document_commands_end(document);
    da_document_step(document, "See what would be written.");
    da_document_commands_begin(document, "As a member of DnsAdmins");
    da_document_command(document, "dadns pin --directory ldap://YOUR-DC.%s %s", domain, runbook->path);
    da_document_commands_end(document);
    da_document_step(document, "Write it. What it replaces is logged before.");
    da_document_commands_begin(document, "As a member of DnsAdmins");
    da_document_command(document, "dadns pin --directory ldap://YOUR-DC.%s --apply --log pin.log %s", domain,
                        runbook->path);
    da_document_commands_end(document);
    da_document_step(document, "Be told when it changes: a server that registers a name again stamps it again.");
    da_document_commands_begin(document, "As a service");
    da_document_command(document, "dadns watch --directory ldap://YOUR-DC.%s --keytab YOUR-KEYTAB %s", domain,
                        runbook->path);
    da_document_commands_end(document);
}

void da_runbook_dns(const struct da_runbook *runbook, struct da_document *document)
{
    static void (*const write[])(const struct da_runbook *, struct da_document *) = {
        [DA_WAY_UNBOUND] = write_unbound, [DA_WAY_BIND] = write_bind, [DA_WAY_RPZ] = write_rpz,
        [DA_WAY_ZONE] = write_zone,       [DA_WAY_PIN] = write_pin,
    };

    da_document_chapter(document, "DNS");
    if (runbook->way == DA_WAY_ALL)
        write_choice(runbook, document);
    for (size_t way = DA_WAY_UNBOUND; way < sizeof(write) / sizeof(*write); way++)
        if (runbook->way == DA_WAY_ALL || runbook->way == way)
            write[way](runbook, document);
    da_document_section(document, "The query block list");
    da_document_paragraph(document,
                          "Windows DNS refuses `isatap` and `wpad` by its global query block list. Leave both "
                          "on it, and delete records of these names: a wildcard or a delegation gets past "
                          "the list.");
    da_document_commands_begin(document, "On a DNS server, PowerShell");
    da_document_command(document, "Get-DnsServerGlobalQueryBlockList");
    da_document_commands_end(document);
}
