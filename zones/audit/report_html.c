/* The report as a page for people who do not sit at a terminal: verdict first, then when records are lost, then each
 * suffix, then why and what to do. */
#include "audit/report_html.h"

#include "audit/report_groups.h"
#include "audit/report_table.h"

#include <inttypes.h>
#include <string.h>

#define SHOWN_TABLES   20 /* of suffixes that something is wrong with */
#define SHOWN_RIGHT    12 /* tables that are right are shown where there are no more in all */
#define SHOWN_RECORDS  12 /* of a name and type that are right */
#define SHOWN_FINDINGS 20 /* of a kind */
#define SHOWN_ZONES    8  /* of a directory */

struct page {
    const struct da_audit *audit;
    FILE *out;
    struct da_report_index index;
    struct da_groups groups;
    struct da_table table;
};

/* Classes of the style sheet. */
static const char *class_of(enum da_severity severity)
{
    return severity == DA_SEVERITY_SILENT ? "ok" : da_severity_text(severity);
}

void da_html_put(const char *text, FILE *out)
{
    bool shown;

    for (size_t length; *text != '\0'; text += length) {
        length = da_words_character(text, &shown);
        if (!shown)
            fprintf(out, "\\x%02x", (uint8_t)*text);
        else if (strchr("&<>\"'", *text) != NULL)
            fprintf(out, "&#%d;", *text);
        else
            fwrite(text, 1, length, out);
    }
}

const char *da_html_time(int64_t unix_time, char text[static DA_HTML_TIME_MAX])
{
    const time_t time = (time_t)unix_time;
    struct tm tm;

    if (gmtime_r(&time, &tm) == NULL || strftime(text, DA_HTML_TIME_MAX, "%-d %B %Y, %H:%M UTC", &tm) == 0)
        strcpy(text, "an unknown time");
    return text;
}

/* ---- verdict ---- */

static size_t wrong_suffixes(const struct page *page)
{
    return page->audit->request.set->suffix_count - page->index.right_count;
}

/* " under corp.example.net", " under 2 of 3 suffixes". */
static void write_where(const struct page *page)
{
    const struct da_record_set *set = page->audit->request.set;
    char name[DA_NAME_TEXT_MAX], wrong[DA_WORDS_COUNT_MAX], all[DA_WORDS_COUNT_MAX];

    if (set->suffix_count == 1)
        fprintf(page->out, " under %s", da_words_name(&set->suffixes[0], name));
    else if (wrong_suffixes(page) > 0)
        fprintf(page->out, " under %s of %s suffixes", da_words_count(wrong_suffixes(page), wrong),
                da_words_count(set->suffix_count, all));
}

static void write_sentence(const struct page *page)
{
    const size_t *counts = page->audit->counts;
    char count[DA_WORDS_COUNT_MAX];

    switch (page->audit->worst) {
    case DA_SEVERITY_CRITICAL:
        da_words_count(counts[DA_SEVERITY_CRITICAL], count);
        fprintf(page->out, "DirectAccess clients are at risk: %s critical fault%s", count,
                da_words_plural(counts[DA_SEVERITY_CRITICAL]));
        write_where(page);
        break;
    case DA_SEVERITY_UNKNOWN:
        fputs("It could not be told whether all DirectAccess names are right", page->out);
        write_where(page);
        break;
    case DA_SEVERITY_WARNING:
        da_words_count(counts[DA_SEVERITY_WARNING], count);
        fprintf(page->out, "Nothing critical, but %s thing%s to put right", count,
                da_words_plural(counts[DA_SEVERITY_WARNING]));
        write_where(page);
        break;
    default:
        fputs("All DirectAccess names are as they should be", page->out);
    }
    fputc('.', page->out);
}

