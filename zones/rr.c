#include "rr.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* The parts are put together here because ldns_wire2rr() of ldns 1.8 crashes where memory runs out. rdata_length is at
 * most DA_SOA_RDATA_LENGTH. */
static ldns_rr *make_rr(const struct da_name *owner, uint32_t ttl, uint16_t type, const uint8_t *rdata,
                        uint16_t rdata_length)
{
    uint8_t wire[2 + DA_SOA_RDATA_LENGTH] = {(uint8_t)(rdata_length >> 8), (uint8_t)rdata_length};
    ldns_rr *rr = ldns_rr_new();
    ldns_rdf *name = ldns_dname_new_frm_data(owner->length, owner->wire);
    size_t used = 0;

    memcpy(wire + 2, rdata, rdata_length);
    if (rr == NULL || name == NULL) {
        ldns_rr_free(rr);
        ldns_rdf_deep_free(name);
        return NULL;
    }
    ldns_rr_set_owner(rr, name);
    ldns_rr_set_ttl(rr, ttl);
    ldns_rr_set_class(rr, LDNS_RR_CLASS_IN);
    ldns_rr_set_type(rr, (ldns_rr_type)type);
    if (ldns_wire2rdf(rr, wire, sizeof(wire), &used) == LDNS_STATUS_OK)
        return rr;
    ldns_rr_free(rr);
    return NULL;
}

/* Frees rr, which may be NULL. */
static char *to_line(ldns_rr *rr, char separator)
{
    char *line = rr != NULL ? ldns_rr2str(rr) : NULL;

    ldns_rr_free(rr);
    if (line == NULL)
        return NULL;
    line[strcspn(line, "\n")] = '\0';
    for (char *tab = line; (tab = strchr(tab, '\t')) != NULL; tab++)
        *tab = separator;
    return line;
}

const char *da_rr_address(const struct da_rrset *rrset, size_t index, char text[static DA_ADDRESS_TEXT_MAX])
{
    int family = rrset->type == DA_TYPE_A ? AF_INET : AF_INET6;

    inet_ntop(family, rrset->rdata + index * rrset->rdata_length, text, DA_ADDRESS_TEXT_MAX);
    return text;
}

const char *da_rr_type(const struct da_rrset *rrset)
{
    return rrset->type == DA_TYPE_A ? "A" : "AAAA";
}

ldns_rr *da_rr_new(const struct da_record_set *set, const struct da_rrset_cursor *cursor, size_t index)
{
    const struct da_rrset *rrset = cursor->rrset;
    return make_rr(&cursor->name, set->ttl, rrset->type, rrset->rdata + index * rrset->rdata_length,
                   rrset->rdata_length);
}

char *da_rr_line(const struct da_record_set *set, const struct da_rrset_cursor *cursor, size_t index, char separator)
{
    return to_line(da_rr_new(set, cursor, index), separator);
}

char *da_rr_soa_line(const struct da_name *owner, uint32_t negative_ttl, char separator)
{
    uint8_t rdata[DA_SOA_RDATA_LENGTH];

    da_soa_rdata(negative_ttl, rdata);
    return to_line(make_rr(owner, negative_ttl, DA_TYPE_SOA, rdata, sizeof(rdata)), separator);
}
