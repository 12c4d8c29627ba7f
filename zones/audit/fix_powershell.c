/* A script for the DnsServer module of Windows PowerShell: functions that leave alone what is so already, and a call
 * for each repair. */
#include "audit/fix_plan.h"

static const char *const limits[] = {
    "Run it on a machine with the DnsServer module, as an administrator of the server's DNS, first with -WhatIf: "
    ".\\repair.ps1 -ComputerName SERVER -WhatIf. The server is to be primary for the zones.",
    "What it adds is static. No cmdlet makes a dynamic record static, so that such a record is deleted and added anew; "
    "for that moment it is not there.",
    "Its syntax is checked by a grammar of PowerShell; it was not run on Windows.",
    NULL,
};

static const char begin[] =
    "\n"
    "#Requires -Version 5.1\n"
    "#Requires -Modules DnsServer\n"
    "[CmdletBinding(SupportsShouldProcess = $true)]\n"
    "param(\n"
    "    # The DNS server that is to be repaired.\n"
    "    [string] $ComputerName = 'localhost'\n"
    ")\n"
    "\n"
    "Set-StrictMode -Version Latest\n"
    "$ErrorActionPreference = 'Stop'\n"
    "\n"
    "# Cmdlets of a module do not see the preference above.\n"
    "$Server = @{ ComputerName = $ComputerName; ErrorAction = 'Stop' }\n"
    "$Ttl = [TimeSpan]::FromSeconds(@TTL@)\n"
    "\n"
    "# The records of one type at a name, of which there may be none.\n"
    "function Get-Record([string] $Zone, [string] $Node, [string] $Type) {\n"
    "    try {\n"
    "        Get-DnsServerResourceRecord @Server -ZoneName $Zone -Name $Node -Node -RRType $Type\n"
    "    }\n"
    "    catch {\n"
    "        # DNS_ERROR_RECORD_DOES_NOT_EXIST, DNS_ERROR_NAME_DOES_NOT_EXIST\n"
    "        if ($_.FullyQualifiedErrorId -notmatch '^WIN32 97(01|14)\\b') {\n"
    "            throw\n"
    "        }\n"
    "    }\n"
    "}\n"
    "\n"
    "# One spelling for every address.\n"
    "function Get-AddressText($Record) {\n"
    "    if ($Record.RecordType -eq 'A') {\n"
    "        return ([System.Net.IPAddress] \"$($Record.RecordData.IPv4Address)\").ToString()\n"
    "    }\n"
    "    return ([System.Net.IPAddress] \"$($Record.RecordData.IPv6Address)\").ToString()\n"
    "}\n"
    "\n"
    "function Find-Address([string] $Zone, [string] $Node, [string] $Type, [string] $Address) {\n"
    "    $text = ([System.Net.IPAddress] $Address).ToString()\n"
    "    Get-Record $Zone $Node $Type | Where-Object { (Get-AddressText $_) -eq $text }\n"
    "}\n"
    "\n"
    "# Without -AgeRecord: the record is static, and scavenging leaves it alone.\n"
    "function Write-Address([string] $Zone, [string] $Node, [string] $Type, [string] $Address) {\n"
    "    $record = @{ ZoneName = $Zone; Name = $Node; TimeToLive = $Ttl }\n"
    "    if ($Type -eq 'A') {\n"
    "        $record['IPv4Address'] = $Address\n"
    "        Add-DnsServerResourceRecordA @Server @record\n"
    "    }\n"
    "    else {\n"
    "        $record['IPv6Address'] = $Address\n"
    "        Add-DnsServerResourceRecordAAAA @Server @record\n"
    "    }\n"
    "}\n"
    "\n"
    "function Add-Address([string] $Zone, [string] $Node, [string] $Type, [string] $Address) {\n"
    "    if (@(Find-Address $Zone $Node $Type $Address).Count -eq 0 -and\n"
    "        $PSCmdlet.ShouldProcess(\"$Node.$Zone $Type $Address\", 'Add a static record')) {\n"
    "        Write-Address $Zone $Node $Type $Address\n"
    "    }\n"
    "}\n"
    "\n"
    "function Remove-Record([string] $Zone, $Record) {\n"
    "    Remove-DnsServerResourceRecord @Server -ZoneName $Zone -InputObject $Record -Force\n"
    "}\n"
    "\n"
    "function Remove-Address([string] $Zone, [string] $Node, [string] $Type, [string] $Address) {\n"
    "    foreach ($record in @(Find-Address $Zone $Node $Type $Address)) {\n"
    "        if ($PSCmdlet.ShouldProcess(\"$Node.$Zone $Type $Address\", 'Delete the record')) {\n"
    "            Remove-Record $Zone $record\n"
    "        }\n"
    "    }\n"
    "}\n"
    "\n"
    "function Remove-All([string] $Zone, [string] $Node, [string] $Type) {\n"
    "    foreach ($record in @(Get-Record $Zone $Node $Type)) {\n"
    "        if ($PSCmdlet.ShouldProcess(\"$Node.$Zone $Type\", 'Delete the record')) {\n"
    "            Remove-Record $Zone $record\n"
    "        }\n"
    "    }\n"
    "}\n"
    "\n"
    "# Adding a record that is there does not change its time stamp: only a new one is static.\n"
    "function Set-Static([string] $Zone, [string] $Node, [string] $Type, [string] $Address) {\n"
    "    foreach ($record in @(Find-Address $Zone $Node $Type $Address)) {\n"
    "        if ($null -ne $record.TimeStamp -and\n"
    "            $PSCmdlet.ShouldProcess(\"$Node.$Zone $Type $Address\", 'Delete the dynamic record and add a static "
    "one')) "
    "{\n"
    "            Remove-Record $Zone $record\n"
    "            Write-Address $Zone $Node $Type $Address\n"
    "        }\n"
    "    }\n"
    "}\n"
    "\n"
    "function Set-Ttl([string] $Zone, [string] $Node, [string] $Type, [string] $Address) {\n"
    "    foreach ($old in @(Find-Address $Zone $Node $Type $Address)) {\n"
    "        if ($PSCmdlet.ShouldProcess(\"$Node.$Zone $Type $Address\", \"Set the TTL to $Ttl\")) {\n"
    "            $new = [ciminstance]::new($old)\n"
    "            $new.TimeToLive = $Ttl\n"
    "            Set-DnsServerResourceRecord @Server -ZoneName $Zone -OldInputObject $old -NewInputObject $new\n"
    "        }\n"
    "    }\n"
    "}\n";

static void write_call(const char *function, const struct da_repair_text *text, FILE *out)
{
    fprintf(out, "%s '%s' '%s' '%s'", function, text->zone, text->node, text->type);
    if (text->address[0] != '\0')
        fprintf(out, " '%s'", text->address);
    fputc('\n', out);
}

static void write_repair(const struct da_repair *repair, const struct da_repair_text *text, uint32_t ttl, FILE *out)
{
    (void)ttl;
    switch (repair->step) {
    case DA_STEP_ADD:
        write_call("Add-Address", text, out);
        break;
    case DA_STEP_RENEW:
        if (repair->make_static)
            write_call("Set-Static", text, out);
        if (repair->ttl)
            write_call("Set-Ttl", text, out);
        break;
    case DA_STEP_ALIAS:
    case DA_STEP_DELETE:
        write_call(repair->length > 0 ? "Remove-Address" : "Remove-All", text, out);
        break;
    }
}

const struct da_fix_dialect da_fix_powershell = {
    .name = "powershell",
    .mark = "# ",
    .is_crlf = true,
    .purpose = "Repairs of DirectAccess records in Windows DNS: a PowerShell script.",
    .limits = limits,
    .begin = begin,
    .end = "",
    .write = write_repair,
};
