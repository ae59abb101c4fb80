#!/bin/sh
# Starts Debian's PostgreSQL as the public image starts its own: POSTGRES_USER, _PASSWORD and _DB at the first start; arguments go to the server.
set -e
programs=$(echo /usr/lib/postgresql/*/bin)
data=${PGDATA:-/var/lib/postgresql/data}
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
[ "${1-}" != postgres ] || shift
cd /
mkdir -p "$data" /var/run/postgresql
chown postgres:postgres "$data" /var/run/postgresql
chmod 700 "$data"
if [ ! -s "$data/PG_VERSION" ]; then
    secret=$(mktemp)
    printf %s "$POSTGRES_PASSWORD" >"$secret"
    chown postgres "$secret"
    as_postgres "$programs/initdb" -D "$data" -U "${POSTGRES_USER:-postgres}" --pwfile="$secret" --auth-local=trust --auth-host=scram-sha-256 \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
    rm "$secret"
    echo "host all all all scram-sha-256" >>"$data/pg_hba.conf"
    database=${POSTGRES_DB:-${POSTGRES_USER:-postgres}}
    [ "$database" = postgres ] || echo "create database \"$database\"" | as_postgres "$programs/postgres" --single -D "$data" postgres >/dev/null
fi
exec setpriv --reuid=postgres --regid=postgres --init-groups "$programs/postgres" -D "$data" -c 'listen_addresses=*' "$@"
