/* pin_report.h - what pinning finds, plans and has done: as text for people, or as JSON.
 *
 * packaging/manual/pin.md tells the JSON's schema. A report is begun, hears of each name twice, before and after its
 * turn, and is ended. */
#ifndef DA_PIN_REPORT_H
#define DA_PIN_REPORT_H

#include "directory/pin_apply.h"

#include <jansson.h>

struct da_pin_report {
    FILE *out;
    bool json;
    bool apply;
    bool replace;
    const char *deployment; /* as messages call it */
    const char *directory;  /* URL */
    const struct da_record_set *set;
    const struct da_pin_survey *survey;
    size_t results[DA_PIN_RESULTS]; /* names by enum da_pin_result */
    size_t heard;                   /* names */
    json_t *name;                   /* private: the one whose turn it is */
};

/* Text: writes the whole plan. Each of these returns DA_OK, DA_ERR_MEMORY, or DA_ERR_IO with errno set. */
enum da_status da_pin_report_begin(struct da_pin_report *report);

/* The plan of a name, as it is before it is carried out. */
enum da_status da_pin_report_plan(struct da_pin_report *report, const struct da_pin_node *node);

/* What came of it. error: why it was not pinned; NULL = it was, or nothing was tried. */
enum da_status da_pin_report_result(struct da_pin_report *report, enum da_pin_result result,
                                    const struct da_error *error);

enum da_status da_pin_report_end(struct da_pin_report *report);

/* Frees what a report that was not ended holds. */
void da_pin_report_clear(struct da_pin_report *report);

#endif
