use super::*;

fn acknowledger(config: &Kafka, timeout: u64) -> Acknowledger {
    let timeout = Duration::from_millis(timeout);
    Acknowledger::new(config, &crate::registry(), timeout).unwrap()
}

#[tokio::test]
async fn many_publishers_share_one_producer() {
    let cluster = cluster();
    let kafka = acknowledger(&config(&cluster, &[]), 10_000);
    let kafka = Arc::new(kafka);
    let tasks = (0..50).map(|at| {
        let kafka = Arc::clone(&kafka);
        tokio::spawn(async move { kafka.acknowledge(&item("p", &at.to_string())).await })
    });
    for task in tasks.collect::<Vec<_>>() {
        assert_eq!(task.await.unwrap(), Ok(()));
    }
    assert_eq!(kafka.health(), Ok(()));
    assert_eq!(read(&cluster, TOPIC, 50).len(), 50);
}

#[tokio::test]
async fn what_is_acknowledged_is_there_though_it_was_not_taken_at_first() {
    let cluster = cluster();
    // Long enough for both to be under way.
    let answer = Duration::from_millis(100);
    cluster.broker_round_trip_time(-1, answer).unwrap();
    let kafka = acknowledger(&config(&cluster, &[("batch.num.messages", "1")]), 10_000);
    let error = RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS;
    cluster.request_errors(RDKafkaApiKey::Produce, &[error]);
    let (first, second) = (item("p", "a"), item("q", "b"));
    let both = tokio::join!(kafka.acknowledge(&first), kafka.acknowledge(&second));
    assert_eq!(both, (Ok(()), Ok(())));
    assert_eq!(read(&cluster, TOPIC, 2), ["b", "a"]);
}

#[tokio::test]
async fn an_outage_is_not_now_in_time_and_ends() {
    const PATIENCE: Duration = Duration::from_secs(30);
    let cluster = cluster();
    let kafka = acknowledger(&config(&cluster, &[]), 3000);
    kafka.acknowledge(&item("p", "a")).await.unwrap();
    cluster.broker_down(-1).unwrap();
    let began = Instant::now();
    let error = kafka.acknowledge(&item("p", "b")).await.unwrap_err();
    assert!(
        began.elapsed() < Duration::from_secs(6),
        "{:?}",
        began.elapsed()
    );
    assert!(matches!(error, Unacknowledged::NotNow { .. }), "{error:?}");
    assert!(
        error.to_string().contains("not acknowledged it in 3s"),
        "{error}"
    );
    while kafka.health().is_ok() {
        assert!(began.elapsed() < PATIENCE, "the outage is not seen");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    cluster.broker_up(-1).unwrap();
    let again = Instant::now();
    while kafka.acknowledge(&item("p", "c")).await.is_err() {
        assert!(again.elapsed() < PATIENCE, "it is not over");
    }
    while kafka.health().is_err() {
        assert!(again.elapsed() < PATIENCE, "the end is not seen");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // The one given up was not sent later.
    let mut names = read(&cluster, TOPIC, 2);
    names.dedup();
    assert_eq!(names, ["a", "c"]);
}

#[tokio::test]
async fn a_full_queue_is_not_now_at_once() {
    let cluster = cluster();
    let full = [("queue.buffering.max.messages", "1")];
    let kafka = acknowledger(&config(&cluster, &full), 2000);
    cluster.broker_down(-1).unwrap();
    let (first, second) = (item("p", "a"), item("p", "b"));
    let began = Instant::now();
    let second = async {
        tokio::task::yield_now().await;
        (kafka.acknowledge(&second).await, began.elapsed())
    };
    let (first, (second, after)) = tokio::join!(kafka.acknowledge(&first), second);
    assert!(first.is_err());
    assert!(after < Duration::from_millis(500), "{after:?}");
    let Err(Unacknowledged::NotNow { retry_after, .. }) = second else {
        panic!("{second:?}");
    };
    assert_eq!(retry_after, Duration::from_secs(1));
}

#[tokio::test]
async fn what_kafka_does_not_take_is_refused_for_good() {
    let cluster = cluster();
    let kafka = acknowledger(&config(&cluster, &[("message.max.bytes", "1000")]), 10_000);
    let error = kafka
        .acknowledge(&item("p", &"x".repeat(2000)))
        .await
        .unwrap_err();
    assert!(matches!(error, Unacknowledged::Refused(_)), "{error:?}");

    let too_large = RDKafkaRespErr::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
    cluster.request_errors(RDKafkaApiKey::Produce, &[too_large]);
    // For another's sake.
    assert_eq!(kafka.acknowledge(&item("p", "a")).await, Ok(()));
    cluster.request_errors(RDKafkaApiKey::Produce, &[too_large, too_large]);
    let error = kafka.acknowledge(&item("p", "b")).await.unwrap_err();
    assert!(matches!(error, Unacknowledged::Refused(_)), "{error:?}");

    let forbidden = RDKafkaRespErr::RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
    cluster.request_errors(RDKafkaApiKey::Produce, &[forbidden]);
    let error = kafka.acknowledge(&item("p", "c")).await.unwrap_err();
    assert!(error.to_string().contains("not authorized"), "{error}");
    assert_eq!(read(&cluster, TOPIC, 1), ["a"]);
}

#[tokio::test]
async fn a_producer_that_has_come_to_an_end_is_replaced() {
    let cluster = cluster();
    let kafka = acknowledger(&config(&cluster, &[]), 5000);
    let error = RDKafkaRespErr::RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED;
    cluster.request_errors(RDKafkaApiKey::InitProducerId, &[error]);
    let item = item("p", "a");
    assert!(kafka.acknowledge(&item).await.is_err());
    assert_eq!(kafka.acknowledge(&item).await, Ok(()));
    assert_eq!(read(&cluster, TOPIC, 1), ["a"]);
}
