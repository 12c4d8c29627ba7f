/* Zone files for libFuzzer, packed or not, with a file that they may include: whatever they hold, they are read in
 * bounded time, what comes of it keeps the promises of zones/audit/collection.h, and a pipe tells the same records but
 * for their TTLs.
 *
 * The input is the zone file; what stands behind its first octet 0xfe is the file "a" beside it. */
#include "audit/zone_file.h"
#include "fuzz_names.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char yaml[] = "suffixes: [corp.example.net, example.com]\n"
                           "isatap-router: router\n"
                           "block: [isatap, wpad]\n" FUZZ_ENTRY_POINT;

static char directory[] = "/tmp/fuzz-zone-XXXXXX";

/* ---- promises ---- */

static void check_record(const struct da_collection *collection, const struct da_found *found)
{
    promise(found->type != 0 && da_names_interest(collection->names, found->owner->wire) != 0);
    promise(found->place.file != NULL && found->place.line > 0 && found->place.line <= collection->lines);
    promise((found->aging == DA_AGING_DYNAMIC) == (found->stamp != 0));
    promise(collection->ages || found->aging == DA_AGING_UNKNOWN);
    promise(found->has_ttl ? found->ttl <= INT32_MAX : found->ttl == 0);
    if (found->type == DA_TYPE_A || found->type == DA_TYPE_AAAA)
        promise(found->rdata_length == (found->type == DA_TYPE_A ? 4 : 16));
    else if (found->type == DA_TYPE_CNAME || found->type == DA_TYPE_NS || found->type == DA_TYPE_DNAME)
        promise(found->rdata_length > 0 && found->rdata[found->rdata_length - 1] == 0);
    else
        promise(found->type == DA_TYPE_SOA ? found->rdata_length >= 22 : found->rdata_length == 0);
}

static void check_doubt(const struct da_doubt *doubt)
{
    size_t length = strnlen(doubt->text, sizeof(doubt->text));

    promise(length > 0 && length < sizeof(doubt->text));
    for (size_t i = 0; i < length; i++)
        promise(doubt->text[i] >= ' ' && doubt->text[i] <= '~');
}

/* ---- the directory ---- */

static void remove_directory(void)
{
    if (chdir(directory) == 0 && unlink("main.zone") == 0 && unlink("a") == 0)
        rmdir(directory);
}

/* Once, for speed. */
static void make_directory(void)
{
    static bool made = false;

    if (!made)
        promise(mkdtemp(directory) != NULL && atexit(remove_directory) == 0);
    made = true;
}

/* ---- reading ---- */

static void write_file(const char *name, const uint8_t *data, size_t size)
{
    unlink(name); /* ext4 writes a file that was truncated to the disk when it is closed */
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    promise(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    close(fd);
}

static struct da_collection *collect(const char *path)
{
    const struct da_zone_file file = {.path = path, .include_root = directory};
    struct da_collection *collection = NULL;

    promise(da_collection_new(DA_SOURCE_ZONE_FILE, "t", fuzz_names(yaml, "da-isatap"), &collection) == DA_OK);
    promise(da_name_from_hostname("corp.example.net", &collection->origin) == DA_OK);
    promise(da_zone_file_collect(&file, collection) == DA_OK);
    da_collection_finish(collection);
    for (size_t i = 0; i < collection->record_count; i++)
        check_record(collection, &collection->records[i]);
    for (size_t i = 0; i < collection->doubt_count; i++)
        check_doubt(&collection->doubts[i]);
    return collection;
}

/* Without TTL, records of one rdata may differ in fewer ways: those of a pipe are the same, or fewer. */
static void check_same(const struct da_collection *file, const struct da_collection *pipe)
{
    promise(file->ages == pipe->ages && file->failed == pipe->failed && file->lines == pipe->lines);
    promise(file->doubt_count == pipe->doubt_count);
    for (size_t i = 0; i < file->record_count; i++) {
        const struct da_found *found = &file->records[i];
        size_t count, same = 0;
        const struct da_found *other = da_collection_find(pipe, found->owner, found->type, &count);
        for (size_t j = 0; j < count; j++)
            same += found->rdata_length == other[j].rdata_length && found->stamp == other[j].stamp &&
                    found->aging == other[j].aging &&
                    (found->rdata_length == 0 || memcmp(found->rdata, other[j].rdata, found->rdata_length) == 0);
        promise(same > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *included = size > 0 ? memchr(data, 0xfe, size) : NULL;
    size_t length = included != NULL ? (size_t)(included - data) : size;

    int back = open(".", O_RDONLY | O_CLOEXEC); /* libFuzzer's corpus may be named relative to it */

    make_directory();
    promise(back >= 0 && chdir(directory) == 0);
    write_file("main.zone", data, length);
    write_file("a", included != NULL ? included + 1 : data, size - length - (included != NULL));

    struct da_collection *file = collect("main.zone");
    int fd = open("main.zone", O_RDONLY | O_CLOEXEC);
    promise(fd >= 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO);
    close(fd);
    struct da_collection *pipe = collect("-");
    /* a file that includes itself is known, a pipe that does is not */
    if (included == NULL && memmem(data, length, "main.zone", strlen("main.zone")) == NULL)
        check_same(file, pipe);
    da_collection_free(file);
    da_collection_free(pipe);
    promise(fchdir(back) == 0);
    close(back);
    return 0;
}
