#include "audit/input.h"

#include "audit/input_utf16.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define RAW_SIZE   ((size_t)64 * 1024)
#define WIDE_SIZE  ((size_t)4 * 1024)
#define STAGE_SIZE (DA_INPUT_PEEK + DA_UTF16_TEXT_MAX(WIDE_SIZE))

enum packing { PACKED_NOT, PACKED_GZIP, PACKED_ZSTD };

struct da_input {
    int fd;
    bool is_stdin;
    bool prepared; /* packing and is_utf16 are known */
    bool raw_end;  /* read(2) has nothing more */
    bool unpacked; /* the packed data ended where it may end */
    enum packing packing;
    bool is_utf16;
    struct da_utf16 utf16;
    struct da_error error;
    int error_number; /* errno that goes with it */
    struct stat status;
    z_stream gzip;
    bool gzip_made;
    ZSTD_DCtx *zstd;
    size_t raw_at, raw_length;
    size_t wide_length; /* UTF-16 that is not read yet */
    size_t stage_at, stage_length;
    uint8_t raw[RAW_SIZE];     /* as the file has it */
    uint8_t wide[WIDE_SIZE];   /* unpacked UTF-16 */
    uint8_t stage[STAGE_SIZE]; /* what da_input_peek() shows and da_input_read() gives next */
};

/* Of files that are something else altogether, with what helps. */
static const struct {
    size_t at, length;
    const char *octets;
    const char *help;
} foreign[] = {
    {1, 5, "7zXZ\0", "it is packed by xz; unpack it first: xz -dc"},
    {4, 6, "1AY&SY", "it is packed by bzip2; unpack it first: bzip2 -dc"},
    {0, 4, "PK\3\4", "it is a ZIP archive; unpack it first"},
    {0, 7, "\0\0\0\2\0\0\0", "it is in BIND's raw format; named-compilezone -f raw -F text makes a zone file of it"},
};

static ssize_t fail(struct da_input *input, int number, const char *text)
{
    da_error_set(&input->error, number == ENOMEM ? DA_ERR_MEMORY : DA_ERR_IO, NULL, "%s", text);
    input->error_number = input->error_number != 0 ? input->error_number : number;
    errno = input->error_number;
    return -1;
}

/* read(2) of the file itself. */
static ssize_t read_file(struct da_input *input, void *buffer, size_t size)
{
    ssize_t n;

    if (input->raw_end)
        return 0;
    do
        n = read(input->fd, buffer, size);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return fail(input, errno, strerror(errno));
    input->raw_end = n == 0;
    return n;
}

/* Makes at least `want` octets lie in raw, or all there are. False on failure. */
static bool fill_raw(struct da_input *input, size_t want)
{
    if (input->raw_at > 0)
        memmove(input->raw, input->raw + input->raw_at, input->raw_length - input->raw_at);
    input->raw_length -= input->raw_at;
    input->raw_at = 0;
    while (input->raw_length < want && !input->raw_end) {
        ssize_t n = read_file(input, input->raw + input->raw_length, RAW_SIZE - input->raw_length);
        if (n < 0)
            return false;
        input->raw_length += (size_t)n;
    }
    return true;
}

/* What stands behind a gzip member: another (RFC 1952 section 2.2), or the zeros with which tapes are filled up. */
static void next_member(struct da_input *input)
{
    if (!fill_raw(input, 2))
        return;
    if (input->raw_length >= 2 && input->raw[0] == 0x1f && input->raw[1] == 0x8b) {
        inflateReset(&input->gzip);
        return;
    }
    while (input->raw_length > 0) {
        while (input->raw_at < input->raw_length && input->raw[input->raw_at] == 0)
            input->raw_at++;
        if (input->raw_at < input->raw_length) {
            fail(input, EIO, "something else stands behind the data packed by gzip");
            return;
        }
        if (!fill_raw(input, 1))
            return;
    }
    input->unpacked = true;
}

/* What was unpacked before a failure is given first; the failure is told by the next call. */
static ssize_t what_came(struct da_input *input, size_t length)
{
    return length == 0 && input->error.status != DA_OK ? fail(input, EIO, "") : (ssize_t)length;
}

static ssize_t read_gzip(struct da_input *input, void *buffer, size_t size)
{
    z_stream *gzip = &input->gzip;
    uInt room = size > UINT32_MAX ? UINT32_MAX : (uInt)size;

    gzip->next_out = buffer;
    gzip->avail_out = room;
    while (gzip->avail_out == room && !input->unpacked) {
        if (input->raw_at == input->raw_length && !fill_raw(input, 1))
            return -1;
        gzip->next_in = input->raw + input->raw_at;
        gzip->avail_in = (uInt)(input->raw_length - input->raw_at);
        int result = inflate(gzip, Z_NO_FLUSH);
        input->raw_at = input->raw_length - gzip->avail_in;
        if (result == Z_STREAM_END)
            next_member(input);
        else if (result == Z_MEM_ERROR)
            fail(input, ENOMEM, "out of memory");
        else if (result == Z_BUF_ERROR && input->raw_end)
            fail(input, EIO, "it is packed by gzip and ends early");
        else if (result != Z_OK && result != Z_BUF_ERROR)
            fail(input, EIO, "it is packed by gzip and damaged");
        if (input->error.status != DA_OK)
            break;
    }
    return what_came(input, room - gzip->avail_out);
}

