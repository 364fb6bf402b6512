//! Documents of operations and of whole data.

use notif_runtime::schema::Form;

/// The kind of document; `None` for whole data.
pub(super) type Kind = Option<Form>;

const DATA: Kind = None;
const NOTIFICATION: Kind = Some(Form::Notification);
const RPC: Kind = Some(Form::Rpc);
const REPLY: Kind = Some(Form::Reply);

/// A document, and true if it is accepted. `O:` stands for the module's name.
pub(super) type Case<'a> = (Kind, &'a str, bool);

pub(super) const JSON: &[Case<'_>] = &[
    (DATA, "{}", true),
    (DATA, " { } ", true),
    (DATA, "", false),
    (DATA, "[]", false),
    (DATA, r#"{"O:mode":"manual"}"#, false),
    (DATA, r#"{"O:system":{"host":"h"}}"#, true),
    (DATA, r#"{"O:mode":"manual","O:system":{"host":"h"}}"#, true),
    (
        DATA,
        r#"{"O:mode":"manual","O:mode":"manual","O:system":{"host":"h"}}"#,
        false,
    ),
    (DATA, r#"{"mode":"manual","O:system":{"host":"h"}}"#, false),
    (DATA, r#"{"O:mode":"other","O:system":{"host":"h"}}"#, false),
    (DATA, r#"{"O:gone":1}"#, false),
    (DATA, r#"{"gone:mode":1}"#, false),
    (
        DATA,
        r#"{"O:system":{"host":"h"},"O:tag":["a","b"],"O:serial":"7"}"#,
        true,
    ),
    (
        DATA,
        r#"{"O:system":{"host":"h"},"O:tag":["a","a"]}"#,
        false,
    ),
    (DATA, r#"{"O:system":{"host":"h"},"O:tag":[]}"#, true),
    (DATA, r#"{"O:tag":[]}"#, true),
    (DATA, r#"{"O:system":{"host":"h"},"O:tag":"a"}"#, false),
    (
        DATA,
        r#"{"O:system":{"host":"h"},"O:server":[{"name":"a","port":1,"state":{"load":1}},{"name":"b","port":1,"state":{"load":1}}]}"#,
        true,
    ),
    (
        DATA,
        r#"{"O:system":{"host":"h"},"O:server":[{"name":"a","port":1,"state":{"load":1}},{"name":"a","port":1,"state":{"load":1}}]}"#,
        false,
    ),
    (
        DATA,
        r#"{"O:system":{"host":"h"},"O:server":[{"name":"a"}]}"#,
        false,
    ),
    (
        DATA,
        r#"{"O:system":{"host":"h"},"O:server":[{"port":1}]}"#,
        false,
    ),
    (
        DATA,
        r#"{"O:system":{"host":"h"},"O:server":{"name":"a","port":1}}"#,
        false,
    ),
    (
        DATA,
        r#"{"O:system":{"host":"h"},"O:favourite":"a","O:server":[{"name":"a","port":1,"state":{"load":1}}]}"#,
        true,
    ),
    (
        DATA,
        r#"{"O:system":{"host":"h"},"O:favourite":"b","O:server":[{"name":"a","port":1,"state":{"load":1}}]}"#,
        false,
    ),
    (
        DATA,
        r#"{"O:system":{"host":"h"},"O:place":"/O:system/host"}"#,
        true,
    ),
    (
        DATA,
        r#"{"O:system":{"host":"h"},"O:place":"/O:tag[.='a']","O:tag":["a"]}"#,
        true,
    ),
    (
        DATA,
        r#"{"O:system":{"host":"h"},"O:place":"/O:tag[.='b']","O:tag":["a"]}"#,
        false,
    ),
    (
        DATA,
        r#"{"O:system":{"host":"h"},"O:place":"/O:serial"}"#,
        false,
    ),
    (DATA, r#"{"operations-more:mode":1}"#, false),
    (
        DATA,
        r#"{"operations-more:mode":1,"operations-more:also-needed":1}"#,
        false,
    ),
    (
        DATA,
        r#"{"operations-more:also-needed":1,"operations-more:needed":{"id":1}}"#,
        true,
    ),
    (
        DATA,
        r#"{"operations-more:also-needed":1,"operations-more:needed":{"id":1},"operations-more:mode":1}"#,
        true,
    ),
    (DATA, r#"{"O:changed":{"what":"a"}}"#, false),
    (DATA, r#"{"O:copy":{"from":"a"}}"#, false),
    (
        DATA,
        r#"{"O:system":{"host":"h","clock":{"set":{}}}}"#,
        false,
    ),
    // Notifications.
    (NOTIFICATION, r#"{"O:changed":{"what":"a"}}"#, true),
    (
        NOTIFICATION,
        r#"{"O:changed":{"what":"a","about":"/O:changed/what"}}"#,
        true,
    ),
    (
        NOTIFICATION,
        r#"{"O:changed":{"what":"a","about":"/O:changed/server"}}"#,
        false,
    ),
    (
        NOTIFICATION,
        r#"{"O:changed":{"what":"a","server":"x","eventTime":"t"}}"#,
        true,
    ),
    (NOTIFICATION, r#"{"O:changed":{}}"#, false),
    (
        NOTIFICATION,
        r#"{"O:changed":{"what":"a","what":"a"}}"#,
        false,
    ),
    (NOTIFICATION, r#"{"O:changed":{"what":"too long"}}"#, true),
    (
        NOTIFICATION,
        r#"{"O:changed":{"what":"much too long"}}"#,
        false,
    ),
    (
        NOTIFICATION,
        r#"{"O:changed":{"what":"a","more":1}}"#,
        false,
    ),
    (NOTIFICATION, r#"{"O:changed":[]}"#, false),
    (NOTIFICATION, r#"{"changed":{"what":"a"}}"#, false),
    (NOTIFICATION, "{}", false),
    (NOTIFICATION, r#"{"O:copy":{"from":"a"}}"#, false),
    (NOTIFICATION, r#"{"O:system":{"host":"h"}}"#, false),
    (
        NOTIFICATION,
        r#"{"O:changed":{"what":"a"},"O:mode":"manual"}"#,
        false,
    ),
    (
        NOTIFICATION,
        r#"{"O:mode":"manual","O:changed":{"what":"a"}}"#,
        false,
    ),
    (
        NOTIFICATION,
        r#"{"O:changed":{"what":"a"},"O:changed":{"what":"a"}}"#,
        false,
    ),
    (
        NOTIFICATION,
        r#"{"O:server":[{"name":"a","restarted":{"cause":"crash"}}]}"#,
        true,
    ),
    (
        NOTIFICATION,
        r#"{"O:server":[{"restarted":{"cause":"crash"},"name":"a"}]}"#,
        true,
    ),
    (
        NOTIFICATION,
        r#"{"O:server":[{"restarted":{"cause":"crash"}}]}"#,
        false,
    ),
    (
        NOTIFICATION,
        r#"{"O:server":[{"name":"a","restarted":{}}]}"#,
        false,
    ),
    (
        NOTIFICATION,
        r#"{"O:server":[{"name":"a","port":1,"restarted":{"cause":"wish"}}]}"#,
        true,
    ),
    (
        NOTIFICATION,
        r#"{"O:server":[{"name":"a","port":"x","restarted":{"cause":"wish"}}]}"#,
        false,
    ),
    (
        NOTIFICATION,
        r#"{"O:server":[{"name":"a","gone":1,"restarted":{"cause":"wish"}}]}"#,
        false,
    ),
    (
        NOTIFICATION,
        r#"{"O:server":[{"name":"a","restarted":{"cause":"wish"}},{"name":"b","restarted":{"cause":"wish"}}]}"#,
        false,
    ),
    (
        NOTIFICATION,
        r#"{"O:server":[{"name":"a","state":{"overloaded":{"by":3}}}]}"#,
        true,
    ),
    (
        NOTIFICATION,
        r#"{"O:server":[{"name":"a","state":{"overloaded":{},"load":3},"port":1}]}"#,
        true,
    ),
    (
        NOTIFICATION,
        r#"{"O:server":[{"name":"a","state":{"overloaded":{"load":3}}}]}"#,
        false,
    ),
    (
        NOTIFICATION,
        r#"{"O:server":[{"name":"a","reset":{}}]}"#,
        false,
    ),
    (NOTIFICATION, r#"{"O:server":[]}"#, false),
    // Calls.
    (RPC, r#"{"O:copy":{"from":"a"}}"#, true),
    (RPC, r#"{"O:copy":{"from":"a","options":{}}}"#, true),
    (
        RPC,
        r#"{"O:copy":{"from":"a","options":{"depth":3}}}"#,
        true,
    ),
    (
        RPC,
        r#"{"O:copy":{"from":"a","options":{"same":"a"}}}"#,
        true,
    ),
    (
        RPC,
        r#"{"O:copy":{"from":"a","options":{"same":"b"}}}"#,
        false,
    ),
    (RPC, r#"{"O:copy":{"from":"a","done":true}}"#, false),
    (RPC, r#"{"O:copy":{}}"#, false),
    (RPC, r#"{"O:copy":{"input":{"from":"a"}}}"#, false),
    (RPC, r#"{"O:ping":{}}"#, true),
    (RPC, r#"{"O:ping":{"x":1}}"#, false),
    (RPC, r#"{"O:ping":null}"#, false),
    (RPC, r#"{"O:changed":{"what":"a"}}"#, false),
    (RPC, r#"{"O:server":[{"name":"a","reset":{}}]}"#, true),
    (
        RPC,
        r#"{"O:server":[{"name":"a","reset":{"delay":7,"value":[1,1],"step":[{"what":"x"},{"what":"x"},{}]}}]}"#,
        true,
    ),
    (
        RPC,
        r#"{"O:server":[{"name":"a","reset":{},"reset":{}}]}"#,
        false,
    ),
    (
        RPC,
        r#"{"O:server":[{"name":"a","reset":{}}],"O:ping":{}}"#,
        false,
    ),
    (
        RPC,
        r#"{"O:server":[{"name":"a","operations-more:probe":{}}]}"#,
        true,
    ),
    (RPC, r#"{"O:server":[{"name":"a","probe":{}}]}"#, false),
    (
        RPC,
        r#"{"O:server":[{"name":"a","disk":[{"bus":1,"slot":2,"format":{"label":"x"}}]}]}"#,
        true,
    ),
    (
        RPC,
        r#"{"O:server":[{"name":"a","disk":[{"bus":1,"format":{"label":"x"}}]}]}"#,
        false,
    ),
    (
        RPC,
        r#"{"O:server":[{"name":"a","disk":[{"bus":1,"slot":2,"format":{}}]}]}"#,
        false,
    ),
    (
        RPC,
        r#"{"O:server":[{"name":"a","port":7,"disk":[{"bus":0,"slot":0},{"bus":1,"slot":2,"format":{"label":"x","beside":7}}]}]}"#,
        true,
    ),
    (
        RPC,
        r#"{"O:server":[{"name":"a","port":7,"disk":[{"bus":1,"slot":2,"format":{"label":"x","beside":8}}]}]}"#,
        false,
    ),
    (
        RPC,
        r#"{"O:server":[{"name":"a","disk":[{"bus":1,"slot":2,"format":{"label":"x","beside":0}}]}]}"#,
        false,
    ),
    (RPC, r#"{"O:system":{"clock":{"set":{"to":"x"}}}}"#, true),
    (RPC, r#"{"O:system":{"clock":{}}}"#, false),
    // Replies.
    (REPLY, r#"{"O:copy":{"done":true}}"#, true),
    (
        REPLY,
        r#"{"O:copy":{"done":true,"part":[{"id":1},{"id":2}]}}"#,
        true,
    ),
    (REPLY, r#"{"O:copy":{"done":true,"part":[{}]}}"#, false),
    (REPLY, r#"{"O:copy":{"from":"a"}}"#, false),
    (REPLY, r#"{"O:copy":{}}"#, false),
    (REPLY, r#"{"O:ping":{}}"#, true),
    (
        REPLY,
        r#"{"O:server":[{"name":"a","operations-more:probe":{"result":"x"}}]}"#,
        true,
    ),
    (REPLY, r#"{"O:server":[{"name":"a","reset":{}}]}"#, true),
    (
        REPLY,
        r#"{"O:server":[{"name":"a","reset":{"delay":1}}]}"#,
        false,
    ),
    (
        REPLY,
        r#"{"O:server":[{"name":"a","disk":[{"bus":1,"slot":2,"format":{"blocks":"7"}}]}]}"#,
        true,
    ),
    (
        REPLY,
        r#"{"O:server":[{"name":"a","disk":[{"bus":1,"slot":2,"format":{}}]}]}"#,
        false,
    ),
];

pub(super) const XML: &[Case<'_>] = &[
    (DATA, "", true),
    (DATA, "<!-- nothing -->", true),
    (DATA, "text", false),
    (DATA, "<system XMLNS><host>h</host></system>", true),
    (
        DATA,
        "<?xml version=\"1.0\"?>\n<system XMLNS><host>h</host></system>",
        true,
    ),
    (
        DATA,
        "<system XMLNS><host>h</host></system><mode XMLNS>automatic</mode>\n<tag XMLNS>a</tag><tag XMLNS>b</tag>",
        true,
    ),
    (
        DATA,
        "<tag XMLNS>a</tag><system XMLNS><host>h</host></system><tag XMLNS>b</tag>",
        true,
    ),
    (
        DATA,
        "<system XMLNS><host>h</host></system><system XMLNS><host>h</host></system>",
        false,
    ),
    (DATA, "<system XMLNS><host>h</host></system>x", false),
    (
        DATA,
        "<system XMLNS><host>h</host></system></system>",
        false,
    ),
    (DATA, "<system XMLNS><host>h</host>", false),
    (DATA, "<system XMLNS/>", false),
    (DATA, "<mode XMLNS>manual</mode>", false),
    (DATA, "<mode>manual</mode>", false),
    (DATA, "<mode xmlns=\"urn:gone\">manual</mode>", false),
    (
        DATA,
        "<system XMLNS><host>h</host></system><mode XMLNS a=\"1\">manual</mode>",
        false,
    ),
    (
        DATA,
        "<system XMLNS><host>h</host></system><server XMLNS><name>a</name><port>1</port><state><load>1</load></state></server><server XMLNS><name>b</name><port>1</port><state><load>1</load></state></server><favourite XMLNS>b</favourite>",
        true,
    ),
    (
        DATA,
        "<system XMLNS><host>h</host></system><place XMLNS xmlns:p=\"urn:example:operations\">/p:system/p:host</place>",
        true,
    ),
    (
        NOTIFICATION,
        "<changed XMLNS><what>a</what></changed>",
        true,
    ),
    (NOTIFICATION, "<changed XMLNS/>", false),
    (NOTIFICATION, "", false),
    (
        NOTIFICATION,
        "<changed XMLNS><what>a</what></changed><mode XMLNS>manual</mode>",
        false,
    ),
    (
        NOTIFICATION,
        "<mode XMLNS>manual</mode><changed XMLNS><what>a</what></changed>",
        false,
    ),
    (
        NOTIFICATION,
        "<server XMLNS><name>a</name><restarted><cause>wish</cause></restarted></server>",
        true,
    ),
    (
        NOTIFICATION,
        "<server XMLNS><name>a</name><restarted a=\"1\"><cause>wish</cause></restarted></server>",
        false,
    ),
    (
        NOTIFICATION,
        "<server XMLNS><name>a</name></server><server XMLNS><name>b</name><restarted><cause>wish</cause></restarted></server>",
        false,
    ),
    (
        NOTIFICATION,
        "<server XMLNS><name>a</name><state><overloaded/></state></server>",
        true,
    ),
    (RPC, "<copy XMLNS><from>a</from></copy>", true),
    (
        RPC,
        "<server XMLNS><name>a</name><disk><bus>1</bus><slot>1</slot></disk><disk><bus>1</bus><slot>2</slot><format><label>x</label></format></disk></server>",
        true,
    ),
    (
        RPC,
        "<server XMLNS><name>a</name><reset/><reset/></server>",
        false,
    ),
    (
        RPC,
        "<server XMLNS><name>a</name><probe xmlns=\"urn:example:operations-more\"/></server>",
        true,
    ),
    (RPC, "<server XMLNS><name>a</name><probe/></server>", false),
    (
        RPC,
        "<server XMLNS><name>a</name><disk><slot>2</slot><bus>1</bus><format><label>x</label></format></disk></server>",
        false,
    ),
    (
        RPC,
        "<server XMLNS><disk><format><label>x</label></format><bus>1</bus><slot>2</slot></disk><name>a</name></server>",
        true,
    ),
    (RPC, "<ping XMLNS/>", true),
    (RPC, "<ping XMLNS>x</ping>", false),
    (
        REPLY,
        "<copy XMLNS><done>true</done><part><id>1</id></part></copy>",
        true,
    ),
    (REPLY, "<copy XMLNS><from>a</from></copy>", false),
];
