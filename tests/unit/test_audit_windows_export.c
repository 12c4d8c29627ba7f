/* What is read of Get-DnsServerResourceRecord's exports, and what is doubted: zones/audit/windows_export.h. */
#include "audit_names.h"

#include "audit/aging.h"
#include "audit/input.h"
#include "audit/windows_export.h"
#include "audit/windows_record.h"
#include "audit/windows_time.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static const char yaml[] = "suffixes: [corp.example.net, example.com]\n"
                           "network: ipv4-only\n"
                           "network-location-server: true\n"
                           "entry-points:\n"
                           "  - name: seattle\n"
                           "    nat64-prefix: fd12:3456:789a:7777::/96\n"
                           "    servers: [{name: da1, address: 10.0.0.11}]\n";

static int set_up(void **state)
{
    struct audit_names *made = calloc(1, sizeof(*made));

    assert_non_null(made);
    audit_names_open(made, yaml, NULL);
    *state = made;
    return 0;
}

static int tear_down(void **state)
{
    audit_names_close(*state);
    free(*state);
    return 0;
}

static struct da_collection *collect(const struct audit_names *made, const char *text, size_t length,
                                     const char *origin)
{
    char path[] = "/tmp/da-windows-XXXXXX";
    struct da_collection *collection = NULL;
    struct da_input *input = NULL;
    struct da_error error = {0};
    size_t head_length;

    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, length), (ssize_t)length);
    close(fd);
    assert_int_equal(da_collection_new(DA_SOURCE_ZONE_FILE, "x", made->names, &collection), DA_OK);
    if (origin != NULL)
        collection->origin.length = (uint8_t)wire_name(origin, collection->origin.wire);
    assert_int_equal(da_input_open(path, &input, &error), DA_OK);
    unlink(path);
    const char *head = da_input_peek(input, &head_length);
    const char *file = da_collection_file(collection, "x");
    if (da_windows_is_json(head, head_length)) {
        assert_false(da_windows_is_csv(head, head_length));
        assert_int_equal(da_windows_json_collect(input, file, collection), DA_OK);
    } else {
        assert_true(da_windows_is_csv(head, head_length));
        assert_int_equal(da_windows_csv_collect(input, file, collection), DA_OK);
    }
    da_input_close(input);
    da_collection_finish(collection);
    return collection;
}

static void print_record(const struct da_found *found, FILE *out)
{
    char owner[DA_NAME_TEXT_MAX], data[DA_NAME_TEXT_MAX] = "-", day[DA_AGING_TEXT_MAX];

    if (found->type == DA_TYPE_A && found->rdata_length == 4)
        inet_ntop(AF_INET, found->rdata, data, sizeof(data));
    else if (found->type == DA_TYPE_AAAA && found->rdata_length == 16)
        inet_ntop(AF_INET6, found->rdata, data, sizeof(data));
    else if (found->rdata_length > 0) {
        struct da_name name = {.length = (uint8_t)found->rdata_length};
        memcpy(name.wire, found->rdata, found->rdata_length);
        da_name_to_text(&name, data);
    }
    fprintf(out, "%" PRIu64 ": %s ", found->place.line, da_name_to_text(found->owner, owner));
    if (found->has_ttl)
        fprintf(out, "%" PRIu32 " ", found->ttl);
    fprintf(out, "%u %s", found->type, data);
    if (found->aging == DA_AGING_DYNAMIC)
        fprintf(out, " %.13s", da_aging_text(da_aging_time(found->stamp), day));
    else if (found->aging == DA_AGING_UNKNOWN)
        fprintf(out, " unknown");
    fprintf(out, "\n");
}

/* All that a collection holds, a line each: records with line, owner, TTL, type, data and, where it is dynamic, hour;
 * then doubts. */
static char *dump(const struct da_collection *collection)
{
    char *text = NULL, name[DA_NAME_TEXT_MAX];
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    assert_non_null(out);
    for (size_t i = 0; i < collection->record_count; i++)
        if (collection->records[i].type != DA_TYPE_SOA)
            print_record(&collection->records[i], out);
    for (size_t i = 0; i < collection->doubt_count; i++) {
        const struct da_doubt *doubt = &collection->doubts[i];
        fprintf(out, "%" PRIu64 "? %s %s\n", doubt->place.line,
                doubt->one_name ? da_name_to_text(&doubt->name, name) : "*", doubt->text);
    }
    if (collection->failed)
        fprintf(out, "failed: %s\n", collection->failure);
    fclose(out);
    return text;
}

struct row {
    const char *name, *text, *expected;
};

static void check_rows(const struct audit_names *made, const struct row *rows, size_t count, const char *origin)
{
    bool failed = false;

    for (size_t i = 0; i < count; i++) {
        struct da_collection *collection = collect(made, rows[i].text, strlen(rows[i].text), origin);
        char *text = dump(collection);
        if (strcmp(text, rows[i].expected) != 0)
            print_error("%s:\n%s\nexpected:\n%s\n", rows[i].name, text, rows[i].expected);
        failed = failed || strcmp(text, rows[i].expected) != 0;
        free(text);
        da_collection_free(collection);
    }
    assert_false(failed);
}

/* ---- CSV ---- */

