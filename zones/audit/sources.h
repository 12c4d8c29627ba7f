/* sources.h - the options that name the sources of an audit, and how to read them: those of every command that audits.
 *
 * Such a command's table of options begins with DA_OPTION_HELP_ENTRY and DA_SOURCE_OPTIONS; its own come behind. */
#ifndef DA_AUDIT_SOURCES_H
#define DA_AUDIT_SOURCES_H

#include "arguments.h"
#include "audit/aging.h"
#include "audit/collection.h"
#include "directory/login.h"
#include "error.h"

#include <stdbool.h>
#include <stddef.h>

enum da_source_option {
    DA_SOURCE_OPTION_ZONE_FILE = DA_OPTION_HELP + 1,
    DA_SOURCE_OPTION_TRANSFER,
    DA_SOURCE_OPTION_ORIGIN,
    DA_SOURCE_OPTION_DIRECTORY,
    DA_SOURCE_OPTION_SERVER,
    DA_SOURCE_OPTION_RESOLVER,
    DA_SOURCE_OPTION_REMOTE_RESOLVER,
    DA_SOURCE_OPTION_INCLUDE_ROOT,
    DA_SOURCE_OPTION_KEY_FILE,
    DA_SOURCE_OPTION_LOGIN, /* the first of several */
    DA_SOURCE_OPTION_TIMEOUT = DA_SOURCE_OPTION_LOGIN + DA_LOGIN_OPTION_COUNT,
    DA_SOURCE_OPTION_NO_REFRESH,
    DA_SOURCE_OPTION_REFRESH,
    DA_SOURCE_OPTION_ISATAP_ROUTER,
    DA_SOURCE_OPTION_SEVERITIES,
    DA_SOURCE_OPTION_NEXT /* the first that is the command's own */
};

/* clang-format off */
#define DA_SOURCE_OPTIONS                                                                                              \
    [DA_SOURCE_OPTION_ZONE_FILE] = {.name = "zone-file", .argument = "PATH", .repeatable = true,                       \
        .help = "source: a zone file or a Windows export; \"-\" is standard input"},                                   \
    [DA_SOURCE_OPTION_TRANSFER] = {.name = "transfer", .argument = "SERVER", .repeatable = true,                       \
        .help = "source: the zones of the suffixes, by transfer (AXFR)"},                                              \
    [DA_SOURCE_OPTION_ORIGIN] = {.name = "origin", .argument = "NAME", .repeatable = true,                             \
        .help = "behind a zone file or transfer: its zone"},                                                           \
    [DA_SOURCE_OPTION_DIRECTORY] = {.name = "directory", .argument = "URL", .repeatable = true,                        \
        .help = "source: Active Directory, by LDAP: ldap://dc1.corp.example.net"},                                     \
    [DA_SOURCE_OPTION_SERVER] = {.name = "server", .argument = "SERVER", .repeatable = true,                           \
        .help = "source: an authoritative server, asked name by name"},                                                \
    [DA_SOURCE_OPTION_RESOLVER] = {.name = "resolver", .argument = "ADDRESS", .repeatable = true,                      \
        .help = "source: a resolver"},                                                                                 \
    [DA_SOURCE_OPTION_REMOTE_RESOLVER] = {.name = "remote-resolver", .argument = "ADDRESS", .repeatable = true,        \
        .help = "source: a resolver that remote clients use"},                                                         \
    [DA_SOURCE_OPTION_INCLUDE_ROOT] = {.name = "include-root", .argument = "DIR",                                      \
        .help = "no $INCLUDE of a zone file leads out of it"},                                                         \
    [DA_SOURCE_OPTION_KEY_FILE] = {.name = "key-file", .argument = "PATH",                                             \
        .help = "TSIG key for transfers and servers"},                                                                 \
    DA_LOGIN_OPTIONS(DA_SOURCE_OPTION_LOGIN),                                                                          \
    [DA_SOURCE_OPTION_TIMEOUT] = {.name = "timeout", .argument = "SECONDS", .fallback = "5",                           \
        .help = "how long a server may be silent"},                                                                    \
    [DA_SOURCE_OPTION_NO_REFRESH] = {.name = "no-refresh", .argument = "HOURS", .fallback = "168",                     \
        .help = "the zone's no-refresh interval; 7d are days"},                                                        \
    [DA_SOURCE_OPTION_REFRESH] = {.name = "refresh", .argument = "HOURS", .fallback = "168",                           \
        .help = "the zone's refresh interval"},                                                                        \
    [DA_SOURCE_OPTION_ISATAP_ROUTER] = {.name = "isatap-router", .argument = "LABEL",                                  \
        .help = "a router name that hosts use though the deployment has none"},                                        \
    [DA_SOURCE_OPTION_SEVERITIES] = {.name = "severities", .argument = "PATH",                                         \
        .help = "YAML file that changes severities, code: severity"}
/* clang-format on */

/* A source as the command line has it. */
struct da_source_setting {
    enum da_source_kind kind;
    const char *text;      /* path, server or URL */
    bool is_input;         /* standard input */
    struct da_name origin; /* length 0 = not given */
    bool remote;           /* a resolver that remote clients use */
};

/* Texts point into the command line. */
struct da_source_settings {
    struct da_source_setting *sources; /* in the order given */
    size_t count;
    const char *include_root, *key_file, *severities, *router; /* NULL = not given */
    struct da_login login;
    struct da_intervals intervals; /* where a source does not tell its own */
    unsigned timeout;              /* seconds */
};

/* Reads the values of these options. settings is to be given to da_source_settings_clear() whatever is returned. error
 * names the option, the value and what was expected. Returns DA_OK, DA_ERR_SYNTAX or DA_ERR_MEMORY. */
enum da_status da_source_settings_read(const struct da_arguments *arguments, struct da_source_settings *settings,
                                       struct da_error *error);
void da_source_settings_clear(struct da_source_settings *settings);

/* Records that an option's value is none. Returns DA_ERR_SYNTAX. */
enum da_status da_option_refuse(const struct da_arguments *arguments, size_t option, const char *text,
                                const char *expected, struct da_error *error);

/* Reads the value of an option --timeout: 1 to 300 seconds. Returns DA_OK or DA_ERR_SYNTAX. */
enum da_status da_option_timeout(const struct da_arguments *arguments, size_t option, unsigned *timeout,
                                 struct da_error *error);

#endif
