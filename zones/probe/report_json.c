/* The report for programs: packaging/manual/probe.md tells its schema. Each conclusion, answer and page is a line, and
 * is written as soon as it is made: memory does not grow with their number. */
#include "audit/report_words.h"
#include "json_text.h"
#include "probe/conclude_case.h"
#include "probe/report_words.h"

#define FORMAT_VERSION 1

static json_t *json_number(size_t number)
{
    return json_integer((json_int_t)number);
}

static json_t *json_suffix(const struct da_probe_report *report, size_t suffix)
{
    char text[DA_NAME_TEXT_MAX];

    if (suffix == DA_PROBE_BARE)
        return json_null();
    return json_string(da_words_name(&report->expectations->set->suffixes[suffix], text));
}

/* As given; null is the system's. */
static json_t *json_resolver(const struct da_probe_report *report, size_t resolver)
{
    const char *text = report->view->resolvers[resolver];

    return text != NULL ? da_json_text(text) : json_null();
}

static json_t *json_entry_point(const struct da_probe_report *report, size_t entry_point)
{
    return json_string(report->expectations->deployment->entry_points[entry_point].name);
}

static json_t *json_address(const struct da_seen_address *address)
{
    char text[DA_ADDRESS_TEXT_MAX];

    return json_string(da_address_words(address, text));
}

static void set_because(json_t **object, const struct da_because *because)
{
    da_json_set(object, "code", json_string(da_reason_code(because->reason)));
    da_json_set(object, "severity", json_string(da_probe_status(because->severity)));
    da_json_set(object, "text", da_json_text(because->text));
}

/* ---- members: the line of number index; NULL = memory ran out ---- */

typedef json_t *make_line(const struct da_probe_report *report, size_t index);

static json_t *make_conclusion(const struct da_probe_report *report, size_t index)
{
    static const char *const states[] = {
        [DA_STATE_CONNECTED] = "connected",
        [DA_STATE_CONNECTING] = "connecting",
        [DA_STATE_GIVEN_UP] = "given-up",
    };
    const struct da_conclusion *conclusion = &report->conclusions->conclusions[index];
    json_t *object = json_object(), *reasons = json_array();

    for (size_t i = 0; i < conclusion->because_count; i++) {
        json_t *reason = json_object();
        set_because(&reason, &conclusion->because[i]);
        if (reasons == NULL) {
            json_decref(reason);
        } else if (json_array_append_new(reasons, reason) != 0) {
            json_decref(reasons);
            reasons = NULL;
        }
    }
    da_json_set(&object, "resolver", json_resolver(report, conclusion->resolver));
    da_json_set(&object, "suffix", json_suffix(report, conclusion->suffix));
    da_json_set(&object, "entry-point", json_entry_point(report, conclusion->entry_point));
    da_json_set(&object, "state", json_string(states[conclusion->state]));
    da_json_set(&object, "words", json_string(da_state_words(conclusion->state)));
    da_json_set(&object, "reasons", reasons);
    return object;
}

static json_t *make_blocked(const struct da_probe_report *report, size_t index)
{
    const struct da_blocked *blocked = &report->conclusions->blocked[index];
    json_t *object = json_object();

    da_json_set(&object, "resolver", json_resolver(report, blocked->resolver));
    da_json_set(&object, "suffix", json_suffix(report, blocked->suffix));
    da_json_set(&object, "label", da_json_text(blocked->label));
    set_because(&object, &blocked->because);
    return object;
}

static json_t *make_policy(const struct da_probe_report *report, size_t index)
{
    const struct da_ncsi_finding *finding = &report->policy_findings->findings[index];
    json_t *object = json_object();

    da_json_set(&object, "code", json_string(finding->code));
    da_json_set(&object, "severity", json_string(da_probe_status(finding->severity)));
    da_json_set(&object, "value", json_string(da_ncsi_name(finding->value, report->policy->registry)));
    if (finding->line > 0)
        da_json_set(&object, "line", json_number(finding->line));
    da_json_set(&object, "text", da_json_text(finding->text));
    return object;
}

