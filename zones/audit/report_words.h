/* report_words.h - the words that all reports of an audit share, and text of others made fit to be shown.
 *
 * Paths, zone contents and what servers say come from elsewhere. In every report, octets of it that are not printable
 * UTF-8, and characters that change the direction of text, stand as "\xNN". Nothing here allocates. */
#ifndef DA_REPORT_WORDS_H
#define DA_REPORT_WORDS_H

#include "audit/report.h"

#define DA_WORDS_COUNT_MAX   32
#define DA_WORDS_TYPE_MAX    16
#define DA_WORDS_RDATA_MAX   DA_NAME_TEXT_MAX
#define DA_WORDS_VERDICT_MAX 64

/* The octets of the character that text, which is not empty, begins with; shown tells whether it may stand as it is.
 * One that may not is looked at octet by octet: 1 is returned. */
size_t da_words_character(const char *text, bool *shown);

/* Writes text for a terminal or a line of plain text. */
void da_words_put(const char *text, FILE *out);

/* Writes a count as "9,997". Returns text. */
const char *da_words_count(uint64_t count, char text[static DA_WORDS_COUNT_MAX]);

/* "" for one, "s" for all else. */
const char *da_words_plural(uint64_t count);

/* "A", "CNAME", "TYPE65280". Returns text. */
const char *da_words_type(uint16_t type, char text[static DA_WORDS_TYPE_MAX]);

/* Writes a name without its final dot; the root is ".". Returns text. */
const char *da_words_name(const struct da_name *name, char text[static DA_NAME_TEXT_MAX]);

/* Writes an address of 4 or 16 octets. Returns text. */
const char *da_words_address(const uint8_t *address, size_t length, char text[static DA_WORDS_RDATA_MAX]);

/* Writes the data of a record: an address, a name, or "not told", "there" where that is all that is known. Returns
 * text. */
const char *da_words_rdata(const struct da_found *found, char text[static DA_WORDS_RDATA_MAX]);

/* Writes a finding in a word or few, for tables: "missing", "stale in 3 days". Returns text. */
const char *da_words_verdict(const struct da_finding *finding, int64_t now, char text[static DA_WORDS_VERDICT_MAX]);

/* Writes what a finding is about: "directaccess-NLS.corp.example.net A 10.0.0.11", as much of it as there is. Returns
 * text, which may be "". */
#define DA_WORDS_SUBJECT_MAX (DA_NAME_TEXT_MAX + DA_WORDS_TYPE_MAX + DA_WORDS_RDATA_MAX)
const char *da_words_subject(const struct da_finding *finding, char text[static DA_WORDS_SUBJECT_MAX]);

/* "zone file", "transfer", "directory", "server", "resolver"; "resolver of remote clients". */
const char *da_words_source(const struct da_collection *collection);

#endif
