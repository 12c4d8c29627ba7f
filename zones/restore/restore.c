#include "restore/restore.h"

#include "audit/live.h"
#include "audit/sources.h"
#include "restore/ask.h"
#include "restore/need.h"
#include "restore/report.h"
#include "restore/script.h"
#include "restore/sender.h"
#include "restore/update.h"
#include "suffixes.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SENDS 2 /* of an update whose reply is lost, or that somebody else came before */

enum { OPTION_SERVER = DA_OPTION_HELP + 1, OPTION_KEY_FILE, OPTION_SUFFIX, OPTION_TIMEOUT, OPTION_PRINT, OPTION_JSON };

static const struct da_option options[] = {
    [DA_OPTION_HELP] = DA_OPTION_HELP_ENTRY,
    [OPTION_SERVER] = {.name = "server",
                       .argument = "SERVER",
                       .help = "the zones' primary: ADDRESS, ADDRESS@PORT, NAME or NAME@PORT",
                       .required = true},
    [OPTION_KEY_FILE] = {.name = "key-file", .argument = "PATH", .help = "TSIG key for questions and updates"},
    [OPTION_SUFFIX] = {.name = "suffix",
                       .argument = "NAME",
                       .help = "only this suffix of the deployment",
                       .repeatable = true},
    [OPTION_TIMEOUT] = {.name = "timeout",
                        .argument = "SECONDS",
                        .fallback = "5",
                        .help = "how long the server may be silent"},
    [OPTION_PRINT] = {.name = "print", .help = "send nothing: print commands of nsupdate for what is missing"},
    [OPTION_JSON] = {.name = "json", .help = "print JSON instead of text"},
    {0},
};

/* All that one run holds, in the order in which it comes to be. */
struct run {
    struct da_run *command;
    const char *server; /* as on the command line */
    bool print;
    struct da_live live;
    struct da_tsig_key *key;
    struct da_deployment *deployment;
    struct da_record_set *all, set; /* set: a view with the suffixes chosen */
    struct da_names *names;
    struct da_endpoint address; /* of the server, the one that answers */
    struct da_collection *collection;
    struct da_restore_report report;
    struct da_restore_script script;
    struct da_sender sender;
    bool is_gone;         /* the server does not answer any more */
    bool wants_gss;       /* what it says may mean that */
    size_t count, failed; /* RRsets */
};

/* ---- what the server says ---- */

/* What to make of a response code; "" = nothing more than its name. */
static const char *explain(unsigned rcode)
{
    switch (rcode) {
    case DA_RCODE_SERVFAIL:
        return " (in Active Directory: is the name another account's? \"dadns audit --directory\" tells)";
    case DA_RCODE_NOTIMP:
        return " (the server takes no updates)";
    case DA_RCODE_REFUSED:
        return " (the server does not allow the update)";
    case DA_RCODE_YXRRSET:
        return " (somebody else is changing it: run this again)";
    case DA_RCODE_NOTAUTH:
        return " (is the server the zone's primary?)";
    default:
        return "";
    }
}

/* Secure zones of Active Directory refuse what is not signed, and know no key but those of GSS-TSIG. */
static bool may_want_gss(const struct run *run, unsigned rcode)
{
    return rcode == (run->key == NULL ? DA_RCODE_REFUSED : DA_RCODE_NOTAUTH);
}

#define WHY_MAX (DA_NEED_TEXT_MAX + 260)

/* Says why an RRset is not there after an update. */
static void say_why(const struct da_sent *sent, const struct da_need *after, char why[static WHY_MAX])
{
    char text[DA_RCODE_TEXT_MAX];

    if (after->kind == DA_NEED_UNKNOWN && !(sent->replied && sent->rcode != DA_RCODE_NOERROR))
        snprintf(why, WHY_MAX, "%s%sit is not known whether the update was done: %s", sent->text,
                 sent->text[0] != '\0' ? "; " : "", after->text);
    else if (!sent->replied)
        snprintf(why, WHY_MAX, "%s", sent->text);
    else if (sent->rcode == DA_RCODE_NOERROR)
        snprintf(why, WHY_MAX, "the server has accepted the update, but does not answer with what was added");
    else if (sent->text[0] != '\0')
        snprintf(why, WHY_MAX, "%s: %s", da_rcode_text(sent->rcode, text), sent->text);
    else
        snprintf(why, WHY_MAX, "%s%s", da_rcode_text(sent->rcode, text), explain(sent->rcode));
}

/* ---- one RRset ---- */

static enum da_status send_update(struct run *run, const struct da_rrset_cursor *cursor, const struct da_need *need,
                                  const struct da_name *zone, struct da_sent *sent)
{
    ldns_pkt *update;

    enum da_status status = da_update_new(&run->set, cursor, need, zone, &update);
    if (status != DA_OK)
        return status;
    status = da_sender_send(&run->sender, update, sent);
    ldns_pkt_free(update);
    return status;
}

