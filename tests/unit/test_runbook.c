/* The numbers of a runbook, and how its text is written. */
#include "unit.h"

#include "runbook/document.h"
#include "runbook/isatap_address.h"
#include "runbook/network_text.h"
#include "runbook/nlb_mac.h"
#include "text.h"

#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Known answers of Microsoft's article on NLB's operation modes. */
static void cluster_macs(void **state)
{
    static const struct {
        const char *vip, *mac;
        enum da_nlb_mode mode;
        enum da_mac_style style;
    } rows[] = {
        {"10.1.2.3", "02-bf-0a-01-02-03", DA_NLB_UNICAST, DA_MAC_WINDOWS},
        {"10.1.2.3", "03-bf-0a-01-02-03", DA_NLB_MULTICAST, DA_MAC_WINDOWS},
        {"10.1.2.3", "01-00-5e-7f-02-03", DA_NLB_IGMP_MULTICAST, DA_MAC_WINDOWS},
        {"10.0.0.10", "03bf.0a00.000a", DA_NLB_MULTICAST, DA_MAC_DOTS},
        {"192.168.254.255", "03:bf:c0:a8:fe:ff", DA_NLB_MULTICAST, DA_MAC_COLONS},
        {"192.168.254.255", "0100.5e7f.feff", DA_NLB_IGMP_MULTICAST, DA_MAC_DOTS},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_ipv4 vip;
        char text[DA_MAC_TEXT_MAX];
        assert_true(da_ipv4_from_text(rows[i].vip, &vip));
        const struct da_mac mac = da_nlb_mac(rows[i].mode, &vip);
        assert_string_equal(da_mac_to_text(&mac, rows[i].style, text), rows[i].mac);
    }
}

/* RFC 5214 section 6.1; which addresses are global: the registry of RFC 6890, at both ends of each block. */
static void isatap_addresses(void **state)
{
    static const struct {
        const char *ipv4, *identifier, *address;
    } rows[] = {
        {"10.0.0.11", "0:5efe:10.0.0.11", "2001:db8:0:1:0:5efe:a00:b"},
        {"9.255.255.255", "200:5efe:9.255.255.255", "2001:db8:0:1:200:5efe:9ff:ffff"},
        {"10.255.255.255", "0:5efe:10.255.255.255", "2001:db8:0:1:0:5efe:aff:ffff"},
        {"11.0.0.0", "200:5efe:11.0.0.0", "2001:db8:0:1:200:5efe:b00:0"},
        {"131.107.0.50", "200:5efe:131.107.0.50", "2001:db8:0:1:200:5efe:836b:32"},
        {"172.15.255.255", "200:5efe:172.15.255.255", "2001:db8:0:1:200:5efe:ac0f:ffff"},
        {"172.16.0.0", "0:5efe:172.16.0.0", "2001:db8:0:1:0:5efe:ac10:0"},
        {"172.31.255.255", "0:5efe:172.31.255.255", "2001:db8:0:1:0:5efe:ac1f:ffff"},
        {"172.32.0.0", "200:5efe:172.32.0.0", "2001:db8:0:1:200:5efe:ac20:0"},
        {"192.167.255.255", "200:5efe:192.167.255.255", "2001:db8:0:1:200:5efe:c0a7:ffff"},
        {"192.168.0.1", "0:5efe:192.168.0.1", "2001:db8:0:1:0:5efe:c0a8:1"},
        {"192.169.0.0", "200:5efe:192.169.0.0", "2001:db8:0:1:200:5efe:c0a9:0"},
        {"100.64.0.1", "0:5efe:100.64.0.1", "2001:db8:0:1:0:5efe:6440:1"},
        {"100.128.0.0", "200:5efe:100.128.0.0", "2001:db8:0:1:200:5efe:6480:0"},
        {"169.254.1.1", "0:5efe:169.254.1.1", "2001:db8:0:1:0:5efe:a9fe:101"},
        {"198.51.100.7", "0:5efe:198.51.100.7", "2001:db8:0:1:0:5efe:c633:6407"},
    };
    struct da_prefix prefix = {.length = 64};
    (void)state;

    assert_true(da_ipv6_from_text("2001:db8:0:1::", &prefix.network));
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_ipv4 ipv4;
        struct da_ipv6 expected;
        char text[DA_ISATAP_TEXT_MAX];
        assert_true(da_ipv4_from_text(rows[i].ipv4, &ipv4));
        assert_true(da_ipv6_from_text(rows[i].address, &expected));
        assert_string_equal(da_isatap_identifier(&ipv4, text), rows[i].identifier);
        const struct da_ipv6 isatap = da_isatap_address(&prefix, &ipv4);
        assert_memory_equal(&isatap, &expected, sizeof(expected));
    }
}

