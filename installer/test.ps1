# Sets up what is missing, then runs the tests: two at a time, in random order, without a display.
# Arguments go to pytest, for example: installer\test.ps1 tests\domain -k episode
$ErrorActionPreference = 'Stop'

& (Join-Path $PSScriptRoot 'setup.ps1') -Test
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
$root = Split-Path -Parent $PSScriptRoot
$venv = if ($env:ZEROLINE_VENV) { $env:ZEROLINE_VENV } else { Join-Path $root '.venv' }

if (-not $env:QT_QPA_PLATFORM) { $env:QT_QPA_PLATFORM = 'offscreen' }
Push-Location -LiteralPath $root
try {
    & (Join-Path $venv 'Scripts\python.exe') -m pytest -n 2 @args
    exit $LASTEXITCODE
} finally { Pop-Location }
