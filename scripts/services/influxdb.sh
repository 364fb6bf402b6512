# shellcheck shell=bash
# shellcheck disable=SC2154  # `services` sources this file, and sets here, root, services and cache
# InfluxDB 2: built from its Go module, since neither Debian nor a registry has it.

influxdb_version=2.8.0
influxdb_home=$cache/influxdb-$influxdb_version
influxdb_org=notif
influxdb_bucket=notifications

influxdb_installed() {
    [ -x "$influxdb_home/influxd" ]
}

influxdb_install() {
    "$root/scripts/deps" go
    echo "influxdb: building $influxdb_version; this takes a few minutes, and is done once"
    logged influxdb "$here/build-influxdb" "$influxdb_version" "$influxdb_home"
}

influxdb_launch() {
    local dir=$services/influxdb port
    port=$(choose_port influxdb port 2)
    launch influxdb "$influxdb_home/influxd" run \
        --http-bind-address "127.0.0.1:$port" \
        --bolt-path "$dir/influxd.bolt" \
        --sqlite-path "$dir/influxd.sqlite" \
        --engine-path "$dir/engine" \
        --log-level warn --reporting-disabled --ui-disabled
}

influxdb_answers() {
    influxdb_curl /health >/dev/null 2>&1
}

influxdb_url() {
    echo "http://127.0.0.1:$(<"$services/influxdb/port")"
}

influxdb_curl() { # influxdb_curl PATH [ARGUMENT...]: a request, with the token once there is one
    local path=$1 token=$services/influxdb/token
    shift
    [ ! -f "$token" ] || set -- -H "Authorization: Token $(<"$token")" "$@"
    curl --noproxy '*' -sS --fail-with-body --max-time 10 "$@" "$(influxdb_url)$path"
}

# Makes the organisation, the bucket, the token, and what lets InfluxQL find the bucket.
influxdb_prepare() {
    local token=$services/influxdb/token bucket
    if influxdb_curl /api/v2/setup | grep -q '"allowed": *true'; then
        (umask 077 && od -An -N 32 -tx1 /dev/urandom | tr -d ' \n' >"$token")
        influxdb_curl /api/v2/setup --data-binary @- >/dev/null <<JSON
{"username": "notif", "password": "$(<"$token")", "token": "$(<"$token")",
 "org": "$influxdb_org", "bucket": "$influxdb_bucket", "retentionPeriodSeconds": 0}
JSON
    fi
    local mappings="/api/v2/dbrps?org=$influxdb_org&db=$influxdb_bucket"
    if influxdb_curl "$mappings" | grep -q '"virtual": *false'; then
        return
    fi
    bucket=$(influxdb_curl "/api/v2/buckets?name=$influxdb_bucket" |
        sed -n 's/.*"id": *"\([0-9a-f]*\)".*/\1/p' | head -n 1)
    influxdb_curl /api/v2/dbrps --data-binary @- >/dev/null <<JSON
{"org": "$influxdb_org", "bucketID": "$bucket", "database": "$influxdb_bucket",
 "retention_policy": "autogen", "default": true}
JSON
}
