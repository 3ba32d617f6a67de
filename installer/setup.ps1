# Sets up Zeroline in .venv beside this folder: hash-locked wheels, then the checkout itself, editable.
#   powershell -ExecutionPolicy Bypass -File installer\setup.ps1          what the program needs
#   powershell -ExecutionPolicy Bypass -File installer\setup.ps1 -Test    also what its tests and checks need
# ZEROLINE_PYTHON names the Python to use, ZEROLINE_VENV another place for the environment.
[CmdletBinding()]
param([switch]$Test)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = Split-Path -Parent $PSScriptRoot
$venv = if ($env:ZEROLINE_VENV) { $env:ZEROLINE_VENV } else { Join-Path $root '.venv' }
$log = "$venv.log"
$kind = if ($Test) { 'test' } else { 'run' }
$bin = Join-Path $venv 'Scripts'
$inVenv = Join-Path $bin 'python.exe'

function Say([string]$text) { [Console]::Error.WriteLine("zeroline setup: $text") }

function Stop-Setup([string]$cure) {
    if (Test-Path -LiteralPath $log) {
        Say "the last lines of ${log}:"
        Get-Content -LiteralPath $log -Tail 20 | ForEach-Object { [Console]::Error.WriteLine($_) }
    }
    Say "failed. $cure"
    exit 1
}

function Invoke-Step([string]$what, [string]$cure, [string]$program, [string[]]$arguments) {
    Say $what
    Add-Content -LiteralPath $log -Value "== $what" -Encoding UTF8
    $ErrorActionPreference = 'Continue'   # a line on stderr is not a failure, the exit code is
    & $program @arguments 2>&1 | ForEach-Object { "$_" } | Add-Content -LiteralPath $log -Encoding UTF8
    if ($LASTEXITCODE -ne 0) { Stop-Setup $cure }
}

function Get-Stamp([string]$of) {
    $files = "installer\lock-$of.txt", 'pyproject.toml', 'installer\setup.ps1'
    $sums = $files | ForEach-Object { (Get-FileHash -LiteralPath (Join-Path $root $_) -Algorithm SHA256).Hash }
    "$($sums -join ' ') in $root"
}

function Test-Ready([string]$of) {
    $stamp = Join-Path $venv "stamp-$of"
    (Test-Path -LiteralPath (Join-Path $bin 'zeroline.exe')) -and (Test-Path -LiteralPath $stamp) -and
        ((Get-Content -LiteralPath $stamp -Raw).Trim() -eq (Get-Stamp $of))
}

function Test-Python([string]$program, [string[]]$before) {
    $ErrorActionPreference = 'Continue'
    try {
        & $program @before -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' *> $null
        $LASTEXITCODE -eq 0
    } catch { $false }
}

if ((Test-Ready 'test') -or (-not $Test -and (Test-Ready 'run'))) { exit 0 }

New-Item -ItemType Directory -Force -Path (Split-Path -Parent $venv) | Out-Null
Set-Content -LiteralPath $log -Value '' -Encoding UTF8

$python = $null
$candidates = @(, @('py', '-3')) + @(, @('python')) + @(, @('python3'))
if ($env:ZEROLINE_PYTHON) { $candidates = @(, @($env:ZEROLINE_PYTHON)) + $candidates }
foreach ($candidate in $candidates) {
    $before = @($candidate | Select-Object -Skip 1)
    if ((Get-Command $candidate[0] -ErrorAction SilentlyContinue) -and (Test-Python $candidate[0] $before)) {
        $python = $candidate
        break
    }
}
if ($null -eq $python) {
    Stop-Setup 'Install Python 3.11 or newer from python.org or the Microsoft Store, or name one in ZEROLINE_PYTHON.'
}

$madeIn = Join-Path $venv 'made-in'
$usable = (Test-Path -LiteralPath $inVenv) -and (Test-Python $inVenv @()) -and
    (-not (Test-Path -LiteralPath $madeIn) -or (Get-Content -LiteralPath $madeIn -Raw).Trim() -eq $root)
if (-not $usable) {
    $before = @($python | Select-Object -Skip 1)
    Invoke-Step "making $venv" "Make room and rights for $venv, or name another place in ZEROLINE_VENV." `
        $python[0] ($before + @('-m', 'venv', '--clear', $venv))
}
Set-Content -LiteralPath $madeIn -Value $root -Encoding UTF8
Remove-Item -Force -ErrorAction SilentlyContinue -LiteralPath (Join-Path $venv 'stamp-run'), (Join-Path $venv 'stamp-test')

$pip = @('-m', 'pip', '--disable-pip-version-check', '--no-input', 'install')
Invoke-Step 'installing the locked packages (about a minute)' `
    "Check the network, proxy and certificates that pip uses, then run this again." $inVenv `
    ($pip + @('--progress-bar', 'off', '--no-deps', '--require-hashes', '--only-binary', ':all:',
            '-r', (Join-Path $root "installer\lock-$kind.txt")))
Invoke-Step 'installing Zeroline itself' "Read the lines above; remove $venv and run this again." $inVenv `
    ($pip + @('--no-index', '--no-deps', '--no-build-isolation', '--editable', $root))
$platform = $env:QT_QPA_PLATFORM
$env:QT_QPA_PLATFORM = 'offscreen'
Invoke-Step 'checking that Qt loads' 'Install the Microsoft Visual C++ runtime (x64), then run this again.' $inVenv `
    @('-c', 'from PySide6.QtWidgets import QApplication; from PySide6 import QtSvg, QtPrintSupport; QApplication([])')
$env:QT_QPA_PLATFORM = $platform

Set-Content -LiteralPath (Join-Path $venv "stamp-$kind") -Value (Get-Stamp $kind) -Encoding UTF8
Say "ready: $venv"
exit 0