#define HEAD                                                                                                           \
    "\"DistinguishedName\",\"HostName\",\"RecordClass\",\"RecordData\",\"RecordType\",\"Timestamp\",\"TimeToLive\","   \
    "\"Type\",\"PSComputerName\"\r\n"
#define DN(name, zone) "\"DC=" name ",DC=" zone ",cn=MicrosoftDNS,DC=DomainDnsZones,DC=corp,DC=example,DC=net\""
#define CORP           "corp.example.net"
#define LINE(name, data, type, stamp)                                                                                  \
    DN(name, CORP) ",\"" name "\",\"IN\",\"" data "\",\"" type "\"," stamp ",\"00:20:00\",\"1\",\r\n"
#define SOA      LINE("@", "DnsServerResourceRecordSoa", "SOA", "")
#define PROBE(s) LINE("directaccess-WebProbeHost", "10.0.0.11", "A", s)
#define NLS(s)   LINE("directaccess-NLS", "10.0.0.11", "A", s)
#define OTHER(s) LINE("pc1", "10.0.0.99", "A", s)
#define W        "directaccess-WebProbeHost.corp.example.net."
#define N        "directaccess-NLS.corp.example.net."
#define PLAIN    "HostName,RecordType,Timestamp,TimeToLive,Data\n@,SOA,,01:00:00,\n"

/* Records tell their zones. */
static const struct row csv_rows[] = {
    {"Export-Csv of Windows PowerShell: no address in it",
     "#TYPE Microsoft.Management.Infrastructure.CimInstance#root/Microsoft/Windows/DNS/DnsServerResourceRecord\r\n" HEAD
         SOA LINE("directaccess-WebProbeHost", "DnsServerResourceRecordA", "A", "\"10/23/2026 6:00:00 AM\""),
     "4: " W " 1200 1 - 2026-10-23T06\n"
     "4? " W " the address is not told: RecordData was exported as the name of its class\n"},
    {"ConvertTo-Csv of PowerShell 7, static", HEAD SOA PROBE(""), "3: " W " 1200 1 10.0.0.11\n"},
    {"static in words", HEAD SOA PROBE("\"0\"") NLS("static"),
     "4: " N " 1200 1 10.0.0.11\n3: " W " 1200 1 10.0.0.11\n"},
    {"tabs, unquoted, other order of columns, other names, LF",
     "Zone\tTTL\tIPv6 Address\tType\tHostname\ncorp.example.net\t3600\t\tSOA\t@\n"
     "corp.example.net\t1200\tfd12:3456:789a:7777::7f00:1\tAAAA\tDirectAccess-corpConnectivityHost\n",
     "3: DirectAccess-corpConnectivityHost.corp.example.net. 1200 28 fd12:3456:789a:7777::7f00:1 unknown\n"},
    {"a column for each family",
     "HostName,RecordType,IPv4Address,IPv6Address,ZoneName,Timestamp\n@,SOA,,,corp.example.net,\n"
     "directaccess-NLS,A,10.0.0.11,,corp.example.net,\ndirectaccess-NLS,AAAA,,fd00::1,corp.example.net,\n",
     "3: " N " 1 10.0.0.11\n4: " N " 28 fd00::1\n"},
    {"day and month: no other row tells", HEAD SOA PROBE("\"3/4/2026 6:00:00 AM\""),
     "3: " W " 1200 1 10.0.0.11 2026-03-04T06\n"
     "3? " W
     " Timestamp \"3/4/2026 6:00:00 AM\": day and month could be exchanged; taken as 2026-03-04, the earlier\n"},
    {"day and month: the earlier can be the day first", HEAD SOA PROBE("\"4/3/2026 6:00:00 AM\""),
     "3: " W " 1200 1 10.0.0.11 2026-03-04T06\n"
     "3? " W
     " Timestamp \"4/3/2026 6:00:00 AM\": day and month could be exchanged; taken as 2026-03-04, the earlier\n"},
    {"day and month: a row behind has the day first",
     HEAD SOA PROBE("03/04/2026 06:00:00") OTHER("23/04/2026 06:00:00"), "3: " W " 1200 1 10.0.0.11 2026-04-03T06\n"},
    {"day and month: a row before has the month first",
     HEAD SOA OTHER("4/23/2026 6:00:00 AM") PROBE("4/3/2026 6:00:00 PM"), "4: " W " 1200 1 10.0.0.11 2026-04-03T18\n"},
    {"day and month: rows disagree", HEAD SOA OTHER("4/23/2026 6:00") OTHER("23/4/2026 6:00") PROBE("4/3/2026 6:00"),
     "5: " W " 1200 1 10.0.0.11 2026-03-04T06\n"
     "5? " W " Timestamp \"4/3/2026 6:00\": day and month could be exchanged; taken as 2026-03-04, the earlier\n"},
    {"an unknown date", HEAD SOA PROBE("\"23 \xce\xbf\xce\xba\xcf\x84 2026\""),
     "3: " W " 1200 1 10.0.0.11 2026-01-01T00\n"
     "3? " W
     " Timestamp \"23 \\xce\\xbf\\xce\\xba\\xcf\\x84 2026\" cannot be read: the record is dynamic, taken to be of "
     "2026-01-01\n"},
    {"names of others do not matter, whatever they hold",
     HEAD SOA LINE("pc1", "DnsServerResourceRecordA", "A", "yesterday") LINE("a..b", "x", "A", "") OTHER("3/4/2026")
         LINE("_ldap._tcp", "[0][100][389][dc1]", "SRV", "3/5/2026 6:00"),
     ""},
    {"names absolute and with the zone, another zone between",
     HEAD SOA "\"DC=..TrustAnchors,cn=MicrosoftDNS\",\"directaccess-NLS\",,10.9.9.9,A,,,,\r\n" DN(
         "a", "other.example") ",directaccess-NLS,IN,10.9.9.9,A,,,,\r\n" DN("x",
                                                                            CORP) ",directaccess-NLS.corp.example.net,"
                                                                                  "IN,10.0.0.11,A,,,,\r\n,directaccess-"
                                                                                  "webprobehost.CORP.example.net.,IN,"
                                                                                  "10.0.0.12,A,,,,\r\n",
     "5: " N " 1 10.0.0.11\n6: directaccess-webprobehost.CORP.example.net. 1 10.0.0.12\n"},
    {"no zone", "HostName,RecordType,Data\n@,SOA,\ndirectaccess-NLS,A,10.0.0.11\n",
     "2? * the zone is not told: no DistinguishedName; give --origin\n"},
    {"a part of a zone", HEAD NLS(""),
     "2: " N " 1200 1 10.0.0.11\n"
     "2? * no SOA of corp.example.net.: the export does not have all records of the zone\n"},
    {"two zones, one of them a part",
     "HostName,RecordType,Data,ZoneName\n@,SOA,,example.com\n@,NS,dc1.example.com.,example.com\n"
     "directaccess-NLS,A,10.0.0.11,corp.example.net\n",
     "3: example.com. 2 dc1.example.com. unknown\n4: directaccess-NLS.corp.example.net. 1 10.0.0.11 unknown\n"
     "4? * no SOA of corp.example.net.: the export does not have all records of the zone\n"},
    {"exports behind one another", HEAD SOA NLS("") "#TYPE x,y\r\n" HEAD PROBE(""),
     "3: " N " 1200 1 10.0.0.11\n6: " W " 1200 1 10.0.0.11\n"},
    {"a header alone", HEAD, "failed: it holds no record of Get-DnsServerResourceRecord\n"},
};

