/* How plans are carried out: against a directory that is made up, which other writers change, that refuses, and that is
 * lost. Calls of the real one are replaced by the linker. */
#include "unit.h"

#include "directory/pin_apply.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum da_status __wrap_da_directory_modify(struct da_directory *directory, const struct da_directory_node *node,
                                          const struct da_octets *old, size_t old_count, const struct da_octets *fresh,
                                          size_t fresh_count, enum da_directory_change *change, struct da_error *error);
enum da_status __wrap_da_directory_create(struct da_directory *directory, const struct da_directory_zone *zone,
                                          const struct da_name *owner, const struct da_octets *fresh,
                                          size_t fresh_count, enum da_directory_change *change, struct da_error *error);
enum da_status __wrap_da_directory_read_node(struct da_directory *directory, const struct da_directory_zone *zone,
                                             const struct da_name *owner, struct da_directory_node *node,
                                             struct da_error *error);

#define STATIC_VALUE  "\4\0\1\0\5\xf0\0\0\1\0\0\0\0\0\4\xb0\0\0\0\0\0\0\0\0\x0a\0\0\x0b"
#define DYNAMIC_VALUE "\4\0\1\0\5\xf0\0\0\1\0\0\0\0\0\4\xb0\0\0\0\0\x3b\xf7\x38\0\x0a\0\0\x0b"
#define VALUE_LENGTH  28
#define CNAME_VALUE   "\5\0\5\0\5\xf0\0\0\1\0\0\0\0\0\4\xb0\0\0\0\0\0\0\0\0\3\1\1x"
#define CNAME_LENGTH  29

/* What a write meets, and what is there when the node is read afterwards. */
struct step {
    enum { WRITES, CONFLICTS, REFUSES, BREAKS } write;
    enum { READS_STATIC, READS_DYNAMIC, READS_ALIAS, READS_NOTHING, READS_BROKEN } read;
};

/* The directory that is made up: da_directory is not looked at. */
struct pretended {
    const struct step *steps;
    size_t writes, creates, reads;
    FILE *log;
    char log_at_write[4096]; /* what is on record when the first write comes */
};

static enum da_status pretend_write(struct pretended *pretended, enum da_directory_change *change,
                                    struct da_error *error)
{
    if (pretended->writes == 0 && pretended->log != NULL) {
        ssize_t length = pread(fileno(pretended->log), pretended->log_at_write, sizeof(pretended->log_at_write) - 1, 0);
        assert_true(length >= 0);
    }
    switch (pretended->steps[pretended->writes++].write) {
    case REFUSES:
        return da_error_set(error, DA_ERR_VALUE, NULL, "reader may not write it");
    case BREAKS:
        return da_error_set(error, DA_ERR_IO, NULL, "the connection ended");
    case CONFLICTS:
        *change = DA_DIRECTORY_CONFLICT;
        return DA_OK;
    default:
        *change = DA_DIRECTORY_CHANGED;
        return DA_OK;
    }
}

enum da_status __wrap_da_directory_modify(struct da_directory *directory, const struct da_directory_node *node,
                                          const struct da_octets *old, size_t old_count, const struct da_octets *fresh,
                                          size_t fresh_count, enum da_directory_change *change, struct da_error *error)
{
    assert_non_null(node->dn);
    assert_int_equal(old_count, 1);
    assert_memory_equal(old[0].octets, DYNAMIC_VALUE, VALUE_LENGTH);
    assert_int_equal(fresh_count, 1);
    assert_memory_equal(fresh[0].octets, STATIC_VALUE, VALUE_LENGTH);
    return pretend_write((struct pretended *)directory, change, error);
}

enum da_status __wrap_da_directory_create(struct da_directory *directory, const struct da_directory_zone *zone,
                                          const struct da_name *owner, const struct da_octets *fresh,
                                          size_t fresh_count, enum da_directory_change *change, struct da_error *error)
{
    struct pretended *pretended = (struct pretended *)directory;

    assert_non_null(zone);
    assert_int_equal(owner->wire[0], 1);
    assert_int_equal(fresh_count, 1);
    assert_memory_equal(fresh[0].octets, STATIC_VALUE, VALUE_LENGTH);
    pretended->creates++;
    return pretend_write(pretended, change, error);
}

static void put_value(struct da_directory_node *node, const char *value, size_t length)
{
    node->dn = strdup("DC=p,DC=corp.example.net");
    node->values = calloc(1, sizeof(*node->values));
    node->values[0] = (struct da_octets){length, malloc(length)};
    memcpy(node->values[0].octets, value, length);
    node->value_count = 1;
}

enum da_status __wrap_da_directory_read_node(struct da_directory *directory, const struct da_directory_zone *zone,
                                             const struct da_name *owner, struct da_directory_node *node,
                                             struct da_error *error)
{
    struct pretended *pretended = (struct pretended *)directory;

