/* windows_export.h - records as Windows PowerShell's Get-DnsServerResourceRecord gives them, exported to CSV or JSON.
 *
 * By Windows PowerShell 5.1 or PowerShell 7, several exports behind one another included. Both have a member or column
 * HostName (relative to the zone, "@" for the apex), RecordType, Timestamp (empty for a static record), TimeToLive and
 * RecordData. What RecordData is depends on how the export was made: Export-Csv alone writes the name of a class, which
 * tells no address; a calculated property, or ConvertTo-Json, tells it. Of a published name (DA_INTEREST_LABEL) an A or
 * AAAA record whose address is not told has rdata_length 0, and a doubt of its name; so has any SOA, without a doubt.
 * How zones and dates are read: windows_record.h, windows_time.h. Without a Timestamp anywhere collection->ages stays
 * false. The delimiter of CSV is a comma, a semicolon or a tab. Memory is constant: records are read one at a time.
 * Private to the audit: zone_file.c calls these. */
#ifndef DA_WINDOWS_EXPORT_H
#define DA_WINDOWS_EXPORT_H

#include "audit/collection.h"
#include "audit/input.h"

/* True where a file that begins with these octets is such an export. */
bool da_windows_is_csv(const char *head, size_t length);
bool da_windows_is_json(const char *head, size_t length);

/* Read it to the end. file is from da_collection_file(). collection->origin is for records that do not tell their zone;
 * where its length is 0, it is set to the first zone that matters. Faults go to the collection: what came before them
 * counts. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_windows_csv_collect(struct da_input *input, const char *file, struct da_collection *collection);
enum da_status da_windows_json_collect(struct da_input *input, const char *file, struct da_collection *collection);

#endif
