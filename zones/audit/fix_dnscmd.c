/* A batch file of dnscmd, for Windows servers without the DnsServer module of PowerShell. */
#include "audit/fix_plan.h"

static const char *const limits[] = {
    "Run it in an elevated command prompt: repair.cmd SERVER; without SERVER it is the local one, which is to be "
    "primary for the zones. It stops at the first error.",
    "What it adds is static. dnscmd changes no record, so that one with a wrong TTL or a time stamp is deleted and "
    "added anew; for that moment it is not there.",
    "It was not run on Windows.",
    NULL,
};

static const char begin[] = "\n"
                            "@echo off\n"
                            "setlocal EnableExtensions DisableDelayedExpansion\n"
                            "set \"SERVER=%~1\"\n"
                            "if not defined SERVER set \"SERVER=.\"\n"
                            "set \"TTL=@TTL@\"\n";

static const char end[] = "\n"
                          "echo Done.\n"
                          "exit /b 0\n"
                          "\n"
                          "rem :add ZONE NODE TYPE ADDRESS - without /Aging, so the record is static.\n"
                          ":add\n"
                          "dnscmd \"%SERVER%\" /RecordAdd \"%~1\" \"%~2\" %TTL% %~3 %~4\n"
                          "if not errorlevel 1 exit /b 0\n"
                          "rem DNS_ERROR_RECORD_ALREADY_EXISTS\n"
                          "if %ERRORLEVEL% == 9711 exit /b 0\n"
                          "echo %~2.%~1 %~3 %~4: not added, error %ERRORLEVEL% 1>&2\n"
                          "exit /b 1\n"
                          "\n"
                          "rem :delete ZONE NODE TYPE [ADDRESS] - without ADDRESS all of that type.\n"
                          ":delete\n"
                          "dnscmd \"%SERVER%\" /RecordDelete \"%~1\" \"%~2\" %~3 %~4 /f\n"
                          "if not errorlevel 1 exit /b 0\n"
                          "rem DNS_ERROR_RECORD_DOES_NOT_EXIST, DNS_ERROR_NAME_DOES_NOT_EXIST\n"
                          "if %ERRORLEVEL% == 9701 exit /b 0\n"
                          "if %ERRORLEVEL% == 9714 exit /b 0\n"
                          "echo %~2.%~1 %~3 %~4: not deleted, error %ERRORLEVEL% 1>&2\n"
                          "exit /b 1\n";

static void write_call(const char *label, const struct da_repair_text *text, FILE *out)
{
    fprintf(out, "call :%s %s %s %s%s%s || exit /b 1\n", label, text->zone, text->node, text->type,
            text->address[0] != '\0' ? " " : "", text->address);
}

static void write_repair(const struct da_repair *repair, const struct da_repair_text *text, uint32_t ttl, FILE *out)
{
    (void)ttl;
    if (repair->step != DA_STEP_ADD)
        write_call("delete", text, out);
    if (repair->step == DA_STEP_ADD || repair->step == DA_STEP_RENEW)
        write_call("add", text, out);
}

const struct da_fix_dialect da_fix_dnscmd = {
    .name = "dnscmd",
    .mark = ":: ", /* a label that nothing jumps to: not printed, even ahead of @echo off */
    .is_crlf = true,
    .purpose = "Repairs of DirectAccess records in Windows DNS: a batch file of dnscmd.",
    .limits = limits,
    .begin = begin,
    .end = end,
    .write = write_repair,
};
