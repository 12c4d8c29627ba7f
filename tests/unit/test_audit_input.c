/* Files as plain octets, whatever they are packed and written in. */
#include "unit.h"

#include "audit/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define FILE_MAX ((size_t)1024 * 1024)

struct octets {
    size_t length;
    char *data;
};

static char directory[] = "/tmp/da-input-XXXXXX", path[64];

static int make_directory(void **state)
{
    (void)state;
    if (mkdtemp(directory) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/file", directory);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(directory);
}

static void write_file(const void *data, size_t length)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static struct da_input *must_open(void)
{
    struct da_input *input = NULL;
    struct da_error error = {0};
    assert_int_equal(da_input_open(path, &input, &error), DA_OK);
    return input;
}

/* Reads to the end in pieces. Returns true where that went well; what was read in any case. */
static bool read_all(struct da_input *input, size_t piece, struct octets *all)
{
    ssize_t n;

    all->length = 0;
    all->data = malloc(FILE_MAX + piece);
    assert_non_null(all->data);
    while ((n = da_input_read(input, all->data + all->length, piece)) > 0) {
        all->length += (size_t)n;
        assert_true(all->length <= FILE_MAX);
    }
    if (n == 0)
        assert_int_equal(da_input_read(input, all->data, piece), 0);
    return n == 0;
}

/* ---- ways to write a file ---- */

static struct octets concatenate(struct octets a, struct octets b)
{
    struct octets sum = {a.length + b.length, malloc(a.length + b.length + 1)};
    assert_non_null(sum.data);
    memcpy(sum.data, a.data, a.length);
    memcpy(sum.data + a.length, b.data, b.length);
    free(a.data);
    free(b.data);
    return sum;
}

static struct octets copy(const void *data, size_t length)
{
    struct octets made = {length, malloc(length + 1)};
    assert_non_null(made.data);
    memcpy(made.data, data, length);
    return made;
}

static struct octets pack_gzip(struct octets plain)
{
    z_stream stream = {0};
    struct octets packed = {0, malloc(plain.length + 100)};

    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (unsigned char *)plain.data;
    stream.avail_in = (unsigned)plain.length;
    stream.next_out = (unsigned char *)packed.data;
    stream.avail_out = (unsigned)plain.length + 100;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.length = stream.total_out;
    deflateEnd(&stream);
    free(plain.data);
    return packed;
}

static struct octets pack_zstd(struct octets plain)
{
    size_t room = ZSTD_compressBound(plain.length);
    struct octets packed = {0, malloc(room)};

    packed.length = ZSTD_compress(packed.data, room, plain.data, plain.length, 3);
    assert_false(ZSTD_isError(packed.length));
    free(plain.data);
    return packed;
}

/* From UTF-8 without errors. */
static struct octets to_utf16(struct octets plain, bool little)
{
    struct octets wide = {0, malloc(plain.length * 2 + 1)};
    const unsigned char *in = (const unsigned char *)plain.data, *end = in + plain.length;

    while (in < end) {
        unsigned more = *in < 0x80 ? 0 : *in < 0xe0 ? 1 : *in < 0xf0 ? 2 : 3;
        uint32_t character = more == 0 ? *in : *in & (0x3fu >> more);
        uint32_t units[2], count = 1;
        for (in++; more > 0; more--)
            character = character << 6 | (*in++ & 0x3fu);
        units[0] = character;
        if (character >= 0x10000) {
            units[0] = 0xd800 + ((character - 0x10000) >> 10);
            units[1] = 0xdc00 + ((character - 0x10000) & 0x3ff);
            count = 2;
        }
        for (uint32_t i = 0; i < count; i++) {
            wide.data[wide.length++] = (char)(little ? units[i] : units[i] >> 8);
            wide.data[wide.length++] = (char)(little ? units[i] >> 8 : units[i]);
        }
    }
    free(plain.data);
    return wide;
}

static struct octets with_head(const char *head, size_t length, struct octets rest)
{
    return concatenate(copy(head, length), rest);
}

enum way {
    PLAIN,
    UTF8_MARK,
    GZIP,
    GZIP_MEMBERS,
    GZIP_ZEROS,
    ZSTD,
    ZSTD_FRAMES,
    UTF16_LE,
    UTF16_BE,
    UTF16_LE_NO_MARK,
    UTF16_BE_NO_MARK,
    UTF16_IN_GZIP,
    MARK_IN_ZSTD,
    WAYS
};

static struct octets write_way(enum way way, struct octets plain)
{
    size_t half = plain.length / 2;
    struct octets first, second;

    switch (way) {
    case UTF8_MARK:
        return with_head("\xef\xbb\xbf", 3, plain);
    case GZIP:
        return pack_gzip(plain);
    case ZSTD:
        return pack_zstd(plain);
    case GZIP_ZEROS:
        return concatenate(pack_gzip(plain), copy("\0\0\0\0", 4));
    case GZIP_MEMBERS:
    case ZSTD_FRAMES:
        first = copy(plain.data, half);
        second = copy(plain.data + half, plain.length - half);
        free(plain.data);
        return way == GZIP_MEMBERS ? concatenate(pack_gzip(first), pack_gzip(second))
                                   : concatenate(pack_zstd(first), pack_zstd(second));
    case UTF16_LE:
        return with_head("\xff\xfe", 2, to_utf16(plain, true));
    case UTF16_BE:
        return with_head("\xfe\xff", 2, to_utf16(plain, false));
    case UTF16_LE_NO_MARK:
        return to_utf16(plain, true);
    case UTF16_BE_NO_MARK:
        return to_utf16(plain, false);
    case UTF16_IN_GZIP:
        return pack_gzip(with_head("\xff\xfe", 2, to_utf16(plain, true)));
    case MARK_IN_ZSTD:
        return pack_zstd(with_head("\xef\xbb\xbf", 3, plain));
    default:
        return plain;
    }
}

/* Text with characters of one to four octets of UTF-8, that begins with two of ASCII. */
static struct octets make_text(size_t length)
{
    static const char *const words[] = {"wpad A 10.0.0.1\r\n", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
                                        "\t; x\n"};
    struct octets text = {0, malloc(length + 32)};
    uint32_t seed = 1;

    assert_non_null(text.data);
    for (size_t word = 0; text.length < length; word = (seed = seed * 1664525 + 1013904223) >> 16) {
        const char *next = words[word % LENGTH_OF(words)];
        text.length = (size_t)(stpcpy(text.data + text.length, next) - text.data);
    }
    return text;
}

static void gives_the_same_in_all_ways(void **state)
{
    static const size_t lengths[] = {17, 4000, DA_INPUT_PEEK, 100000, 300000}, pieces[] = {1, 7, 4096, 262144};
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(lengths); i++) {
        for (enum way way = PLAIN; way < WAYS; way++) {
            struct octets text = make_text(lengths[i]), file = write_way(way, copy(text.data, text.length)), got;
            write_file(file.data, file.length);
            struct da_input *input = must_open();
            for (size_t piece = 0; piece < LENGTH_OF(pieces); piece++) {
                size_t peeked = 0;
                const char *head = piece % 2 == 0 ? da_input_peek(input, &peeked) : NULL;
                if (head != NULL) {
                    assert_int_equal(peeked, text.length < DA_INPUT_PEEK ? text.length : DA_INPUT_PEEK);
                    assert_memory_equal(head, text.data, peeked);
                }
                if (!read_all(input, pieces[piece], &got) || got.length != text.length ||
                    memcmp(got.data, text.data, got.length) != 0)
                    fail_msg("way %d, %zu octets, pieces of %zu", way, text.length, pieces[piece]);
                free(got.data);
                assert_int_equal(da_input_error(input)->status, DA_OK);
                assert_true(da_input_rewind(input));
            }
            da_input_close(input);
            free(text.data);
            free(file.data);
        }
    }
}

