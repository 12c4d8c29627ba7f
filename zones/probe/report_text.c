/* The report for people at a terminal, or who read a mail. */
#include "audit/report_words.h"
#include "probe/conclude_case.h"
#include "probe/report_words.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN_TABLES    12 /* of suffixes that something is wrong with */
#define SHOWN_RIGHT     4  /* tables that are right are shown where there are no more in all */
#define SHOWN_RESOLVERS 8  /* of a table, and of reasons; those that something is wrong with first */
#define SHOWN_PAGES     6
#define SHOWN_BLOCKED   12
#define CELL_MAX        DA_ADDRESSES_MAX

enum { COLUMN_NAME, COLUMN_TYPE, COLUMN_EXPECTED, COLUMN_THROUGH, COLUMN_SEEN, COLUMNS };

static const char *const headings[COLUMNS] = {"NAME", "TYPE", "EXPECTED", "THROUGH", "SEEN"};

struct row {
    char cells[COLUMNS][CELL_MAX];
    char verdict[32]; /* fits every word below */
    enum da_monitored severity;
};

struct writer {
    const struct da_probe_report *report;
    FILE *out;
    struct da_owned_list owned;
    enum da_state *worst; /* by entry point */
    struct row *rows;
    size_t row_count, row_room;
    size_t tables; /* written of suffixes that something is wrong with */
    enum da_status status;
};

/* ---- colours ---- */

#define BOLD "1"
#define DIM  "2"

static const char *const colours[] = {"32", "33", "1;31", "35"}; /* by exit status */

static void put_coloured(const struct writer *writer, const char *codes, const char *text)
{
    if (writer->report->colours)
        fprintf(writer->out, "\033[%sm", codes);
    da_words_put(text, writer->out);
    if (writer->report->colours)
        fputs("\033[0m", writer->out);
}

static const char *colour_of_state(enum da_state state)
{
    return colours[state == DA_STATE_CONNECTED ? DA_MONITORED_OK : DA_MONITORED_CRITICAL];
}

/* ---- conclusions ---- */

static const struct da_conclusion *conclusion_of(const struct writer *writer, size_t resolver, size_t suffix,
                                                 size_t entry_point)
{
    const struct da_expectations *expectations = writer->report->expectations;
    const bool one = expectations->entry_point != SIZE_MAX;
    const size_t entry_points = one ? 1 : expectations->deployment->entry_point_count;
    size_t index = (resolver * expectations->set->suffix_count + suffix) * entry_points + (one ? 0 : entry_point);

    return &writer->report->conclusions->conclusions[index];
}

static bool is_silent(const struct writer *writer, size_t resolver)
{
    return writer->report->conclusions->silent[resolver] != NULL;
}

/* The number of resolvers, not the silent ones, with or without something to say. */
static size_t count_resolvers(const struct writer *writer, size_t suffix, size_t entry_point, bool wrong)
{
    size_t count = 0;

    for (size_t i = 0; i < writer->report->view->resolver_count; i++)
        count += !is_silent(writer, i) && (conclusion_of(writer, i, suffix, entry_point)->because_count > 0) == wrong;
    return count;
}

/* ---- tables ---- */

static struct row *add_row(struct writer *writer, const char *name, const char *type)
{
    if (writer->row_count == writer->row_room) {
        size_t room = writer->row_room > 0 ? writer->row_room * 2 : 32;
        struct row *more = reallocarray(writer->rows, room, sizeof(*more));
        if (more == NULL) {
            writer->status = DA_ERR_MEMORY;
            return NULL;
        }
        writer->rows = more;
        writer->row_room = room;
    }
    struct row *row = &writer->rows[writer->row_count++];
    *row = (struct row){.verdict = "ok"};
    snprintf(row->cells[COLUMN_NAME], CELL_MAX, "%s", name);
    snprintf(row->cells[COLUMN_TYPE], CELL_MAX, "%s", type);
    return row;
}