/* They do not: there is an origin. */
#define PLAIN_ZONE "HostName,RecordType,Data,Zone\n@,SOA,,example.com\n"

static const struct row csv_origin_rows[] = {
    {"another culture: semicolons, points",
     "\"HostName\";\"RecordType\";\"Timestamp\";\"TimeToLive\";\"IP\"\r\n\"@\";\"SOA\";;\"01:00:00\";\r\n"
     "\"directaccess-WebProbeHost\";\"A\";\"03.04.2026 06:00:00\";\"00:20:00\";\"10.0.0.11\"\r\n",
     "3: " W " 1200 1 10.0.0.11 2026-04-03T06\n"},
    {"the record's own zone comes before the origin", PLAIN_ZONE "directaccess-NLS,A,10.0.0.1,example.com\n",
     "3: directaccess-NLS.example.com. 1 10.0.0.1 unknown\n"},
    {"aliases, delegations, wildcards, blocked names",
     PLAIN "directaccess-NLS,CName,,00:20:00,da1.corp.example.net.\nx.isatap,A,,,10.0.0.1\n"
           "isatap,NS,,,ns.example.\n*,TXT,,,anything\nwpad,A,,,10.0.0.2\nISATAP,WINS,,,x\n",
     "6: *.corp.example.net. 16 -\n3: " N " 1200 5 da1.corp.example.net.\n"
     "5: isatap.corp.example.net. 2 ns.example.\n8: isatap.corp.example.net. 65281 -\n"},
    {"an alias without its target, a type by number, one unknown",
     "HostName,RecordType,Type,RecordData\n@,SOA,6,\ndirectaccess-NLS,CNAME,5,DnsServerResourceRecordCName\n"
     "directaccess-WebProbeHost,,1,10.0.0.11\nisatap,Unknown,,x\n",
     "3: " N " 5 - unknown\n4: " W " 1 10.0.0.11 unknown\n"
     "5? isatap.corp.example.net. a record of a type that is unknown, \"Unknown\"\n"},
    {"an address that is none", PLAIN "directaccess-NLS,A,,00:20:00,10.0.0.256\n",
     "3: " N " 1200 1 -\n3? " N " the address \"10.0.0.256\" cannot be read\n"},
    {"another class", "HostName,RecordType,RecordClass,Data\n@,SOA,IN,\ndirectaccess-NLS,A,CH,10.0.0.1\n", ""},
    {"TTLs", PLAIN "directaccess-NLS,A,,1.00:00:00,10.0.0.1\ndirectaccess-WebProbeHost,A,,soon,10.0.0.1\n",
     "3: " N " 86400 1 10.0.0.1\n4: " W " 1 10.0.0.1\n"},
    {"quotes: in a field, a line end in a field",
     PLAIN "txt,TXT,,,\"v=spf1 \"\"a\"\"\nb\"\n\ndirectaccess-NLS,A,,,10.0.0.1\n", "6: " N " 1 10.0.0.1\n"},
    {"saved by a spreadsheet", "sep=;\r\nHostName;RecordType;Data\r\n@;SOA;\r\n;;\r\ndirectaccess-NLS;A;10.0.0.1\r\n",
     "5: " N " 1 10.0.0.1 unknown\n"},
    {"rows cut short", PLAIN "directaccess-NLS,A\n,,\n,A\npc1,A\n",
     "3: " N " 1 - unknown\n3? " N " a row with more or fewer fields than the header\n"
     "3? " N " the address is not told: RecordData is empty or left out\n"
     "5? * a row that is cut short\n"},
    {"a row that is too long", PLAIN "directaccess-NLS,A,,,10.0.0.1,x\n",
     "3: " N " 1 10.0.0.1\n3? " N " a row with more or fewer fields than the header\n"},
    {"no HostName", PLAIN ",A,,,10.0.0.1\n", "3? * a record without HostName\n"},
    {"the file ends in a row", PLAIN "directaccess-NLS,A,,,10.0.0.1\npc1,A,,",
     "3: " N " 1 10.0.0.1\n4? * a row that is cut short\n"},
    {"the file ends without a line end", PLAIN "directaccess-NLS,A,,,10.0.0.1", "3: " N " 1 10.0.0.1\n"},
    {"the file ends in quotes", PLAIN "directaccess-NLS,A,,,10.0.0.1\npc1,A,,,\"10.0\n",
     "3: " N " 1 10.0.0.1\n4? * the file ends within quotes\n"},
    {"quotes that do not match",
     PLAIN "\"pc1\",\"A,,,10.0.0.1\n\"pc2\",\"A\",,,10.0.0.2\ndirectaccess-NLS,A,,,10.0.0.1\n",
     "5: " N " 1 10.0.0.1\n3? * a row whose quotes do not match\n"},
};