static void reads_short_files(void **state)
{
    static const struct {
        const char *file;
        size_t length;
        const char *expected;
    } cases[] = {
        {"", 0, ""},
        {"x", 1, "x"},
        {"xy", 2, "xy"},
        {"\xef\xbb\xbf", 3, ""},
        {"\xef\xbb", 2, "\xef\xbb"},
        {"\xff\xfe", 2, ""},
        {"\xfe\xff\0x", 4, "x"},
        {"x\0y\0", 4, "xy"},
        {"\xff\xfe\x00\xd8x\0", 6, "\xef\xbf\xbdx"}, /* half a surrogate pair */
        {"\xff\xfex\0\x00\xdc", 6, "x\xef\xbf\xbd"}, /* the other half */
        {"\xff\xfex\0\x00\xd8", 6, "x\xef\xbf\xbd"}, /* half at the end */
        {"\xff\xfe\x00\xd8\x00\xd8\x00\xdc", 8, "\xef\xbf\xbd\xf0\x90\x80\x80"},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct octets got;
        write_file(cases[i].file, cases[i].length);
        struct da_input *input = must_open();
        if (!read_all(input, 3, &got) || got.length != strlen(cases[i].expected) ||
            memcmp(got.data, cases[i].expected, got.length) != 0)
            fail_msg("case %zu: %.*s", i, (int)got.length, got.data);
        free(got.data);
        da_input_close(input);
    }
}

