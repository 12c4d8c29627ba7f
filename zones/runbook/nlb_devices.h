/* nlb_devices.h - what routers and switches are told about a cluster in one of the two multicast modes.
 *
 * Placeholders begin with "YOUR-". Each line is as the vendor's public documentation has it; where that is silent on
 * multicast addresses, the text beside the line says so. The lines for Linux are tried by the tests. */
#ifndef DA_RUNBOOK_NLB_DEVICES_H
#define DA_RUNBOOK_NLB_DEVICES_H

#include "deployment.h"
#include "runbook/document.h"

/* Why, and the placeholders: once in a chapter, as a section. */
void da_nlb_devices_explain(struct da_document *document);

/* The section for an entry point; mode is one of the multicast ones. */
void da_nlb_devices_section(const struct da_entry_point *entry, enum da_nlb_mode mode, struct da_document *document);

#endif
