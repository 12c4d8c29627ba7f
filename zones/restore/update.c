#include "restore/update.h"

#include "rr.h"

#include <stdlib.h>
#include <string.h>

/* ---- made ---- */

static ldns_rdf *new_name(const struct da_name *name)
{
    return ldns_dname_new_frm_data(name->length, name->wire);
}

/* Adds the record, which the list takes over; NULL = there was no memory for it. */
static enum da_status push(ldns_rr_list *list, ldns_rr *rr)
{
    if (rr != NULL && ldns_rr_list_push_rr(list, rr))
        return DA_OK;
    ldns_rr_free(rr);
    return DA_ERR_MEMORY;
}

/* Adds the prerequisite "RRset does not exist": class NONE, no TTL, no rdata (RFC 2136 section 2.4.3). */
static enum da_status push_absent(ldns_rr_list *list, const struct da_name *owner, uint16_t type)
{
    ldns_rr *rr = ldns_rr_new();
    ldns_rdf *name = new_name(owner);

    if (rr == NULL || name == NULL) {
        ldns_rr_free(rr);
        ldns_rdf_deep_free(name);
        return DA_ERR_MEMORY;
    }
    ldns_rr_set_owner(rr, name);
    ldns_rr_set_ttl(rr, 0);
    ldns_rr_set_class(rr, LDNS_RR_CLASS_NONE);
    ldns_rr_set_type(rr, (ldns_rr_type)type);
    return push(list, rr);
}

static enum da_status push_missing(ldns_rr_list *list, const struct da_record_set *set,
                                   const struct da_rrset_cursor *cursor, const struct da_need *need)
{
    enum da_status status = DA_OK;

    for (size_t i = 0; status == DA_OK && i < cursor->rrset->count; i++) {
        if (!da_need_is_missing(need, cursor->rrset, i))
            continue;
        ldns_rr *rr = da_rr_new(set, cursor, i);
        if (rr != NULL)
            ldns_rr_set_ttl(rr, need->ttl);
        status = push(list, rr);
    }
    return status;
}

enum da_status da_update_new(const struct da_record_set *set, const struct da_rrset_cursor *cursor,
                             const struct da_need *need, const struct da_name *zone, ldns_pkt **update)
{
    ldns_rr_list *prerequisites = ldns_rr_list_new(), *additions = ldns_rr_list_new();
    enum da_status status = prerequisites != NULL && additions != NULL ? DA_OK : DA_ERR_MEMORY;
    ldns_pkt *packet = NULL;
    ldns_rdf *owner = NULL;

    if (status == DA_OK)
        status = push_absent(prerequisites, &cursor->name, DA_TYPE_CNAME);
    if (status == DA_OK && need->found_count == 0)
        status = push_absent(prerequisites, &cursor->name, cursor->rrset->type);
    if (status == DA_OK)
        status = push_missing(additions, set, cursor, need);
    if (status == DA_OK && (owner = new_name(zone)) != NULL) /* the packet takes it over, and copies the lists */
        packet = ldns_update_pkt_new(owner, LDNS_RR_CLASS_IN, prerequisites, additions, NULL);
    ldns_rr_list_deep_free(prerequisites);
    ldns_rr_list_deep_free(additions);
    if (packet == NULL)
        return DA_ERR_MEMORY;
    ldns_pkt_set_rd(packet, false); /* ldns sets it; in an update the bit is to be zero (section 2.2) */
    *update = packet;
    return DA_OK;
}

/* ---- printed ---- */

static enum da_status print_name(const char *before, const ldns_rdf *name, const char *after, FILE *out)
{
    char *text = ldns_rdf2str(name);

    if (text == NULL)
        return DA_ERR_MEMORY;
    fprintf(out, "%s%s%s", before, text, after);
    free(text);
    return DA_OK;
}

static enum da_status print_prerequisite(const ldns_rr *rr, FILE *out)
{
    char *type = ldns_rr_type2str(ldns_rr_get_type(rr));
    enum da_status status = DA_ERR_MEMORY;

    if (type != NULL)
        status = print_name("prereq nxrrset ", ldns_rr_owner(rr), " ", out);
    if (status == DA_OK)
        fprintf(out, "%s\n", type);
    free(type);
    return status;
}

static enum da_status print_addition(const ldns_rr *rr, FILE *out)
{
    char *line = ldns_rr2str(rr);

    if (line == NULL)
        return DA_ERR_MEMORY;
    for (char *tab = line; (tab = strchr(tab, '\t')) != NULL; tab++)
        *tab = ' ';
    fprintf(out, "update add %s", line);
    free(line);
    return DA_OK;
}

enum da_status da_update_print(const ldns_pkt *update, FILE *out)
{
    const ldns_rr_list *prerequisites = ldns_pkt_answer(update), *additions = ldns_pkt_authority(update);
    enum da_status status =
        print_name("zone ", ldns_rr_owner(ldns_rr_list_rr(ldns_pkt_question(update), 0)), "\n", out);

    for (size_t i = 0; status == DA_OK && i < ldns_rr_list_rr_count(prerequisites); i++)
        status = print_prerequisite(ldns_rr_list_rr(prerequisites, i), out);
    for (size_t i = 0; status == DA_OK && i < ldns_rr_list_rr_count(additions); i++)
        status = print_addition(ldns_rr_list_rr(additions, i), out);
    if (status == DA_OK && (fputs("send\n", out) < 0 || ferror(out)))
        status = DA_ERR_IO;
    return status;
}