/* What will be lost first, where that is still to come. */
static void write_next(const struct page *page)
{
    const struct da_audit *audit = page->audit;
    char span[DA_AGING_TEXT_MAX], time[DA_HTML_TIME_MAX];
    int64_t next = INT64_MAX;

    for (size_t i = 0; i < audit->finding_count; i++)
        if (audit->findings[i].stale_at > audit->request.now && audit->findings[i].stale_at < next)
            next = audit->findings[i].stale_at;
    if (next != INT64_MAX)
        fprintf(page->out, "<p>The next record becomes stale in %s, on %s: then it may be deleted.</p>\n",
                da_aging_span(next - audit->request.now, span), da_html_time(next, time));
}

static void write_counts(const struct page *page)
{
    static const struct {
        enum da_severity severity;
        const char *words;
    } tiles[] = {
        {DA_SEVERITY_CRITICAL, "critical"},
        {DA_SEVERITY_WARNING, "to put right"},
        {DA_SEVERITY_UNKNOWN, "not known"},
        {DA_SEVERITY_NOTE, "to note"},
    };
    char count[DA_WORDS_COUNT_MAX], all[DA_WORDS_COUNT_MAX];

    fputs("<dl class=\"counts\">\n", page->out);
    for (size_t i = 0; i < sizeof(tiles) / sizeof(tiles[0]); i++) {
        size_t found = page->audit->counts[tiles[i].severity];
        fprintf(page->out, "<div><dt>%s</dt><dd%s%s%s>%s</dd></div>\n", tiles[i].words, found > 0 ? " class=\"" : "",
                found > 0 ? class_of(tiles[i].severity) : "", found > 0 ? "\"" : "", da_words_count(found, count));
    }
    fprintf(page->out, "<div><dt>suffixes right</dt><dd>%s of %s</dd></div>\n</dl>\n",
            da_words_count(page->index.right_count, count),
            da_words_count(page->audit->request.set->suffix_count, all));
}

static void write_header(const struct page *page)
{
    static const char *const badges[DA_SEVERITIES] = {
        [DA_SEVERITY_SILENT] = "OK",       [DA_SEVERITY_NOTE] = "OK",           [DA_SEVERITY_WARNING] = "Warning",
        [DA_SEVERITY_UNKNOWN] = "Unknown", [DA_SEVERITY_CRITICAL] = "Critical",
    };
    const struct da_audit *audit = page->audit;
    const char *class = class_of(audit->worst <= DA_SEVERITY_NOTE ? DA_SEVERITY_SILENT : audit->worst);
    char time[DA_HTML_TIME_MAX];

    fputs("<header>\n<p class=\"kicker\">DirectAccess DNS audit of ", page->out);
    da_html_put(audit->deployment_title, page->out);
    fprintf(page->out, ", as of %s</p>\n<div class=\"verdict %s\">\n<span class=\"badge\">%s</span>\n<h1>",
            da_html_time(audit->request.now, time), class, badges[audit->worst]);
    write_sentence(page);
    fputs("</h1>\n", page->out);
    write_next(page);
    fputs("</div>\n", page->out);
    write_counts(page);
    fputs("</header>\n", page->out);
}

/* ---- tables ---- */

static void write_cell(const struct page *page, const char *label, const char *text)
{
    if (strcmp(text, "-") == 0)
        fprintf(page->out, "<td data-label=\"%s\"><span class=\"soft\">nothing</span></td>", label);
    else if (strcmp(text, "?") == 0)
        fprintf(page->out, "<td data-label=\"%s\"><span class=\"soft\">not known</span></td>", label);
    else {
        fprintf(page->out, "<td data-label=\"%s\"><span class=\"data\">", label);
        da_html_put(text, page->out);
        fputs("</span></td>", page->out);
    }
}

static void write_line(const struct page *page, const struct da_line *line)
{
    char count[DA_WORDS_COUNT_MAX];

    fprintf(page->out, "<td>%s</td>", line->type);
    write_cell(page, "is", line->is);
    write_cell(page, "should be", line->should);
    fprintf(page->out, "<td><span class=\"word %s\">%s</span></td></tr>\n",
            line->is_right                         ? "ok"
            : line->severity == DA_SEVERITY_SILENT ? ""
                                                   : class_of(line->severity),
            line->words);
    if (line->more > 0)
        fprintf(page->out, "<tr><td></td><td colspan=\"3\">and %s more, all right</td></tr>\n",
                da_words_count(line->more, count));
}