static const char *verdict_of(enum da_reason reason)
{
    static const char *const words[DA_REASON_COUNT] = {
        [DA_REASON_CONNECTIVITY_FAILS] = "fails",
        [DA_REASON_CONNECTIVITY_MISSING] = "missing",
        [DA_REASON_CONNECTIVITY_WRONG] = "wrong",
        [DA_REASON_CONNECTIVITY_PREFIX] = "another prefix",
        [DA_REASON_CONNECTIVITY_EXTRA] = "one too many",
        [DA_REASON_CONNECTIVITY_A] = "not expected",
        [DA_REASON_CONNECTIVITY_NO_AAAA] = "missing",
        [DA_REASON_WEB_FAILS] = "fails",
        [DA_REASON_WEB_MISSING] = "missing",
        [DA_REASON_WEB_SERVER_ADDRESS] = "a server's own",
        [DA_REASON_WEB_OTHER_ADDRESS] = "another site's",
        [DA_REASON_WEB_UNKNOWN_ADDRESS] = "nobody's",
        [DA_REASON_SLOW] = "slow",
    };
    return words[reason] != NULL ? words[reason] : "wrong";
}

static bool is_of_connectivity(const struct da_because *because)
{
    return because->reason <= DA_REASON_CONNECTIVITY_NO_AAAA ||
           (because->reason == DA_REASON_SLOW && strncmp(because->text, "corp", 4) == 0);
}

/* The first reason about an RRset. */
static void judge_row(struct row *row, const struct da_conclusion *conclusion, enum da_asked asked, uint16_t type)
{
    for (size_t i = 0; i < conclusion->because_count; i++) {
        const struct da_because *because = &conclusion->because[i];
        if (because->type != type || is_of_connectivity(because) != (asked == DA_ASKED_CONNECTIVITY))
            continue;
        snprintf(row->verdict, sizeof(row->verdict), "%s", verdict_of(because->reason));
        row->severity = because->severity;
        return;
    }
}

static void expect_connectivity(const struct writer *writer, size_t entry_point, uint16_t type, char *cell)
{
    static const struct da_ipv4 loopback = {{127, 0, 0, 1}};
    const struct da_deployment *deployment = writer->report->expectations->deployment;
    const bool ipv6 = deployment->network == DA_NETWORK_IPV6;
    struct da_seen_address address = {.length = DA_IPV6_LEN};

    if (type == DA_TYPE_A || ipv6) {
        snprintf(cell, CELL_MAX, "%s", ipv6 ? type == DA_TYPE_A ? "-" : "::1" : "127.0.0.1");
        return;
    }
    struct da_ipv6 mapped = da_prefix_embed(&deployment->entry_points[entry_point].nat64, &loopback);
    memcpy(address.octets, mapped.octet, DA_IPV6_LEN);
    da_address_words(&address, cell);
}

static void expect_web(const struct writer *writer, size_t entry_point, uint16_t type, char *cell)
{
    const struct da_expectations *expectations = writer->report->expectations;
    const struct da_entry_point *given = &expectations->deployment->entry_points[entry_point];
    const bool balanced = given->balancer.kind != DA_BALANCER_NONE;
    const bool has_ipv6 = balanced ? given->balancer.has_ipv6 : given->servers[0].has_ipv6;
    const struct da_ipv6 *own = balanced ? &given->balancer.ipv6 : &given->servers[0].ipv6;
    const struct da_ipv4 *ipv4 = balanced ? &given->balancer.vip : &given->servers[0].address;
    struct da_seen_address address = {.length = DA_IPV6_LEN};

    if (type == DA_TYPE_AAAA && !has_ipv6 && !expectations->dns64) {
        strcpy(cell, "-");
        return;
    }
    struct da_ipv6 octets = expectations->dns64 ? da_prefix_embed(&given->nat64, ipv4) : *own;
    if (type == DA_TYPE_A) {
        address.length = DA_IPV4_LEN;
        memcpy(address.octets, ipv4->octet, DA_IPV4_LEN);
    } else {
        memcpy(address.octets, octets.octet, DA_IPV6_LEN);
    }
    da_address_words(&address, cell);
}

