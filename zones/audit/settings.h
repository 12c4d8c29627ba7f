/* settings.h - the command line of `dadns audit`. */
#ifndef DA_AUDIT_SETTINGS_H
#define DA_AUDIT_SETTINGS_H

#include "audit/fix.h"
#include "audit/sources.h"

#include <stdint.h>

enum da_audit_output { DA_AUDIT_TEXT, DA_AUDIT_JSON, DA_AUDIT_FIX };

/* Texts point into the command line. */
struct da_audit_settings {
    struct da_source_settings from;
    const char *html; /* NULL = not given */
    int64_t now;      /* Unix time */
    enum da_audit_output output;
    const struct da_fix_dialect *fix; /* DA_AUDIT_FIX */
    bool all;
};

extern const struct da_option da_audit_options[];

/* Reads the values of the options. settings is to be given to da_audit_settings_clear() whatever is returned. error
 * names the option, the value and what was expected. Returns DA_OK, DA_ERR_SYNTAX or DA_ERR_MEMORY. */
enum da_status da_audit_settings_read(const struct da_arguments *arguments, struct da_audit_settings *settings,
                                      struct da_error *error);
void da_audit_settings_clear(struct da_audit_settings *settings);

#endif