/* A body for each name, so that its header belongs to all of its lines. */
static void write_name(const struct page *page, size_t first, size_t end)
{
    size_t rows = 0;

    for (size_t i = first; i < end; i++)
        rows += 1 + (page->table.lines[i].more > 0);
    fprintf(page->out, "<tbody>\n<tr><th scope=\"rowgroup\" rowspan=\"%zu\">", rows);
    da_html_put(page->table.lines[first].label, page->out);
    fputs("</th>", page->out);
    for (size_t i = first; i < end; i++) {
        if (i > first)
            fputs("<tr>", page->out);
        write_line(page, &page->table.lines[i]);
    }
    fputs("</tbody>\n", page->out);
}

static enum da_status write_table(struct page *page, size_t source, size_t suffix)
{
    const struct da_check_request *request = &page->audit->request;
    char name[DA_NAME_TEXT_MAX];
    enum da_status status = da_table_make(&page->index, source, suffix, SHOWN_RECORDS, &page->table);

    if (status != DA_OK)
        return status;
    fprintf(page->out,
            "<div class=\"card\">\n<table class=\"records\">\n<caption><b>%s</b> <span class=\"soft\">in the %s ",
            da_words_name(&request->set->suffixes[suffix], name), da_words_source(request->collections[source]));
    da_html_put(request->collections[source]->title, page->out);
    fputs(
        "</span></caption>\n<thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Type</th><th scope=\"col\">Is</th>"
        "<th scope=\"col\">Should be</th><th scope=\"col\">Verdict</th></tr></thead>\n",
        page->out);
    for (size_t i = 0, end; i < page->table.count; i = end) {
        for (end = i + 1; end < page->table.count && !page->table.lines[end].first;)
            end++;
        write_name(page, i, end);
    }
    fputs("</table>\n</div>\n", page->out);
    return DA_OK;
}

static void write_left_out(const struct page *page, size_t wrong, size_t right)
{
    char count[DA_WORDS_COUNT_MAX];

    if (wrong > 0)
        fprintf(page->out, "<p>%s more table%s with findings %s not shown.</p>\n", da_words_count(wrong, count),
                da_words_plural(wrong), wrong == 1 ? "is" : "are");
    if (right > 0)
        fprintf(page->out, "<p>%s table%s in which all is right %s not shown.</p>\n", da_words_count(right, count),
                da_words_plural(right), right == 1 ? "is" : "are");
}

static enum da_status write_tables(struct page *page)
{
    const struct da_check_request *request = &page->audit->request;
    const bool show_right = da_table_count(request, SHOWN_RIGHT) <= SHOWN_RIGHT;
    enum da_status status = DA_OK;
    size_t shown = 0, right = 0, wrong = 0;

    fputs("<section aria-labelledby=\"records\">\n<h2 id=\"records\">Records under each suffix</h2>\n", page->out);
    for (size_t i = 0; i < request->collection_count; i++) {
        for (size_t j = 0; status == DA_OK && j < request->set->suffix_count; j++) {
            bool is_right = da_report_index_worst(&page->index, i, j) <= DA_SEVERITY_NOTE;
            if (!da_covers(request->collections[i], &request->set->suffixes[j]))
                continue;
            if (is_right && !show_right)
                right++;
            else if (!is_right && shown >= SHOWN_TABLES)
                wrong++;
            else
                status = write_table(page, i, j);
            shown += !is_right;
        }
    }
    write_left_out(page, wrong, right);
    fputs("</section>\n", page->out);
    return status;
}

/* ---- findings ---- */

