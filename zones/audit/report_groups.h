/* report_groups.h - findings by kind, the worst kinds first: each is explained once. */
#ifndef DA_REPORT_GROUPS_H
#define DA_REPORT_GROUPS_H

#include "audit/report.h"

struct da_group {
    enum da_finding_code code;
    enum da_severity severity;
    size_t count;    /* findings, at least one */
    size_t suffixes; /* how many they are under */
    size_t first;    /* index of the first of the audit's */
};

struct da_groups {
    struct da_group list[DA_FINDING_CODES]; /* by severity, then by code */
    size_t count;
};

/* Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_groups_make(const struct da_audit *audit, struct da_groups *groups);

#endif
