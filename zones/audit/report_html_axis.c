/* The picture of when dynamic records become stale. Positions are percentages of the width and text is not scaled, so
 * that it can be read on a telephone; each record has a row of its own, so that labels cannot meet. */
#include "audit/report_html.h"
#include "audit/report_words.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HOUR         INT64_C(3600) /* seconds */
#define DAY          (24 * HOUR)
#define SHOWN_ROWS   20
#define ROW_HEIGHT   58 /* pixels */
#define HEAD_HEIGHT  26
#define FOOT_HEIGHT  26
#define STRIP_HEIGHT 70
#define STRIP_BARS   44
#define LEFT         7.0 /* percent of the width, where the earliest time shown is */
#define RIGHT        93.0
#define TICKS        4
#define NAME_COLUMNS 24 /* what a telephone has room for beside the time */
#define LINE_COLUMNS 46
#define LINE_MAX     110 /* columns that a desk has room for */

struct axis {
    const struct da_audit *audit;
    FILE *out;
    const struct da_finding **findings; /* those of dynamic records that will be deleted; ascending by stale_at */
    size_t count, shown;
    int64_t from, to; /* Unix times at the ends */
    int height;       /* pixels of the whole */
};

static int compare_stale(const void *left, const void *right)
{
    const struct da_finding *a = *(const struct da_finding *const *)left, *b = *(const struct da_finding *const *)right;

    if (a->stale_at != b->stale_at)
        return a->stale_at < b->stale_at ? -1 : 1;
    return (a > b) - (a < b);
}

static enum da_status collect(struct axis *axis)
{
    axis->findings = calloc(axis->audit->finding_count + 1, sizeof(const struct da_finding *));
    if (axis->findings == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < axis->audit->finding_count; i++) {
        const struct da_finding *finding = &axis->audit->findings[i];
        bool is_aging = finding->code == DA_FINDING_RECORD_DYNAMIC || finding->code == DA_FINDING_RECORD_STALE;
        if (is_aging && finding->stale_at != 0)
            axis->findings[axis->count++] = finding;
    }
    qsort(axis->findings, axis->count, sizeof(const struct da_finding *), compare_stale);
    axis->shown = axis->count < SHOWN_ROWS ? axis->count : SHOWN_ROWS;
    return DA_OK;
}

/* The longest that a record shown goes without being refreshed, in seconds. */
static int64_t longest_cycle(const struct axis *axis)
{
    int64_t longest = 0;

    for (size_t i = 0; i < axis->count; i++) {
        const struct da_intervals *intervals =
            da_intervals_of(&axis->audit->request, axis->findings[i]->collection, &axis->findings[i]->name);
        int64_t cycle = ((int64_t)intervals->no_refresh + intervals->refresh) * HOUR;
        longest = cycle > longest ? cycle : longest;
    }
    return longest;
}

/* Times far off would leave no room for those that matter: they are drawn at the ends. */
static void choose_range(struct axis *axis)
{
    const int64_t cycle = longest_cycle(axis);
    const int64_t now = axis->audit->request.now, first = axis->findings[0]->stale_at;
    const int64_t last = axis->findings[axis->count - 1]->stale_at;

    axis->to = last > now + 2 * cycle ? now + 2 * cycle : last;
    if (axis->to < now + DAY)
        axis->to = now + DAY;
    axis->from = first < now - cycle / 2 ? now - cycle / 2 : first;
    if (axis->from > now - (axis->to - now) / 12)
        axis->from = now - (axis->to - now) / 12;
}

static double position(const struct axis *axis, int64_t time)
{
    if (time <= axis->from)
        return LEFT;
    if (time >= axis->to)
        return RIGHT;
    return LEFT + (RIGHT - LEFT) * (double)(time - axis->from) / (double)(axis->to - axis->from);
}

/* ---- the frame ---- */

static int64_t choose_step(const struct axis *axis)
{
    static const int64_t steps[] = {HOUR,    3 * HOUR, 6 * HOUR, 12 * HOUR, DAY,       2 * DAY,
                                    7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY,  182 * DAY, 365 * DAY};
    const size_t count = sizeof(steps) / sizeof(steps[0]);
    int64_t span = axis->to - axis->from;

    for (size_t i = 0; i < count; i++)
        if (span / steps[i] <= TICKS)
            return steps[i];
    return (span / steps[count - 1] / TICKS + 1) * steps[count - 1];
}

