/* report_words.h - what the reports of a probe share. Private to report_*.c. */
#ifndef DA_PROBE_REPORT_WORDS_H
#define DA_PROBE_REPORT_WORDS_H

#include "probe/report.h"

#define DA_PROBE_PHRASE_MAX  900
#define DA_PROBE_SUMMARY_MAX 1200

/* The worst that was concluded about each entry point of the deployment, to be freed. NULL = out of memory. */
enum da_state *da_probe_worst(const struct da_probe_report *report);

/* The first line of a report, and all that a monitoring system needs: in the form of the monitoring plugins'
 * guidelines. It may have octets that are not fit to be shown. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_probe_summary(const struct da_probe_report *report, char text[static DA_PROBE_SUMMARY_MAX]);

/* "the system's", or the address as given. */
const char *da_probe_resolver(const struct da_view *view, size_t resolver);

/* "ok", "warning", "critical", "unknown": by exit status. */
const char *da_probe_status(enum da_monitored severity);

#endif
