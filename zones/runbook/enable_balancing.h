/* enable_balancing.h - the steps in Remote Access that Network Load Balancing and an external load balancer share. */
#ifndef DA_RUNBOOK_ENABLE_BALANCING_H
#define DA_RUNBOOK_ENABLE_BALANCING_H

#include "deployment.h"
#include "runbook/chapters.h"
#include "runbook/document.h"

/* A step: load balancing is enabled on the first server, whose address becomes the VIP. */
void da_step_enable_balancing(const struct da_entry_point *entry, struct da_document *document);

/* A step: every other server joins. */
void da_step_add_members(const struct da_entry_point *entry, struct da_document *document);

/* Two steps: the records name the VIP, and a look from outside. */
void da_step_records(const struct da_entry_point *entry, struct da_document *document);
void da_step_probe(const struct da_runbook *runbook, const struct da_entry_point *entry, struct da_document *document);

#endif
