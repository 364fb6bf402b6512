//! Members of the container `data` of the module `choices`, or whole documents behind a `^`.

/// The mandatory nodes of the container.
pub(crate) const SERVER: &str = "\"server\":[{\"name\":\"a\"}]";

/// Valid documents in JSON.
pub(crate) const TAKEN_JSON: &[&str] = &[
    "",
    "^\"choices:top-leaf\":1,\"choices:data\":{\"server\":[{\"name\":\"a\"}]}",
    "^\"choices:top-leaf\":1,\"choices:top-box\":{\"in-box\":\"x\"},\"choices:data\":{\"server\":[{\"name\":\"a\"}]}",
    "^\"choices:top-other\":{},\"choices:data\":{\"server\":[{\"name\":\"a\"}]}",
    "^",
    "^\"choices-more:beside\":\"b\",\"choices-more:either\":\"e\"",
    "^\"choices-more:either\":\"a \\\"word\\\"\\\\\"",
    // Shorthand cases of every kind.
    "\"pipe\":\"p\"",
    "\"tunnel\":{\"id\":1}",
    "\"hop\":[{\"name\":\"h\"},{\"name\":\"i\"}]",
    "\"mark\":[\"red\",\"blue\"]",
    // Cases with several nodes, in any order.
    "\"port\":1,\"peer\":{\"address\":\"a\"},\"keepalive\":2",
    "\"keepalive\":2,\"before\":\"x\",\"peer\":{\"address\":\"a\"},\"between\":true,\"port\":1",
    "\"packet-size\":1,\"group\":[\"a\",\"b\"],\"choices-more:ttl\":3",
    // Cases of another module.
    "\"choices-more:frequency\":1,\"choices-more:port\":\"p\"",
    "\"choices-more:pipe\":1",
    "\"choices-more:x\":\"1\",\"choices-more:y\":\"2\"",
    "\"choices-more:two\":\"2\"",
    // An array without elements is no data of its case.
    "\"hop\":[],\"mark\":[],\"group\":[]",
    "\"hop\":[],\"pipe\":\"p\",\"mark\":[]",
    "\"group\":[],\"choices-more:frequency\":1",
    // Choices in cases.
    "\"shallow\":[null]",
    "\"first\":\"1\",\"last\":\"2\",\"l1\":\"l\"",
    "\"l2\":\"x\",\"l1\":\"l\",\"last\":\"2\"",
    "\"right\":\"r\",\"last\":\"2\"",
    "\"choices-more:middle\":\"m\",\"last\":\"2\"",
    "\"io1\":\"1\"",
    "\"io2\":\"2\"",
    // Names that Rust keeps for itself.
    "\"self\":\"s\"",
    "\"crate\":\"c\"",
    "\"match\":{\"type\":\"t\"}",
    "\"match\":{}",
    // Mandatory choices.
    "\"strict\":{\"a\":\"1\"}",
    "\"strict\":{\"b1\":\"1\",\"b2\":\"2\"}",
    "\"strict\":{\"b2\":\"2\"}",
    "\"strict\":{\"c\":{\"c1\":\"1\"}}",
    // State.
    "\"status\":{\"up\":\"u\"}",
    "\"status\":{\"down\":[{\"why\":\"1\"},{},{\"why\":\"1\"}]}",
    // Bounds, and leafs that are unique together.
    "\"server\":[{\"name\":\"a\"},{\"name\":\"b\"}]",
    "\"server\":[{\"name\":\"b\",\"ip\":\"1\",\"port\":1},{\"name\":\"a\",\"ip\":\"1\",\"port\":2}]",
    "\"server\":[{\"name\":\"a\",\"ip\":\"1\"},{\"name\":\"b\",\"ip\":\"1\"}]",
    "\"server\":[{\"name\":\"a\",\"ip\":\"1\",\"service\":\"1\"},{\"name\":\"b\",\"ip\":\"1\",\"service\":\"1\"}]",
    "\"tag\":[\"a\",\"b\",\"c\"]",
    "\"colour\":[\"b\",\"a\"]",
    // A container without presence that is empty is no data, so nothing is demanded in it.
    "\"tunnel\":{}",
    "\"peer\":{}",
];

