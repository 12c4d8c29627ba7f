/* The report for people at a terminal, or who read a mail. */
#include "audit/report_groups.h"
#include "audit/report_table.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>

#define SHOWN_FINDINGS 8  /* of a kind */
#define SHOWN_TABLES   12 /* of suffixes that something is wrong with */
#define SHOWN_RIGHT    4  /* tables that are right are shown where there are no more in all */
#define SHOWN_RECORDS  6  /* of a name and type that are right */
#define GAP            2  /* columns between columns */

enum { COLUMN_NAME, COLUMN_TYPE, COLUMN_IS, COLUMN_SHOULD, COLUMNS };

static const char *const headings[COLUMNS] = {"NAME", "TYPE", "IS", "SHOULD BE"};

struct writer {
    const struct da_audit *audit;
    const struct da_report_options *options;
    FILE *out;
    struct da_report_index index;
    struct da_groups groups;
    struct da_table table;
};

/* ---- colours ---- */

#define BOLD "1"
#define DIM  "2"

static const char *const colours[DA_SEVERITIES] = {
    [DA_SEVERITY_SILENT] = "32",  [DA_SEVERITY_NOTE] = "36",       [DA_SEVERITY_WARNING] = "33",
    [DA_SEVERITY_UNKNOWN] = "35", [DA_SEVERITY_CRITICAL] = "1;31",
};

static void colour_on(const struct writer *writer, const char *codes)
{
    if (writer->options->colour)
        fprintf(writer->out, "\033[%sm", codes);
}

static void colour_off(const struct writer *writer)
{
    if (writer->options->colour)
        fputs("\033[0m", writer->out);
}

static void put_coloured(const struct writer *writer, const char *codes, const char *text)
{
    colour_on(writer, codes);
    da_words_put(text, writer->out);
    colour_off(writer);
}

static void pad(const struct writer *writer, size_t columns)
{
    fprintf(writer->out, "%*s", (int)columns, "");
}

/* ---- tables ---- */

static const char *cell_of(const struct da_line *line, size_t column)
{
    const char *const cells[COLUMNS] = {line->first ? line->label : "", line->type, line->is, line->should};
    return cells[column];
}

static size_t column_width(const struct da_table *table, size_t column)
{
    size_t width = strlen(headings[column]);

    for (size_t i = 0; i < table->count; i++)
        if (strlen(cell_of(&table->lines[i], column)) > width)
            width = strlen(cell_of(&table->lines[i], column));
    return width;
}

static void write_words(const struct writer *writer, const struct da_line *line)
{
    put_coloured(writer, line->is_right ? colours[DA_SEVERITY_SILENT] : colours[line->severity], line->words);
    fputc('\n', writer->out);
}

static void write_more(const struct writer *writer, const struct da_line *line, size_t indent)
{
    char count[DA_WORDS_COUNT_MAX];

    if (line->more == 0)
        return;
    pad(writer, indent);
    fprintf(writer->out, "and %s more, all right\n", da_words_count(line->more, count));
}

static void write_wide(const struct writer *writer, const size_t widths[COLUMNS])
{
    const struct da_table *table = &writer->table;

    colour_on(writer, DIM);
    for (size_t column = 0; column < COLUMN_SHOULD; column++)
        fprintf(writer->out, "  %-*s", (int)widths[column], headings[column]);
    fprintf(writer->out, "  %s", headings[COLUMN_SHOULD]);
    colour_off(writer);
    fputc('\n', writer->out);
    for (size_t i = 0; i < table->count; i++) {
        for (size_t column = 0; column < COLUMNS; column++)
            fprintf(writer->out, "  %-*s", (int)widths[column], cell_of(&table->lines[i], column));
        pad(writer, GAP);
        write_words(writer, &table->lines[i]);
        write_more(writer, &table->lines[i], widths[COLUMN_NAME] + widths[COLUMN_TYPE] + 3 * (size_t)GAP);
    }
}