/* A type that no record is expected of is shown where it has some. */
static bool is_worth_a_row(const struct writer *writer, const struct da_seen *seen, enum da_asked asked)
{
    const struct da_expectations *expectations = writer->report->expectations;
    const bool ipv6 = expectations->deployment->network == DA_NETWORK_IPV6,
               has = seen->answered == DA_ANSWERED_ADDRESSES;

    if (expectations->dns64)
        return seen->type == DA_TYPE_AAAA;
    if (asked == DA_ASKED_CONNECTIVITY)
        return !ipv6 || has || seen->type == DA_TYPE_AAAA;
    return has || seen->type == DA_TYPE_A;
}

static bool shows_resolver(const struct writer *writer, size_t resolver, size_t suffix, size_t entry_point,
                           size_t *shown)
{
    const struct da_conclusion *conclusion = conclusion_of(writer, resolver, suffix, entry_point);
    const bool few = writer->report->view->resolver_count <= SHOWN_RESOLVERS;

    if (is_silent(writer, resolver) ||
        (conclusion->because_count == 0 && !few && count_resolvers(writer, suffix, entry_point, true) > 0) ||
        *shown == SHOWN_RESOLVERS)
        return false;
    ++*shown;
    return true;
}

static void add_rrset(struct writer *writer, size_t suffix, size_t entry_point, enum da_asked asked, uint16_t type)
{
    const struct da_view *view = writer->report->view;
    const char *label = asked == DA_ASKED_CONNECTIVITY ? da_label_corp_connectivity : da_label_web_probe;
    size_t shown = 0;

    for (size_t i = 0; i < view->resolver_count; i++) {
        const struct da_seen *seen = da_view_seen(view, i, suffix, asked, NULL, type);
        if (seen == NULL || !shows_resolver(writer, i, suffix, entry_point, &shown) ||
            !is_worth_a_row(writer, seen, asked))
            continue;
        struct row *row = add_row(writer, label, da_type_words(type));
        if (row == NULL)
            return;
        if (asked == DA_ASKED_CONNECTIVITY)
            expect_connectivity(writer, entry_point, type, row->cells[COLUMN_EXPECTED]);
        else
            expect_web(writer, entry_point, type, row->cells[COLUMN_EXPECTED]);
        snprintf(row->cells[COLUMN_THROUGH], CELL_MAX, "%s", da_probe_resolver(view, i));
        if (seen->answered == DA_ANSWERED_ADDRESSES)
            da_addresses_words(seen->addresses, seen->address_count, row->cells[COLUMN_SEEN]);
        else
            snprintf(row->cells[COLUMN_SEEN], CELL_MAX, "%s", da_answered_words(seen));
        judge_row(row, conclusion_of(writer, i, suffix, entry_point), asked, type);
    }
}

static void judge_page(struct row *row, const struct da_fetch *fetch, unsigned slow)
{
    static const char *const words[] = {
        [DA_FETCHED_NOTHING] = "not fetched",     [DA_FETCHED_RIGHT] = "ok",
        [DA_FETCHED_REFUSED] = "unreachable",     [DA_FETCHED_SILENT] = "unreachable",
        [DA_FETCHED_UNREACHABLE] = "unreachable", [DA_FETCHED_REDIRECTED] = "redirected",
        [DA_FETCHED_PORTAL] = "another page",     [DA_FETCHED_STATUS] = "wrong status",
        [DA_FETCHED_BODY] = "another page",       [DA_FETCHED_BROKEN] = "broken",
    };
    const bool right = fetch->fetched == DA_FETCHED_RIGHT, late = right && fetch->milliseconds > slow;

    if (fetch->fetched == DA_FETCHED_REDIRECTED)
        snprintf(row->cells[COLUMN_SEEN], CELL_MAX, "%u, to %.120s", fetch->status, fetch->why);
    else if (right)
        snprintf(row->cells[COLUMN_SEEN], CELL_MAX, "%u in %u ms", fetch->status, fetch->milliseconds);
    else
        snprintf(row->cells[COLUMN_SEEN], CELL_MAX, "%.158s", fetch->why);
    snprintf(row->verdict, sizeof(row->verdict), "%s", late ? "slow" : words[fetch->fetched]);
    row->severity = late ? DA_MONITORED_WARNING : right ? DA_MONITORED_OK : DA_MONITORED_CRITICAL;
}