static void reads_csv(void **state)
{
    check_rows(*state, csv_rows, LENGTH_OF(csv_rows), NULL);
    check_rows(*state, csv_origin_rows, LENGTH_OF(csv_origin_rows), CORP);
}

/* ---- JSON ---- */

#define TTL_OBJECT                                                                                                     \
    "{\"Ticks\":12000000000,\"Days\":0,\"Hours\":0,\"Milliseconds\":0,\"Minutes\":20,\"Seconds\":0,"                   \
    "\"TotalDays\":0.013888888888888888,\"TotalHours\":0.33333333333333331,\"TotalMilliseconds\":1200000,"             \
    "\"TotalMinutes\":20,\"TotalSeconds\":1200}"
#define JDN(name)                                                                                                      \
    "\"DistinguishedName\":\"DC=" name                                                                                 \
    ",DC=corp.example.net,cn=MicrosoftDNS,DC=DomainDnsZones,DC=corp,DC=example,DC=net\""
#define OBJECT(name, type, stamp, data)                                                                                \
    "{" JDN(name) ",\"HostName\":\"" name "\",\"RecordClass\":\"IN\",\"RecordType\":\"" type "\",\"Timestamp\":" stamp \
                  ",\"TimeToLive\":" TTL_OBJECT ",\"RecordData\":" data ",\"Type\":1,\"PSComputerName\":null}"
#define SOA_OBJECT OBJECT("@", "SOA", "null", "\"DnsServerResourceRecordSoa\"")
#define CIM(properties)                                                                                                \
    "{\"CimClass\":\"root/Microsoft/Windows/DNS:DnsServerResourceRecordA\",\"CimInstanceProperties\":" properties      \
    ",\"CimSystemProperties\":\"Microsoft.Management.Infrastructure.CimSystemProperties\"}"
#define TEXT_PROPERTY "\"IPv4Address = \\\"10.0.0.11\\\"\""
#define NLS_OBJECT    OBJECT("directaccess-NLS", "A", "null", CIM(TEXT_PROPERTY))
#define NLS_FOUND     N " 1200 1 10.0.0.11\n"

