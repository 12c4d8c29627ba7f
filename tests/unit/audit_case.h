/* audit_case.h - an audit put together by hand, for tests of what is made from findings. */
#ifndef DA_AUDIT_CASE_H
#define DA_AUDIT_CASE_H

#include "audit_names.h"

#include "audit/report.h"

#include <arpa/inet.h>
#include <ldns/ldns.h>

#define CASE_SOURCES 4

/* 2026-11-23 00:00 UTC, and the hour of a stamp that becomes stale so many hours later with the default intervals. */
#define CASE_NOW             1795392000
#define CASE_STAMP(in_hours) ((uint32_t)((CASE_NOW + INT64_C(11644473600)) / 3600 - 336 + (in_hours)))

struct audit_case {
    struct audit_names base;
    struct da_collection *sources[CASE_SOURCES];
    struct da_finding *findings;
    size_t finding_room;
    struct da_audit audit;
};

/* A name of plain labels. */
static inline struct da_name case_name(const char *text)
{
    struct da_name name = {0};

    name.length = (uint8_t)wire_name(text, name.wire);
    return name;
}

static inline void case_open(struct audit_case *audit_case, const char *yaml)
{
    memset(audit_case, 0, sizeof(*audit_case));
    audit_names_open(&audit_case->base, yaml, NULL);
    audit_case->audit.deployment_title = "deployment.yaml";
    audit_case->audit.request = (struct da_check_request){.deployment = audit_case->base.deployment,
                                                          .set = audit_case->base.set,
                                                          .names = audit_case->base.names,
                                                          .collections = audit_case->sources,
                                                          .intervals = {.no_refresh = 168, .refresh = 168},
                                                          .now = CASE_NOW};
}

static inline struct da_collection *case_source(struct audit_case *audit_case, enum da_source_kind kind,
                                                const char *title)
{
    struct da_collection **source = &audit_case->sources[audit_case->audit.request.collection_count++];

    assert_int_equal(da_collection_new(kind, title, audit_case->base.names, source), DA_OK);
    return *source;
}

/* A record as in "A 10.0.0.1" or "CNAME host.example"; of another type it has no data. stamp: 0 = static. */
static inline void case_add(struct da_collection *source, const char *owner, const char *type, const char *data,
                            uint32_t stamp, uint64_t line)
{
    struct da_name name = case_name(owner), target;
    uint8_t rdata[16];
    struct da_found found = {.owner = &name,
                             .has_ttl = true,
                             .ttl = 1200,
                             .aging = stamp > 0 ? DA_AGING_DYNAMIC : DA_AGING_STATIC,
                             .stamp = stamp,
                             .rdata = rdata,
                             .place = {.file = da_collection_file(source, source->title), .line = line}};

    if (inet_pton(AF_INET, data, rdata) == 1) {
        found.rdata_length = 4;
    } else if (inet_pton(AF_INET6, data, rdata) == 1) {
        found.rdata_length = 16;
    } else if (*data != '\0') {
        target = case_name(data);
        found.rdata = target.wire;
        found.rdata_length = target.length;
    }
    found.type = ldns_get_rr_type_by_name(type);
    assert_int_equal(da_collection_add(source, &found), DA_OK);
}

static inline void case_finish(struct audit_case *audit_case)
{
    for (size_t i = 0; i < audit_case->audit.request.collection_count; i++)
        da_collection_finish(audit_case->sources[i]);
}

/* Adds a finding; its severity is the table's. Returned for what else there is to set. */
static inline struct da_finding *case_finding(struct audit_case *audit_case, enum da_finding_code code,
                                              const struct da_collection *source, const char *name, uint16_t type)
{
    struct da_audit *audit = &audit_case->audit;

    if (audit->finding_count == audit_case->finding_room) {
        audit_case->finding_room = audit_case->finding_room * 2 + 16;
        audit_case->findings = realloc(audit_case->findings, audit_case->finding_room * sizeof(*audit_case->findings));
        assert_non_null(audit_case->findings);
        audit->findings = audit_case->findings;
    }
    struct da_finding *finding = &audit_case->findings[audit->finding_count++];
    *finding = (struct da_finding){.code = code,
                                   .severity = da_finding_kinds[code].severity,
                                   .collection = source,
                                   .suffix = DA_NO_SUFFIX,
                                   .type = type};
    if (name != NULL) {
        finding->name = case_name(name);
        finding->suffix = da_names_suffix(audit_case->base.names, finding->name.wire);
    }
    audit->counts[finding->severity]++;
    if (finding->severity > audit->worst)
        audit->worst = finding->severity;
    return finding;
}

/* The finding is about the record of that number among those of its name and type. */
static inline void case_about(struct da_finding *finding, size_t number)
{
    size_t count = 0;
    const struct da_found *found = da_collection_find(finding->collection, &finding->name, finding->type, &count);

    assert_non_null(found);
    assert_true(number < count);
    finding->found = &found[number];
    finding->place = found[number].place;
    if (found[number].aging == DA_AGING_DYNAMIC)
        finding->stale_at = da_aging_stale(found[number].stamp, &(struct da_intervals){168, 168});
}

/* The finding means that address. */
static inline void case_means(struct da_finding *finding, const char *address)
{
    finding->address_length = strchr(address, ':') != NULL ? 16 : 4;
    assert_int_equal(inet_pton(finding->address_length == 4 ? AF_INET : AF_INET6, address, finding->address), 1);
}

static inline void case_close(struct audit_case *audit_case)
{
    for (size_t i = 0; i < audit_case->audit.request.collection_count; i++)
        da_collection_free(audit_case->sources[i]);
    audit_names_close(&audit_case->base);
    free(audit_case->findings);
}

#endif