static json_t *make_answer(const struct da_probe_report *report, size_t index)
{
    static const char *const answers[] = {
        [DA_ANSWERED_NOTHING] = "none",      [DA_ANSWERED_ADDRESSES] = "addresses", [DA_ANSWERED_NODATA] = "nodata",
        [DA_ANSWERED_NXDOMAIN] = "nxdomain", [DA_ANSWERED_FAILURE] = "failure",
    };
    const struct da_seen *seen = &report->view->seen[index];
    json_t *object = json_object(), *addresses = json_array();

    for (size_t i = 0; i < seen->address_count && addresses != NULL; i++)
        if (json_array_append_new(addresses, json_address(&seen->addresses[i])) != 0) {
            json_decref(addresses);
            addresses = NULL;
        }
    da_json_set(&object, "resolver", json_resolver(report, seen->resolver));
    da_json_set(&object, "suffix", json_suffix(report, seen->suffix));
    da_json_set(&object, "label", da_json_text(seen->label));
    da_json_set(&object, "type", json_string(da_type_words(seen->type)));
    da_json_set(&object, "answer", json_string(answers[seen->answered]));
    da_json_set(&object, "addresses", addresses);
    da_json_set(&object, "alias", json_boolean(seen->alias));
    da_json_set(&object, "milliseconds", json_number(seen->milliseconds));
    if (seen->why != NULL)
        da_json_set(&object, "why", da_json_text(seen->why));
    return object;
}

static json_t *make_page(const struct da_probe_report *report, size_t index)
{
    static const char *const results[] = {
        [DA_FETCHED_NOTHING] = "not-fetched",
        [DA_FETCHED_RIGHT] = "right",
        [DA_FETCHED_REFUSED] = "refused",
        [DA_FETCHED_SILENT] = "silent",
        [DA_FETCHED_UNREACHABLE] = "unreachable",
        [DA_FETCHED_REDIRECTED] = "redirected",
        [DA_FETCHED_PORTAL] = "portal",
        [DA_FETCHED_STATUS] = "status",
        [DA_FETCHED_BODY] = "body",
        [DA_FETCHED_BROKEN] = "broken",
    };
    const struct da_fetch *fetch = &report->view->fetches[index];
    json_t *object = json_object();

    da_json_set(&object, "suffix", json_suffix(report, fetch->suffix));
    da_json_set(&object, "address", json_address(&fetch->address));
    da_json_set(&object, "port", json_number(report->expectations->port));
    da_json_set(&object, "result", json_string(results[fetch->fetched]));
    da_json_set(&object, "status", fetch->status > 0 ? json_number(fetch->status) : json_null());
    da_json_set(&object, "milliseconds", json_number(fetch->milliseconds));
    if (fetch->why[0] != '\0')
        da_json_set(&object, "why", da_json_text(fetch->why));
    return object;
}

static enum da_status write_lines(const struct da_probe_report *report, const char *name, make_line *make, size_t count,
                                  const char *end, FILE *out)
{
    enum da_status status = DA_OK;

    fprintf(out, "  \"%s\": [", name);
    for (size_t i = 0; i < count && status == DA_OK; i++) {
        fputs(i > 0 ? ",\n    " : "\n    ", out);
        status = da_json_write(make(report, i), out);
    }
    fprintf(out, "%s]%s\n", count > 0 ? "\n  " : "", end);
    return status;
}

/* ---- the whole ---- */

static enum da_status write_head(const struct da_probe_report *report, FILE *out)
{
    const struct da_expectations *expectations = report->expectations;
    const struct da_json_member members[] = {
        {"format", json_integer(FORMAT_VERSION)},
        {"generator", json_string("directaccess-dns " DA_VERSION)},
        {"deployment", da_json_text(report->deployment)},
        {"fingerprint", json_string(expectations->set->fingerprint)},
        {"dns64", json_boolean(expectations->dns64)},
        {"port", json_number(expectations->port)},
        {"status", json_string(da_probe_status(report->severity))},
        {"exit", json_integer(report->severity)},
        {"policy", report->policy != NULL ? da_json_text(report->policy->title) : json_null()},
    };

    return da_json_write_members(members, sizeof(members) / sizeof(members[0]), out);
}

enum da_status da_probe_report_json(const struct da_probe_report *report, FILE *out)
{
    fputs("{\n", out);
    enum da_status status = write_head(report, out);
    if (status == DA_OK)
        status = write_lines(report, "conclusions", make_conclusion, report->conclusions->count, ",", out);
    if (status == DA_OK)
        status = write_lines(report, "blocked", make_blocked, report->conclusions->blocked_count, ",", out);
    if (status == DA_OK)
        status = write_lines(report, "policy-findings", make_policy,
                             report->policy != NULL ? report->policy_findings->count : 0, ",", out);
    if (status == DA_OK)
        status = write_lines(report, "answers", make_answer, report->view->seen_count, ",", out);
    if (status == DA_OK)
        status = write_lines(report, "pages", make_page, report->view->fetch_count, "", out);
    if (status == DA_OK && (fputs("}\n", out) < 0 || ferror(out)))
        status = DA_ERR_IO;
    return status;
}
