/* report.h - a probe for people and for programs. */
#ifndef DA_PROBE_REPORT_H
#define DA_PROBE_REPORT_H

#include "ncsi/ncsi.h"
#include "probe/conclude.h"

#include <stdbool.h>
#include <stdio.h>

struct da_probe_report {
    const char *deployment; /* its title */
    const struct da_expectations *expectations;
    const struct da_view *view;
    const struct da_conclusions *conclusions;
    const struct da_ncsi *policy; /* NULL = none was given */
    const struct da_ncsi_findings *policy_findings;
    enum da_monitored severity; /* of all of it */
    bool colours;
};

/* First a line for monitoring; then for each entry point and suffix that is not right a table of what was expected and
 * was seen through each resolver, and the reasons; then blocked names, and the policy. What is right is told in a line
 * where there is much of it. Returns DA_OK, DA_ERR_MEMORY or DA_ERR_IO. */
enum da_status da_probe_report_text(const struct da_probe_report *report, FILE *out);

/* "format": 1. The schema is in the manual. Returns DA_OK, DA_ERR_MEMORY or DA_ERR_IO. */
enum da_status da_probe_report_json(const struct da_probe_report *report, FILE *out);

#endif
