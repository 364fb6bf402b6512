//! The verdict on choices and on what lists demand beside libyang's, and what becomes of the data
//! that are taken.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use fixtures::choices as generated;
use notif_runtime::Options;
use notif_runtime::cbor::{self, Mapping};
use notif_runtime::fault::{FaultKind, Faults};
use notif_runtime::validate::validate;
use notif_runtime::{Encoding, json, xml};

mod cases;

use crate::common::libyang::Libyang;
use cases::{REFUSED_JSON, REFUSED_XML, SERVER, TAKEN_JSON, TAKEN_XML};
use generated::Data;

fn decode(encoding: Encoding, document: &str) -> Result<Data, Faults> {
    let options = Options::default();
    match encoding {
        Encoding::Xml => xml::from_slice::<Data>(document.as_bytes(), &options),
        _ => json::from_slice::<Data>(document.as_bytes(), &options),
    }
}

fn encode(encoding: Encoding, data: &Data) -> String {
    match encoding {
        Encoding::Xml => xml::to_string(data),
        _ => json::to_string(data),
    }
}

/// A document with these members of the container, after a server, which it needs.
fn document(encoding: Encoding, members: &str) -> String {
    match (encoding, members.strip_prefix('^')) {
        (Encoding::Xml, Some(top)) => top.to_owned(),
        (Encoding::Xml, None) => format!(
            "<data xmlns=\"urn:example:choices\" xmlns:m=\"urn:example:choices-more\">{}{members}</data>",
            if members.contains("<server") {
                ""
            } else {
                "<server><name>a</name></server>"
            }
        ),
        (_, Some(top)) => format!("{{{top}}}"),
        (_, None) if members.contains("\"server\"") => {
            format!("{{\"choices:data\":{{{members}}}}}")
        }
        (_, None) if members.is_empty() => format!("{{\"choices:data\":{{{SERVER}}}}}"),
        (_, None) => format!("{{\"choices:data\":{{{SERVER},{members}}}}}"),
    }
}

#[test]
fn verdicts_and_canonical_forms_are_libyangs() {
    let libyang = Libyang::new(&[("choices", &[]), ("choices-more", &[])]);
    let taken = TAKEN_JSON.iter().map(|case| (Encoding::Json, *case));
    let taken = taken.chain(TAKEN_XML.iter().map(|case| (Encoding::Xml, *case)));
    let mut wrong = String::new();
    for (encoding, members) in taken {
        let document = document(encoding, members);
        let theirs = libyang.canonical(encoding, &document);
        if theirs.is_none() {
            wrong.extend(["libyang refuses ", &document, "\n"]);
        }
        match decode(encoding, &document) {
            Ok(data) => {
                assert_eq!(validate(&data), Ok(()), "{document}");
                for again in Encoding::ALL {
                    let text = encode(*again, &data);
                    let through = decode(*again, &text).expect("is valid again");
                    assert_eq!(through, data, "{document} as {text}");
                    let theirs_again = libyang.canonical(*again, &text);
                    assert_eq!(theirs_again, theirs, "{document} as {text}");
                }
            }
            Err(faults) => wrong.extend(["we refuse ", &document, ": ", &faults.to_string(), "\n"]),
        }
    }
    let refused = REFUSED_JSON.iter().map(|case| (Encoding::Json, *case));
    let refused = refused.chain(REFUSED_XML.iter().map(|case| (Encoding::Xml, *case)));
    for (encoding, members) in refused {
        let document = document(encoding, members);
        if libyang.canonical(encoding, &document).is_some() {
            wrong.extend(["libyang takes ", &document, "\n"]);
        }
        if decode(encoding, &document).is_ok() {
            wrong.extend(["we take ", &document, "\n"]);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn faults_say_what_is_wanted() {
    let fault = |members: &str| {
        let faults = decode(Encoding::Json, &document(Encoding::Json, members));
        let faults = faults.expect_err("is refused");
        let lines = faults.list.iter().map(|fault| {
            let tag = fault.kind.error_tag();
            let app_tag = fault.kind.error_app_tag().unwrap_or("-");
            format!(
                "{} {tag} {app_tag} {}: {}",
                fault.kind, fault.path, fault.expected
            )
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    let faults: Vec<String> = REFUSED_JSON.iter().map(|members| fault(members)).collect();
    insta::assert_snapshot!(faults.join("\n"));
}

#[test]
fn cases_in_rust() {
    use generated::choices::data::outer::{self, deep::Inner};
    use generated::choices::data::transport::{Tcp, Udp, tcp::Peer};
    use generated::choices::data::{Outer, Transport};

    let read = |members: &str| {
        let data = decode(Encoding::Json, &document(Encoding::Json, members));
        data.expect("is valid").data.expect("is there")
    };
    assert_eq!(
        read("\"pipe\":\"p\"").transport,
        Some(Transport::Pipe("p".into()))
    );
    assert_eq!(
        read("\"choices-more:pipe\":7").transport,
        Some(Transport::ChoicesMorePipe(7))
    );
    let tcp = read("\"port\":1,\"peer\":{\"address\":\"a\"}");
    assert_eq!(
        tcp.transport,
        Some(Transport::Tcp(Tcp::new(1, Peer::new("a"))))
    );
    let Some(Transport::Tcp(tcp)) = tcp.transport else {
        panic!("is tcp");
    };
    assert_eq!(tcp.keepalive_or_default(), 30);
    // What is no data chooses no case.
    assert_eq!(read("\"group\":[]").transport, None);
    let mut udp = Udp::new();
    udp.packet_size = Some(9);
    assert_eq!(
        read("\"group\":[],\"mark\":[],\"packet-size\":9").transport,
        Some(Transport::Udp(udp))
    );
    let mut deep = outer::Deep::new("z");
    deep.inner = Some(Inner::Middle("m".into()));
    let read = read("\"choices-more:middle\":\"m\",\"last\":\"z\"");
    assert_eq!(read.outer, Some(Outer::Deep(deep)));
}

#[test]
fn an_empty_container_is_no_data_in_any_encoding() {
    let read = |octets: &[u8], options: &Options| {
        let data = cbor::from_slice::<Data>(octets, Mapping::Yang, options);
        data.map(|data| data.data.expect("is there").transport)
    };
    // {"choices:data": {"server": [{"name": "a"}], "tunnel": {}}}, and with "pipe": "p".
    let empty = b"\xa1\x6cchoices:data\xa2\x66server\x81\xa1\x64name\x61a\x66tunnel\xa0";
    let beside =
        b"\xa1\x6cchoices:data\xa3\x66server\x81\xa1\x64name\x61a\x66tunnel\xa0\x64pipe\x61p";
    let options = Options::default();
    assert_eq!(read(empty, &options), Ok(None));
    let faults = read(beside, &options).expect_err("has data of two cases");
    let kinds = faults.list.iter().map(|fault| fault.kind);
    assert_eq!(kinds.collect::<Vec<_>>(), [FaultKind::SeveralCases]);
    // What is demanded in it takes no place among the faults.
    assert_eq!(read(empty, &options.with_max_faults(1)), Ok(None));
    let document = document(Encoding::Json, "\"tunnel\":{\"note\":\"n\"},\"before\":1");
    let options = options.with_max_faults(1);
    let faults = json::from_slice::<Data>(document.as_bytes(), &options).expect_err("has two");
    assert_eq!((faults.list.len(), faults.truncated), (1, true));
}
