@echo off
rem MuAI's launcher on Windows: llm "question". See the file llm; this does the same.
setlocal
set "ROOT=%~dp0"
set "PYTHON=%ROOT%.venv\Scripts\python.exe"
set "HASH="
for /f "skip=1 delims=" %%h in ('certutil -hashfile "%ROOT%requirements\run.lock" SHA256') do if not defined HASH set "HASH=%%h"
set "HASH=%HASH: =%"
if exist "%PYTHON%" findstr /x /c:"run.lock %HASH%" "%ROOT%.venv\.muai-lock" >nul 2>nul && goto run
call "%ROOT%scripts\setup.cmd" --run
if errorlevel 1 exit /b %ERRORLEVEL%
:run
set "PYTHONHOME="
set "PYTHONUTF8=1"
set "PYTHONSAFEPATH=1"
set "PYTHONPATH=%ROOT%"
"%PYTHON%" -m mm_orch.main %*
exit /b %ERRORLEVEL%
