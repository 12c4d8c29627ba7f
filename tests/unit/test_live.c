/* The policy in force: taken at start, replaced while it is read, kept when the file goes bad. */
#include "unit.h"

#include "live.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define YAML "suffixes: [c.net]\nnetwork: ipv6\nentry-points: [{name: a, servers: [{name: s, address: 10.0.0.%d}]}]\n%s"

static char path[] = "/tmp/da-live-XXXXXX";
static atomic_int errors, warnings, infos;
static char last_error[DA_ERROR_PRINT_MAX];

static void log_line(enum da_live_level level, const char *line)
{
    if (level == DA_LIVE_INFO)
        infos++;
    if (level == DA_LIVE_WARNING)
        warnings++;
    if (level == DA_LIVE_ERROR && errors++ == 0)
        snprintf(last_error, sizeof(last_error), "%s", line);
}

/* Writes the file in place, or beside and renamed. */
static void write_deployment(int last_octet, const char *more, bool rename_it)
{
    char beside[64];
    snprintf(beside, sizeof(beside), "%s%s", path, rename_it ? ".new" : "");
    FILE *out = fopen(beside, "w");
    assert_non_null(out);
    fprintf(out, YAML, last_octet, more);
    fclose(out);
    if (rename_it)
        assert_int_equal(rename(beside, path), 0);
}

static int published(struct da_live *live)
{
    da_live_look(live);
    const struct da_record_set *set = da_policy_records(da_live_read_begin(live));
    int octet = set->owners[1].rrsets[0].rdata[3];
    da_live_read_end();
    return octet;
}

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* Goes on reading, as a server's queries do. */
static void read_for(struct da_live *live, long ms)
{
    for (long i = 0; i < ms / 10; i++) {
        published(live);
        sleep_ms(10);
    }
}

/* Waits until that octet is published; at most 10 seconds, so that a loaded machine does not fail the test. */
static void wait_for(struct da_live *live, int octet)
{
    for (int i = 0; i < 1000 && published(live) != octet; i++)
        sleep_ms(10);
    assert_int_equal(published(live), octet);
}

static int set_up(void **state)
{
    strcpy(path, "/tmp/da-live-XXXXXX");
    int fd = mkstemp(path);
    close(fd);
    errors = warnings = infos = 0;
    last_error[0] = '\0';
    write_deployment(1, "", false);
    *state = da_live_new(path, log_line);
    return *state == NULL;
}

static int tear_down(void **state)
{
    da_live_free(*state);
    unlink(path);
    return 0;
}

/* Who comes first after a quiet time gets what is in the file by then. */
static void the_first_query_finds_it(void **state)
{
    struct da_live *live = *state;

    assert_int_equal(da_live_start(live), DA_OK);
    assert_int_equal(published(live), 1);
    write_deployment(7, "", true);
    sleep_ms(2000);
    assert_int_equal(published(live), 7);
}

static void takes_a_new_file(void **state)
{
    struct da_live *live = *state;

    assert_string_equal(da_live_path(live), path);
    assert_int_equal(da_live_start(live), DA_OK);
    assert_int_equal(published(live), 1);
    write_deployment(2, "", true);
    wait_for(live, 2);
    write_deployment(3, "", false);
    wait_for(live, 3);
    assert_int_equal(infos, 3);
    assert_int_equal(errors, 0);
}

static void keeps_the_last_good_one(void **state)
{
    struct da_live *live = *state;

    assert_int_equal(da_live_start(live), DA_OK);
    write_deployment(2, "ttl: 0\n", true);
    read_for(live, 4000);
    assert_int_equal(published(live), 1);
    assert_int_equal(errors, 2); /* what is wrong and that the old stays: once, not at every look */
    assert_non_null(strstr(last_error, ": ttl: \"0\": expected 1 to 86400 seconds"));
    unlink(path);
    read_for(live, 2500);
    assert_int_equal(published(live), 1);
    assert_int_equal(errors, 4);
    write_deployment(5, "", true);
    wait_for(live, 5);
    assert_int_equal(infos, 2);
}

