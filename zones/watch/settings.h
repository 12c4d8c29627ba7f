/* settings.h - the command line of `dadns watch`. */
#ifndef DA_WATCH_SETTINGS_H
#define DA_WATCH_SETTINGS_H

#include "audit/sources.h"

#define DA_WATCH_INTERVAL_MAX 86400 /* seconds: a day */

/* Texts point into the command line. */
struct da_watch_settings {
    struct da_source_settings from;
    const char *metrics; /* NULL = not given */
    unsigned interval;   /* seconds from start to start of two rounds */
    bool once;
};

extern const struct da_option da_watch_options[];

/* Reads the values of the options, and refuses what cannot be read again and again. settings is to be given to
 * da_watch_settings_clear() whatever is returned. error names the option, the value and what was expected. Returns
 * DA_OK, DA_ERR_SYNTAX or DA_ERR_MEMORY. */
enum da_status da_watch_settings_read(const struct da_arguments *arguments, struct da_watch_settings *settings,
                                      struct da_error *error);
void da_watch_settings_clear(struct da_watch_settings *settings);

/* Reads seconds: "300", "300s", "5m" or "1h", 1 to DA_WATCH_INTERVAL_MAX. Returns false on anything else. */
bool da_watch_parse_interval(const char *text, unsigned *seconds);

#endif
