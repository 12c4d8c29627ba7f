@echo off
setlocal EnableExtensions DisableDelayedExpansion
set "SERVER=%~1"
if not defined SERVER set "SERVER=."

@DATA@
echo Done.
exit /b 0

rem :suffix NAME - the next records are under NAME. Its zone is the closest
rem one at or above it.
:suffix
set "SUFFIX=%~1"
set "ZONE=%~1"
set "BELOW="
:next_zone
dnscmd "%SERVER%" /ZoneInfo "%ZONE%" >nul 2>&1
if not errorlevel 1 exit /b 0
if not %ERRORLEVEL% == 9601 goto no_zone_info
for /f "tokens=1* delims=." %%a in ("%ZONE%") do (
  set "BELOW=%BELOW%.%%a"
  set "ZONE=%%b"
)
if defined ZONE goto next_zone
echo %SUFFIX%: no zone of the server holds it 1>&2
exit /b 1
:no_zone_info
echo %SERVER%: /ZoneInfo %ZONE%: error %ERRORLEVEL% 1>&2
exit /b 1

rem :add LABEL TYPE ADDRESS - without /Aging, so the record is static.
:add
dnscmd "%SERVER%" /RecordAdd "%ZONE%" "%~1%BELOW%" %TTL% %~2 %~3
if not errorlevel 1 exit /b 0
rem DNS_ERROR_RECORD_ALREADY_EXISTS
if %ERRORLEVEL% == 9711 exit /b 0
echo %~1.%SUFFIX% %~2 %~3: not added, error %ERRORLEVEL% 1>&2
exit /b 1

rem :delete LABEL TYPE - all addresses of that type.
:delete
dnscmd "%SERVER%" /RecordDelete "%ZONE%" "%~1%BELOW%" %~2 /f
if not errorlevel 1 exit /b 0
rem DNS_ERROR_RECORD_DOES_NOT_EXIST, DNS_ERROR_NAME_DOES_NOT_EXIST
if %ERRORLEVEL% == 9701 exit /b 0
if %ERRORLEVEL% == 9714 exit /b 0
echo %~1.%SUFFIX% %~2: not deleted, error %ERRORLEVEL% 1>&2
exit /b 1

rem :show LABEL - what the server has now: look for wrong addresses, and for
rem [Aging:...], which scavenging deletes.
:show
dnscmd "%SERVER%" /EnumRecords "%ZONE%" "%~1%BELOW%" /Node
exit /b 0

rem :read_list - the names on the global query block list go to LIST.
:read_list
set "LIST="
for /f "tokens=1,2" %%a in ('dnscmd "%SERVER%" /Info /GlobalQueryBlockList') do (
  if /i "%%a" == "String:" call :listed %%b
)
if defined LIST exit /b 0
echo The query block list is empty, or could not be read: nothing was changed. 1>&2
echo Look with: dnscmd %SERVER% /Info /GlobalQueryBlockList 1>&2
echo and set it, with all names that are to be on it, with: 1>&2
echo dnscmd %SERVER% /Config /GlobalQueryBlockList NAME NAME... 1>&2
exit /b 1
:listed
set "LIST=%LIST% %~1"
exit /b 0

rem :block LABEL - puts it on LIST, unless it is there.
:block
for %%l in (%LIST%) do if /i "%%l" == "%~1" exit /b 0
set "LIST=%LIST% %~1"
exit /b 0

rem :write_list - dnscmd replaces the whole list.
:write_list
dnscmd "%SERVER%" /Config /GlobalQueryBlockList%LIST%
if errorlevel 1 exit /b 1
dnscmd "%SERVER%" /Config /EnableGlobalQueryBlockList 1
if errorlevel 1 exit /b 1
exit /b 0