/* For narrow terminals: the name on a line of its own, and what should be only where it is something else. */
static void write_narrow(const struct writer *writer, size_t type_width)
{
    const struct da_table *table = &writer->table;
    size_t width = 0;

    for (size_t i = 0; i < table->count; i++)
        if (strlen(table->lines[i].is) > width)
            width = strlen(table->lines[i].is);
    for (size_t i = 0; i < table->count; i++) {
        const struct da_line *line = &table->lines[i];
        if (line->first)
            fprintf(writer->out, "  %s\n", line->label);
        const size_t indent = 4 + type_width + GAP;
        fprintf(writer->out, "    %-*s  %-*s", (int)type_width, line->type, (int)width, line->is);
        if (indent + width + GAP + strlen(line->words) > (size_t)writer->options->width) {
            fputc('\n', writer->out);
            pad(writer, indent);
        } else {
            pad(writer, GAP);
        }
        write_words(writer, line);
        if (strcmp(line->is, line->should) != 0) {
            pad(writer, indent);
            fprintf(writer->out, "should be %s\n", strcmp(line->should, "-") == 0 ? "nothing" : line->should);
        }
        write_more(writer, line, indent);
    }
}

static void write_table(const struct writer *writer)
{
    const struct da_table *table = &writer->table;
    size_t widths[COLUMNS], total = 0, words = 0;

    for (size_t column = 0; column < COLUMNS; column++)
        total += GAP + (widths[column] = column_width(table, column));
    for (size_t i = 0; i < table->count; i++)
        if (strlen(table->lines[i].words) > words)
            words = strlen(table->lines[i].words);
    if (writer->options->width > 0 && total + GAP + words > (size_t)writer->options->width)
        write_narrow(writer, widths[COLUMN_TYPE]);
    else
        write_wide(writer, widths);
}

static enum da_status write_suffix(struct writer *writer, size_t source, size_t suffix)
{
    const struct da_check_request *request = &writer->audit->request;
    char name[DA_NAME_TEXT_MAX];
    enum da_status status =
        da_table_make(&writer->index, source, suffix, writer->options->all ? SIZE_MAX : SHOWN_RECORDS, &writer->table);

    if (status != DA_OK)
        return status;
    fputc('\n', writer->out);
    put_coloured(writer, BOLD, da_words_name(&request->set->suffixes[suffix], name));
    fprintf(writer->out, "  %s ", da_words_source(request->collections[source]));
    da_words_put(request->collections[source]->title, writer->out);
    fputc('\n', writer->out);
    write_table(writer);
    return DA_OK;
}

struct left_out {
    size_t right, wrong; /* tables */
};

static void write_left_out(const struct writer *writer, const struct left_out *left_out)
{
    char count[DA_WORDS_COUNT_MAX];

    if (left_out->wrong + left_out->right > 0)
        fputc('\n', writer->out);
    if (left_out->wrong > 0)
        fprintf(writer->out, "%s more with findings: --all shows them.\n", da_words_count(left_out->wrong, count));
    if (left_out->right > 0)
        fprintf(writer->out, "%s right and not shown: --all shows %s.\n", da_words_count(left_out->right, count),
                left_out->right == 1 ? "it" : "them");
}

static enum da_status write_tables(struct writer *writer)
{
    const struct da_check_request *request = &writer->audit->request;
    const bool show_right = writer->options->all || da_table_count(request, SHOWN_RIGHT) <= SHOWN_RIGHT;
    struct left_out left_out = {0};
    enum da_status status = DA_OK;
    size_t shown = 0;

    for (size_t i = 0; i < request->collection_count; i++) {
        for (size_t j = 0; status == DA_OK && j < request->set->suffix_count; j++) {
            bool is_right = da_report_index_worst(&writer->index, i, j) <= DA_SEVERITY_NOTE;
            if (!da_covers(request->collections[i], &request->set->suffixes[j]))
                continue;
            if (is_right && !show_right)
                left_out.right++;
            else if (!is_right && shown >= SHOWN_TABLES && !writer->options->all)
                left_out.wrong++;
            else
                status = write_suffix(writer, i, j);
            shown += !is_right;
        }
    }
    write_left_out(writer, &left_out);
    return status;
}

/* ---- findings ---- */