static const struct row json_rows[] = {
    {"Windows PowerShell: a text, one line", "[" SOA_OBJECT "," NLS_OBJECT "]", "1: " NLS_FOUND},
    {"a list of texts, a stamp in milliseconds",
     "[\r\n" SOA_OBJECT
     ",\r\n" OBJECT("directaccess-NLS", "A", "\"\\/Date(1792735200000)\\/\"", CIM("[" TEXT_PROPERTY "]")) "\r\n]\r\n",
     "3: " N " 1200 1 10.0.0.11 2026-10-23T06\n"},
    {"a list of objects, a stamp with an offset",
     "[" SOA_OBJECT
     ",\n" OBJECT("directaccess-NLS", "A", "\"2026-10-23T08:00:00+02:00\"",
                  CIM("[{\"Name\":\"IPv4Address\",\"Value\":\"10.0.0.11\",\"CimType\":14,\"Flags\":\"Property\","
                      "\"IsValueModified\":false}]")) "]",
     "2: " N " 1200 1 10.0.0.11 2026-10-23T06\n"},
    {"a stamp in UTC, the property itself",
     "[" SOA_OBJECT
     "," OBJECT("directaccess-NLS", "AAAA", "\"2026-10-23T06:30:00.0000000Z\"", "{\"IPv6Address\":\"::1\"}") "]",
     "1: " N " 1200 28 ::1 2026-10-23T06\n"},
    {"a wrapped stamp, an IPAddress",
     "[" SOA_OBJECT
     "," OBJECT("directaccess-NLS", "A",
                "{\"value\":\"\\/Date(1792735200000)\\/\",\"DisplayHint\":2,\"DateTime\":\"Friday, October 23, 2026 "
                "6:00 AM\"}",
                "{\"IPv4Address\":{\"Address\":184549386,\"AddressFamily\":2,\"ScopeId\":null,\"IPAddressToString\":"
                "\"10.0.0.11\"},\"PSComputerName\":\"dc1\"}") "]",
     "1: " N " 1200 1 10.0.0.11 2026-10-23T06\n"},
    {"members that were calculated, names in other cases, TimeToLive as text",
     "[{\"hostname\":\"@\",\"recordtype\":\"SOA\",\"ZoneName\":\"corp.example.net\"},\n"
     "{\"hostname\":\"directaccess-NLS\",\"recordtype\":\"A\",\"ZoneName\":\"corp.example.net\",\"timetolive\":"
     "\"1.00:00:00\",\"IP\":\"10.0.0.11\"}]",
     "2: " N " 86400 1 10.0.0.11 unknown\n"},
    {"RecordData as text, TimeToLive by Ticks",
     "[{\"HostName\":\"@\",\"RecordType\":\"SOA\"},{\"HostName\":\"directaccess-NLS\",\"RecordType\":\"A\","
     "\"TimeToLive\":"
     "{\"Ticks\":12000000000},\"RecordData\":\" 10.0.0.11 \",\"Timestamp\":null}]",
     "1: " NLS_FOUND},
    {"TimeToLive by TotalSeconds",
     "[" SOA_OBJECT ",{\"HostName\":\"directaccess-NLS\",\"RecordType\":\"A\",\"TimeToLive\":{\"TotalSeconds\":1200.0},"
     "\"RecordData\":\"10.0.0.11\",\"Timestamp\":null}]",
     "1: " NLS_FOUND},
    {"RecordData as the name of its class",
     "[" SOA_OBJECT "," OBJECT("directaccess-NLS", "A", "null", "\"DnsServerResourceRecordA\"") "]",
     "1: " N " 1200 1 -\n1? " N " the address is not told: RecordData was exported as the name of its class\n"},
    {"all of a record in CimInstanceProperties",
     "[" SOA_OBJECT ",{\"CimClass\":{},\"CimInstanceProperties\":[\"DistinguishedName = \\\"DC=x,DC=corp.example.net,"
     "cn=MicrosoftDNS\\\"\",\"HostName = \\\"directaccess-NLS\\\"\",\"RecordType = \\\"A\\\"\",\"Type = "
     "1\",\"TimeToLive = "
     "00:20:00\",\"Timestamp = 0\"],\"RecordData\":" CIM(TEXT_PROPERTY) "}]",
     "1: " NLS_FOUND},
    {"an alias",
     "[" SOA_OBJECT
     "," OBJECT("directaccess-NLS", "CNAME", "null", CIM("[\"HostNameAlias = \\\"da1.corp.example.net.\\\"\"]")) "]",
     "1: " N " 1200 5 da1.corp.example.net.\n"},
    {"one record, no list", NLS_OBJECT,
     "1: " NLS_FOUND "1? * no SOA of corp.example.net.: the export does not have all records of the zone\n"},
    {"a record a line, and lists behind one another", SOA_OBJECT "\n" NLS_OBJECT "\n[" NLS_OBJECT "]\n",
     "2: " NLS_FOUND},
    {"a list with its count", "{\n  \"value\":  [\n" SOA_OBJECT ",\n" NLS_OBJECT "],\n  \"Count\":  2\n}\n",
     "4: " NLS_FOUND},
    {"an octet that is no UTF-8, in another's record",
     "[" SOA_OBJECT "," OBJECT("b\xfcro", "TXT", "null", "\"\xe4\"") "," NLS_OBJECT "]", "1: " NLS_FOUND},
    {"brackets and quotes in texts",
     "[" SOA_OBJECT "," OBJECT("pc1", "TXT", "null", "\"]} \\\" {[ \\\\\"") "," NLS_OBJECT "]", "1: " NLS_FOUND},
    {"one bad record does not hide another", "[" SOA_OBJECT ",\n{\"HostName\": oops},\n{\"a\":1},\n" NLS_OBJECT "]",
     "4: " NLS_FOUND "2? * a record that is not JSON\n3? * an object without HostName or RecordType\n"},
    {"the file ends in a record", "[" SOA_OBJECT "," NLS_OBJECT ",\n{\"HostName\":\"pc1\",",
     "1: " NLS_FOUND "2? * the file ends within a record\n"},
    {"the file ends in a list", "[" SOA_OBJECT ",\n" NLS_OBJECT "\n",
     "2: " NLS_FOUND "2? * the file ends within a list of records\n"},
    {"no JSON between records", "[" SOA_OBJECT ",\nnull," NLS_OBJECT "]",
     "2: " NLS_FOUND "2? * something between records that is not JSON\n"},
    {"no record", "[]", "failed: it holds no record of Get-DnsServerResourceRecord\n"},
    {"something else", "{\"suffixes\": []}",
     "1? * an object without HostName or RecordType\nfailed: it holds no record of Get-DnsServerResourceRecord\n"},
};

