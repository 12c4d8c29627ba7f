/* fingerprint.h - a short text that stands for a record set. Private to plugin/records.
 *
 * The first 128 bits of SHA-256 over all that decides an answer: TTLs, suffixes, owners, addresses, blocked labels,
 * letters folded. What it is over is fixed: a change of it needs a new FORMAT in fingerprint.c. */
#ifndef DA_FINGERPRINT_H
#define DA_FINGERPRINT_H

#include "record_set.h"

/* Writes 32 hexadecimal digits and a NUL. */
void da_fingerprint(const struct da_record_set *set, char text[static DA_FINGERPRINT_MAX]);

#endif