static void names_what_is_wrong(void **state)
{
    struct octets text = make_text(20000);
    struct octets gzip = pack_gzip(copy(text.data, text.length)), zstd = pack_zstd(copy(text.data, text.length));
    struct octets odd = with_head("\xff\xfe", 2, to_utf16(copy(text.data, text.length), true));
    struct octets trailing = concatenate(copy(gzip.data, gzip.length), copy("more", 4));
    struct octets broken = copy(gzip.data, gzip.length), broken_zstd = copy(zstd.data, zstd.length);
    memset(broken.data + broken.length / 2, 0xff, 16);
    memset(broken_zstd.data + broken_zstd.length / 2, 0xff, 16);
    const struct {
        const char *data;
        size_t length;
        const char *expected;
    } cases[] = {
        {gzip.data, gzip.length - 5, "it is packed by gzip and ends early"},
        {gzip.data, 2, "it is packed by gzip and ends early"},
        {broken.data, broken.length, "it is packed by gzip and damaged"},
        {trailing.data, trailing.length, "something else stands behind the data packed by gzip"},
        {zstd.data, zstd.length - 5, "it is packed by zstd and ends early"},
        {broken_zstd.data, broken_zstd.length, "it is packed by zstd and damaged, or with a window over 128 MiB"},
        {odd.data, odd.length - 1, "it is UTF-16 and ends in half a character"},
        {"\xfd\x37zXZ\0", 6, "it is packed by xz; unpack it first: xz -dc"},
        {"BZh91AY&SY", 10, "it is packed by bzip2; unpack it first: bzip2 -dc"},
        {"PK\3\4xxxx", 8, "it is a ZIP archive; unpack it first"},
        {"\0\0\0\2\0\0\0\1", 8, "it is in BIND's raw format; named-compilezone -f raw -F text makes a zone file of it"},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct octets got;
        write_file(cases[i].data, cases[i].length);
        struct da_input *input = must_open();
        for (int again = 0; again < 2; again++) {
            errno = 0;
            assert_false(read_all(input, 5000, &got));
            assert_int_not_equal(errno, 0);
            assert_string_equal(da_input_error(input)->text, cases[i].expected);
            assert_int_equal(da_input_error(input)->status, DA_ERR_IO);
            /* what came before is right; the end of it, in damaged data, is not sure */
            assert_memory_equal(got.data, text.data, got.length < 5000 ? 0 : 5000);
            free(got.data);
            assert_true(da_input_rewind(input));
        }
        da_input_close(input);
    }
    free(text.data), free(gzip.data), free(zstd.data), free(odd.data);
    free(trailing.data), free(broken.data), free(broken_zstd.data);
}