    (void)zone;
    pretended->reads++;
    *node = (struct da_directory_node){.owner = *owner};
    switch (pretended->steps[pretended->writes - 1].read) {
    case READS_STATIC:
        put_value(node, STATIC_VALUE, VALUE_LENGTH);
        break;
    case READS_DYNAMIC:
        put_value(node, DYNAMIC_VALUE, VALUE_LENGTH);
        break;
    case READS_ALIAS:
        put_value(node, CNAME_VALUE, CNAME_LENGTH);
        break;
    case READS_NOTHING:
        break;
    case READS_BROKEN:
        return da_error_set(error, DA_ERR_IO, NULL, "the connection ended");
    }
    return DA_OK;
}

static const uint8_t address[] = {10, 0, 0, 11};
static const struct da_owner owner = {
    .label = "p", .rrset_count = 1, .rrsets = {{.type = DA_TYPE_A, .rdata_length = 4, .count = 1, .rdata = address}}};
static char zone_dn[] = "DC=corp.example.net";
static const struct da_directory_zone zone = {.dn = zone_dn, .container = "DomainDnsZones"};

/* "p.x.", with what is there. */
static void make_node(bool is_there, struct da_pin_node *node)
{
    *node = (struct da_pin_node){.zone = &zone,
                                 .terms = {.ttl = 1200, .serial = 1},
                                 .name = {.length = 5, .wire = {1, 'p', 1, 'x', 0}},
                                 .owner = &owner};
    if (is_there)
        put_value(&node->node, DYNAMIC_VALUE, VALUE_LENGTH);
    assert_int_equal(da_pin_plan(&node->terms, node->owner, &node->node, &node->plan, NULL), DA_OK);
}

static void clear_node(struct da_pin_node *node)
{
    da_pin_plan_clear(&node->plan);
    da_directory_node_clear(&node->node);
}

struct row {
    const char *title;
    bool is_there;
    struct step steps[DA_PIN_ATTEMPTS + 1];
    enum da_status status;
    enum da_pin_result result;
    size_t writes, creates, reads;
    const char *error;
};

#define CHANGING                                                                                                       \
    {                                                                                                                  \
        CONFLICTS, READS_DYNAMIC                                                                                       \
    }

static const struct row rows[] = {
    {"written", true, {{WRITES, READS_STATIC}}, DA_OK, DA_PIN_WRITTEN, 1, 0, 1, ""},
    {"created", false, {{WRITES, READS_STATIC}}, DA_OK, DA_PIN_WRITTEN, 1, 1, 1, ""},
    {"changed meanwhile, then written", true, {CHANGING, {WRITES, READS_STATIC}}, DA_OK, DA_PIN_WRITTEN, 2, 0, 2, ""},
    {"pinned by somebody else meanwhile", true, {{CONFLICTS, READS_STATIC}}, DA_OK, DA_PIN_NOTHING, 1, 0, 1, ""},
    {"stamped again at once",
     true,
     {{WRITES, READS_DYNAMIC}, {WRITES, READS_STATIC}},
     DA_OK,
     DA_PIN_WRITTEN,
     2,
     0,
     2,
     ""},
    {"made by somebody else meanwhile", false, {CHANGING, {WRITES, READS_STATIC}}, DA_OK, DA_PIN_WRITTEN, 2, 1, 2, ""},
    {"deleted for good meanwhile",
     true,
     {{CONFLICTS, READS_NOTHING}, {WRITES, READS_STATIC}},
     DA_OK,
     DA_PIN_WRITTEN,
     2,
     1,
     2,
     ""},
    {"changed for ever",
     true,
     {CHANGING, CHANGING, CHANGING, CHANGING, CHANGING},
     DA_ERR_VALUE,
     DA_PIN_FAILED,
     5,
     0,
     5,
     "others changed it each of 5 times: try again"},
    {"stamped again for ever",
     true,
     {{WRITES, READS_DYNAMIC},
      {WRITES, READS_DYNAMIC},
      {WRITES, READS_DYNAMIC},
      {WRITES, READS_DYNAMIC},
      {WRITES, READS_DYNAMIC}},
     DA_ERR_VALUE,
     DA_PIN_FAILED,
     5,
     0,
     5,
     "others changed it each of 5 times: try again"},
    {"made an alias meanwhile",
     true,
     {{CONFLICTS, READS_ALIAS}},
     DA_ERR_VALUE,
     DA_PIN_FAILED,
     1,
     0,
     1,
     "cannot be pinned: it is an alias (CNAME)"},
    {"refused", true, {{REFUSES, READS_DYNAMIC}}, DA_ERR_VALUE, DA_PIN_FAILED, 1, 0, 0, "reader may not write it"},
    {"lost while it was written",
     true,
     {{BREAKS, READS_DYNAMIC}},
     DA_ERR_IO,
     DA_PIN_UNKNOWN,
     1,
     0,
     0,
     "the connection ended"},
    {"lost when it was written",
     true,
     {{WRITES, READS_BROKEN}},
     DA_ERR_IO,
     DA_PIN_UNKNOWN,
     1,
     0,
     1,
     "the connection ended"},
    {"lost when it was not written",
     true,
     {{CONFLICTS, READS_BROKEN}},
     DA_ERR_IO,
     DA_PIN_FAILED,
     1,
     0,
     1,
     "the connection ended"},
};