static void reads_json(void **state)
{
    check_rows(*state, json_rows, LENGTH_OF(json_rows), CORP);
}

/* ---- whole files ---- */

static void tells_of_the_whole(void **state)
{
    static const char text[] = HEAD SOA PROBE("");
    struct da_collection *collection = collect(*state, text, strlen(text), NULL);
    uint8_t wire[DA_NAME_MAX];

    wire_name(CORP, wire);
    assert_true(da_name_equal(collection->origin.wire, wire));
    assert_null(collection->origin_from);
    assert_true(collection->ages);
    assert_int_equal(collection->lines, 3);
    da_collection_free(collection);

    collection = collect(*state, "HostName,RecordType\n@,SOA", 25, CORP);
    assert_false(collection->ages);
    assert_int_equal(collection->lines, 2);
    da_collection_free(collection);

    collection = collect(*state, "[" SOA_OBJECT "]\n", strlen("[" SOA_OBJECT "]\n"), NULL);
    assert_true(collection->ages);
    assert_int_equal(collection->lines, 1);
    da_collection_free(collection);
}

/* Wherever a buffer ends: what stands in front of our record is of many lengths. */
static void reads_long_files(void **state)
{
    static const char before_csv[] = PLAIN "txt,TXT,,,\"", between_csv[] = "\"\ntxt,TXT,,,\"",
                      behind_csv[] = "\"\ndirectaccess-NLS,A,,,10.0.0.1\n";
    static const char before_json[] = "[" SOA_OBJECT ",{\"HostName\":\"txt\",\"RecordType\":\"TXT\",\"Data\":\"",
                      between_json[] = "\",\"More\":\n\"", behind_json[] = "\"},\n" NLS_OBJECT "]";

    for (int filler = 32600; filler < 32800; filler += 3) {
        char *text = malloc(80000);
        assert_non_null(text);
        sprintf(text, "%s%0*d%s%0*d%s", before_csv, filler, 0, between_csv, filler, 0, behind_csv);
        check_rows(*state, &(struct row){"csv", text, "5: " N " 1 10.0.0.1\n"}, 1, CORP);
        sprintf(text, "%s%0*d%s%0*d%s", before_json, filler, 0, between_json, filler, 0, behind_json);
        check_rows(*state, &(struct row){"json", text, "3: " NLS_FOUND}, 1, CORP);
        free(text);
    }
}

/* What has no end is given up, and told. */
static void gives_up_what_has_no_end(void **state)
{
    size_t size = (size_t)2 * 1024 * 1024;
    char *text = malloc(size + 4000);

    assert_non_null(text);
    strcpy(text, PLAIN "directaccess-NLS,A,,,10.0.0.1\npc1,A,,,\"");
    size_t used = strlen(text);
    memset(text + used, 'x', size);
    strcpy(text + used + size, "\ndirectaccess-WebProbeHost,A,,,10.0.0.1\n");
    struct da_collection *collection = collect(*state, text, strlen(text), CORP);
    char *got = dump(collection);
    assert_string_equal(got, "3: " N " 1 10.0.0.1\n5: " W " 1 10.0.0.1\n4? * a quoted field has no end\n");
    free(got);
    da_collection_free(collection);

    strcpy(text, "[" SOA_OBJECT ",\n{\"HostName\":\"");
    used = strlen(text);
    memset(text + used, 'x', size);
    strcpy(text + used + size, "\"},\n" NLS_OBJECT "]");
    collection = collect(*state, text, strlen(text), CORP);
    got = dump(collection);
    assert_string_equal(got, "3: " NLS_FOUND "2? * a record of more than 1 MiB\n");
    free(got);
    da_collection_free(collection);
    free(text);
}

/* What was in front of an octet 0 may have been another name. */
static void doubts_an_octet_0(void **state)
{
    static const char text[] = PLAIN "\0directaccess-NLS,A,,,10.0.0.1\ndirectaccess-WebProbeHost,A,,,10.0.0.1\n\0\n";

    struct da_collection *collection = collect(*state, text, sizeof(text) - 1, CORP);
    char *got = dump(collection);
    assert_string_equal(got, "4: " W " 1 10.0.0.1\n3? * there is an octet of value 0\n");
    free(got);
    da_collection_free(collection);
}

