/* The record set for programs: a JSON object (RFC 8259) whose members and their order are
 *
 *   format        1; raised where a reader of this format would be misled
 *   generator     program and version
 *   fingerprint   of the whole deployment: same fingerprint, same answers
 *   ttl           seconds, of every record
 *   negative-ttl  seconds
 *   suffixes      names, absolute
 *   block         leftmost labels refused
 *   records       one object for each RRset: owner (absolute), type, ttl, rdata (addresses)
 *
 * Each RRset stands on a line of its own and is written as soon as it is made, so memory does not grow with their
 * number. */
#include "generate/format.h"

#include "json_text.h"
#include "rr.h"

#include <stdlib.h>

#define FORMAT_VERSION 1

static const char *const limits[] = {NULL};

static enum da_status write_names(const char *member, const struct da_name *names, size_t count, FILE *out)
{
    char text[DA_NAME_TEXT_MAX];
    enum da_status status = DA_OK;

    fprintf(out, "  \"%s\": [", member);
    for (size_t i = 0; status == DA_OK && i < count; i++) {
        fputs(i > 0 ? ", " : "", out);
        status = da_json_write(json_string(da_name_to_text(&names[i], text)), out);
    }
    fputs("],\n", out);
    return status;
}

static enum da_status write_labels(const char *member, const char (*labels)[DA_LABEL_MAX + 1], size_t count, FILE *out)
{
    enum da_status status = DA_OK;

    fprintf(out, "  \"%s\": [", member);
    for (size_t i = 0; status == DA_OK && i < count; i++) {
        fputs(i > 0 ? ", " : "", out);
        status = da_json_write(json_string(labels[i]), out);
    }
    fputs("],\n", out);
    return status;
}

/* NULL = out of memory. */
static json_t *rdata_array(const struct da_record_set *set, const struct da_rrset_cursor *cursor)
{
    json_t *array = json_array();
    bool appended = array != NULL;

    for (size_t i = 0; appended && i < cursor->rrset->count; i++) {
        ldns_rr *rr = da_rr_new(set, cursor, i);
        char *text = rr != NULL ? ldns_rdf2str(ldns_rr_rdf(rr, 0)) : NULL;
        appended = text != NULL && json_array_append_new(array, json_string(text)) == 0;
        free(text);
        ldns_rr_free(rr);
    }
    if (appended)
        return array;
    json_decref(array);
    return NULL;
}

static enum da_status write_rrset(const struct da_record_set *set, const struct da_rrset_cursor *cursor, FILE *out)
{
    char *type = ldns_rr_type2str((ldns_rr_type)cursor->rrset->type);
    json_t *rdata = rdata_array(set, cursor);
    json_t *object = NULL;

    if (type != NULL && rdata != NULL) {
        char owner[DA_NAME_TEXT_MAX];
        object = json_pack("{s:s, s:s, s:I, s:O}", "owner", da_name_to_text(&cursor->name, owner), "type", type, "ttl",
                           (json_int_t)set->ttl, "rdata", rdata);
    }
    json_decref(rdata);
    free(type);
    return da_json_write(object, out);
}

static enum da_status write_records(const struct da_record_set *set, FILE *out)
{
    struct da_rrset_cursor cursor = {0};
    enum da_status status = DA_OK;

    fputs("  \"records\": [", out);
    for (bool first = true; status == DA_OK && da_record_set_next(set, &cursor); first = false) {
        fputs(first ? "\n    " : ",\n    ", out);
        status = write_rrset(set, &cursor, out);
    }
    fputs("\n  ]\n", out);
    return status;
}

static enum da_status write_json(const struct da_format *format, const struct da_format_request *request, FILE *out)
{
    const struct da_record_set *set = request->set;
    (void)format;
    fputs("{\n", out);
    enum da_status status = da_json_write_member("format", json_integer(FORMAT_VERSION), out);
    if (status == DA_OK)
        status = da_json_write_member("generator", json_string("directaccess-dns " DA_VERSION), out);
    if (status == DA_OK)
        status = da_json_write_member("fingerprint", json_string(set->fingerprint), out);
    if (status == DA_OK)
        status = da_json_write_member("ttl", json_integer(set->ttl), out);
    if (status == DA_OK)
        status = da_json_write_member("negative-ttl", json_integer(set->negative_ttl), out);
    if (status == DA_OK)
        status = write_names("suffixes", set->suffixes, set->suffix_count, out);
    if (status == DA_OK)
        status = write_labels("block", set->block, set->block_count, out);
    if (status == DA_OK)
        status = write_records(set, out);
    if (status == DA_OK && (fputs("}\n", out) < 0 || ferror(out)))
        status = DA_ERR_IO;
    return status;
}

const struct da_format da_format_json = {
    .name = "json",
    .purpose = "The record set with the deployment's fingerprint, for programs.",
    .loading =
        "Members, in this order: format (1), generator, fingerprint, ttl, negative-ttl, suffixes, block, records "
        "(objects of owner, type, ttl, rdata).",
    .expresses = "It has all that answers follow from: what is not in records under a published owner is NODATA, and "
                 "block has the labels refused, bare or in front of a name at or below a suffix, with all below them.",
    .limits = limits,
    .checked = "read back by another reader.",
    .write = write_json,
};