static void applies(void **state)
{
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        const struct row *row = &rows[i];
        struct pretended pretended = {.steps = row->steps};
        const struct da_pin_log log = {0};
        enum da_pin_result result = DA_PIN_UNTRIED;
        struct da_error error = {0};
        struct da_pin_node node;
        make_node(row->is_there, &node);
        enum da_status status = da_pin_apply((struct da_directory *)&pretended, &node, &log, &result, &error);
        if (status != row->status || result != row->result || pretended.writes != row->writes ||
            pretended.creates != row->creates || pretended.reads != row->reads || strcmp(error.text, row->error) != 0)
            fail_msg("%s: status %d, result %d, %zu writes, %zu creates, %zu reads, '%s'", row->title, status, result,
                     pretended.writes, pretended.creates, pretended.reads, error.text);
        clear_node(&node);
    }
}

static void nothing_to_do(void **state)
{
    struct pretended pretended = {0};
    const struct da_pin_log log = {0};
    struct da_error error = {0};
    enum da_pin_result result;
    struct da_pin_node node;
    (void)state;

    make_node(true, &node);
    memset(node.node.values[0].octets + 20, 0, 4);
    da_pin_plan_clear(&node.plan);
    assert_int_equal(da_pin_plan(&node.terms, node.owner, &node.node, &node.plan, NULL), DA_OK);
    assert_int_equal(da_pin_apply((struct da_directory *)&pretended, &node, &log, &result, &error), DA_OK);
    assert_int_equal(result, DA_PIN_NOTHING);
    assert_int_equal(pretended.writes + pretended.reads, 0);
    clear_node(&node);
}

/* A line without its time. */
static const char *next_line(char **text)
{
    char *line = strsep(text, "\n");
    return line != NULL && strlen(line) > 21 ? line + 21 : line;
}

/* What is written is on record before it is. */
static void logs(void **state)
{
    static const struct step steps[] = {{WRITES, READS_STATIC}};
    struct pretended pretended = {.steps = steps, .log = tmpfile()};
    char all[4096] = "", *rest = all;
    enum da_pin_result result;
    struct da_pin_node node;
    (void)state;

    const struct da_pin_log log = {.streams = {NULL, pretended.log}};
    make_node(true, &node);
    assert_int_equal(da_pin_apply((struct da_directory *)&pretended, &node, &log, &result, NULL), DA_OK);
    assert_true(pread(fileno(pretended.log), all, sizeof(all) - 1, 0) > 0);
    assert_memory_equal(all, pretended.log_at_write, strlen(pretended.log_at_write));
    assert_string_equal(all + strlen(pretended.log_at_write) + 21, "p.x written\n");
    assert_string_equal(next_line(&rest), "p.x change DC=p,DC=corp.example.net");
    assert_string_equal(next_line(&rest), "p.x before A 10.0.0.11 ttl=1200 stamp=3733307 "
                                          "value=0400010005f0000001000000000004b0000000003bf738000a00000b");
    assert_string_equal(next_line(&rest), "p.x after A 10.0.0.11 ttl=1200 stamp=0 "
                                          "value=0400010005f0000001000000000004b000000000000000000a00000b");
    assert_string_equal(next_line(&rest), "p.x written");
    assert_string_equal(next_line(&rest), "");
    fclose(pretended.log);
    clear_node(&node);
}

/* What cannot be put on record is not written. */
static void full_log(void **state)
{
    static const struct step steps[] = {{WRITES, READS_STATIC}};
    struct pretended pretended = {.steps = steps};
    struct da_error error = {0};
    enum da_pin_result result;
    struct da_pin_node node;
    (void)state;

    const struct da_pin_log log = {.streams = {NULL, fopen("/dev/full", "a")}};
    assert_non_null(log.streams[1]);
    make_node(true, &node);
    assert_int_equal(da_pin_apply((struct da_directory *)&pretended, &node, &log, &result, &error), DA_ERR_IO);
    assert_int_equal(errno, ENOSPC);
    assert_int_equal(error.status, DA_OK);
    assert_int_equal(result, DA_PIN_FAILED);
    assert_int_equal(pretended.writes, 0);
    fclose(log.streams[1]);
    clear_node(&node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(applies),
        cmocka_unit_test(nothing_to_do),
        cmocka_unit_test(logs),
        cmocka_unit_test(full_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