/* More records wait for the order of day and month than may, and more zones come than are kept. */
static void keeps_within_limits(void **state)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    assert_non_null(out);
    fprintf(out, PLAIN);
    for (unsigned i = 0; i < DA_WINDOWS_PENDING + 2; i++)
        fprintf(out, "isatap,A,3/4/2026 6:00,,10.%u.%u.1\n", i >> 8, i & 255);
    fprintf(out, "directaccess-NLS,A,3/4/2026 6:00,,10.0.0.1\npc1,A,23/4/2026 6:00,,10.0.0.1\n");
    fclose(out);
    struct da_collection *collection = collect(*state, text, length, CORP);
    char *got = dump(collection);
    assert_non_null(strstr(got, N " 1 10.0.0.1 2026-03-04T06\n"));
    assert_non_null(strstr(got, "? " N " Timestamp"));
    assert_non_null(strstr(got, "isatap.corp.example.net. 1 10.0.0.1 2026-04-03T06\n"));
    free(got);
    da_collection_free(collection);
    free(text);

    out = open_memstream(&text, &length);
    assert_non_null(out);
    fprintf(out, "HostName,RecordType,Data,ZoneName\n");
    for (unsigned i = 0; i < DA_WINDOWS_ZONES + 1; i++)
        fprintf(out, "@,SOA,,z%u.corp.example.net\n", i);
    fclose(out);
    collection = collect(*state, text, length, NULL);
    got = dump(collection);
    assert_string_equal(got, "1026? * more zones in one export than are looked at\n");
    free(got);
    da_collection_free(collection);
    free(text);
}

/* ---- what such a file is ---- */

static void knows_csv(void **state)
{
    static const struct {
        const char *text;
        bool is_csv;
    } rows[] = {
        {HEAD, true},
        {"#TYPE Selected.Microsoft.Management.Infrastructure.CimInstance\r\n\"HostName\",\"RecordType\"\r\n", true},
        {"\"hostname\";\"type\"", true},
        {"\n\nsep=,\nRecordType\tX\tHostName\n", true},
        {"HostName,Address\n", false},
        {"RecordType,Data\n", false},
        {"HostName RecordType\n", false},
        {"; HostName,RecordType\n", false},
        {"#TYPE", false},
        {"", false},
        {"@ IN SOA dc1 hostmaster 1 2 3 4 5\nHostName,RecordType\n", false},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++)
        if (da_windows_is_csv(rows[i].text, strlen(rows[i].text)) != rows[i].is_csv)
            fail_msg("%s", rows[i].text);
}

static void knows_json(void **state)
{
    static const struct {
        const char *text;
        bool is_json;
    } rows[] = {
        {"[{\"HostName\"", true},
        {" \r\n[\r\n    {", true},
        {"{ \"a\"", true},
        {"[]", true},
        {"{}", true},
        {"[", true},
        {"", false},
        {"[AGE:3634093] 600 A 10.0.0.1", false},
        {"\"a\"", false},
        {"@ IN SOA", false},
        {"{name} IN A", false},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++)
        if (da_windows_is_json(rows[i].text, strlen(rows[i].text)) != rows[i].is_json)
            fail_msg("%s", rows[i].text);
}

/* ---- dates and spans ---- */