/* ---- documents ---- */

static void write_parts(struct da_document *document)
{
    static const char *const headings[] = {"Name", "What `it` is"};
    static const char *const row[] = {"a|b", "<c> `d|e`"};
    static const char *const wide[] = {"0123456789012345678901234567890123456789",
                                       "words that go on and on until they do not fit into a line any more"};

    da_document_chapter(document, "First & `last`");
    da_document_paragraph(document, "*A* _b_ [c](d) <e> # f, and %s: \x1b[31m \xff `open", "`code <g> *h*`");
    da_document_paragraph(document, "- no list");
    da_document_step(document, "One.");
    da_document_commands_begin(document, "In a <shell>");
    da_document_command(document, "echo ");
    da_document_command(document, "'```' && `x`\n\n<tail>");
    da_document_commands_end(document);
    da_document_step(document, "Two, with words that go on and on until they do not fit into a line of that width.");
    da_document_note(document, DA_NOTE_WARNING, "Beware.");
    da_document_paragraph(document, "Between.");
    da_document_step(document, "Three.");
    da_document_section(document, "Section");
    da_document_point(document, "A point.");
    da_document_point(document, "Another.");
    da_document_table_begin(document, 2, headings);
    da_document_table_row(document, row);
    da_document_table_row(document, wide);
    da_document_table_end(document);
    da_document_step(document, "One again.");
    da_document_table_begin(document, 2, headings);
    da_document_table_end(document);
}