/* Asks for the RRset anew. The collection that after borrows from takes the place of the one before. */
static enum da_status ask_again(struct run *run, const struct da_rrset_cursor *cursor,
                                struct da_collection **collection, struct da_need *after)
{
    char failure[DA_FAILURE_MAX];

    da_collection_free(*collection);
    *collection = NULL;
    enum da_status status = da_ask_rrset(&run->live, &run->address, run->names, cursor, collection, failure);
    if (status != DA_OK)
        return status;
    da_need_look(*collection, &run->set, cursor, after);
    run->is_gone = failure[0] != '\0';
    return DA_OK;
}

/* Sends the update, asks what came of it, and sends it once more where it may not have arrived (RFC 2136 section 4), or
 * where what it was made for has changed. */
static enum da_status restore(struct run *run, const struct da_rrset_cursor *cursor, const struct da_need *before,
                              const struct da_name *zone)
{
    struct da_need after = *before;
    struct da_restore_item item = {.cursor = cursor, .before = before, .after = &after};
    struct da_collection *collection = NULL;
    enum da_status status = DA_OK;
    struct da_sent sent = {0};
    char why[WHY_MAX] = "";
    unsigned sends = 0;

    do {
        status = send_update(run, cursor, &after, zone, &sent);
        if (status == DA_OK)
            status = ask_again(run, cursor, &collection, &after);
        sends++;
    } while (status == DA_OK && after.kind == DA_NEED_ADDRESSES && sends < SENDS &&
             (!sent.replied || sent.rcode == DA_RCODE_YXRRSET));
    if (status == DA_OK) {
        item.result = DA_RESTORE_RESTORED;
        if (after.kind != DA_NEED_NOTHING)
            item.result = DA_RESTORE_FAILED;
        else if (sends == 1 && sent.replied && sent.rcode != DA_RCODE_NOERROR)
            item.result = DA_RESTORE_THERE; /* somebody else was faster */
        if (item.result == DA_RESTORE_FAILED) {
            say_why(&sent, &after, why);
            run->wants_gss |= sent.replied && may_want_gss(run, sent.rcode);
        }
        item.why = why;
        status = da_restore_report_item(&run->report, &item);
        run->failed += item.result == DA_RESTORE_FAILED;
    }
    da_collection_free(collection);
    return status;
}

static enum da_status print_update(struct run *run, const struct da_rrset_cursor *cursor, const struct da_need *need,
                                   const struct da_name *zone)
{
    ldns_pkt *update;

    enum da_status status = da_update_new(&run->set, cursor, need, zone, &update);
    if (status != DA_OK)
        return status;
    status = da_restore_script_update(&run->script, cursor, update);
    ldns_pkt_free(update);
    return status;
}

/* Tells of an RRset for which nothing can be done, or need not. */
static enum da_status tell(struct run *run, const struct da_rrset_cursor *cursor, const struct da_need *need,
                           const char *why)
{
    const struct da_restore_item item = {.result = why != NULL ? DA_RESTORE_FAILED : DA_RESTORE_THERE,
                                         .cursor = cursor,
                                         .before = need,
                                         .after = need,
                                         .why = why};

    run->failed += why != NULL;
    if (!run->print)
        return da_restore_report_item(&run->report, &item);
    return why != NULL ? da_restore_script_failed(&run->script, cursor, why) : DA_OK;
}

static enum da_status handle(struct run *run, const struct da_rrset_cursor *cursor)
{
    struct da_name zone;
    struct da_need need;
    const char *why = NULL;

    da_need_look(run->collection, &run->set, cursor, &need);
    if (need.kind == DA_NEED_NOTHING)
        return tell(run, cursor, &need, NULL);
    if (need.kind == DA_NEED_UNKNOWN)
        why = need.text;
    else if (run->is_gone)
        why = "not tried: the server does not answer any more";
    else
        why = da_need_find_zone(run->collection, cursor->suffix, &zone);
    if (why != NULL)
        return tell(run, cursor, &need, why);
    return run->print ? print_update(run, cursor, &need, &zone) : restore(run, cursor, &need, &zone);
}

/* ---- all of them ---- */

static enum da_status begin(struct run *run)
{
    struct da_run *command = run->command;
    const char *deployment = da_deployment_title(command->arguments->operands[0]);

    da_sender_begin(&run->sender, &run->live, &run->address);
    run->script = (struct da_restore_script){
        .out = command->out, .deployment = deployment, .server = &run->address, .set = &run->set};
    run->report = (struct da_restore_report){.out = command->out,
                                             .json = da_arguments_given(command->arguments, OPTION_JSON),
                                             .deployment = deployment,
                                             .server = run->server,
                                             .set = &run->set,
                                             .now = (int64_t)time(NULL)};
    return run->print ? da_restore_script_begin(&run->script) : da_restore_report_begin(&run->report);
}

static enum da_status handle_all(struct run *run)
{
    struct da_rrset_cursor cursor = {0};
    enum da_status status = begin(run);