static void write_ticks(const struct axis *axis)
{
    const int64_t step = choose_step(axis);
    int64_t tick = axis->from - axis->from % step;
    char label[32];
    struct tm tm;

    for (; tick <= axis->to; tick += step) {
        time_t time = (time_t)tick;
        double x = position(axis, tick);
        if (tick <= axis->from || x < LEFT + 2 || x > RIGHT - 1 || gmtime_r(&time, &tm) == NULL)
            continue;
        strftime(label, sizeof(label), tick % DAY != 0 ? "%H:%M" : step >= 28 * DAY ? "%b %Y" : "%-d %b", &tm);
        fprintf(axis->out,
                "<line class=\"grid\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"%d\" y2=\"%d\"/>"
                "<text class=\"small\" x=\"%.2f%%\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                x, x, HEAD_HEIGHT - 4, axis->height - FOOT_HEIGHT, x, axis->height - 8, label);
    }
}

static void write_now(const struct axis *axis)
{
    double x = position(axis, axis->audit->request.now);

    fprintf(axis->out,
            "<line class=\"now\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"%d\" y2=\"%d\"/>"
            "<text x=\"%.2f%%\" y=\"14\" text-anchor=\"middle\">now</text>\n",
            x, x, HEAD_HEIGHT - 6, axis->height - FOOT_HEIGHT, x);
}

/* ---- rows ---- */

/* A point; a time beyond the ends is an arrow. */
static void write_point(const struct axis *axis, int64_t time, int y)
{
    const char *shape = time < axis->from ? "<path class=\"point\" d=\"M-9 0 6-8V8Z\"/>"
                        : time > axis->to ? "<path class=\"point\" d=\"M9 0-6-8V8Z\"/>"
                                          : "<circle class=\"point\" r=\"7\"/>";
    fprintf(axis->out, "<svg x=\"%.2f%%\" y=\"%d\" overflow=\"visible\">%s</svg>\n", position(axis, time), y, shape);
}

static const char *relative_time(int64_t seconds, char text[static 48])
{
    char span[DA_AGING_TEXT_MAX];

    if (seconds < 60 && seconds > -60)
        return strcpy(text, "now");
    da_aging_span(seconds < 0 ? -seconds : seconds, span);
    snprintf(text, 48, seconds < 0 ? "%s ago" : "in %s", span);
    return text;
}

static const char ellipsis[] = "&#8230;";

/* What a telephone has no room for is shown on a desk only. */
static void write_data(const struct axis *axis, const struct da_finding *finding, const char *suffix, int y)
{
    char rdata[DA_WORDS_RDATA_MAX] = "", line[LINE_MAX + 1] = "", start[LINE_COLUMNS + 1];

    if (finding->found != NULL)
        da_words_rdata(finding->found, rdata);
    size_t length = (size_t)snprintf(line, sizeof(line), "%s%s%s", rdata, *suffix != '\0' ? " under " : "", suffix);
    memcpy(start, line, LINE_COLUMNS);
    start[length < LINE_COLUMNS ? length : LINE_COLUMNS] = '\0';
    fprintf(axis->out, "<text class=\"small\" x=\"0\" y=\"%d\">", y);
    da_html_put(start, axis->out);
    if (length > LINE_COLUMNS) {
        fputs("<tspan class=\"wide\">", axis->out);
        da_html_put(line + LINE_COLUMNS, axis->out);
        fprintf(axis->out, "%s</tspan><tspan class=\"narrow\">%s</tspan>", length > LINE_MAX ? ellipsis : "", ellipsis);
    }
    fputs("</text>\n", axis->out);
}

/* The first label, without what all have in common where there is no room, and the type; below it the data and the rest
 * of the name. */
static void write_label(const struct axis *axis, const struct da_finding *finding, int y)
{
    char name[DA_NAME_TEXT_MAX], type[DA_WORDS_TYPE_MAX];
    static const char common[] = "directaccess-";
    const char *rest = "";

    da_words_name(&finding->name, name);
    if (finding->suffix != DA_NO_SUFFIX) {
        char suffix[DA_NAME_TEXT_MAX];
        size_t length = strlen(da_words_name(&axis->audit->request.set->suffixes[finding->suffix], suffix));
        if (length + 1 < strlen(name)) {
            rest = name + strlen(name) - length;
            name[strlen(name) - length - 1] = '\0';
        }
    }
    const bool is_ours = strncasecmp(name, common, strlen(common)) == 0;
    char *own = is_ours ? name + strlen(common) : name;
    bool is_cut = strlen(own) > NAME_COLUMNS;
    own[is_cut ? NAME_COLUMNS : strlen(own)] = '\0';
    fprintf(axis->out, "<text x=\"0\" y=\"%d\">", y + 16);
    if (is_ours)
        fprintf(axis->out, "<tspan class=\"wide\">%.*s</tspan>", (int)strlen(common), name);
    da_html_put(own, axis->out);
    fprintf(axis->out, "%s %s</text>", is_cut ? ellipsis : "", da_words_type(finding->type, type));
    write_data(axis, finding, rest, y + 32);
}

static void write_row(const struct axis *axis, const struct da_finding *finding, int y)
{
    char text[48], subject[DA_WORDS_SUBJECT_MAX], time[DA_HTML_TIME_MAX];
    const int64_t now = axis->audit->request.now;
    const double here = position(axis, now), there = position(axis, finding->stale_at);

    fprintf(axis->out, "<g class=\"%s\"><title>", da_severity_text(finding->severity));
    da_html_put(da_words_subject(finding, subject), axis->out);
    fprintf(axis->out, ": stale %s %s</title>\n", finding->stale_at <= now ? "since" : "from",
            da_html_time(finding->stale_at, time));
    write_label(axis, finding, y);
    fprintf(axis->out, "<text class=\"time\" x=\"100%%\" y=\"%d\" text-anchor=\"end\">%s</text>\n", y + 16,
            relative_time(finding->stale_at - now, text));
    fprintf(axis->out, "<line class=\"track\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"%d\" y2=\"%d\"/>\n", here, there, y + 45,
            y + 45);
    write_point(axis, finding->stale_at, y + 45);
    fputs("</g>\n", axis->out);
}

/* ---- many records ---- */

/* How many there are at each time, in bars. */
static void write_strip(const struct axis *axis, int y)
{
    size_t bars[STRIP_BARS] = {0}, most = 1;
    enum da_severity worst[STRIP_BARS] = {DA_SEVERITY_SILENT};
    const double width = (RIGHT - LEFT) / STRIP_BARS;
    char count[DA_WORDS_COUNT_MAX];

    for (size_t i = 0; i < axis->count; i++) {
        size_t bar = (size_t)((position(axis, axis->findings[i]->stale_at) - LEFT) / width);
        bar = bar < STRIP_BARS ? bar : STRIP_BARS - 1;
        if (++bars[bar] > most)
            most = bars[bar];
        if (axis->findings[i]->severity > worst[bar])
            worst[bar] = axis->findings[i]->severity;
    }
    fprintf(axis->out, "<text x=\"0\" y=\"%d\">all %s dynamic records</text>\n", y + 12,
            da_words_count(axis->count, count));
    for (size_t i = 0; i < STRIP_BARS; i++) {
        int height = bars[i] == 0 ? 0 : 3 + (int)(37 * bars[i] / most);
        if (height > 0)
            fprintf(axis->out,
                    "<g class=\"%s\"><title>%s record%s</title><rect class=\"bar\" x=\"%.2f%%\" y=\"%d\" "
                    "width=\"%.2f%%\" height=\"%d\"/></g>\n",
                    da_severity_text(worst[i]), da_words_count(bars[i], count), da_words_plural(bars[i]),
                    LEFT + (double)i * width + 0.15, y + STRIP_HEIGHT - 12 - height, width - 0.3, height);
    }
}

static void write_left_out(const struct axis *axis)
{
    char count[DA_WORDS_COUNT_MAX], time[DA_HTML_TIME_MAX];

    if (axis->shown == axis->count)
        return;
    fprintf(axis->out, "<p class=\"soft\">The %zu that become stale first are shown; %s more follow, ", axis->shown,
            da_words_count(axis->count - axis->shown, count));
    fprintf(axis->out, "the last on %s.</p>\n", da_html_time(axis->findings[axis->count - 1]->stale_at, time));
}

/* ---- the whole ---- */

/* For those who cannot see it. */
static void write_description(const struct axis *axis)
{
    size_t stale = 0;
    char first[DA_HTML_TIME_MAX], last[DA_HTML_TIME_MAX];

    while (stale < axis->count && axis->findings[stale]->stale_at <= axis->audit->request.now)
        stale++;
    fprintf(axis->out,
            "<title id=\"axis-title\">When dynamic records become stale</title><desc id=\"axis-desc\">%zu dynamic "
            "record%s, of which %zu %s stale now. The first time is %s, the last %s. The times stand in the list of "
            "findings, too.</desc>\n",
            axis->count, da_words_plural(axis->count), stale, stale == 1 ? "is" : "are",
            da_html_time(axis->findings[0]->stale_at, first),
            da_html_time(axis->findings[axis->count - 1]->stale_at, last));
}

static void write_picture(struct axis *axis)
{
    int y = HEAD_HEIGHT, strip = axis->shown < axis->count ? STRIP_HEIGHT : 0;

    axis->height = HEAD_HEIGHT + strip + (int)axis->shown * ROW_HEIGHT + FOOT_HEIGHT;
    fprintf(
        axis->out,
        "<svg class=\"axis\" role=\"img\" aria-labelledby=\"axis-title axis-desc\" width=\"100%%\" height=\"%d\">\n",
        axis->height);
    write_description(axis);
    write_ticks(axis);
    write_now(axis);
    if (strip > 0)
        write_strip(axis, y);
    y += strip;
    for (size_t i = 0; i < axis->shown; i++, y += ROW_HEIGHT)
        write_row(axis, axis->findings[i], y);
    fputs("</svg>\n", axis->out);
}

enum da_status da_html_axis(const struct da_audit *audit, FILE *out)
{
    struct axis axis = {.audit = audit, .out = out};
    enum da_status status = collect(&axis);

    if (status == DA_OK && axis.count > 0) {
        choose_range(&axis);
        fputs("<section aria-labelledby=\"stale\">\n<h2 id=\"stale\">When records become stale</h2>\n"
              "<div class=\"card\">\n<p class=\"soft\">A dynamic record may be deleted by any scavenging run after the "
              "time shown. Left of now it may be deleted at any moment.</p>\n",
              out);
        write_picture(&axis);
        write_left_out(&axis);
        fputs("</div>\n</section>\n", out);
    }
    free(axis.findings);
    return status;
}
