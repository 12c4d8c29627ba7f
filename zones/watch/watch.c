/* The loop of rounds. A round is looked at by a process of its own (look.h); here is one thread, which waits for it,
 * for signals and for the clock, and writes: nothing it writes is ever left half done by a signal. */
#include "watch/watch.h"

#include "audit/report_words.h"
#include "output.h"
#include "watch/changes.h"
#include "watch/lines.h"
#include "watch/loaded.h"
#include "watch/look.h"
#include "watch/metrics.h"
#include "watch/settings.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#define MILLISECONDS INT64_C(1000)
#define NO_DEADLINE  INT64_MAX

struct watch {
    struct da_run *command;
    struct da_watch_settings settings;
    struct da_loaded loaded;
    struct da_known known;
    struct da_metrics metrics;
    struct da_lines lines;
    struct da_look look;
    int signals;                    /* signalfd(2) */
    bool look_now;                  /* SIGHUP came */
    bool first;                     /* no round was ended yet */
    bool forget;                    /* the records are others than at the last round */
    bool round_failed;              /* the last one */
    bool late;                      /* the last one took longer than the interval */
    bool metrics_failed;            /* the last time */
    char fault[DA_ERROR_PRINT_MAX]; /* of the files, as it was told last; "" = none */
};

/* ---- lines ---- */

/* For a line that is written now. */
static const struct da_lines *now(struct watch *watch)
{
    watch->lines.now = (int64_t)time(NULL);
    return &watch->lines;
}

static void tell_source(const struct watch *watch, const char *word, const struct da_change *change)
{
    const struct da_source_setting *source = &watch->settings.from.sources[change->source];
    const struct da_collection alike = {.kind = source->kind, .remote = source->remote};

    da_lines_put(&watch->lines, change->severity, word, "%s %s%s%s", da_words_source(&alike), source->text,
                 *change->text != '\0' ? ": " : "", change->text);
}

/* A da_change_fn. */
static void tell(void *arg, const struct da_change *change)
{
    static const char *const words[DA_CHANGE_KINDS] = {
        [DA_CHANGE_FOUND] = "found",   [DA_CHANGE_NEW] = "new",       [DA_CHANGE_WORSE] = "worse",
        [DA_CHANGE_BETTER] = "better", [DA_CHANGE_OTHER] = "changed", [DA_CHANGE_GONE] = "gone",
        [DA_CHANGE_FAILED] = "failed", [DA_CHANGE_BACK] = "back",
    };
    const struct watch *watch = arg;

    if (change->kind == DA_CHANGE_FAILED || change->kind == DA_CHANGE_BACK)
        tell_source(watch, words[change->kind], change);
    else
        da_lines_put(&watch->lines, change->severity, words[change->kind], "%s", change->text);
}

/* "1 critical, 2 warnings", or that nothing was found. Returns text. */
#define COUNTS_MAX 160
static const char *count_findings(const struct da_round *round, char text[static COUNTS_MAX])
{
    static const enum da_severity order[] = {DA_SEVERITY_CRITICAL, DA_SEVERITY_UNKNOWN, DA_SEVERITY_WARNING,
                                             DA_SEVERITY_NOTE};
    char count[DA_WORDS_COUNT_MAX];
    size_t used = 0;

    strcpy(text, "nothing found");
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        size_t found = round->counts[order[i]];
        bool has_plural = order[i] == DA_SEVERITY_WARNING || order[i] == DA_SEVERITY_NOTE;
        if (found > 0)
            used += (size_t)snprintf(text + used, COUNTS_MAX - used, "%s%s %s%s", used > 0 ? ", " : "",
                                     da_words_count(found, count), da_severity_text(order[i]),
                                     has_plural ? da_words_plural(found) : "");
    }
    return text;
}

static void tell_summary(struct watch *watch, const struct da_round *round)
{
    enum da_severity worst = round->worst > DA_SEVERITY_NOTE ? round->worst : DA_SEVERITY_SILENT;
    char text[COUNTS_MAX], count[DA_WORDS_COUNT_MAX], interval[40] = "";
    size_t sources = watch->settings.from.count;

    if (!watch->settings.once)
        snprintf(interval, sizeof(interval), ", every %u s", watch->settings.interval);
    da_lines_put(now(watch), worst, "summary", "%s source%s%s: %s", da_words_count(sources, count),
                 da_words_plural(sources), interval, count_findings(round, text));
}