/* As compilers write places, so that editors find them. */
static bool write_place(const struct writer *writer, const struct da_finding *finding)
{
    const struct da_place *place = &finding->place;

    if (place->file == NULL && finding->collection == NULL)
        return false;
    colour_on(writer, DIM);
    da_words_put(place->file != NULL ? place->file : finding->collection->title, writer->out);
    if (place->file != NULL && place->line > 0)
        fprintf(writer->out, ":%" PRIu64, place->line);
    colour_off(writer);
    return true;
}

/* Place, what it is about, what is special to it: as much as there is. */
static void write_finding(const struct writer *writer, const struct da_finding *finding)
{
    char subject[DA_WORDS_SUBJECT_MAX], name[DA_NAME_TEXT_MAX];
    const struct da_name *suffixes = writer->audit->request.set->suffixes;

    fputs("  ", writer->out);
    bool is_begun = write_place(writer, finding);
    da_words_subject(finding, subject);
    if (subject[0] == '\0' && finding->suffix != DA_NO_SUFFIX)
        strcpy(subject, da_words_name(&suffixes[finding->suffix], name));
    if (subject[0] != '\0') {
        fprintf(writer->out, "%s%s", is_begun ? ": " : "", subject);
        is_begun = true;
    }
    if (finding->detail[0] != '\0') {
        fputs(is_begun ? ": " : "", writer->out);
        da_words_put(finding->detail, writer->out);
    }
    fputc('\n', writer->out);
}

static const char *const titles[DA_SEVERITIES] = {
    [DA_SEVERITY_NOTE] = "NOTE",
    [DA_SEVERITY_WARNING] = "WARNING",
    [DA_SEVERITY_UNKNOWN] = "UNKNOWN",
    [DA_SEVERITY_CRITICAL] = "CRITICAL",
};

static void write_group(const struct writer *writer, const struct da_group *group)
{
    const struct da_finding_kind *kind = &da_finding_kinds[group->code];
    size_t limit = writer->options->all || group->count <= SHOWN_FINDINGS + 1 ? group->count : SHOWN_FINDINGS;
    char count[DA_WORDS_COUNT_MAX], suffixes[DA_WORDS_COUNT_MAX];

    fputc('\n', writer->out);
    put_coloured(writer, colours[group->severity], titles[group->severity]);
    fputs("  ", writer->out);
    put_coloured(writer, BOLD, kind->message);
    fprintf(writer->out, "  [%s]\n", kind->code);
    for (size_t i = group->first, shown = 0; shown < limit; i++) {
        if (writer->audit->findings[i].code != group->code)
            continue;
        write_finding(writer, &writer->audit->findings[i]);
        shown++;
    }
    if (limit < group->count)
        fprintf(writer->out, "  and %s more, under %s suffix%s in all\n", da_words_count(group->count - limit, count),
                da_words_count(group->suffixes, suffixes), group->suffixes == 1 ? "" : "es");
    da_text_wrap(writer->out, "  Why:   ", "         ", kind->explanation);
    da_text_wrap(writer->out, "  To do: ", "         ", kind->advice);
}

/* ---- the whole ---- */

static void write_summary(const struct writer *writer)
{
    char summary[DA_SUMMARY_MAX];

    da_audit_summary(writer->audit, summary);
    put_coloured(writer, colours[writer->audit->worst <= DA_SEVERITY_NOTE ? DA_SEVERITY_SILENT : writer->audit->worst],
                 summary);
    fputc('\n', writer->out);
}

enum da_status da_report_text(const struct da_audit *audit, const struct da_report_options *options, FILE *out)
{
    struct writer writer = {.audit = audit, .options = options, .out = out};
    enum da_status status = da_report_index_make(audit, &writer.index);

    if (status == DA_OK)
        status = da_groups_make(audit, &writer.groups);
    if (status == DA_OK) {
        write_summary(&writer);
        status = write_tables(&writer);
    }
    for (size_t i = 0; status == DA_OK && i < writer.groups.count; i++)
        write_group(&writer, &writer.groups.list[i]);
    da_report_index_clear(&writer.index);
    da_table_clear(&writer.table);
    return status == DA_OK && ferror(out) ? DA_ERR_IO : status;
}
