/* usage: collect DEPLOYMENT FILE [--origin NAME] [--include-root DIRECTORY]
 *        collect DEPLOYMENT FILE --ldns ORIGIN
 *
 * Prints what a zone file says of the names that an audit looks at, a record a line: owner, TTL or "-", type number,
 * rdata in hexadecimal or "-", aging ("unknown", "static" or the stamp), file, line; then the doubts, as "; FILE:LINE
 * NAME TEXT" where NAME is "*" for all names, and "failed: WHY" where the file gave nothing. With --ldns the file is
 * read with ldns_zone_new_frm_fp_l() instead: owner, TTL, type, rdata of the records of the same names.
 *
 * Exit status: 0, or 1 where something failed, ldns's reading included. */
#include "audit/zone_file.h"
#include "deployment.h"
#include "record_set.h"

#include <ldns/ldns.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_rdata(const uint8_t *rdata, size_t length)
{
    if (length == 0)
        putchar('-');
    for (size_t i = 0; i < length; i++)
        printf("%02x", rdata[i]);
}

static void print_found(const struct da_found *found)
{
    char text[DA_NAME_TEXT_MAX], ttl[16] = "-", aging[16];

    snprintf(aging, sizeof(aging), found->aging == DA_AGING_STATIC ? "static" : "unknown");
    if (found->aging == DA_AGING_DYNAMIC)
        snprintf(aging, sizeof(aging), "%u", found->stamp);
    if (found->has_ttl)
        snprintf(ttl, sizeof(ttl), "%u", found->ttl);
    printf("%s %s %u ", da_name_to_text(found->owner, text), ttl, found->type);
    print_rdata(found->rdata, found->rdata_length);
    printf(" %s %s %ju\n", aging, found->place.file, (uintmax_t)found->place.line);
}

static void print_collection(const struct da_collection *collection)
{
    char text[DA_NAME_TEXT_MAX];

    for (size_t i = 0; i < collection->record_count; i++)
        print_found(&collection->records[i]);
    for (size_t i = 0; i < collection->doubt_count; i++) {
        const struct da_doubt *doubt = &collection->doubts[i];
        printf("; %s:%ju %s %s\n", doubt->place.file, (uintmax_t)doubt->place.line,
               doubt->one_name ? da_name_to_text(&doubt->name, text) : "*", doubt->text);
    }
    if (collection->failed)
        printf("failed: %s\n", collection->failure);
}

static int collect(const struct da_names *names, const struct da_zone_file *file, const struct da_name *origin)
{
    struct da_collection *collection = NULL;

    if (da_collection_new(DA_SOURCE_ZONE_FILE, file->path, names, &collection) != DA_OK)
        return 1;
    collection->origin = *origin;
    enum da_status status = da_zone_file_collect(file, collection);
    if (status == DA_OK) {
        da_collection_finish(collection);
        print_collection(collection);
    }
    da_collection_free(collection);
    return status != DA_OK;
}

static void print_rr(const struct da_names *names, const ldns_rr *rr)
{
    const ldns_rdf *owner = ldns_rr_owner(rr);
    struct da_name name = {.length = (uint8_t)ldns_rdf_size(owner)};
    char text[DA_NAME_TEXT_MAX];

    memcpy(name.wire, ldns_rdf_data(owner), name.length);
    if (da_names_interest(names, name.wire) == 0)
        return;
    printf("%s %u %u ", da_name_to_text(&name, text), ldns_rr_ttl(rr), (unsigned)ldns_rr_get_type(rr));
    for (size_t i = 0; i < ldns_rr_rd_count(rr); i++)
        print_rdata(ldns_rdf_data(ldns_rr_rdf(rr, i)), ldns_rdf_size(ldns_rr_rdf(rr, i)));
    putchar('\n');
}

static int read_with_ldns(const struct da_names *names, const char *path, const char *origin_text)
{
    FILE *file = fopen(path, "r");
    ldns_rdf *origin = ldns_dname_new_frm_str(origin_text);
    ldns_zone *zone = NULL;
    int line = 0;

    ldns_status status = file != NULL && origin != NULL
                             ? ldns_zone_new_frm_fp_l(&zone, file, origin, 0, LDNS_RR_CLASS_IN, &line)
                             : LDNS_STATUS_ERR;
    if (status == LDNS_STATUS_OK) {
        if (ldns_zone_soa(zone) != NULL)
            print_rr(names, ldns_zone_soa(zone));
        for (size_t i = 0; i < ldns_rr_list_rr_count(ldns_zone_rrs(zone)); i++)
            print_rr(names, ldns_rr_list_rr(ldns_zone_rrs(zone), i));
    } else {
        fprintf(stderr, "%s:%d: %s\n", path, line, ldns_get_errorstr_by_id(status));
    }
    ldns_zone_deep_free(zone);
    ldns_rdf_deep_free(origin);
    if (file != NULL)
        fclose(file);
    return status != LDNS_STATUS_OK;
}

static int run(const struct da_names *names, int argc, char **argv)
{
    struct da_zone_file file = {.path = argv[2]};
    struct da_name origin = {.length = 0};

    for (int i = 3; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--ldns") == 0)
            return read_with_ldns(names, file.path, argv[i + 1]);
        if (strcmp(argv[i], "--include-root") == 0)
            file.include_root = argv[i + 1];
        else if (da_name_from_hostname(argv[i + 1], &origin) != DA_OK)
            return 1;
    }
    return collect(names, &file, &origin);
}

int main(int argc, char **argv)
{
    struct da_deployment *deployment = NULL;
    struct da_record_set *set = NULL;
    struct da_names *names = NULL;
    struct da_error error = {0};
    int result = 1;

    if (argc >= 3 && da_deployment_load(argv[1], &deployment, NULL, NULL, &error) == DA_OK &&
        da_record_set_new(deployment, &set) == DA_OK && da_names_new(deployment, set, NULL, &names) == DA_OK)
        result = run(names, argc, argv);
    else
        fprintf(stderr, "collect: %s\n", error.text);
    da_names_free(names);
    da_record_set_free(set);
    da_deployment_free(deployment);
    return result;
}
