//! Documents with the verdict on each.

/// Members that are valid where the mode is `on`.
pub(crate) const ON: &str =
    r#""mode":"on","detail":"d","code":[1,2],"deep":{"deeper":{"part":[{"id":"p"}]}}"#;

/// Those for `auto`.
pub(crate) const AUTO: &str = r#""mode":"auto","needed":"n","rate":1,"tuned":{"depth":1}"#;

/// Members of `top`, and whether they are valid; `ON` and `AUTO` stand for the ones above.
pub(crate) const DOCUMENTS: &[(&str, bool)] = &[
    ("", true),
    ("ON", true),
    ("AUTO", true),
    (r#""mode":"off""#, true),
    (r#""mode":"on""#, false),
    (r#""mode":"on","detail":"d""#, false),
    (r#""mode":"on","detail":"d","code":[1,2]"#, false),
    (
        r#""mode":"on","detail":"d","code":[1],"deep":{"deeper":{"part":[{"id":"p"}]}}"#,
        false,
    ),
    (
        r#""mode":"on","detail":"d","deep":{"deeper":{"part":[{"id":"p"}]}}"#,
        false,
    ),
    (
        r#""mode":"on","code":[1,2],"deep":{"deeper":{"part":[{"id":"p"}]}}"#,
        false,
    ),
    (r#""detail":"d""#, false),
    (r#""code":[1,2]"#, false),
    (r#""deep":{"deeper":{}}"#, false),
    (r#""deep":{"deeper":{"part":[{"id":"p"}]}}"#, false),
    (r#""deep":{}"#, true),
    (r#""mode":"auto""#, false),
    (r#""mode":"auto","needed":"n""#, false),
    (r#""mode":"auto","needed":"n","rate":1"#, false),
    (r#""mode":"auto","needed":"n","tuned":{"depth":1}"#, false),
    (r#""mode":"auto","rate":1,"tuned":{"depth":1}"#, false),
    (r#""tuned":{"depth":1}"#, false),
    (r#""rate":1"#, false),
    (r#""factor":1"#, false),
    (r#"ON,"slow":"s""#, true),
    (r#"ON,"speed":19,"slow":"s""#, true),
    (r#"ON,"speed":20,"slow":"s""#, false),
    (r#""slow":"s""#, false),
    (r#""self":"x""#, true),
    (r#"ON,"self":"me""#, false),
    (r#"ON,"self":"x""#, false),
    (r#""checked":{}"#, true),
    (r#""checked":{"limit":5}"#, true),
    (r#""checked":{"limit":6}"#, false),
    (r#"ON,"checked":{"limit":6}"#, true),
    (r#""alias":["a","b"]"#, true),
    (r#""alias":["a","b","c"]"#, false),
    (r#"AUTO,"alias":["a"]"#, false),
    (r#""alias":[]"#, true),
    (r#""item":[{"id":"a"},{"id":"b"},{"id":"c"}]"#, true),
    (
        r#""item":[{"id":"a"},{"id":"b"},{"id":"c"},{"id":"d"}]"#,
        false,
    ),
    (
        r#""item":[{"id":"a","address":"x"},{"id":"b","address":"x"}]"#,
        false,
    ),
    (
        r#""item":[{"id":"a","address":"x"},{"id":"b","address":"x","port":80}]"#,
        false,
    ),
    (
        r#""item":[{"id":"a","address":"x"},{"id":"b","address":"x","port":81}]"#,
        true,
    ),
    (
        r#""item":[{"id":"a","address":"x"},{"id":"b"},{"id":"c"}]"#,
        true,
    ),
    (
        r#""item":[{"id":"a","address":"x","port":1},{"id":"b"},{"id":"c","address":"x","port":1}]"#,
        false,
    ),
    (
        r#""item":[{"id":"a","place":{"room":"r"}},{"id":"b","place":{"room":"r"}}]"#,
        false,
    ),
    (
        r#""item":[{"id":"a","place":{"room":"r"}},{"id":"b","place":{"room":"s"}},{"id":"c","place":{}}]"#,
        true,
    ),
    (r#""item":[{"id":"a","next":"b"},{"id":"b"}]"#, true),
    (r#""item":[{"id":"a","next":"a"}]"#, false),
    (r#""item":[{"id":"a","next":"c"}]"#, false),
    (r#""log":[{"text":"a"},{"text":"b"}]"#, true),
    (r#""log":[{"text":"a"},{"text":"a"}]"#, false),
    (
        r#""log":[{"text":"a"},{"text":"b"},{"text":"c"},{"text":"d"}]"#,
        false,
    ),
    (r#""log":[{},{}]"#, true),
    (r#"ON,"chosen-speed":10"#, true),
    (r#"ON,"chosen-speed":11"#, false),
    (r#"ON,"speed":11,"chosen-speed":11"#, true),
    (r#"ON,"speed":11,"chosen-speed":10"#, false),
    (r#""chosen-speed":10"#, false),
    (r#""chosen-limit":5"#, true),
    (r#""chosen-limit":4"#, false),
    (
        r#""item":[{"id":"a"},{"id":"b","port":81}],"chosen-item":"a","chosen-port":80"#,
        true,
    ),
    (
        r#""item":[{"id":"a"},{"id":"b","port":81}],"chosen-item":"b","chosen-port":80"#,
        false,
    ),
    (
        r#""item":[{"id":"a"},{"id":"b","port":81}],"chosen-item":"b","chosen-port":81"#,
        true,
    ),
    (r#""item":[{"id":"a"}],"chosen-item":"b""#, false),
    (r#""place":"/conditions:top/mode""#, true),
    (r#""place":"/conditions:top/speed""#, false),
    (r#"ON,"place":"/conditions:top/speed""#, true),
    (r#""place":"/conditions:top/checked/limit""#, true),
    (r#""place":"/conditions:top/checked""#, true),
    (r#""place":"/conditions:top/deep/deeper""#, false),
    (
        r#""item":[{"id":"a"}],"place":"/conditions:top/item[id='a']/port""#,
        true,
    ),
    (
        r#""item":[{"id":"a"}],"place":"/conditions:top/item[id='b']""#,
        false,
    ),
    (
        r#""mode":"auto","needed":"n","rate":101,"tuned":{"depth":1}"#,
        true,
    ),
    (
        r#""mode":"auto","needed":"n","rate":101,"tuned":{"depth":1},"item":[{"id":"spare"}]"#,
        true,
    ),
    (
        r#""mode":"auto","needed":"n","rate":101,"tuned":{"depth":1},"item":[{"id":"a"}],"fallback":"a""#,
        true,
    ),
    (r#"ON,"kept":{}"#, false),
    (r#"ON,"kept":{"many":["x"]}"#, true),
    (r#""kept":{"many":["x"]}"#, false),
    (r#""count":0"#, true),
    (r#""count":1,"log":[{"text":"a"}]"#, true),
    (r#""count":2,"log":[{"text":"a"}]"#, false),
    (r#"ON,"follows":"f""#, true),
    (r#""follows":"f""#, false),
    (r#"ON,"after":"f""#, true),
    (r#""after":"f""#, false),
];

/// The data that the expressions are evaluated on.
pub(crate) const DATA: &str = r#""in":{"name":"eth0","number":5,"price":"1.5","big":"9007199254740993","enabled":true,"mark":[null],
"kind":"wired","kinds":["wired","wireless"],"colour":"green","flags":"up debug","either":7,"eithers":"seven","tag":["a","b","b2"],
"entry":[{"id":"a","rank":1,"label":["l1","l2"]},{"id":"b","rank":2,"label":["l1"]},{"id":"c","rank":3,"label":["l1"]},{"id":"d","rank":4,"label":["l1"]}],
"pair":[{"one":"x","two":1,"sum":2},{"one":"x","two":2,"sum":3}],
"wanted":"c","where":"/expressions:lab/in/name","state":"s","present":{}}"#;

/// The expressions that are false.
pub(crate) const FALSE: &[&str] = &[
    "any-child",
    "self-other",
    "text-of-container",
    "position-beyond",
    "keys-none",
    "equal-wrong",
    "not-equal-one",
    "less-none",
    "nodes-greater",
    "nodes-none",
    "identity-imported",
    "identity-other",
    "enum-value-none",
    "bits-off",
    "derived-self",
    "derived-other",
    "re-match-part",
    "starts-with-not",
    "false-text",
    "zero",
    "default-explicit",
    "state",
    "leaf-list-not",
    "nan-equal",
    "number-of-nothing",
    "number-of-blank",
    "number-plus",
    "number-exponent",
];

/// The expressions that libyang 2 takes to be something else than XPath 1.0 has them, with the section
/// that decides it.
pub(crate) const DEVIATIONS: &[&str] = &[
    // `*` is no test that the root passes (2.3).
    "ancestor-or-self",
    // White space around a number is passed over (4.4).
    "number-blank",
    // The name of a node of the module itself has its prefix (4.1).
    "name",
    // No text is no number (4.4).
    "number-of-nothing",
    // No text is no number (4.4).
    "number-of-blank",
    // A number has no plus sign (3.5).
    "number-plus",
    // A number has no exponent (3.5).
    "number-exponent",
    // A number is written with all its digits (4.2).
    "text-of-fraction",
    // Lengths are in characters (4.2).
    "string-length-wide",
    // Positions are counted for each parent (2.4).
    "positions-of-parents",
    // No nodes are false where they are compared with a boolean (3.4).
    "false-equals-none",
    // Texts are descendants (2.2).
    "text-descendants",
    // Towards positive infinity (4.4).
    "ceiling-negative",
    // Towards negative infinity (4.4).
    "floor-negative",
    // The remainder of a division may be a fraction (3.5).
    "modulo-fraction",
];