static ssize_t read_zstd(struct da_input *input, void *buffer, size_t size)
{
    ZSTD_outBuffer out = {.dst = buffer, .size = size};

    while (out.pos == 0) {
        if (input->raw_at == input->raw_length && !fill_raw(input, 1))
            return -1;
        bool at_end = input->raw_length == 0;
        if (at_end && input->unpacked)
            return 0;
        ZSTD_inBuffer in = {.src = input->raw, .size = input->raw_length, .pos = input->raw_at};
        size_t result = ZSTD_decompressStream(input->zstd, &out, &in);
        input->raw_at = in.pos;
        if (ZSTD_isError(result))
            fail(input, EIO, "it is packed by zstd and damaged, or with a window over 128 MiB");
        else if (at_end && out.pos == 0)
            fail(input, EIO, "it is packed by zstd and ends early");
        if (input->error.status != DA_OK)
            break;
        input->unpacked = result == 0;
    }
    return what_came(input, out.pos);
}

/* Octets as they are in the file once it is unpacked. */
static ssize_t read_unpacked(struct da_input *input, void *buffer, size_t size)
{
    if (input->error.status != DA_OK)
        return fail(input, EIO, "");
    switch (input->packing) {
    case PACKED_GZIP:
        return read_gzip(input, buffer, size);
    case PACKED_ZSTD:
        return read_zstd(input, buffer, size);
    case PACKED_NOT:
        break;
    }
    size_t rest = input->raw_length - input->raw_at;
    if (rest == 0)
        return read_file(input, buffer, size);
    rest = rest < size ? rest : size;
    memcpy(buffer, input->raw + input->raw_at, rest);
    input->raw_at += rest;
    return (ssize_t)rest;
}

/* Puts more UTF-8 into stage, where there is room for it. Returns 0 at the end of the file, -1 on failure. */
static ssize_t stage_utf16(struct da_input *input)
{
    ssize_t n = read_unpacked(input, input->wide + input->wide_length, WIDE_SIZE - input->wide_length);
    uint8_t *out = input->stage + input->stage_length;

    if (n < 0)
        return -1;
    if (n == 0 && input->wide_length % 2 != 0)
        return fail(input, EIO, "it is UTF-16 and ends in half a character");
    size_t last = n == 0 ? da_utf16_end(&input->utf16, out) : 0;
    if (last > 0) {
        input->stage_length += last;
        return 1;
    }
    input->wide_length += (size_t)n;
    input->stage_length += da_utf16_read(&input->utf16, input->wide, input->wide_length, out);
    if (input->wide_length % 2 != 0)
        input->wide[0] = input->wide[input->wide_length - 1];
    input->wide_length %= 2;
    return n;
}

/* Reads on until stage has DA_INPUT_PEEK octets, or there are no more. False on failure. */
static bool fill_stage(struct da_input *input)
{
    while (input->stage_length < DA_INPUT_PEEK) {
        ssize_t n = input->is_utf16
                        ? stage_utf16(input)
                        : read_unpacked(input, input->stage + input->stage_length, DA_INPUT_PEEK - input->stage_length);
        if (n <= 0)
            return n == 0;
        input->stage_length += input->is_utf16 ? 0 : (size_t)n;
    }
    return true;
}

static bool find_packing(struct da_input *input)
{
    if (!fill_raw(input, 10))
        return false;
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        if (input->raw_length >= foreign[i].at + foreign[i].length &&
            memcmp(input->raw + foreign[i].at, foreign[i].octets, foreign[i].length) == 0) {
            fail(input, EIO, foreign[i].help);
            return false;
        }
    }
    if (input->raw_length >= 2 && memcmp(input->raw, "\x1f\x8b", 2) == 0) {
        input->packing = PACKED_GZIP;
        if (!input->gzip_made && inflateInit2(&input->gzip, MAX_WBITS + 16) != Z_OK) {
            fail(input, ENOMEM, "out of memory");
            return false;
        }
        input->gzip_made = true;
    } else if (input->raw_length >= 4 && memcmp(input->raw, "\x28\xb5\x2f\xfd", 4) == 0) {
        input->packing = PACKED_ZSTD;
        if (input->zstd == NULL && (input->zstd = ZSTD_createDCtx()) == NULL) {
            fail(input, ENOMEM, "out of memory");
            return false;
        }
    }
    return true;
}

