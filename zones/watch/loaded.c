#include "watch/loaded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_same_owner(const struct da_owner *a, const struct da_owner *b)
{
    if (strcasecmp(a->label, b->label) != 0 || a->rrset_count != b->rrset_count)
        return false;
    for (size_t i = 0; i < a->rrset_count; i++)
        if (a->rrsets[i].type != b->rrsets[i].type)
            return false;
    return true;
}

/* Same answers do not need suffixes in the same order; what is kept of records between rounds does. */
static bool is_same(const struct da_record_set *a, const struct da_record_set *b)
{
    if (strcmp(a->fingerprint, b->fingerprint) != 0 || a->suffix_count != b->suffix_count ||
        a->owner_count != b->owner_count)
        return false;
    for (size_t i = 0; i < a->suffix_count; i++)
        if (!da_name_equal(a->suffixes[i].wire, b->suffixes[i].wire))
            return false;
    for (size_t i = 0; i < a->owner_count; i++)
        if (!is_same_owner(&a->owners[i], &b->owners[i]))
            return false;
    return true;
}

static void print_warnings(struct da_loaded *loaded, char *warnings, FILE *err)
{
    if (warnings != NULL && (loaded->warnings == NULL || strcmp(warnings, loaded->warnings) != 0))
        fputs(warnings, err);
    free(loaded->warnings);
    loaded->warnings = warnings;
}

/* Loads into run, whose command is one of its own for the time being. */
static enum da_status load(struct da_loaded *loaded, struct da_run *command, struct da_audit_run *run)
{
    enum da_status status = DA_ERR_MEMORY;
    char *warnings = NULL;
    size_t length = 0;
    FILE *err = command->err;

    command->err = open_memstream(&warnings, &length);
    if (command->err != NULL) {
        status = da_audit_load(run);
        if (fclose(command->err) != 0)
            status = DA_ERR_MEMORY;
        print_warnings(loaded, warnings, err);
    }
    command->err = err;
    if (status != DA_OK) /* other faults were recorded where they happened */
        da_error_set(&command->error, status, NULL, "out of memory");
    return status;
}

enum da_loaded_change da_loaded_load(struct da_loaded *loaded, struct da_run *command,
                                     const struct da_source_settings *settings)
{
    struct da_run own = {.arguments = command->arguments, .out = command->out, .err = command->err};
    struct da_audit_run run = {.command = &own, .settings = settings};

    enum da_status status = load(loaded, &own, &run);
    loaded->error = own.error;
    loaded->about = own.about;
    if (status != DA_OK) {
        da_audit_clear(&run);
        return DA_LOADED_FAULT;
    }
    bool same = loaded->run.set != NULL && is_same(loaded->run.set, run.set);
    da_audit_clear(&loaded->run);
    run.command = command;
    loaded->run = run;
    return same ? DA_LOADED_SAME : DA_LOADED_CHANGED;
}

void da_loaded_clear(struct da_loaded *loaded)
{
    da_audit_clear(&loaded->run);
    free(loaded->warnings);
    *loaded = (struct da_loaded){0};
}