/* ---- the files ---- */

static enum da_status load_first(struct watch *watch)
{
    struct da_run *command = watch->command;

    if (da_loaded_load(&watch->loaded, command, &watch->settings.from) != DA_LOADED_FAULT)
        return DA_OK;
    command->error = watch->loaded.error;
    command->about = watch->loaded.about;
    return command->error.status;
}

static void load_again(struct watch *watch)
{
    const char *path = watch->command->arguments->operands[0];
    enum da_loaded_change change = da_loaded_load(&watch->loaded, watch->command, &watch->settings.from);
    char fault[DA_ERROR_PRINT_MAX] = "";

    if (change == DA_LOADED_FAULT) {
        da_error_print(&watch->loaded.error, watch->loaded.about, fault, sizeof(fault));
        if (strcmp(fault, watch->fault) != 0)
            da_lines_put(now(watch), DA_SEVERITY_UNKNOWN, "failed", "%s; what was loaded before stays in force", fault);
    } else if (watch->fault[0] != '\0') {
        da_lines_put(now(watch), DA_SEVERITY_SILENT, "back", "%s: loaded", path);
    }
    if (change == DA_LOADED_CHANGED) {
        da_lines_put(now(watch), DA_SEVERITY_SILENT, "changed", "%s: another deployment is watched from now on", path);
        watch->forget = true;
    }
    strcpy(watch->fault, fault);
}

/* ---- metrics ---- */

/* A slip of the hand must not overwrite what is read; and a path that cannot be written is told at once. */
static enum da_status check_metrics(struct watch *watch)
{
    struct da_run *command = watch->command;
    const struct da_source_settings *from = &watch->settings.from;
    const char *path = watch->settings.metrics;
    struct da_output output;

    if (path == NULL)
        return DA_OK;
    command->about = path;
    if (da_output_is(path, command->arguments->operands[0]))
        return da_error_set(&command->error, DA_ERR_VALUE, NULL, "the deployment itself cannot hold the metrics");
    for (size_t i = 0; i < from->count; i++)
        if (from->sources[i].kind == DA_SOURCE_ZONE_FILE && da_output_is(path, from->sources[i].text))
            return da_error_set(&command->error, DA_ERR_VALUE, NULL, "a source cannot hold the metrics");
    enum da_status status = da_output_open(path, &output, &command->error);
    if (status == DA_OK)
        da_output_discard(&output);
    return status;
}

static enum da_status write_metrics(struct watch *watch, const struct da_round *round, struct da_error *error)
{
    struct da_output output;
    enum da_status status = da_output_open(watch->settings.metrics, &output, error);

    if (status != DA_OK)
        return status;
    watch->metrics.loaded = watch->fault[0] == '\0';
    da_metrics_write(&watch->metrics, &watch->settings.from, watch->loaded.run.set, round, output.stream);
    return da_output_commit(&output, error);
}

/* round: NULL = it failed. */
static void keep_metrics(struct watch *watch, const struct da_round *round)
{
    const char *path = watch->settings.metrics;
    struct da_error error = {0};

    if (path == NULL)
        return;
    bool failed = write_metrics(watch, round, &error) != DA_OK;
    if (failed && !watch->metrics_failed)
        da_lines_put(now(watch), DA_SEVERITY_UNKNOWN, "failed", "metrics %s: %s", path, error.text);
    else if (!failed && watch->metrics_failed)
        da_lines_put(now(watch), DA_SEVERITY_SILENT, "back", "metrics %s", path);
    watch->metrics_failed = failed;
}

/* ---- waiting ---- */

/* Of the monotonic clock: another's correction of the time of day is no reason to look. */
static int64_t clock_milliseconds(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * MILLISECONDS + at.tv_nsec / 1000000;
}

enum event { EVENT_END, EVENT_LOOKED, EVENT_TIME, EVENT_HURRY };

static enum event take_signal(const struct watch *watch)
{
    struct signalfd_siginfo signal;

    if (read(watch->signals, &signal, sizeof(signal)) != (ssize_t)sizeof(signal) || signal.ssi_signo == SIGHUP)
        return EVENT_HURRY;
    return EVENT_END;
}

