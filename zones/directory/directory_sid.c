#include "directory/directory_sid.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DESCRIPTOR_HEADER 20 /* octets of a security descriptor in front of what it holds */
#define AT_REVISION       0
#define AT_CONTROL        2
#define AT_OWNER          4      /* an offset */
#define SELF_RELATIVE     0x8000 /* bit SR of the control field */

#define SID_HEADER        8 /* octets in front of the sub-authorities */
#define SUB_AUTHORITY     4 /* octets of each */
#define SUB_AUTHORITY_MAX 15
#define AUTHORITY         6 /* octets, big-endian */

static uint32_t read_u32(const uint8_t *octets)
{
    return octets[0] | (uint32_t)octets[1] << 8 | (uint32_t)octets[2] << 16 | (uint32_t)octets[3] << 24;
}

bool da_sid_of_owner(const uint8_t *descriptor, size_t length, struct da_sid *sid)
{
    if (length < DESCRIPTOR_HEADER || descriptor[AT_REVISION] != 1)
        return false;
    unsigned control = descriptor[AT_CONTROL] | (unsigned)descriptor[AT_CONTROL + 1] << 8;
    size_t at = read_u32(descriptor + AT_OWNER);
    if ((control & SELF_RELATIVE) == 0 || at < DESCRIPTOR_HEADER || at > length || length - at < SID_HEADER)
        return false;
    const uint8_t *owner = descriptor + at;
    size_t octets = SID_HEADER + (size_t)SUB_AUTHORITY * owner[1];
    if (owner[0] != 1 || owner[1] > SUB_AUTHORITY_MAX || length - at < octets)
        return false;
    sid->length = (uint8_t)octets;
    memcpy(sid->octets, owner, octets);
    return true;
}

const char *da_sid_to_text(const struct da_sid *sid, char text[static DA_SID_TEXT_MAX])
{
    uint64_t authority = 0;

    for (size_t i = 0; i < AUTHORITY; i++)
        authority = authority << 8 | sid->octets[2 + i];
    /* Authorities of more than 32 bits are written in hexadecimal. */
    int used = snprintf(text, DA_SID_TEXT_MAX, authority > UINT32_MAX ? "S-%u-0x%012" PRIX64 : "S-%u-%" PRIu64,
                        sid->octets[0], authority);
    for (size_t at = SID_HEADER; at + SUB_AUTHORITY <= sid->length; at += SUB_AUTHORITY)
        used += snprintf(text + used, DA_SID_TEXT_MAX - (size_t)used, "-%" PRIu32, read_u32(sid->octets + at));
    return text;
}