/* Pages of other entry points' addresses are shown there. */
static void add_pages(struct writer *writer, size_t suffix, size_t entry_point)
{
    const struct da_expectations *expectations = writer->report->expectations;
    const struct da_view *view = writer->report->view;
    char text[DA_ADDRESS_TEXT_MAX];
    size_t shown = 0;

    for (size_t i = 0; i < view->fetch_count && shown < SHOWN_PAGES; i++) {
        const struct da_fetch *fetch = &view->fetches[i];
        if (fetch->suffix != suffix)
            continue;
        const struct da_owned *owned = da_owned_find(&writer->owned, &fetch->address, entry_point);
        if (owned != NULL && owned->entry_point != entry_point)
            continue;
        struct row *row = add_row(writer, "", "GET");
        if (row == NULL)
            return;
        snprintf(row->cells[COLUMN_NAME], CELL_MAX, "http://%s…/", da_label_web_probe);
        strcpy(row->cells[COLUMN_EXPECTED], "200");
        snprintf(row->cells[COLUMN_THROUGH], CELL_MAX, fetch->address.length == DA_IPV6_LEN ? "[%s]:%u" : "%s:%u",
                 da_address_words(&fetch->address, text), expectations->port);
        judge_page(row, fetch, expectations->slow);
        shown++;
    }
}

