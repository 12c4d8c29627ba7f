#Requires -Version 5.1
#Requires -Modules DnsServer
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    # The DNS server. Records reach the other domain controllers by replication; the query block list does not.
    [string] $ComputerName = 'localhost',

    # Delete wrong addresses, and add dynamic records anew as static ones.
    [switch] $Replace
)

@DATA@
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# Cmdlets of a module do not see the preference above.
$Server = @{ ComputerName = $ComputerName; ErrorAction = 'Stop' }
$Count = @{ Right = 0; Added = 0; Removed = 0; Left = 0 }

# The name of the zone that a name is in: the closest one at or above it.
function Find-Zone([string] $Name) {
    $candidate = $Name
    while (-not $Zones.ContainsKey($candidate)) {
        $dot = $candidate.IndexOf('.')
        if ($dot -lt 0) {
            throw "${ComputerName}: no zone holds $Name"
        }
        $candidate = $candidate.Substring($dot + 1)
    }
    if ($Zones[$candidate] -ne 'Primary') {
        throw "${ComputerName}: the zone $candidate is $($Zones[$candidate]), not Primary: name its primary server"
    }
    return $candidate
}

# The records of one type at a name, of which there may be none.
function Get-Record([string] $Zone, [string] $Node, [string] $Type) {
    try {
        Get-DnsServerResourceRecord @Server -ZoneName $Zone -Name $Node -Node -RRType $Type
    }
    catch {
        # DNS_ERROR_RECORD_DOES_NOT_EXIST, DNS_ERROR_NAME_DOES_NOT_EXIST
        if ($_.FullyQualifiedErrorId -notmatch '^WIN32 97(01|14)\b') {
            throw
        }
    }
}

# One spelling for every address.
function Get-AddressText($Address) {
    return ([System.Net.IPAddress] "$Address").ToString()
}

function Get-RecordAddress($Record) {
    if ($Record.RecordType -eq 'A') {
        return Get-AddressText $Record.RecordData.IPv4Address
    }
    return Get-AddressText $Record.RecordData.IPv6Address
}

# Without -AgeRecord: the record is static, and scavenging leaves it alone.
function Add-Address([string] $Zone, [string] $Node, [string] $Type, [string] $Address) {
    $record = @{ ZoneName = $Zone; Name = $Node; TimeToLive = $Ttl }
    if ($Type -eq 'A') {
        $record['IPv4Address'] = $Address
        Add-DnsServerResourceRecordA @Server @record
    }
    else {
        $record['IPv6Address'] = $Address
        Add-DnsServerResourceRecordAAAA @Server @record
    }
    $Count.Added++
}

function Remove-Record([string] $Zone, $Record) {
    Remove-DnsServerResourceRecord @Server -ZoneName $Zone -InputObject $Record -Force
    $Count.Removed++
}

# Deletes a record whose address is not among the right ones, or says that it is there.
function Set-WrongRecord([string] $Zone, $Record, [string] $What) {
    if (-not $Replace) {
        Write-Warning "$What is wrong and was left; -Replace deletes it"
        $Count.Left++
    }
    elseif ($PSCmdlet.ShouldProcess($What, 'Delete the wrong record')) {
        Remove-Record $Zone $Record
    }
}

# Adding a record that is there does not change its time stamp: only a new one is static.
function Set-DynamicRecord([string] $Zone, [string] $Node, [string] $Type, $Record, [string] $What) {
    if (-not $Replace) {
        Write-Warning "$What is right, but dynamic: scavenging will delete it; -Replace makes it static"
        $Count.Left++
    }
    elseif ($PSCmdlet.ShouldProcess($What, 'Delete the dynamic record and add a static one')) {
        Remove-Record $Zone $Record
        Add-Address $Zone $Node $Type (Get-RecordAddress $Record)
    }
}

# Makes the records of one type at a name what they are to be.
function Set-Addresses([string] $Zone, [string] $Name, [string] $Type, [string[]] $Addresses) {
    $node = $Name.Substring(0, $Name.Length - $Zone.Length - 1)
    $wanted = @($Addresses | ForEach-Object { Get-AddressText $_ })
    $records = @(Get-Record $Zone $node $Type)
    $found = @($records | ForEach-Object { Get-RecordAddress $_ })
    # First what is missing: the name is never without an address.
    foreach ($address in $wanted) {
        if ($found -notcontains $address -and $PSCmdlet.ShouldProcess("$Name $Type $address", 'Add a static record')) {
            Add-Address $Zone $node $Type $address
        }
    }
    foreach ($record in $records) {
        $address = Get-RecordAddress $record
        if ($wanted -notcontains $address) {
            Set-WrongRecord $Zone $record "$Name $Type $address"
        }
        elseif ($null -ne $record.TimeStamp) {
            Set-DynamicRecord $Zone $node $Type $record "$Name $Type $address"
        }
        else {
            $Count.Right++
        }
    }
}

# The cmdlet replaces the whole list, so what is on it is read first.
function Set-Blocked {
    $list = Get-DnsServerGlobalQueryBlockList @Server
    $names = @($list.List | Where-Object { $_ })
    $missing = @($Blocked | Where-Object { $names -notcontains $_ })
    if ($missing.Count -eq 0 -and $list.Enable) {
        return
    }
    $all = $names + $missing
    if ($PSCmdlet.ShouldProcess($ComputerName, "Enable the global query block list: $($all -join ', ')")) {
        Set-DnsServerGlobalQueryBlockList @Server -List $all -Enable $true
    }
}

$Zones = @{}
foreach ($zone in @(Get-DnsServerZone @Server)) {
    $Zones[$zone.ZoneName] = $zone.ZoneType
}
Set-Blocked
foreach ($suffix in $Suffixes) {
    $zone = Find-Zone $suffix
    foreach ($rrset in $Records) {
        Set-Addresses $zone "$($rrset.Label).$suffix" $rrset.Type $rrset.Addresses
    }
}
"${ComputerName}: $($Count.Right) right, $($Count.Added) added, $($Count.Removed) deleted, $($Count.Left) to look at"
