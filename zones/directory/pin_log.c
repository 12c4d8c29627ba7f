#include "directory/pin_log.h"

#include "audit/report_words.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum da_status da_pin_log_open(const char *path, FILE **file, struct da_error *error)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);

    *file = fd >= 0 ? fdopen(fd, "a") : NULL;
    if (*file != NULL)
        return DA_OK;
    da_error_set(error, DA_ERR_IO, NULL, "cannot be opened to be appended to: %s", strerror(errno));
    if (fd >= 0)
        close(fd);
    return DA_ERR_IO;
}

/* "TIME NAME " */
static void begin_line(const struct da_pin_node *node, FILE *out)
{
    char name[DA_NAME_TEXT_MAX], now[DA_AGING_TEXT_MAX];

    fprintf(out, "%s %s ", da_aging_text((int64_t)time(NULL), now), da_words_name(&node->name, name));
}

static void put_record(const struct da_pin_node *node, const char *step, const struct da_ad_record *record,
                       const struct da_octets *value, FILE *out)
{
    struct da_found found = {.type = record->type};
    char type[DA_WORDS_TYPE_MAX], text[DA_WORDS_RDATA_MAX] = "-";

    if (record->type == DA_TYPE_A || record->type == DA_TYPE_AAAA) {
        found.rdata = record->data;
        found.rdata_length = record->data_length;
        da_words_rdata(&found, text);
    }
    begin_line(node, out);
    fprintf(out, "%s %s %s ttl=%" PRIu32 " stamp=%" PRIu32 " value=", step,
            record->type == DA_AD_TOMBSTONE ? "TOMBSTONE" : da_words_type(record->type, type), text, record->ttl,
            record->stamp);
    for (size_t i = 0; i < value->length; i++)
        fprintf(out, "%02x", value->octets[i]);
    fputc('\n', out);
}

static const char *object_of(const struct da_pin_node *node)
{
    return node->node.dn != NULL ? node->node.dn : node->zone->dn;
}

static void put_change(const struct da_pin_node *node, FILE *out)
{
    static const char *const states[DA_PIN_STATES] = {
        [DA_PIN_CHANGE] = "change", [DA_PIN_CREATE] = "create in", [DA_PIN_REVIVE] = "revive"};
    const struct da_pin_plan *plan = &node->plan;

    begin_line(node, out);
    fprintf(out, "%s ", states[plan->state]);
    da_words_put(object_of(node), out);
    fputc('\n', out);
    for (size_t i = 0; i < plan->record_count; i++) {
        const struct da_pin_record *record = &plan->records[i];
        struct da_ad_record after = record->is;
        after.stamp = 0;
        if (record->act == DA_PIN_KEEP || record->act == DA_PIN_LEAVE)
            continue;
        if (record->before.length > 0)
            put_record(node, "before", &record->is, &record->before, out);
        if (record->after.length > 0)
            put_record(node, "after", &after, &record->after, out);
    }
}

/* On the disk, where the file is such that this means something. */
static enum da_status flush(FILE *out)
{
    if (fflush(out) != 0 || ferror(out))
        return DA_ERR_IO;
    if (fdatasync(fileno(out)) != 0 && errno != EINVAL && errno != EROFS && errno != ENOTSUP)
        return DA_ERR_IO;
    return DA_OK;
}

enum da_status da_pin_log_change(const struct da_pin_log *log, const struct da_pin_node *node)
{
    enum da_status status = DA_OK;

    for (size_t i = 0; status == DA_OK && i < sizeof(log->streams) / sizeof(log->streams[0]); i++) {
        if (log->streams[i] == NULL)
            continue;
        put_change(node, log->streams[i]);
        status = flush(log->streams[i]);
    }
    return status;
}

enum da_status da_pin_log_result(const struct da_pin_log *log, const struct da_pin_node *node, const char *result)
{
    enum da_status status = DA_OK;

    for (size_t i = 0; i < sizeof(log->streams) / sizeof(log->streams[0]); i++) {
        if (log->streams[i] == NULL)
            continue;
        begin_line(node, log->streams[i]);
        fprintf(log->streams[i], "%s\n", result);
        if (flush(log->streams[i]) != DA_OK)
            status = DA_ERR_IO;
    }
    return status;
}
