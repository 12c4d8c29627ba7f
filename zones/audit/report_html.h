/* report_html.h - what the files that make the page share. */
#ifndef DA_REPORT_HTML_H
#define DA_REPORT_HTML_H

#include "audit/report.h"

/* Writes text with markup made harmless, for content and quoted attributes alike. */
void da_html_put(const char *text, FILE *out);

/* Writes a time as "26 November 2026, 22:00 UTC". Returns text. */
#define DA_HTML_TIME_MAX 64
const char *da_html_time(int64_t unix_time, char text[static DA_HTML_TIME_MAX]);

/* The style sheet. */
extern const char da_html_style[];

/* Writes a section with the picture of when dynamic records become stale; nothing where there are none. Returns DA_OK
 * or DA_ERR_MEMORY. */
enum da_status da_html_axis(const struct da_audit *audit, FILE *out);

#endif
