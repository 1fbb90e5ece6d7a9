#!/bin/sh
# Makes the demo's passwords once, in volumes that only their users mount: nothing to type, nothing in the repository.
set -eu
cd /run/secrets

password() { head -c 24 /dev/urandom | base64 | tr '+/' '-_'; }

# new FILE OWNER < content: a file that only its owner reads, complete or not there.
new() {
    umask 077
    cat >"$1.new"
    chown "$2" "$1.new"
    mv "$1.new" "$1"
}

[ -s postgres_password ] || password | new postgres_password 0
# PostgreSQL's image reads it as another user; nobody else mounts this volume but who has the password anyway.
chmod 0444 postgres_password
(
    cd /run/grafana-secrets
    [ -s grafana_password ] || password | new grafana_password 472
)

# As libpq's passfile, once for each user that runs churn: it refuses one that others can read.
for owner in churn:10001 airflow:50000; do
    printf 'postgres:5432:*:churn:%s\n' "$(cat postgres_password)" | new "pgpass_${owner%:*}" "${owner#*:}"
done
# Airflow takes what the command prints as it is: with a newline the database has another name.
printf 'postgresql+psycopg2://churn:%s@postgres/airflow' "$(cat postgres_password)" | new airflow_database 50000
