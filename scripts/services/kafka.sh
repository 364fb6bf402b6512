# shellcheck shell=bash
# shellcheck disable=SC2154  # `services` sources this file, and sets here, root, services and cache
# Apache Kafka: the jars come from Maven Central, and run without its shell scripts.

kafka_version=$(sed -n 's|.*<kafka.version>\(.*\)</kafka.version>.*|\1|p' "$here/pom.xml")
kafka_jars=$cache/kafka-$kafka_version

kafka_installed() {
    [ -d "$kafka_jars" ]
}

kafka_install() {
    "$root/scripts/deps" maven
    echo "kafka: getting the jars of $kafka_version"
    local new=$kafka_jars.new
    rm -rf "$new"
    logged kafka mvn -B -q -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$new"
    mv "$new" "$kafka_jars"
}

kafka_java() { # kafka_java MAIN-CLASS ARGUMENT...: sets the array `command`
    command=(
        java -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1
        "-Dlog4j2.configurationFile=file:$here/log4j2.yaml"
        -cp "$kafka_jars/*" "$@"
    )
}

kafka_launch() {
    local dir=$services/kafka broker controller command
    "$root/scripts/deps" java
    broker=$(choose_port kafka port 0)
    controller=$(choose_port kafka controller-port 1)
    cp "$here/server.properties" "$dir/server.properties"
    cat >>"$dir/server.properties" <<PROPERTIES

listeners=BROKER://127.0.0.1:$broker,CONTROLLER://127.0.0.1:$controller
advertised.listeners=BROKER://127.0.0.1:$broker
controller.quorum.voters=1@127.0.0.1:$controller
log.dirs=$dir/data
PROPERTIES
    if [ ! -f "$dir/data/meta.properties" ]; then
        # A cluster's id is 16 bytes in base64: these are "yang-notif-tests".
        kafka_java kafka.tools.StorageTool format -c "$dir/server.properties" \
            -t eWFuZy1ub3RpZi10ZXN0cw
        logged kafka "${command[@]}"
    fi
    kafka_java kafka.Kafka "$dir/server.properties"
    launch kafka "${command[@]}"
}

# Sends an ApiVersions request (version 0, correlation id 1, no client id) and reads the answer's
# head. The broker opens its listener for clients when the controller has let it in.
kafka_answers() {
    local answer
    answer=$(
        exec 2>/dev/null
        exec 3<>"/dev/tcp/127.0.0.1/$(<"$services/kafka/port")" &&
            printf '\0\0\0\012\0\022\0\0\0\0\0\001\377\377' >&3 &&
            timeout 2 head -c 8 <&3 | od -An -tx1
    )
    [[ $answer == *"00 00 00 01" ]]
}

kafka_prepare() {
    : # Topics come with the first record.
}