    for (; status == DA_OK && da_record_set_next(&run->set, &cursor); run->count++)
        status = handle(run, &cursor);
    if (status == DA_OK)
        status = run->print ? da_restore_script_end(&run->script) : da_restore_report_end(&run->report);
    if (status == DA_ERR_IO)
        da_run_write_failed(run->command, "standard output");
    return status;
}

#define GSS_HINT                                                                                                       \
    "; a zone of Active Directory may want GSS-TSIG: --print, without --key-file, prints the commands for nsupdate -g"

static enum da_status ask(struct run *run)
{
    struct da_run *command = run->command;
    char failure[DA_FAILURE_MAX];

    enum da_status status = da_ask_all(&run->live, run->server, run->names, &run->address, &run->collection, failure);
    if (status != DA_OK || failure[0] == '\0')
        return status;
    command->about = run->server;
    const bool is_key_unknown = run->key != NULL && strstr(failure, "BADKEY") != NULL;
    return da_error_set(&command->error, DA_ERR_VALUE, NULL, "%s%s", failure, is_key_unknown ? GSS_HINT : "");
}

static enum da_status conclude(struct run *run)
{
    struct da_run *command = run->command;

    if (run->failed == 0)
        return DA_OK;
    command->about = run->server;
    return da_error_set(&command->error, DA_ERR_VALUE, NULL, "%zu of %zu RRsets could not be restored%s", run->failed,
                        run->count, run->wants_gss ? GSS_HINT : "");
}

/* ---- the command ---- */

static enum da_status load_files(struct run *run)
{
    struct da_run *command = run->command;
    const char *key_file = da_arguments_text(command->arguments, OPTION_KEY_FILE);
    enum da_status status = DA_OK;

    if (key_file != NULL) {
        command->about = key_file;
        status = da_tsig_key_load(key_file, &run->key, da_run_warn_of_file, command->err, &command->error);
        run->live.key = run->key;
    }
    if (status == DA_OK)
        status = da_run_load(command, command->arguments->operands[0], &run->deployment);
    if (status == DA_OK)
        status = da_record_set_new(run->deployment, &run->all);
    if (status == DA_OK)
        status = da_suffixes_choose(command->arguments, OPTION_SUFFIX, run->all, &run->set, &command->error);
    if (status == DA_OK)
        status = da_names_new(run->deployment, &run->set, NULL, &run->names);
    return status;
}

static enum da_status read_settings(struct run *run)
{
    struct da_run *command = run->command;
    const struct da_arguments *arguments = command->arguments;

    run->server = da_arguments_text(arguments, OPTION_SERVER);
    run->print = da_arguments_given(arguments, OPTION_PRINT);
    if (!da_live_is_server(run->server, false))
        return da_option_refuse(arguments, OPTION_SERVER, run->server,
                                "an address or a host's name, @PORT behind it or not", &command->error);
    if (run->print && da_arguments_given(arguments, OPTION_JSON))
        return da_error_set(&command->error, DA_ERR_SYNTAX, NULL, "options --json and --print: expected one of them");
    run->live.progress = isatty(fileno(command->err)) ? command->err : NULL;
    return da_option_timeout(arguments, OPTION_TIMEOUT, &run->live.timeout, &command->error);
}

static void clear(struct run *run)
{
    da_sender_end(&run->sender);
    da_collection_free(run->collection);
    da_names_free(run->names);
    da_suffixes_clear(run->all, &run->set);
    da_record_set_free(run->all);
    da_deployment_free(run->deployment);
    da_tsig_key_free(run->key);
}

static enum da_exit run_restore(struct da_run *command)
{
    struct run run = {.command = command};
    enum da_exit exit = DA_EXIT_USAGE;

    if (read_settings(&run) != DA_OK)
        goto cleanup;
    enum da_status status = load_files(&run);
    if (status == DA_OK)
        status = ask(&run);
    if (status == DA_OK)
        status = handle_all(&run);
    if (status == DA_OK)
        status = conclude(&run);
    if (status != DA_OK)
        da_error_set(&command->error, status, NULL, "out of memory"); /* all else was recorded where it happened */
    exit = status == DA_OK ? DA_EXIT_OK : DA_EXIT_FAILURE;
cleanup:
    clear(&run);
    return exit;
}

static void describe(FILE *out)
{
    da_text_wrap(
        out, "", "",
        "It asks the server, and sends an update (RFC 2136) for each RRset that lacks an address: at once, "
        "without a plan; --print shows what would be sent. It only adds: what is there stays as it is, and "
        "wrong addresses are left and named. After each update the server is asked again, so that \"restored\" "
        "is what it answers with. Where a zone wants GSS-TSIG, run what --print prints with nsupdate -g.");
    fputc('\n', out);
    da_restore_statement(out, "", "", "14 days later");
    fputc('\n', out);
}

const struct da_command da_command_restore = {
    .name = "restore",
    .help = "add the records that are missing at a server, by dynamic updates",
    .options = options,
    .operands = {.names = "DEPLOYMENT", .least = 1, .most = 1},
    .run = run_restore,
    .describe = describe,
};