/* Finds out what the file is, and stages its beginning. Failure is in input->error. */
static void prepare(struct da_input *input)
{
    size_t mark = 0;

    input->prepared = true;
    if (!find_packing(input))
        return;
    while (input->wide_length < 4) {
        ssize_t n = read_unpacked(input, input->wide + input->wide_length, 4 - input->wide_length);
        if (n < 0)
            return;
        if (n == 0)
            break;
        input->wide_length += (size_t)n;
    }
    input->is_utf16 = da_utf16_begin(&input->utf16, input->wide, input->wide_length);
    if (input->is_utf16)
        mark = input->wide[0] >= 0xfe ? 2 : 0;
    else if (input->wide_length >= 3 && memcmp(input->wide, "\xef\xbb\xbf", 3) == 0)
        mark = 3;
    input->wide_length -= mark;
    memmove(input->wide, input->wide + mark, input->wide_length);
    if (!input->is_utf16) {
        memcpy(input->stage, input->wide, input->wide_length);
        input->stage_length = input->wide_length;
        input->wide_length = 0;
    }
    fill_stage(input);
}

enum da_status da_input_open(const char *path, struct da_input **input, struct da_error *error)
{
    struct da_input *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    made->is_stdin = strcmp(path, "-") == 0;
    made->fd = made->is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int number = made->fd < 0 || fstat(made->fd, &made->status) < 0 ? errno : 0;
    if (number == 0 && S_ISDIR(made->status.st_mode))
        number = EISDIR;
    if (number != 0) {
        da_input_close(made);
        return da_error_set(error, DA_ERR_IO, NULL, "%s", strerror(number));
    }
    if (S_ISREG(made->status.st_mode))
        posix_fadvise(made->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    *input = made;
    return DA_OK;
}

void da_input_close(struct da_input *input)
{
    if (input == NULL)
        return;
    if (input->gzip_made)
        inflateEnd(&input->gzip);
    ZSTD_freeDCtx(input->zstd);
    if (!input->is_stdin && input->fd >= 0)
        close(input->fd);
    free(input);
}

const char *da_input_peek(struct da_input *input, size_t *length)
{
    if (!input->prepared)
        prepare(input);
    *length = input->stage_length - input->stage_at;
    *length = *length < DA_INPUT_PEEK ? *length : DA_INPUT_PEEK;
    return (const char *)input->stage + input->stage_at;
}

ssize_t da_input_read(void *arg, void *buffer, size_t size)
{
    struct da_input *input = arg;

    if (!input->prepared)
        prepare(input);
    if (input->stage_at == input->stage_length) {
        input->stage_at = input->stage_length = 0;
        if (!input->is_utf16)
            return read_unpacked(input, buffer, size);
        while (input->stage_length == 0) {
            ssize_t n = stage_utf16(input);
            if (n <= 0)
                return n;
        }
    }
    size_t n = input->stage_length - input->stage_at;
    n = n < size ? n : size;
    memcpy(buffer, input->stage + input->stage_at, n);
    input->stage_at += n;
    return (ssize_t)n;
}

const struct da_error *da_input_error(const struct da_input *input)
{
    return &input->error;
}

bool da_input_rewind(struct da_input *input)
{
    if (input->is_stdin || !S_ISREG(input->status.st_mode) || lseek(input->fd, 0, SEEK_SET) < 0)
        return false;
    if (input->gzip_made)
        inflateReset(&input->gzip);
    if (input->zstd != NULL)
        ZSTD_DCtx_reset(input->zstd, ZSTD_reset_session_only);
    input->prepared = input->raw_end = input->unpacked = input->is_utf16 = false;
    input->packing = PACKED_NOT;
    input->error = (struct da_error){0};
    input->error_number = 0;
    input->raw_at = input->raw_length = input->wide_length = input->stage_at = input->stage_length = 0;
    return true;
}

bool da_input_same(const struct da_input *a, const struct da_input *b)
{
    return !a->is_stdin && !b->is_stdin && a->status.st_dev == b->status.st_dev && a->status.st_ino == b->status.st_ino;
}

/* ---- whole files ---- */

#define LOAD_FIRST ((size_t)16 * 1024)

struct whole {
    char *octets;
    size_t length, size;
};

static enum da_status load(struct da_input *input, size_t most, const char *expected, struct whole *whole,
                           struct da_error *error)
{
    ssize_t n;

    do {
        if (whole->length == whole->size) {
            size_t size = whole->size == 0 ? LOAD_FIRST : whole->size * 2;
            char *octets = realloc(whole->octets, size);
            if (octets == NULL)
                return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
            whole->octets = octets;
            whole->size = size;
        }
        n = da_input_read(input, whole->octets + whole->length, whole->size - whole->length);
        if (n < 0)
            return da_error_set(error, da_input_error(input)->status, NULL, "%s", da_input_error(input)->text);
        whole->length += (size_t)n;
        if (whole->length > most)
            return da_error_set(error, DA_ERR_LIMIT, NULL, "larger than %zu MiB; expected %s", most >> 20, expected);
    } while (n > 0);
    return DA_OK;
}

enum da_status da_input_load(const char *path, size_t most, const char *expected, char **octets, size_t *length,
                             struct da_error *error)
{
    struct da_input *input = NULL;
    struct whole whole = {0};

    enum da_status status = da_input_open(path, &input, error);
    if (input != NULL)
        status = load(input, most, expected, &whole, error);
    da_input_close(input);
    if (status != DA_OK) {
        free(whole.octets);
        return status;
    }
    *octets = whole.octets;
    *length = whole.length;
    return DA_OK;
}
