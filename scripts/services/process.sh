# shellcheck shell=bash
# shellcheck disable=SC2154  # `services` sources this file, and sets services
# Processes in the background, their ports and their ends.

# logged SERVICE COMMAND...: runs the command quietly; its output is shown if it fails.
logged() {
    local log=$services/$1/install.log
    shift
    if ! "$@" </dev/null >"$log" 2>&1; then
        echo "this failed: $*; the end of $log:" >&2
        tail -n 20 "$log" >&2
        return 1
    fi
}

# launch SERVICE COMMAND...: runs the command in a session of its own, in the service's folder,
# with nothing open that whoever started us may be waiting on.
launch() {
    local dir=$services/$1
    shift
    (
        for fd in "/proc/$BASHPID/fd/"*; do
            fd=${fd##*/}
            [ "$fd" -le 2 ] || exec {fd}>&-
        done
        cd "$dir" || exit
        exec setsid "$@"
    ) </dev/null >"$dir/log" 2>&1 &
    echo $! >"$dir/pid"
}

# await SERVICE: waits until what was just launched answers.
await() {
    local service=$1 pid deadline=$((SECONDS + 120))
    pid=$(<"$services/$service/pid")
    until "${service}_answers"; do
        if ended "$pid" || [ "$SECONDS" -ge "$deadline" ]; then
            echo "$service does not answer; the end of $services/$service/log:" >&2
            tail -n 20 "$services/$service/log" >&2
            kill -KILL "$pid" 2>/dev/null || true
            return 1
        fi
        sleep 0.1
    done
}

# ended PID: the process has ended. A zombie that nobody waits for counts, once its last thread
# has ended: until then the port and the files may be in use.
ended() {
    ! grep -qsE '^State:\s+[^ZX]|^Threads:\s+([2-9]|[0-9]{2,})' "/proc/$1/status"
}

# pid_of SERVICE: prints its pid, or fails if it does not run.
pid_of() {
    local pid
    pid=$(cat "$services/$1/pid" 2>/dev/null) || return 1
    # After a crash or a reboot another program may have the pid.
    grep -qsF "$services/$1/" "/proc/$pid/cmdline" || return 1
    echo "$pid"
}

# end SERVICE SIGNAL: sends the signal, and waits until the service has ended.
end() {
    local service=$1 signal=$2 pid deadline=$((SECONDS + 60))
    if ! pid=$(pid_of "$service"); then
        echo "$service: does not run"
        return
    fi
    kill "-$signal" "$pid" || true
    until ended "$pid"; do
        if [ "$SECONDS" -ge "$deadline" ]; then
            echo "$service: has not stopped in a minute; killing it" >&2
            kill -KILL "$pid" || true
            deadline=$((SECONDS + 60))
        fi
        sleep 0.05
    done
    rm -f "$services/$service/pid"
    echo "$service: has ended"
}

# choose_port SERVICE FILE OFFSET: prints the port that the service had before, or else one that
# depends on where this checkout is, so that checkouts do not meet; the next if it is taken. None
# is among those that the kernel gives to outgoing connections.
choose_port() {
    local file=$services/$1/$2 port
    if ! port=$(cat "$file" 2>/dev/null); then
        port=$((20000 + $(printf %s "$services" | cksum | cut -d' ' -f1) % 1000 * 10 + $3))
    fi
    while (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        port=$((port + 10))
    done
    echo "$port" >"$file"
    echo "$port"
}
