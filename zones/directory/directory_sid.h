/* directory_sid.h - who owns an object: security descriptors and SIDs of Windows.
 *
 * Layouts: [MS-DTYP] sections 2.4.6 and 2.4.2, little-endian but for a SID's authority. All lengths are checked.
 * Nothing allocates; any thread may call. */
#ifndef DA_DIRECTORY_SID_H
#define DA_DIRECTORY_SID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DA_SID_MAX      68  /* octets: 8, and 15 sub-authorities of 4 */
#define DA_SID_TEXT_MAX 192 /* octets of "S-1-5-21-…", with the NUL */

struct da_sid {
    uint8_t length; /* octets; 0 = none */
    uint8_t octets[DA_SID_MAX];
};

/* Reads the owner from a self-relative security descriptor. False where it has none, or is malformed. */
bool da_sid_of_owner(const uint8_t *descriptor, size_t length, struct da_sid *sid);

/* Writes "S-1-5-18". Returns text. */
const char *da_sid_to_text(const struct da_sid *sid, char text[static DA_SID_TEXT_MAX]);

#endif