/* Names that were upstream's until now may be in the server's cache. */
static void warns_of_added_names(void **state)
{
    struct da_live *live = *state;

    assert_int_equal(da_live_start(live), DA_OK);
    write_deployment(2, "ttl: 60\n", true);
    wait_for(live, 2);
    assert_int_equal(warnings, 0);
    write_deployment(3, "network-location-server: true\n", true);
    wait_for(live, 3);
    assert_int_equal(warnings, 1);
    write_deployment(4, "", true);
    wait_for(live, 4);
    assert_int_equal(warnings, 1);
}

/* A time of modification ahead of the clock must not keep a file out for ever. */
static void takes_a_file_from_the_future(void **state)
{
    struct da_live *live = *state;
    struct timespec times[2];

    assert_int_equal(da_live_start(live), DA_OK);
    write_deployment(9, "", false);
    clock_gettime(CLOCK_REALTIME, &times[0]);
    times[0].tv_sec += 86400;
    times[1] = times[0];
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    wait_for(live, 9);
}

static void a_bad_start_is_an_error(void **state)
{
    struct da_live *live = *state;

    write_deployment(1, "block: []\n", false);
    assert_int_equal(da_live_start(live), DA_ERR_VALUE);
    assert_int_equal(errors, 1);
    unlink(path);
    assert_int_equal(da_live_start(live), DA_ERR_IO);
}

/* To open a pipe would be to wait for its writer, and the server with us. */
static void a_pipe_is_no_file(void **state)
{
    struct da_live *live = *state;

    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(da_live_start(live), DA_ERR_IO);
    assert_non_null(strstr(last_error, ": not a regular file"));
}

/* A busy server may be out of descriptors at the very moment: the file is taken when there is one again. */
static void tries_again_what_may_pass(void **state)
{
    struct da_live *live = *state;
    struct rlimit limit, none;

    assert_int_equal(da_live_start(live), DA_OK);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    write_deployment(6, "", true);
    none = limit;
    none.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    read_for(live, 4000);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(errors, 2); /* once, not at every look */
    assert_non_null(strstr(last_error, ": cannot be opened: Too many open files"));
    wait_for(live, 6);
}

static void a_bad_reload_is_not(void **state)
{
    struct da_live *live = *state;

    assert_int_equal(da_live_start(live), DA_OK);
    write_deployment(2, "block: []\n", false);
    assert_int_equal(da_live_start(live), DA_OK);
    assert_int_equal(published(live), 1);
    assert_int_equal(errors, 2);
    write_deployment(3, "", true); /* looked at on */
    wait_for(live, 3);
    write_deployment(4, "", true);
    assert_int_equal(da_live_start(live), DA_OK);
    assert_int_equal(published(live), 4);
}

struct readers {
    struct da_live *live;
    atomic_bool stop;
    atomic_long reads;
};

static void *read_on(void *arg)
{
    struct readers *readers = arg;
    while (!readers->stop) {
        int octet = published(readers->live); /* the sanitizer watches that it was not freed */
        if (octet < 1 || octet > 9)
            abort();
        readers->reads++;
    }
    return NULL;
}

static void readers_never_wait(void **state)
{
    struct readers readers = {.live = *state};
    pthread_t threads[4];

    assert_int_equal(da_live_start(readers.live), DA_OK);
    for (size_t i = 0; i < LENGTH_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readers), 0);
    for (int i = 2; i <= 4; i++) {
        write_deployment(i, "", true);
        wait_for(readers.live, i);
    }
    readers.stop = true;
    for (size_t i = 0; i < LENGTH_OF(threads); i++)
        pthread_join(threads[i], NULL);
    assert_true(readers.reads > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(takes_a_new_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_first_query_finds_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_the_last_good_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(warns_of_added_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(takes_a_file_from_the_future, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_bad_start_is_an_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_pipe_is_no_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tries_again_what_may_pass, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_bad_reload_is_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(readers_never_wait, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
