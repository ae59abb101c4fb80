#!/usr/bin/env bash
# Packs what other .NET applications use, of what is built, and says when it is not just that.
#
#     infra/pack.sh [FOLDER]    leaves the packages in FOLDER (artifacts/packages when left out)
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-artifacts/packages}
rm -rf "$folder"
for project in src/*/*.csproj; do
    if grep -q '<IsPackable>true</IsPackable>' "$project"; then
        dotnet pack "$project" -c Release --no-build --nologo -v quiet -o "$folder"
    fi
done
found=$(cd "$folder" && ls | sed 's/\.[0-9].*//' | tr '\n' ' ')
wanted='EventCalls.Bus.Client EventCalls.Contracts EventCalls.Marten EventCalls.Routing EventCalls.Store '
if [ "$found" != "$wanted" ]; then
    echo "Packed were $found instead of $wanted" >&2
    exit 1
fi
echo "Packed: $found"