/* Of a file that ends early, all that can be unpacked is given. */
static void gives_what_came_before_a_failure(void **state)
{
    struct octets text = make_text(200000), got;
    (void)state;

    for (int which = 0; which < 2; which++) {
        struct octets plain = copy(text.data, text.length), packed = which == 0 ? pack_gzip(plain) : pack_zstd(plain);
        write_file(packed.data, packed.length * 3 / 4);
        struct da_input *input = must_open();
        assert_false(read_all(input, 65536, &got));
        assert_true(got.length > 50000);
        assert_memory_equal(got.data, text.data, got.length);
        da_input_close(input);
        free(got.data);
        free(packed.data);
    }
    free(text.data);
}

static void refuses_what_is_no_file(void **state)
{
    struct da_input *input = NULL;
    struct da_error error = {0};
    (void)state;

    assert_int_equal(da_input_open(directory, &input, &error), DA_ERR_IO);
    assert_string_equal(error.text, strerror(EISDIR));
    error = (struct da_error){0};
    assert_int_equal(da_input_open("/nonexistent/file", &input, &error), DA_ERR_IO);
    assert_string_equal(error.text, strerror(ENOENT));
    assert_null(input);
    da_input_close(NULL);
}

static void reads_pipes_once(void **state)
{
    struct da_input *input = NULL, *other;
    struct da_error error = {0};
    struct octets got;
    int ends[2], saved = dup(STDIN_FILENO);
    (void)state;

    assert_true(saved >= 0);
    for (int which = 0; which < 2; which++) {
        char device[32];
        assert_int_equal(pipe(ends), 0);
        assert_int_equal(write(ends[1], "\xef\xbb\xbfhello", 8), 8);
        close(ends[1]);
        snprintf(device, sizeof(device), "/dev/fd/%d", ends[0]);
        if (which == 0)
            assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
        assert_int_equal(da_input_open(which == 0 ? "-" : device, &input, &error), DA_OK);
        assert_false(da_input_rewind(input));
        assert_true(read_all(input, 100, &got));
        assert_int_equal(got.length, 5);
        assert_memory_equal(got.data, "hello", 5);
        free(got.data);
        assert_false(da_input_rewind(input));
        da_input_close(input);
        close(ends[0]);
    }
    /* standard input stays open, and is never another file */
    assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0);
    write_file("x", 1);
    int file = open(path, O_RDONLY);
    assert_int_equal(dup2(file, STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(da_input_open("-", &input, &error), DA_OK);
    other = must_open();
    assert_false(da_input_rewind(input));
    assert_false(da_input_same(input, other));
    da_input_close(input);
    da_input_close(other);
    close(file);
    assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
    close(saved);
}

static void knows_files_by_identity(void **state)
{
    char link_path[80];
    struct da_input *a, *b, *c = NULL;
    struct da_error error = {0};
    (void)state;

    write_file("x", 1);
    snprintf(link_path, sizeof(link_path), "%s/link", directory);
    assert_int_equal(symlink("file", link_path), 0);
    a = must_open();
    assert_int_equal(da_input_open(link_path, &b, &error), DA_OK);
    assert_true(da_input_same(a, b));
    assert_int_equal(da_input_open("/dev/null", &c, &error), DA_OK);
    assert_false(da_input_same(a, c));
    da_input_close(a);
    da_input_close(b);
    da_input_close(c);
    unlink(link_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_same_in_all_ways), cmocka_unit_test(reads_short_files),
        cmocka_unit_test(names_what_is_wrong),        cmocka_unit_test(gives_what_came_before_a_failure),
        cmocka_unit_test(refuses_what_is_no_file),    cmocka_unit_test(reads_pipes_once),
        cmocka_unit_test(knows_files_by_identity),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