/// Invalid documents in JSON.
pub(crate) const REFUSED_JSON: &[&str] = &[
    "^\"choices-more:beside\":\"b\"",
    "^\"choices:top-leaf\":1,\"choices:top-other\":{},\"choices:data\":{\"server\":[{\"name\":\"a\"}]}",
    "^\"choices:top-box\":{\"in-box\":\"x\"},\"choices:data\":{\"server\":[{\"name\":\"a\"}]}",
    // Data of two cases.
    "\"pipe\":\"p\",\"choices-more:pipe\":1",
    "\"tunnel\":{\"id\":1},\"pipe\":\"p\"",
    "\"hop\":[{\"name\":\"h\"}],\"mark\":[\"red\"]",
    "\"packet-size\":1,\"choices-more:frequency\":1",
    "\"choices-more:x\":\"1\",\"choices-more:two\":\"2\"",
    "\"port\":1,\"peer\":{\"address\":\"a\"},\"tunnel\":{}",
    "\"io1\":\"1\",\"io2\":\"2\"",
    "\"io1\":\"1\",\"shallow\":[null]",
    "\"l1\":\"l\",\"right\":\"r\",\"last\":\"2\"",
    "\"self\":\"s\",\"match\":{}",
    "\"status\":{\"up\":\"u\",\"down\":[{}]}",
    "\"strict\":{\"a\":\"1\",\"b1\":\"1\"}",
    // What a case demands.
    "\"keepalive\":2",
    "\"port\":1",
    "\"port\":1,\"peer\":{}",
    "\"port\":1,\"peer\":{\"address\":\"a\"},\"keepalive\":\"x\"",
    "\"choices-more:port\":\"p\"",
    "\"tunnel\":{\"note\":\"n\"}",
    "\"first\":\"1\"",
    "\"first\":\"1\",\"last\":\"2\"",
    "\"l2\":\"x\",\"last\":\"2\"",
    "\"l1\":\"x\"",
    "\"strict\":{}",
    // A container without presence that is empty is no data.
    "\"strict\":{\"c\":{}}",
    "\"strict\":{\"c\":{\"c2\":{}}}",
    "\"peer\":{},\"port\":1",
    "\"keepalive\":2,\"peer\":{},\"port\":1",
    "\"peer\":{},\"tunnel\":{}",
    "\"tunnel\":{},\"pipe\":\"p\"",
    "^\"choices:top-other\":{},\"choices:top-box\":{}",
    // Bounds, and leafs that are unique together.
    "\"server\":[]",
    "\"server\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}]",
    "\"server\":[{\"name\":\"a\",\"ip\":\"1\",\"port\":1},{\"name\":\"b\",\"ip\":\"1\",\"port\":1}]",
    "\"server\":[{\"name\":\"a\",\"service\":\"s\",\"port\":1}]",
    "\"tag\":[\"a\",\"b\",\"c\",\"d\"]",
];

/// Valid documents in XML.
pub(crate) const TAKEN_XML: &[&str] = &[
    "<port>1</port><peer><address>a</address></peer>",
    "<hop><name>a</name></hop><before>x</before><hop><name>b</name></hop>",
    "<group>a</group><m:ttl>1</m:ttl><group>b</group>",
    "<m:pipe>1</m:pipe>",
    "<m:middle>m</m:middle><last>l</last>",
    "^<top-box xmlns=\"urn:example:choices\"/><top-leaf xmlns=\"urn:example:choices\">1</top-leaf><data xmlns=\"urn:example:choices\"><server><name>a</name></server></data>",
    "<tunnel/>",
    "<before>x</before><peer/>",
];

/// Invalid documents in XML.
pub(crate) const REFUSED_XML: &[&str] = &[
    "<hop><name>a</name></hop><pipe>x</pipe>",
    "<pipe>x</pipe><hop><name>a</name></hop><hop><name>b</name></hop>",
    "<peer/><m:pipe>1</m:pipe>",
    "<peer><address>a</address></peer>",
    "<group>a</group><tunnel><id>1</id></tunnel>",
    "<l1>1</l1>",
    "<strict/>",
    "<m:frequency>1</m:frequency><port>1</port>",
    "^<top-box xmlns=\"urn:example:choices\"><in-box>x</in-box></top-box><data xmlns=\"urn:example:choices\"><server><name>a</name></server></data>",
    "<peer/><port>1</port>",
    "<tunnel/><peer/>",
];
