/* report.h - an audit's result in words, as JSON and as a page; each writer in a file of its own.
 *
 * Output depends on the audit alone: no clock, no host. Text from zones and paths is made harmless in each: control
 * octets never reach a terminal, markup never a page. */
#ifndef DA_REPORT_H
#define DA_REPORT_H

#include "audit/checks.h"

#include <stdbool.h>
#include <stdio.h>

/* A finished audit. */
struct da_audit {
    const char *deployment_title; /* as da_deployment_title() has it */
    struct da_check_request request;
    const struct da_finding *findings; /* in the order of checks.h, silent ones left out */
    size_t finding_count;
    size_t counts[DA_SEVERITIES]; /* findings by severity */
    enum da_severity worst;       /* DA_SEVERITY_SILENT = no finding at all */
};

/* The exit status that monitoring expects: 0 ok, 1 warning, 2 critical, 3 unknown. */
int da_audit_exit(const struct da_audit *audit);

/* One line for a monitoring system, without newline, in the form of the monitoring plugins' guidelines, performance
 * data behind "|": "DIRECTACCESS CRITICAL - …". Returns text. */
#define DA_SUMMARY_MAX 400
const char *da_audit_summary(const struct da_audit *audit, char text[static DA_SUMMARY_MAX]);

struct da_report_options {
    bool colour; /* ANSI colours: the stream is a terminal */
    bool all;    /* everything; else suffixes that are right, and many findings alike, are counted only */
    int width;   /* columns; 0 = no limit is known */
};

/* The first line is the summary; then a table a suffix and source, what is and what should be; then the findings with
 * why and what to do, each kind explained once. Return DA_OK, DA_ERR_MEMORY, or DA_ERR_IO with errno set. */
enum da_status da_report_text(const struct da_audit *audit, const struct da_report_options *options, FILE *out);

/* Schema: packaging/manual/audit.md; version in member "format". */
enum da_status da_report_json(const struct da_audit *audit, FILE *out);

/* One self-contained page: no script, no reference to anything outside; light and dark. */
enum da_status da_report_html(const struct da_audit *audit, FILE *out);

#endif