static int timeout_until(int64_t deadline)
{
    int64_t left = deadline == NO_DEADLINE ? -1 : deadline - clock_milliseconds();

    if (deadline != NO_DEADLINE && left < 0)
        left = 0;
    return left < INT32_MAX ? (int)left : INT32_MAX;
}

/* Waits for a signal, the end of a look that is under way, or the deadline. Signals come first. */
static enum event wait_until(struct watch *watch, int64_t deadline)
{
    for (;;) {
        struct pollfd fds[] = {{.fd = watch->signals, .events = POLLIN},
                               {.fd = watch->look.pid != 0 ? watch->look.fd : -1, .events = POLLIN}};
        int ready = poll(fds, sizeof(fds) / sizeof(fds[0]), timeout_until(deadline));
        if (ready == 0)
            return EVENT_TIME;
        if (ready > 0 && fds[0].revents != 0)
            return take_signal(watch);
        if (ready > 0 && !da_look_read(&watch->look))
            return EVENT_LOOKED;
    }
}

static enum da_status catch_signals(struct watch *watch)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    watch->signals = sigprocmask(SIG_BLOCK, &set, NULL) == 0 ? signalfd(-1, &set, SFD_CLOEXEC) : -1;
    if (watch->signals >= 0)
        return DA_OK;
    watch->command->about = "signals";
    return da_error_set(&watch->command->error, DA_ERR_IO, NULL, "cannot be caught: %s", strerror(errno));
}

/* ---- rounds ---- */

/* Tells what a round saw. Returns DA_OK, or DA_ERR_MEMORY with error set. */
static enum da_status conclude(struct watch *watch, const struct da_round *round, struct da_error *error)
{
    enum da_severity failed_severity = watch->loaded.run.severities.of[DA_FINDING_SOURCE_FAILED];

    now(watch);
    enum da_status status = da_known_update(&watch->known, round, failed_severity, tell, watch);
    if (status == DA_OK)
        status = da_metrics_note(&watch->metrics, round, watch->forget);
    if (status != DA_OK)
        return da_error_set(error, status, NULL, "out of memory");
    if (watch->first)
        tell_summary(watch, round);
    watch->first = watch->forget = false;
    watch->command->monitored = (enum da_monitored)round->exit;
    return DA_OK;
}

static void fail_round(struct watch *watch, const struct da_error *error)
{
    if (!watch->round_failed)
        da_lines_put(now(watch), DA_SEVERITY_UNKNOWN, "failed", "round: %s", error->text);
    watch->command->monitored = DA_MONITORED_UNKNOWN;
    da_metrics_note(&watch->metrics, NULL, watch->forget);
    watch->forget = false;
}

/* Takes the round of a look that is done, and tells. */
static void end_round(struct watch *watch, int64_t started)
{
    struct da_round round = {0};
    struct da_error error = {0};
    enum da_status status = da_look_end(&watch->look, &round, &error);

    watch->metrics.duration = (double)(clock_milliseconds() - started) / (double)MILLISECONDS;
    if (status == DA_OK && watch->round_failed)
        da_lines_put(now(watch), DA_SEVERITY_SILENT, "back", "round");
    if (status == DA_OK)
        status = conclude(watch, &round, &error);
    if (status != DA_OK)
        fail_round(watch, &error);
    watch->round_failed = status != DA_OK;
    keep_metrics(watch, status == DA_OK ? &round : NULL);
    da_round_clear(&round);
}

/* Returns false where a signal ends the watch. */
static bool look(struct watch *watch, int64_t started)
{
    int64_t deadline = watch->settings.once ? NO_DEADLINE : started + watch->settings.interval * MILLISECONDS;
    struct da_error error = {0};
    enum event event;

    if (da_look_begin(&watch->loaded.run, (int64_t)time(NULL), &watch->look, &error) != DA_OK) {
        fail_round(watch, &error);
        watch->round_failed = true;
        keep_metrics(watch, NULL);
        return true;
    }
    while ((event = wait_until(watch, deadline)) != EVENT_LOOKED) {
        if (event == EVENT_END) {
            da_look_kill(&watch->look);
            return false;
        }
        if (event == EVENT_HURRY)
            watch->look_now = true;
        if (event != EVENT_TIME)
            continue;
        deadline = NO_DEADLINE;
        if (!watch->late)
            da_lines_put(now(watch), DA_SEVERITY_WARNING, "late", "round: it takes longer than the interval of %u s",
                         watch->settings.interval);
        watch->late = true;
    }
    if (watch->late && deadline != NO_DEADLINE) {
        da_lines_put(now(watch), DA_SEVERITY_SILENT, "back", "round: within the interval again");
        watch->late = false;
    }
    end_round(watch, started);
    return true;
}

