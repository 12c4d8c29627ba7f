/* Owners in security descriptors, and SIDs as text. */
#include "unit.h"

#include "directory/directory_sid.h"

#define HEADER                                                                                                         \
    "\1\0\4\x80"                                                                                                       \
    "\x14\0\0\0"                                                                                                       \
    "\0\0\0\0"                                                                                                         \
    "\0\0\0\0"                                                                                                         \
    "\0\0\0\0" /* the owner at octet 20 */
#define OWNED(sid) HEADER sid, sizeof(HEADER sid) - 1

static void owners(void **state)
{
    static const struct {
        const char *descriptor;
        size_t length;
        const char *text; /* NULL = none can be read */
    } rows[] = {
        {OWNED("\1\1\0\0\0\0\0\5\x12\0\0\0"), "S-1-5-18"},
        {OWNED("\1\2\0\0\0\0\0\5\x20\0\0\0\x20\2\0\0 and more"), "S-1-5-32-544"},
        {OWNED("\1\5\0\0\0\0\0\5\x15\0\0\0\1\2\3\4\5\6\7\x08\xff\xff\xff\xff\x50\4\0\0"),
         "S-1-5-21-67305985-134678021-4294967295-1104"},
        {OWNED("\1\0\0\0\0\0\0\1"), "S-1-1"},
        {OWNED("\1\1\xff\xff\0\0\0\1\2\0\0\0"), "S-1-0xFFFF00000001-2"},
        {"", 0, NULL},
        {HEADER, sizeof(HEADER) - 1, NULL},
        {OWNED("\1\1\0\0\0\0\0"), NULL},
        {OWNED("\1\1\0\0\0\0\0\5\x12\0\0"), NULL},
        {OWNED("\2\1\0\0\0\0\0\5\x12\0\0\0"), NULL},
        {OWNED("\1\x10\0\0\0\0\0\5"
               "0000111122223333444455556666777788889999aaaabbbbccccddddeeeeffff"),
         NULL},
        {"\2\0\4\x80\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\1\0\0\0\0\0\5\x12\0\0\0", 32, NULL}, /* revision */
        {"\1\0\4\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\1\0\0\0\0\0\5\x12\0\0\0", 32, NULL},   /* not self-relative */
        {"\1\0\4\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\1\0\0\0\0\0\5\x12\0\0\0", 32, NULL},   /* no owner */
        {"\1\0\4\x80\x13\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\1\0\0\0\0\0\5\x12\0\0\0", 32, NULL}, /* in the header */
        {"\1\0\4\x80\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\0\0\0\1\1\0\0\0\0\0\5\x12\0\0\0", 32, NULL},
        {"\1\0\4\x80\x21\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\1\0\0\0\0\0\5\x12\0\0\0", 32, NULL},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        char text[DA_SID_TEXT_MAX];
        struct da_sid sid;
        /* A copy of just that length, for AddressSanitizer. */
        uint8_t *copy = malloc(rows[i].length + 1);
        assert_non_null(copy);
        memcpy(copy + 1, rows[i].descriptor, rows[i].length);
        if (da_sid_of_owner(copy + 1, rows[i].length, &sid) != (rows[i].text != NULL))
            fail_msg("row %zu", i);
        free(copy);
        if (rows[i].text != NULL)
            assert_string_equal(da_sid_to_text(&sid, text), rows[i].text);
    }
}

static void longest(void **state)
{
    struct da_sid sid = {.length = DA_SID_MAX};
    char text[DA_SID_TEXT_MAX];
    (void)state;

    memset(sid.octets, 0xff, sizeof(sid.octets));
    da_sid_to_text(&sid, text);
    assert_string_equal(text + strlen(text) - strlen("-4294967295"), "-4294967295");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(owners),
        cmocka_unit_test(longest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
