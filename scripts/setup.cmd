@echo off
rem Finds Python 3.11 or newer and makes .venv with it: scripts\setup --help
setlocal
set "PYTHONHOME="
set "PYTHONPATH="
set "PYTHONUTF8=1"
set "CHECK=import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))"
for %%v in (3.14 3.13 3.12 3.11) do (
    py -%%v -I -c "%CHECK%" >nul 2>nul && (
        py -%%v -I "%~dp0environment.py" %*
        goto end
    )
)
for %%p in (python python3) do (
    %%p -I -c "%CHECK%" >nul 2>nul && (
        %%p -I "%~dp0environment.py" %*
        goto end
    )
)
echo MuAI needs Python 3.11 or newer: winget install Python.Python.3.12 1>&2
echo A C++ compiler is needed too: winget install Microsoft.VisualStudio.2022.BuildTools 1>&2
exit /b 1
:end
exit /b %ERRORLEVEL%