static void write_place(const struct page *page, const struct da_finding *finding)
{
    const struct da_place *place = &finding->place;

    if (place->file == NULL && finding->collection == NULL)
        return;
    fputs(" <span class=\"soft\">(", page->out);
    da_html_put(place->file != NULL ? place->file : finding->collection->title, page->out);
    if (place->file != NULL && place->line > 0)
        fprintf(page->out, ", line %" PRIu64, place->line);
    fputs(")</span>", page->out);
}

static void write_finding(const struct page *page, const struct da_finding *finding)
{
    char subject[DA_WORDS_SUBJECT_MAX], name[DA_NAME_TEXT_MAX];

    da_words_subject(finding, subject);
    if (subject[0] == '\0' && finding->suffix != DA_NO_SUFFIX)
        strcpy(subject, da_words_name(&page->audit->request.set->suffixes[finding->suffix], name));
    fputs("<li><code>", page->out);
    da_html_put(subject, page->out);
    fputs("</code>", page->out);
    if (finding->detail[0] != '\0') {
        fputs(subject[0] != '\0' ? ": " : "", page->out);
        da_html_put(finding->detail, page->out);
    }
    write_place(page, finding);
    fputs("</li>\n", page->out);
}

static void write_group(const struct page *page, const struct da_group *group)
{
    const struct da_finding_kind *kind = &da_finding_kinds[group->code];
    size_t limit = group->count <= SHOWN_FINDINGS + 1 ? group->count : SHOWN_FINDINGS;
    char count[DA_WORDS_COUNT_MAX];

    fprintf(page->out, "<article class=\"card finding %s\">\n<header><span class=\"badge\">%s</span><h3>%c",
            class_of(group->severity), da_severity_text(group->severity),
            kind->message[0] >= 'a' && kind->message[0] <= 'z' ? kind->message[0] - 'a' + 'A' : kind->message[0]);
    da_html_put(kind->message + 1, page->out);
    fputs("</h3></header>\n<ul>\n", page->out);
    for (size_t i = group->first, shown = 0; shown < limit; i++) {
        if (page->audit->findings[i].code != group->code)
            continue;
        write_finding(page, &page->audit->findings[i]);
        shown++;
    }
    if (limit < group->count)
        fprintf(page->out, "<li>and %s more</li>\n", da_words_count(group->count - limit, count));
    fputs("</ul>\n<dl><dt>Why</dt><dd>", page->out);
    da_html_put(kind->explanation, page->out);
    fputs("</dd><dt>To do</dt><dd>", page->out);
    da_html_put(kind->advice, page->out);
    fputs("</dd></dl>\n</article>\n", page->out);
}

static void write_groups(const struct page *page)
{
    if (page->groups.count == 0)
        return;
    fputs("<section aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings</h2>\n", page->out);
    for (size_t i = 0; i < page->groups.count; i++)
        write_group(page, &page->groups.list[i]);
    fputs("</section>\n", page->out);
}

/* ---- sources, and the whole ---- */

/* The zone that was asked for, or those that a directory has. */
static void write_zones(const struct page *page, const struct da_collection *source)
{
    char text[DA_NAME_TEXT_MAX], count[DA_WORDS_COUNT_MAX];

    if (source->origin.length > 0)
        da_html_put(da_words_name(&source->origin, text), page->out);
    for (size_t i = 0; i < source->zone_count && i < SHOWN_ZONES; i++) {
        fputs(i > 0 ? "<br>" : "", page->out);
        da_html_put(da_words_name(&source->zones[i].zone, text), page->out);
    }
    if (source->zone_count > SHOWN_ZONES)
        fprintf(page->out, "<br>and %s more", da_words_count(source->zone_count - SHOWN_ZONES, count));
}

