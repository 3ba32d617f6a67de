# Sets up what is missing, then starts Zeroline.
#   powershell -ExecutionPolicy Bypass -File installer\run.ps1              the demo warehouse in a window
#   powershell -ExecutionPolicy Bypass -File installer\run.ps1 ARGUMENTS    zeroline ARGUMENTS
$ErrorActionPreference = 'Stop'

& (Join-Path $PSScriptRoot 'setup.ps1')
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
$venv = if ($env:ZEROLINE_VENV) { $env:ZEROLINE_VENV } else { Join-Path (Split-Path -Parent $PSScriptRoot) '.venv' }

$arguments = if ($args.Count -gt 0) { $args } else { @('demo') }
& (Join-Path $venv 'Scripts\zeroline.exe') @arguments
exit $LASTEXITCODE
