/* usage: directory_page DEPLOYMENT EXPORT NOW
 *
 * Prints the page of an audit of a directory that has the records of a Windows export, without a directory: the zone
 * of the first suffix has intervals of its own, the nodes that lack records are tombstones, and an account whose name
 * is hostile owns them. NOW is Unix seconds.
 *
 * Exit status: 0, or 1 where something failed. */
#include "audit/report.h"
#include "audit/zone_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY INT64_C(86400)

/* Gives what was read from the export the looks of a directory. */
static enum da_status dress(struct da_collection *collection, const struct da_record_set *set, int64_t now)
{
    struct da_zone_aging zone = {.zone = set->suffixes[0],
                                 .enabled = true,
                                 .intervals = {.no_refresh = 168, .refresh = 72},
                                 .scavenged_from = now + DAY,
                                 .updates = DA_UPDATES_SECURE};
    enum da_status status = da_collection_zone(collection, &zone);

    for (size_t i = 0; status == DA_OK && i < set->owner_count; i++) {
        struct da_node node = {.is_tombstoned = true,
                               .deleted_at = now - 3 * DAY,
                               .holder = "CORP\\<img src=x onerror=alert(1)>-a-name-as-long-as-no-account-has-one$"};
        status = da_name_prepend(set->owners[i].label, &set->suffixes[0], &node.owner);
        for (size_t j = 0; j < collection->record_count; j++)
            node.is_tombstoned =
                node.is_tombstoned && !da_name_equal(collection->records[j].owner->wire, node.owner.wire);
        if (status == DA_OK)
            status = da_collection_node(collection, &node);
    }
    for (size_t i = 0; i < collection->record_count; i++)
        collection->records[i].place = (struct da_place){.file = NULL};
    collection->origin.length = 0;
    collection->lines = 0;
    return status;
}

struct findings {
    struct da_audit *audit;
    struct da_finding list[256];
};

static void keep(void *arg, const struct da_finding *finding)
{
    struct findings *findings = arg;
    struct da_audit *audit = findings->audit;

    if (audit->finding_count == sizeof(findings->list) / sizeof(findings->list[0]))
        abort();
    findings->list[audit->finding_count++] = *finding;
    audit->counts[finding->severity]++;
    if (finding->severity > audit->worst)
        audit->worst = finding->severity;
}

static enum da_status print_page(struct da_audit *audit, const char *export)
{
    static struct findings findings;
    struct da_check_request *request = &audit->request;
    struct da_zone_file file = {.path = export};
    struct da_collection *collection = NULL;
    enum da_status status =
        da_collection_new(DA_SOURCE_DIRECTORY, "ldaps://dc1.corp.example.net", request->names, &collection);

    if (status == DA_OK)
        status = da_zone_file_collect(&file, collection);
    if (status == DA_OK)
        status = dress(collection, request->set, request->now);
    if (status == DA_OK) {
        da_collection_finish(collection);
        findings.audit = audit;
        audit->findings = findings.list;
        request->collections = &collection;
        request->collection_count = 1;
        status = da_checks_run(request, keep, &findings);
    }
    if (status == DA_OK)
        status = da_report_html(audit, stdout);
    da_collection_free(collection);
    return status;
}

int main(int argc, char **argv)
{
    struct da_deployment *deployment = NULL;
    struct da_record_set *set = NULL;
    struct da_names *names = NULL;
    struct da_error error = {.text = "something is missing; the head of directory_page.c tells"};
    enum da_status status = DA_ERR_SYNTAX;

    if (argc == 4)
        status = da_deployment_load(argv[1], &deployment, NULL, NULL, &error);
    if (status == DA_OK)
        status = da_record_set_new(deployment, &set);
    if (status == DA_OK)
        status = da_names_new(deployment, set, NULL, &names);
    if (status == DA_OK) {
        struct da_audit audit = {.deployment_title = argv[1],
                                 .request = {.deployment = deployment,
                                             .set = set,
                                             .names = names,
                                             .intervals = {DA_AGING_INTERVAL_DEFAULT, DA_AGING_INTERVAL_DEFAULT},
                                             .now = strtoll(argv[3], NULL, 10)}};
        status = print_page(&audit, argv[2]);
    }
    if (status != DA_OK)
        fprintf(stderr, "directory_page: %s\n", error.text);
    da_names_free(names);
    da_record_set_free(set);
    da_deployment_free(deployment);
    return status != DA_OK;
}