/* Columns of UTF-8 text whose characters are as wide as letters. */
static size_t width_of(const char *text)
{
    size_t width = 0;

    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

static void write_cell(const struct writer *writer, const char *text, size_t width)
{
    size_t used = width_of(text);

    fputs("  ", writer->out);
    da_words_put(text, writer->out);
    fprintf(writer->out, "%*s", used < width ? (int)(width - used) : 0, "");
}

static void write_rows(struct writer *writer)
{
    size_t widths[COLUMNS];

    for (size_t column = 0; column < COLUMNS; column++) {
        widths[column] = strlen(headings[column]);
        for (size_t i = 0; i < writer->row_count; i++)
            if (width_of(writer->rows[i].cells[column]) > widths[column])
                widths[column] = width_of(writer->rows[i].cells[column]);
    }
    if (writer->report->colours)
        fputs("\033[" DIM "m", writer->out);
    for (size_t column = 0; column < COLUMNS; column++)
        write_cell(writer, headings[column], column == COLUMN_SEEN ? 0 : widths[column]);
    fputs(writer->report->colours ? "\033[0m\n" : "\n", writer->out);
    for (size_t i = 0; i < writer->row_count; i++) {
        const struct row *row = &writer->rows[i], *before = i > 0 ? row - 1 : NULL;
        bool same_name = before != NULL && strcmp(before->cells[COLUMN_NAME], row->cells[COLUMN_NAME]) == 0;
        bool same = same_name && strcmp(before->cells[COLUMN_TYPE], row->cells[COLUMN_TYPE]) == 0;
        for (size_t column = 0; column < COLUMNS; column++)
            write_cell(writer,
                       (column == COLUMN_NAME && same_name) || (column < COLUMN_THROUGH && same) ? ""
                                                                                                 : row->cells[column],
                       widths[column]);
        fputs("  ", writer->out);
        put_coloured(writer, colours[row->severity], row->verdict);
        fputc('\n', writer->out);
    }
}

/* ---- reasons ---- */

static void write_because(const struct writer *writer, const struct da_because *because)
{
    fputs("    ", writer->out);
    put_coloured(writer, colours[because->severity],
                 because->severity == DA_MONITORED_CRITICAL ? "CRITICAL" : "WARNING");
    fputs("  ", writer->out);
    da_words_put(because->text, writer->out);
    fprintf(writer->out, "  [%s]\n", da_reason_code(because->reason));
}

static void write_conclusion(const struct writer *writer, const struct da_conclusion *conclusion)
{
    fputs("  through ", writer->out);
    da_words_put(da_probe_resolver(writer->report->view, conclusion->resolver), writer->out);
    fputs(": ", writer->out);
    put_coloured(writer, colour_of_state(conclusion->state), da_state_words(conclusion->state));
    fputc('\n', writer->out);
    for (size_t i = 0; i < conclusion->because_count; i++)
        write_because(writer, &conclusion->because[i]);
}

static void write_more(const struct writer *writer, size_t count, const char *what, const char *how)
{
    char text[DA_WORDS_COUNT_MAX];

    if (count > 0)
        fprintf(writer->out, "  %s further %s%s: %s\n", da_words_count(count, text), what,
                strcmp(what, "suffix") == 0 && count > 1 ? "es" : da_words_plural(count), how);
}

static void write_suffix(struct writer *writer, size_t suffix, size_t entry_point)
{
    static const uint16_t types[] = {DA_TYPE_A, DA_TYPE_AAAA};
    const struct da_view *view = writer->report->view;
    size_t wrong = count_resolvers(writer, suffix, entry_point, true);
    size_t right = count_resolvers(writer, suffix, entry_point, false);
    char name[DA_NAME_TEXT_MAX];
    size_t shown = 0;

    writer->row_count = 0;
    for (size_t i = 0; i < 2; i++)
        add_rrset(writer, suffix, entry_point, DA_ASKED_CONNECTIVITY, types[i]);
    for (size_t i = 0; i < 2; i++)
        add_rrset(writer, suffix, entry_point, DA_ASKED_WEB_PROBE, types[i]);
    add_pages(writer, suffix, entry_point);
    fputs("\n  ", writer->out);
    put_coloured(writer, BOLD, da_words_name(&writer->report->expectations->set->suffixes[suffix], name));
    fputc('\n', writer->out);
    write_rows(writer);
    for (size_t i = 0; i < view->resolver_count && shown < SHOWN_RESOLVERS; i++) {
        const struct da_conclusion *conclusion = conclusion_of(writer, i, suffix, entry_point);
        if (is_silent(writer, i) || conclusion->because_count == 0)
            continue;
        write_conclusion(writer, conclusion);
        shown++;
    }
    write_more(writer, wrong - shown, "resolver", "not right either: --resolver with one alone shows it");
    if (wrong > 0)
        write_more(writer, right, "resolver", da_state_words(DA_STATE_CONNECTED));
}

/* ---- entry points ---- */

static void write_silent(struct writer *writer, size_t entry_point)
{
    size_t left = 0, shown = 0;

    for (size_t i = 0; i < writer->report->view->resolver_count; i++) {
        if (!is_silent(writer, i))
            continue;
        if (shown++ < SHOWN_RESOLVERS)
            write_conclusion(writer, conclusion_of(writer, i, 0, entry_point));
        else
            left++;
    }
    write_more(writer, left, "resolver", "silent too");
}

static void write_entry_point(struct writer *writer, size_t entry_point)
{
    const struct da_probe_report *report = writer->report;
    const struct da_expectations *expectations = report->expectations;
    const size_t suffixes = expectations->set->suffix_count;
    const size_t entry_points = expectations->entry_point == SIZE_MAX ? expectations->deployment->entry_point_count : 1;
    const enum da_state worst = writer->worst[entry_point];
    size_t right = 0, wrong = 0;

    fputc('\n', writer->out);
    put_coloured(writer, BOLD, expectations->deployment->entry_points[entry_point].name);
    fputs("  ", writer->out);
    put_coloured(writer, colour_of_state(worst), da_state_words(worst));
    fputc('\n', writer->out);
    write_silent(writer, entry_point);
    for (size_t i = 0; i < suffixes && writer->status == DA_OK; i++) {
        const bool is_wrong = count_resolvers(writer, i, entry_point, true) > 0;
        const bool heard = is_wrong || count_resolvers(writer, i, entry_point, false) > 0;
        const bool shows = is_wrong ? writer->tables < SHOWN_TABLES : suffixes * entry_points <= SHOWN_RIGHT;
        writer->tables += is_wrong && shows;
        if (shows && heard)
            write_suffix(writer, i, entry_point);
        right += !shows && heard && !is_wrong;
        wrong += !shows && is_wrong;
    }
    if (right + wrong > 0 && right + wrong < suffixes)
        fputc('\n', writer->out);
    write_more(writer, wrong, "suffix", "not right either: --suffix with one alone shows it");
    write_more(writer, right, "suffix", da_state_words(DA_STATE_CONNECTED));
}

/* ---- what is not of an entry point ---- */

static void write_blocked(const struct writer *writer)
{
    const struct da_conclusions *conclusions = writer->report->conclusions;
    const size_t count = conclusions->blocked_count;
    const size_t limit = count <= SHOWN_BLOCKED + 1 ? count : SHOWN_BLOCKED;
    char text[DA_WORDS_COUNT_MAX];

    if (conclusions->blocked_asked == 0)
        return;
    fputc('\n', writer->out);
    put_coloured(writer, BOLD, "Names that must not resolve");
    if (count == 0)
        fprintf(writer->out, "  %s asked: ", da_words_count(conclusions->blocked_asked, text));
    put_coloured(writer, colours[DA_MONITORED_OK], count == 0 ? "NXDOMAIN" : "");
    fputc('\n', writer->out);
    for (size_t i = 0; i < limit; i++) {
        if (i == 0 || conclusions->blocked[i].resolver != conclusions->blocked[i - 1].resolver) {
            fputs("  through ", writer->out);
            da_words_put(da_probe_resolver(writer->report->view, conclusions->blocked[i].resolver), writer->out);
            fputs(":\n", writer->out);
        }
        write_because(writer, &conclusions->blocked[i].because);
    }
    if (limit < count)
        fprintf(writer->out, "  and %s more\n", da_words_count(count - limit, text));
}

static void write_policy(const struct writer *writer)
{
    const struct da_probe_report *report = writer->report;

    if (report->policy == NULL)
        return;
    fputc('\n', writer->out);
    put_coloured(writer, BOLD, "Client policy ");
    put_coloured(writer, BOLD, report->policy->title);
    put_coloured(writer, colours[DA_MONITORED_OK],
                 report->policy_findings->count == 0 ? "  as the deployment publishes it" : "");
    fputc('\n', writer->out);
    for (size_t i = 0; i < report->policy_findings->count; i++) {
        const struct da_ncsi_finding *finding = &report->policy_findings->findings[i];
        fputs("    ", writer->out);
        put_coloured(writer, colours[finding->severity],
                     finding->severity == DA_MONITORED_CRITICAL ? "CRITICAL" : "WARNING");
        if (finding->line > 0)
            fprintf(writer->out, "  line %zu:", finding->line);
        fputs(finding->line > 0 ? " " : "  ", writer->out);
        da_words_put(finding->text, writer->out);
        fprintf(writer->out, "  [%s]\n", finding->code);
    }
}

/* ---- the whole ---- */

enum da_status da_probe_report_text(const struct da_probe_report *report, FILE *out)
{
    const struct da_expectations *expectations = report->expectations;
    struct writer writer = {.report = report, .out = out, .worst = da_probe_worst(report)};
    char summary[DA_PROBE_SUMMARY_MAX];

    writer.status = da_owned_make(expectations->deployment, &writer.owned);
    if (writer.worst == NULL)
        writer.status = DA_ERR_MEMORY;
    if (writer.status == DA_OK)
        writer.status = da_probe_summary(report, summary);
    if (writer.status == DA_OK) {
        put_coloured(&writer, colours[report->severity], summary);
        fputc('\n', out);
    }
    for (size_t i = 0; i < expectations->deployment->entry_point_count && writer.status == DA_OK; i++)
        if (expectations->entry_point == SIZE_MAX || expectations->entry_point == i)
            write_entry_point(&writer, i);
    if (writer.status == DA_OK) {
        write_blocked(&writer);
        write_policy(&writer);
    }
    free(writer.rows);
    free(writer.worst);
    free(writer.owned.list);
    return writer.status == DA_OK && ferror(out) ? DA_ERR_IO : writer.status;
}
