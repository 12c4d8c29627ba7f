/* chapters.h - the chapters of a runbook, each a function over the deployment. */
#ifndef DA_RUNBOOK_CHAPTERS_H
#define DA_RUNBOOK_CHAPTERS_H

#include "deployment.h"
#include "record_set.h"
#include "runbook/document.h"

enum da_hypervisor { DA_HYPERVISOR_UNKNOWN, DA_HYPERVISOR_HYPER_V, DA_HYPERVISOR_VMWARE, DA_HYPERVISOR_NONE };

/* The ways into DNS. */
enum da_way { DA_WAY_ALL, DA_WAY_UNBOUND, DA_WAY_BIND, DA_WAY_RPZ, DA_WAY_ZONE, DA_WAY_PIN };

struct da_runbook {
    const struct da_deployment *deployment;
    const struct da_record_set *set;
    const char *path;                      /* of the deployment file, quoted for a shell where it has to be */
    const struct da_prefix *isatap_prefix; /* a /64 that the ISATAP router announces; NULL = not known */
    enum da_hypervisor hypervisor;
    enum da_way way;
};

/* Each writes nothing where the deployment has no such thing, or a word that it needs nothing. */
void da_runbook_overview(const struct da_runbook *runbook, struct da_document *document); /* records, addresses */
void da_runbook_nlb(const struct da_runbook *runbook, struct da_document *document);      /* nlb.c */
void da_runbook_balancer(const struct da_runbook *runbook, struct da_document *document); /* balancer.c */
void da_runbook_isatap(const struct da_runbook *runbook, struct da_document *document);   /* isatap.c */
void da_runbook_dns(const struct da_runbook *runbook, struct da_document *document);      /* dns.c */
void da_runbook_firewall(const struct da_runbook *runbook, struct da_document *document); /* firewall.c */
void da_runbook_verify(const struct da_runbook *runbook, struct da_document *document);   /* verify.c */

#endif