static void documents_are_written(void **state)
{
    static const char *const expected[] = {
        [DA_DOCUMENT_TEXT] = "A <title>\n=========\n"
                             "\n\n1. First & `last`\n-----------------\n"
                             "\n*A* _b_ [c](d) <e> # f, and `code <g> *h*`: \\x1b[31m \\xff `open\n"
                             "\n- no list\n"
                             "\n 1. One.\n"
                             "\n    In a <shell>:\n\n        echo \n        '```' && `x`\n\n        <tail>\n"
                             "\n 2. Two, with words that go on and on until they do not fit into a line of\n"
                             "    that width.\n"
                             "\n    Warning: Beware.\n"
                             "\nBetween.\n"
                             "\n 3. Three.\n"
                             "\nSection\n~~~~~~~\n"
                             "\n- A point.\n- Another.\n"
                             "\n  Name                                      What `it` is\n"
                             "  ----------------------------------------------------------------------------\n"
                             "  a|b                                       <c> `d|e`\n"
                             "  0123456789012345678901234567890123456789  words that go on and on until they\n"
                             "                                            do not fit into a line any more\n"
                             "\n 1. One again.\n",
        [DA_DOCUMENT_MARKDOWN] =
            "# A \\<title\\>\n"
            "\n## 1. First \\& `last`\n"
            "\n\\*A\\* \\_b\\_ \\[c\\](d) \\<e\\> \\# f, and `code <g> *h*`: \\\\x1b\\[31m \\\\xff \\`open\n"
            "\n\\- no list\n"
            "\n1.  One.\n"
            "\n    In a \\<shell\\>:\n\n    ````\n    echo \n    '```' && `x`\n\n    <tail>\n    ````\n"
            "\n2.  Two, with words that go on and on until they do not fit into a line of that width.\n"
            "\n    > **Warning:** Beware.\n"
            "\nBetween.\n"
            "\n3.  Three.\n"
            "\n### Section\n"
            "\n- A point.\n- Another.\n"
            "\n| Name | What `it` is |\n| --- | --- |\n| a\\|b | \\<c\\> `d\\|e` |\n"
            "| 0123456789012345678901234567890123456789 | words that go on and on until they do not fit into a line "
            "any "
            "more |\n"
            "\n1.  One again.\n",
        [DA_DOCUMENT_HTML] =
            "<main>\n<h2 id=\"chapter-1\">1. First &#38; <code>last</code></h2>\n"
            "<p>*A* _b_ [c](d) &#60;e&#62; # f, and <code>code &#60;g&#62; *h*</code>: \\x1b[31m \\xff `open</p>\n"
            "<p>- no list</p>\n"
            "<ol>\n<li>One.\n<figure><figcaption>In a &#60;shell&#62;</figcaption>\n"
            "<pre><code>echo \n&#39;```&#39; &#38;&#38; `x`\n\n&#60;tail&#62;\n</code></pre></figure>\n</li>\n"
            "<li>Two, with words that go on and on until they do not fit into a line of that width.\n"
            "<aside class=\"warning\"><b>Warning:</b> Beware.</aside>\n</li>\n</ol>\n"
            "<p>Between.</p>\n<ol start=\"3\">\n<li>Three.\n</li>\n</ol>\n<h3>Section</h3>\n"
            "<ul>\n<li>A point.\n</li>\n<li>Another.\n</li>\n</ul>\n"
            "<table>\n<thead><tr><th scope=\"col\">Name</th><th scope=\"col\">What <code>it</code> "
            "is</th></tr></thead>\n"
            "<tbody>\n<tr><td data-label=\"Name\">a|b</td><td data-label=\"What `it` is\">&#60;c&#62; <code>d|e</code>"
            "</td></tr>\n",
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(expected); i++) {
        char *text = NULL;
        size_t length;
        FILE *out = open_memstream(&text, &length);
        struct da_document *document = da_document_begin((enum da_document_format)i, "A <title>");
        assert_non_null(out);
        assert_non_null(document);
        write_parts(document);
        assert_int_equal(da_document_end(document, out), DA_OK);
        fclose(out);
        if (strstr(text, expected[i]) == NULL)
            fail_msg("format %zu:\n%s\nexpected:\n%s", i, text, expected[i]);
        if (i == DA_DOCUMENT_HTML)
            assert_non_null(strstr(text, "<li><a href=\"#chapter-1\">First &#38; <code>last</code></a></li>"));
        else
            assert_string_equal(text, expected[i]);
        free(text);
    }
}

/* ---- paths in commands ---- */

/* What bash makes of a word, in read. */
static void let_bash_read(char *word, char read[static 256])
{
    char script[] = "eval \"x=$1\"; printf %s \"$x\"", bash[] = "bash", option[] = "-c";
    char *argv[] = {bash, option, script, bash, word, NULL};
    posix_spawn_file_actions_t actions;
    int ends[2], status = -1;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO), 0);
    assert_int_equal(posix_spawnp(&child, bash, &actions, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    FILE *out = fdopen(ends[0], "r");
    assert_non_null(out);
    read[fread(read, 1, 255, out)] = '\0';
    fclose(out);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void shells_read_paths_back(void **state)
{
    static const char *const paths[] = {"deployment.yaml",
                                        "/etc/a_b.c/d-e+f,g@h:i%j=k",
                                        "",
                                        "a b",
                                        "it's",
                                        "$(touch x)",
                                        "`x`",
                                        "a\nb",
                                        "-rf",
                                        "-r f",
                                        "\x1b[31m\xff\\",
                                        "a\\b",
                                        "\"x\"",
                                        "~",
                                        "*?[a]",
                                        "a;b",
                                        "'\n'"};
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(paths); i++) {
        char *quoted = NULL, read[256];
        size_t length;
        FILE *out = open_memstream(&quoted, &length);
        assert_non_null(out);
        da_text_shell_path(out, paths[i]);
        fclose(out);
        for (size_t k = 0; k < length; k++)
            assert_true(quoted[k] >= ' ' && quoted[k] <= '~');
        let_bash_read(quoted, read);
        const char *plain = strncmp(read, "./-", 3) == 0 ? read + 2 : read;
        assert_string_equal(plain, paths[i]);
        free(quoted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cluster_macs),
        cmocka_unit_test(isatap_addresses),
        cmocka_unit_test(documents_are_written),
        cmocka_unit_test(shells_read_paths_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