/* From start to start; a round that took longer is followed by the next at once. */
static bool wait_for_next(struct watch *watch, int64_t started)
{
    enum event event = EVENT_HURRY;

    if (!watch->look_now)
        event = wait_until(watch, started + watch->settings.interval * MILLISECONDS);
    watch->look_now = false;
    return event != EVENT_END;
}

static enum da_status loop(struct watch *watch)
{
    struct da_run *command = watch->command;

    for (;;) {
        int64_t started = clock_milliseconds();
        bool ended = !look(watch, started);
        if (ferror(command->out))
            return da_run_write_failed(command, "standard output");
        if (ended && watch->settings.once)
            return da_error_set(&command->error, DA_ERR_IO, NULL, "a signal came before all was looked at");
        if (watch->settings.once && watch->metrics_failed) {
            command->about = watch->settings.metrics;
            return da_error_set(&command->error, DA_ERR_IO, NULL, "the metrics could not be written");
        }
        if (ended || watch->settings.once || !wait_for_next(watch, started))
            return DA_OK;
        load_again(watch);
    }
}

/* ---- the command ---- */

static enum da_status watch_on(struct watch *watch)
{
    struct da_run *command = watch->command;
    enum da_status status = catch_signals(watch);

    if (status == DA_OK)
        status = da_known_make(watch->settings.from.count, &watch->known);
    if (status == DA_OK)
        status = da_metrics_make(watch->settings.from.count, &watch->metrics);
    if (status == DA_OK)
        status = load_first(watch);
    if (status == DA_OK)
        status = check_metrics(watch);
    watch->metrics.interval = watch->settings.once ? 0 : watch->settings.interval;
    watch->lines.out = command->out;
    watch->lines.journal = da_lines_is_journal(getenv("JOURNAL_STREAM"), fileno(command->out));
    if (status == DA_OK)
        status = loop(watch);
    if (status == DA_OK && !watch->settings.once)
        command->monitored = DA_MONITORED_OK;
    return status;
}

static enum da_exit run_watch(struct da_run *command)
{
    struct watch watch = {.command = command, .signals = -1, .first = true};
    enum da_exit exit = DA_EXIT_USAGE;

    if (da_watch_settings_read(command->arguments, &watch.settings, &command->error) == DA_OK) {
        command->about = command->arguments->operands[0];
        enum da_status status = watch_on(&watch);
        if (status != DA_OK) /* other faults were recorded where they happened */
            da_error_set(&command->error, status, NULL, "out of memory");
        exit = status == DA_OK ? DA_EXIT_OK : DA_EXIT_FAILURE;
    }
    if (watch.signals >= 0)
        close(watch.signals);
    da_metrics_clear(&watch.metrics);
    da_known_clear(&watch.known);
    da_loaded_clear(&watch.loaded);
    da_watch_settings_clear(&watch.settings);
    return exit;
}

static void describe(FILE *out)
{
    fputs("Each change is a line on standard output: time, severity, change, source, what\n"
          "it is about. Where that is the journal, it gets the priority instead of the\n"
          "time. The first look tells all that is found, notes aside. What a source that\n"
          "fails had told before is neither gone nor told again when it is back.\n"
          "\n"
          "The deployment and the other files are loaded again for each look; while one is\n"
          "bad, what was loaded before stays in force. Nothing is read from standard input.\n"
          "\n"
          "SIGHUP: look now. SIGTERM, SIGINT: end at once, with exit status 0.\n"
          "\n",
          out);
}

const struct da_command da_command_watch = {
    .name = "watch",
    .help = "look again and again, and tell what changes",
    .options = da_watch_options,
    .operands = {.names = "DEPLOYMENT", .least = 1, .most = 1},
    .monitored = true,
    .rereads = true,
    .run = run_watch,
    .describe = describe,
};
