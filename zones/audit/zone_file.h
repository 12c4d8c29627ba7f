/* zone_file.h - a collection from a file: RFC 1035 zone files in all their forms, and what Windows exports.
 *
 * Told by the first octets (input.h, then): a JSON array or object is what PowerShell's ConvertTo-Json writes of
 * Get-DnsServerResourceRecord, a header line with HostName and RecordType what Export-Csv does, and all else is a zone
 * file: as BIND, ldns, NSD, Knot, dnscmd /ZoneExport ([AGE:n]) and dnscmd /EnumRecords ([Aging:n]) write it.
 *
 * A record that cannot be read is a doubt where it is one of ours, and nothing elsewhere: it never hides another. What
 * the reading of a zone file does with what RFC 1035 leaves open:
 *   - $INCLUDE is followed, relative to the including file (to the working directory from standard input),
 *     DA_INCLUDE_DEPTH deep; the origin is restored behind it, and so is the owner (RFC 1035 section 5.1, as BIND
 *     does); what cannot be followed, or is no regular file, is a doubt
 *   - $GENERATE is expanded as BIND does where it could make our names; of more than DA_GENERATE_MAX steps, or ten
 *     times that in one file, it is a doubt
 *   - a missing TTL is that of $TTL, else of the record before, else the SOA minimum; in Windows files, which have no
 *     $TTL, the SOA minimum; where none of it is known, it is not told. For the TTL of the record before a file is read
 *     a second time, so that of what can be read once only, such as a pipe, that one is not known
 *   - class and TTL in either order; TTLs with BIND's units; classes other than IN are left out */
#ifndef DA_ZONE_FILE_H
#define DA_ZONE_FILE_H

#include "audit/collection.h"

#define DA_INCLUDE_DEPTH 16
#define DA_INCLUDE_FILES 1000   /* in all */
#define DA_GENERATE_MAX  100000 /* steps */

struct da_zone_file {
    const char *path;         /* "-" is standard input */
    const char *include_root; /* no $INCLUDE leads out of this directory, symbolic links followed; NULL = anywhere */
};

/* Reads a file into a collection that is not finished yet. collection->origin is what the caller was told to take;
 * where its length is 0, it is set from what the file says (Windows' head "Database file … for ZONE zone.", $ORIGIN),
 * or from the file's name less its extensions, where that is a suffix or above one, origin_from telling which. An owner
 * that needs an origin where there is none is a doubt. Faults of the file go to the collection, as failure or doubts.
 * Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_zone_file_collect(const struct da_zone_file *file, struct da_collection *collection);

#endif
