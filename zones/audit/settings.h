/* settings.h - the command line of `dadns audit`. */
#ifndef DA_AUDIT_SETTINGS_H
#define DA_AUDIT_SETTINGS_H

#include "arguments.h"
#include "audit/aging.h"
#include "audit/collection.h"
#include "audit/fix.h"
#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A source as the command line has it. */
struct da_source_setting {
    enum da_source_kind kind;
    const char *text;      /* path or server */
    bool is_input;         /* standard input */
    struct da_name origin; /* length 0 = not given */
    bool remote;           /* a resolver that remote clients use */
};

enum da_audit_output { DA_AUDIT_TEXT, DA_AUDIT_JSON, DA_AUDIT_FIX };

/* Texts point into the command line. */
struct da_audit_settings {
    struct da_source_setting *sources; /* in the order given */
    size_t source_count;
    const char *include_root, *key_file, *severities, *router, *html; /* NULL = not given */
    struct da_intervals intervals;
    unsigned timeout; /* seconds */
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
