/* run.h - one audit from its files to its findings: what every command that audits does.
 *
 * A run is begun with its settings and the command's struct da_run, goes through the functions below in their order,
 * and is cleared whatever happened. Faults are in the command's error, its about set. */
#ifndef DA_AUDIT_RUN_H
#define DA_AUDIT_RUN_H

#include "audit/report.h"
#include "audit/sources.h"
#include "command.h"

/* All that one audit holds, in the order in which it comes to be. */
struct da_audit_run {
    struct da_run *command;
    const struct da_source_settings *settings;
    struct da_severities severities;
    struct da_tsig_key *key;
    struct da_deployment *deployment;
    struct da_record_set *set;
    struct da_names *names;
    struct da_collection **collections; /* one a source */
    struct da_finding *findings;
    size_t finding_count, finding_room;
    enum da_status finding_status;
    struct da_audit audit; /* borrows from all the others */
};

/* Loads the deployment, which is the command's first operand, and the files that the settings name. */
enum da_status da_audit_load(struct da_audit_run *run);

/* Reads the sources. */
enum da_status da_audit_collect(struct da_audit_run *run);

/* Finds; run->audit is complete then. now: Unix time. */
enum da_status da_audit_check(struct da_audit_run *run, int64_t now);

void da_audit_clear(struct da_audit_run *run);

#endif