static void write_nodes(const struct page *page, const struct da_collection *source)
{
    char count[DA_WORDS_COUNT_MAX];
    size_t tombstones = 0;

    for (size_t i = 0; i < source->node_count; i++)
        tombstones += source->nodes[i].is_tombstoned;
    fprintf(page->out, "%s node%s read", da_words_count(source->node_count, count),
            da_words_plural(source->node_count));
    if (tombstones > 0)
        fprintf(page->out, ", %s of them deleted", da_words_count(tombstones, count));
}

static void write_source(const struct page *page, const struct da_collection *source)
{
    char text[DA_WORDS_COUNT_MAX];

    fprintf(page->out, "<tr><th scope=\"row\">%s</th><td class=\"data\">", da_words_source(source));
    da_html_put(source->title, page->out);
    fputs("</td><td data-label=\"zone\" class=\"data\">", page->out);
    write_zones(page, source);
    fputs("</td><td>", page->out);
    if (source->failed) {
        fputs("failed: ", page->out);
        da_html_put(source->failure, page->out);
    } else if (source->lines > 0) {
        fprintf(page->out, "%s line%s read", da_words_count(source->lines, text), da_words_plural(source->lines));
    } else if (source->kind == DA_SOURCE_DIRECTORY) {
        write_nodes(page, source);
    }
    bool has_text = source->lines > 0 || source->failed || source->kind == DA_SOURCE_DIRECTORY;
    if (source->doubt_count > 0)
        fprintf(page->out, "%s%zu place%s of uncertain reading", has_text ? ", " : "", source->doubt_count,
                da_words_plural(source->doubt_count));
    fputs("</td></tr>\n", page->out);
}

static void write_sources(const struct page *page)
{
    const struct da_check_request *request = &page->audit->request;

    fputs("<section aria-labelledby=\"sources\">\n<h2 id=\"sources\">What was looked at</h2>\n<div class=\"card\">\n"
          "<table>\n<thead><tr><th scope=\"col\">Source</th><th scope=\"col\">Name</th><th scope=\"col\">Zone</th>"
          "<th scope=\"col\">Reading</th></tr></thead>\n<tbody>\n",
          page->out);
    for (size_t i = 0; i < request->collection_count; i++)
        write_source(page, request->collections[i]);
    fputs("</tbody>\n</table>\n</div>\n</section>\n", page->out);
}

static bool has_zones(const struct da_check_request *request)
{
    for (size_t i = 0; i < request->collection_count; i++)
        if (request->collections[i]->zone_count > 0)
            return true;
    return false;
}

static void write_footer(const struct page *page)
{
    const struct da_check_request *request = &page->audit->request;

    fprintf(page->out,
            "<footer><p>Made by directaccess-dns %s for the deployment with fingerprint %s. Aging is counted with a "
            "no-refresh interval of %" PRIu32 " hours and a refresh interval of %" PRIu32 " hours%s.</p></footer>\n",
            DA_VERSION, request->set->fingerprint, request->intervals.no_refresh, request->intervals.refresh,
            has_zones(request) ? ", in the directory with the zone&#39;s own" : "");
}

static enum da_status write_page(struct page *page)
{
    fprintf(page->out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n<title>DirectAccess DNS audit</title>\n"
            "<style>\n%s</style>\n</head>\n<body>\n",
            da_html_style);
    write_header(page);
    fputs("<main>\n", page->out);
    enum da_status status = da_html_axis(page->audit, page->out);
    if (status == DA_OK)
        status = write_tables(page);
    write_groups(page);
    write_sources(page);
    fputs("</main>\n", page->out);
    write_footer(page);
    fputs("</body>\n</html>\n", page->out);
    return status;
}

enum da_status da_report_html(const struct da_audit *audit, FILE *out)
{
    struct page page = {.audit = audit, .out = out};
    enum da_status status = da_report_index_make(audit, &page.index);

    if (status == DA_OK)
        status = da_groups_make(audit, &page.groups);
    if (status == DA_OK)
        status = write_page(&page);
    da_report_index_clear(&page.index);
    da_table_clear(&page.table);
    return status == DA_OK && ferror(out) ? DA_ERR_IO : status;
}
