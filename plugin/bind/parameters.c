#include "parameters.h"

#include "error.h"

#include <isc/buffer.h>
#include <isccfg/cfg.h>
#include <isccfg/grammar.h>
#include <ns/log.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static cfg_clausedef_t clauses[] = {{"deployment", &cfg_type_qstring, 0}, {NULL, NULL, 0}};
static cfg_clausedef_t *clause_sets[] = {clauses, NULL};
static cfg_type_t parameters_type = {"directaccess-parameters", cfg_parse_mapbody, cfg_print_mapbody,
                                     cfg_doc_mapbody,           &cfg_rep_map,      clause_sets};

/* The deployment clause, and where messages about it go. */
struct clause {
    const struct da_statement *statement;
    const char *path;
    unsigned long line; /* of named.conf */
};

/* A buffer's objects know their line, and no file. */
__attribute__((format(printf, 4, 5))) static void log_line(const struct da_statement *statement, unsigned long line,
                                                           int level, const char *format, ...)
{
    char text[DA_ERROR_PRINT_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    isc_log_write(statement->log, NS_LOGCATEGORY_GENERAL, NS_LOGMODULE_HOOKS, level, "%s:%lu: directaccess: %s",
                  statement->file, line, text);
}

static void log_warning(void *arg, const char *path, const char *text)
{
    const struct clause *clause = arg;
    log_line(clause->statement, clause->line, ISC_LOG_WARNING, "%s: %s: %s", clause->path, path, text);
}

static isc_result_t read_deployment(struct clause *clause, struct da_parameters *parameters)
{
    struct da_error error = {0};
    char text[DA_ERROR_PRINT_MAX];

    if (da_policy_load(clause->path, &parameters->policy, log_warning, clause, &error) != DA_OK) {
        log_line(clause->statement, clause->line, ISC_LOG_ERROR, "%s",
                 da_error_print(&error, clause->path, text, sizeof(text)));
        return ISC_R_FAILURE;
    }
    parameters->deployment = strdup(clause->path);
    if (asprintf(&parameters->where, "%s:%lu", clause->statement->file, clause->line) < 0)
        parameters->where = NULL;
    if (parameters->deployment == NULL || parameters->where == NULL) {
        da_parameters_clear(parameters);
        return ISC_R_NOMEMORY;
    }
    return ISC_R_SUCCESS;
}

/* The line of the opening brace: what named hands over is that of the closing one. */
static unsigned long first_line(const struct da_statement *statement)
{
    unsigned long line = statement->line;

    for (const char *at = statement->parameters; at != NULL && (at = strchr(at, '\n')) != NULL && line > 1; at++)
        line--;
    return line;
}

/* named's parser tells what it does not like, but in a buffer not the line. */
static isc_result_t parse(const struct da_statement *statement, cfg_parser_t *parser, cfg_obj_t **map)
{
    const char *text = statement->parameters != NULL ? statement->parameters : "";
    unsigned long line = first_line(statement);
    isc_buffer_t buffer;

    isc_buffer_constinit(&buffer, text, strlen(text));
    isc_buffer_add(&buffer, (unsigned int)strlen(text));
    isc_result_t result =
        cfg_parse_buffer(parser, &buffer, statement->file, (unsigned int)line, &parameters_type, 0, map);
    if (result != ISC_R_SUCCESS)
        log_line(statement, line, ISC_LOG_ERROR, "expected { deployment \"FILE\"; }");
    return result;
}

isc_result_t da_parameters_read(const struct da_statement *statement, struct da_parameters *parameters)
{
    struct clause clause = {.statement = statement};
    const cfg_obj_t *found = NULL;
    cfg_parser_t *parser = NULL;
    cfg_obj_t *map = NULL;

    *parameters = (struct da_parameters){0};
    isc_result_t result = cfg_parser_create(statement->memory, statement->log, &parser);
    if (result != ISC_R_SUCCESS)
        goto done;
    result = parse(statement, parser, &map);
    if (result != ISC_R_SUCCESS)
        goto done;
    if (cfg_map_get(map, "deployment", &found) != ISC_R_SUCCESS || cfg_obj_asstring(found)[0] == '\0') {
        result = ISC_R_FAILURE;
        log_line(statement, first_line(statement), ISC_LOG_ERROR,
                 "no deployment file; expected { deployment \"FILE\"; }");
        goto done;
    }
    clause.path = cfg_obj_asstring(found);
    clause.line = cfg_obj_line(found);
    result = read_deployment(&clause, parameters);
done:
    if (map != NULL)
        cfg_obj_destroy(parser, &map);
    if (parser != NULL)
        cfg_parser_destroy(&parser);
    return result;
}

void da_parameters_clear(struct da_parameters *parameters)
{
    da_policy_free(parameters->policy);
    free(parameters->deployment);
    free(parameters->where);
    *parameters = (struct da_parameters){0};
}
