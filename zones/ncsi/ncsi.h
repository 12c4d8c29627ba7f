/* ncsi.h - what clients are told to expect: the policy of the Network Connectivity Status Indicator.
 *
 * Read from the text that Get-NCSIPolicyConfiguration prints ("Name : value", values broken over lines as PowerShell
 * does) or from a .reg export of
 * HKLM\SOFTWARE\Policies\Microsoft\Windows\NetworkConnectivityStatusIndicator\CorporateConnectivity; UTF-8 or UTF-16,
 * LF or CRLF. Which it is, is told by the file itself. */
#ifndef DA_NCSI_NCSI_H
#define DA_NCSI_NCSI_H

#include "command.h"
#include "deployment.h"
#include "error.h"
#include "record_set.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define DA_NCSI_MAX_FILE ((size_t)16 * 1024 * 1024) /* octets: a .reg export may be of a whole hive */

enum da_ncsi_value {
    DA_NCSI_PROBE_HOST,    /* CorporateDNSProbeHostName       DnsProbeHost */
    DA_NCSI_PROBE_ADDRESS, /* CorporateDNSProbeHostAddress    DnsProbeContent */
    DA_NCSI_SITE_PREFIXES, /* CorporateSitePrefixList         SitePrefixes */
    DA_NCSI_WEB_PROBE_URL, /* CorporateWebsiteProbeURL        WebProbeUrl */
    DA_NCSI_NLS_URL,       /* DomainLocationDeterminationURL  DomainLocationDeterminationUrl */
    DA_NCSI_VALUE_COUNT,
};

struct da_ncsi {
    char *values[DA_NCSI_VALUE_COUNT]; /* as it stands there, blanks at the ends removed; NULL = not there */
    size_t lines[DA_NCSI_VALUE_COUNT]; /* where it stands, from 1 */
    bool registry;                     /* a .reg export */
    char *title;                       /* the file, as messages call it */
};

/* "CorporateDNSProbeHostName", or the name of the registry value. */
const char *da_ncsi_name(enum da_ncsi_value value, bool registry);

/* path may be "-". ncsi is set on success only. A file that has none of the values is an error, as is a value that is
 * given twice and differs. Returns DA_OK or what error holds, which names the line. */
enum da_status da_ncsi_load(const char *path, struct da_ncsi *ncsi, struct da_error *error);
void da_ncsi_clear(struct da_ncsi *ncsi);

/* One value against the deployment. */
struct da_ncsi_finding {
    enum da_ncsi_value value;
    enum da_monitored severity; /* critical: clients would not connect; warning: doubtful, or not there */
    const char *code;           /* "policy-probe-address": lower case, never changed once released */
    size_t line;                /* 0 = the value is not there */
    char text[512];             /* what stands there, what the deployment publishes, what to do; plain text */
};

struct da_ncsi_findings {
    struct da_ncsi_finding findings[4 * DA_NCSI_VALUE_COUNT];
    size_t count;
};

/* Compares the values with what the deployment publishes, none with the network. Suffixes are those of the set. */
void da_ncsi_check(const struct da_ncsi *ncsi, const struct da_deployment *deployment, const struct da_record_set *set,
                   struct da_ncsi_findings *findings);

/* The parts of values, for whoever drafts a deployment from them (import). Each returns false where the value is not
 * of the form. */
bool da_ncsi_probe_suffix(const char *host, struct da_name *suffix); /* directaccess-corpConnectivityHost.SUFFIX */
bool da_ncsi_url_host(const char *url, char *host, size_t size);     /* http://HOST[:PORT]/… or https */

#endif
