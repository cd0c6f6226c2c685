@echo off
rem The Makefile's two commands for Windows:  .\make demo  and  .\make test
setlocal
cd /d "%~dp0"
if "%~1"=="demo" goto demo
if "%~1"=="test" goto test
echo Usage: .\make demo or .\make test
exit /b 2

:demo
call :install . || exit /b 1
set RELIEF_DATA_DIR=demo-data
.venv\Scripts\relief demo
exit /b %errorlevel%

:test
call :install .[test] || exit /b 1
.venv\Scripts\ruff format --check . || exit /b 1
.venv\Scripts\ruff check . || exit /b 1
.venv\Scripts\mypy || exit /b 1
.venv\Scripts\lint-imports || exit /b 1
.venv\Scripts\pytest -n 2
exit /b %errorlevel%

:install
if not exist .venv\Scripts\python.exe (py -3 -m venv .venv || python -m venv .venv)
if not exist .venv\Scripts\python.exe exit /b 1
.venv\Scripts\python -m pip install --quiet --disable-pip-version-check -e %1
exit /b %errorlevel%