static void reads_times(void **state)
{
    /* 2026-03-04 06:00 is hour 1772604000; 2026-04-03 06:00 is 1775196000; 2026-10-23 06:00 is 1792735200 */
    static const struct {
        const char *text;
        enum da_windows_reading reading;
        int proves;              /* -1 = nothing, else an order */
        int64_t time, day_first; /* day_first 0 = the same */
    } rows[] = {
        {"", DA_WINDOWS_STATIC, -1, 0, 0},
        {"0", DA_WINDOWS_STATIC, -1, 0, 0},
        {"Static", DA_WINDOWS_STATIC, -1, 0, 0},
        {"1/1/1601 12:00:00 AM", DA_WINDOWS_STATIC, -1, 0, 0},
        {"12/31/1600 4:00:00 PM", DA_WINDOWS_STATIC, -1, 0, 0},
        {"01.01.0001 00:00:00", DA_WINDOWS_STATIC, -1, 0, 0},
        {"10/23/2026 6:00:00 AM", DA_WINDOWS_TIME, DA_WINDOWS_MONTH_FIRST, 1792735200, 0},
        {"10/23/2026 6:00:00\xe2\x80\xaf"
         "AM",
         DA_WINDOWS_TIME, DA_WINDOWS_MONTH_FIRST, 1792735200, 0},
        {"23/10/2026 6:00:00 a. m.", DA_WINDOWS_TIME, DA_WINDOWS_DAY_FIRST, 1792735200, 0},
        {"10/23/2026 06:00", DA_WINDOWS_TIME, DA_WINDOWS_MONTH_FIRST, 1792735200, 0},
        {"10/22/2026 6:00:00 PM", DA_WINDOWS_TIME, DA_WINDOWS_MONTH_FIRST, 1792735200 - 43200, 0},
        {"10/23/2026 12:00:00 AM", DA_WINDOWS_TIME, DA_WINDOWS_MONTH_FIRST, 1792735200 - 21600, 0},
        {"10/23/2026 12:00:00 PM", DA_WINDOWS_TIME, DA_WINDOWS_MONTH_FIRST, 1792735200 + 21600, 0},
        {"23.10.2026 06:00:00", DA_WINDOWS_TIME, -1, 1792735200, 0},
        {"3.4.2026 6.00.00", DA_WINDOWS_TIME, -1, 1775196000, 0},
        {"23.10.26 06:00", DA_WINDOWS_TIME, -1, 1792735200, 0},
        {"2026-10-23 06:00", DA_WINDOWS_TIME, -1, 1792735200, 0},
        {"2026. 10. 23. 6:00:00", DA_WINDOWS_TIME, -1, 1792735200, 0},
        {"2026/10/23 6:00:00", DA_WINDOWS_TIME, -1, 1792735200, 0},
        {"23-10-2026 06:00:00", DA_WINDOWS_TIME, DA_WINDOWS_DAY_FIRST, 1792735200, 0},
        {"23-Oct-26 06:00", DA_WINDOWS_TIME, -1, 1792735200, 0},
        {"Friday, October 23, 2026 6:00:00 AM", DA_WINDOWS_TIME, -1, 1792735200, 0},
        {"2026 Oct 23 06:00", DA_WINDOWS_TIME, -1, 1792735200, 0},
        {"3/4/2026 6:00", DA_WINDOWS_EITHER, -1, 1772604000, 1775196000},
        {"04-03-2026 06:00", DA_WINDOWS_EITHER, -1, 1775196000, 1772604000},
        {"4/4/2026 6:00", DA_WINDOWS_TIME, -1, 1775196000 + 86400, 0},
        {"2/30/2026", DA_WINDOWS_OTHER, -1, 1767225600, 0},
        {"29/2/2028", DA_WINDOWS_TIME, DA_WINDOWS_DAY_FIRST, 1835395200, 0},
        {"29/2/2026", DA_WINDOWS_OTHER, -1, 1767225600, 0},
        {"23.10.2026 25:00", DA_WINDOWS_OTHER, -1, 1767225600, 0},
        {"2026-13-23", DA_WINDOWS_OTHER, -1, 1767225600, 0},
        {"12/05/1448 06:00:00 \xd8\xb5", DA_WINDOWS_OTHER, -1, -11612937600, 0}, /* Riyadh */
        {"1405/08/01 06:00", DA_WINDOWS_OTHER, -1, -11612937600, 0},             /* Teheran */
        {"23/10/2569 6:00:00", DA_WINDOWS_OTHER, -1, -11612937600, 0},           /* Bangkok */
        {"yesterday", DA_WINDOWS_OTHER, -1, -11612937600, 0},
        {"123456789012 2026", DA_WINDOWS_OTHER, -1, -11612937600, 0},
        {"/Date(1792735200000)/", DA_WINDOWS_TIME, -1, 1792735200, 0},
        {"/Date(1792735200999+0200)/", DA_WINDOWS_TIME, -1, 1792735200, 0},
        {"/Date(-11644473600000)/", DA_WINDOWS_STATIC, -1, 0, 0},
        {"/Date(x)/", DA_WINDOWS_OTHER, -1, -11612937600, 0},
        {"2026-10-23T06:00:00Z", DA_WINDOWS_TIME, -1, 1792735200, 0},
        {"2026-10-23T08:00:00.1234567+02:00", DA_WINDOWS_TIME, -1, 1792735200, 0},
        {"2026-10-22T22:30:00-07:30", DA_WINDOWS_TIME, -1, 1792735200, 0},
        {"2026-10-23T06:00:00", DA_WINDOWS_TIME, -1, 1792735200, 0},
        {"2026-10-23T06:00", DA_WINDOWS_TIME, -1, 1792735200, 0},
        {"3732558", DA_WINDOWS_TIME, -1, 1792735200, 0},
        {"99999999", DA_WINDOWS_OTHER, -1, -11612937600, 0},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_windows_time time = da_windows_time_read(rows[i].text);
        int64_t day_first = rows[i].day_first != 0 ? rows[i].day_first : rows[i].time;
        if (time.reading != rows[i].reading)
            fail_msg("%s: reading %d", rows[i].text, time.reading);
        if (time.reading != DA_WINDOWS_STATIC && (time.time[0] != rows[i].time || time.time[1] != day_first))
            fail_msg("%s: %" PRId64 " %" PRId64, rows[i].text, time.time[0], time.time[1]);
        for (int order = 0; order < DA_WINDOWS_ORDERS && time.reading != DA_WINDOWS_STATIC; order++)
            if (time.proves[order] != (rows[i].proves == order))
                fail_msg("%s: proves %d", rows[i].text, order);
    }
}

static void reads_spans(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds; /* -1 = none */
    } rows[] = {
        {"00:20:00", 1200},
        {"01:00:00", 3600},
        {"1.00:00:00", 86400},
        {"00:00:00", 0},
        {"1200", 1200},
        {"0", 0},
        {"00:20:00.0000000", 1200},
        {"2147483647", 2147483647},
        {"2147483648", -1},
        {"24855.03:14:08", -1},
        {"24:00:00", -1},
        {"00:60:00", -1},
        {"-00:20:00", -1},
        {"", -1},
        {"1h", -1},
        {"1:2", -1},
        {"99999999999", -1},
        {"4294967296.00:00:01", -1},
        {"00:20:00x", -1},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        uint32_t seconds = 7;
        bool read = da_windows_span_read(rows[i].text, &seconds);
        if (read != (rows[i].seconds >= 0) || (read && seconds != rows[i].seconds))
            fail_msg("%s: %" PRIu32, rows[i].text, seconds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_csv, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_of_the_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_long_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(gives_up_what_has_no_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(doubts_an_octet_0, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_within_limits, set_up, tear_down),
        cmocka_unit_test(knows_csv),
        cmocka_unit_test(knows_json),
        cmocka_unit_test(reads_times),
        cmocka_unit_test(reads_spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
