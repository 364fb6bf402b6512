//! Two generated sources with overlapping sets of modules: the second uses the types of the first.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use crate::common::{Modules, generator_of, module};
use fixtures::{extern_base as base, extern_user as user};
use notif_runtime::Options;
use notif_runtime::{Encoding, json, registry::Registry, xml};
use yang_codegen::Generator;

#[test]
fn the_other_crates_module_is_not_generated() {
    let output = generator_of("extern_user").generate().expect("generates");
    let names: Vec<&str> = output
        .modules
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["extern_user.rs"]);
}

#[test]
fn a_value_of_one_crate_goes_into_a_struct_of_the_other() {
    use base::extern_base::{Colour, KindRef, Percent};
    use user::extern_user::Device;

    let mut device = Device::new(Percent::new(40).expect("fits"));
    assert_eq!(device.colour_or_default(), Colour::Green);
    device.colour = Some(Colour::Red);
    device.kind = Some(KindRef::Road);
    let text = json::to_string(&device);
    assert_eq!(
        text,
        r#"{"extern-user:device":{"load":40,"colour":"red","kind":"extern-base:road"}}"#
    );
    let options = Options::default();
    assert_eq!(
        json::from_slice(text.as_bytes(), &options),
        Ok(device.clone())
    );
    let text = xml::to_string(&device);
    assert_eq!(xml::from_slice(text.as_bytes(), &options), Ok(device));
}

#[test]
fn a_registry_of_the_second_knows_the_first() {
    let registry = Registry::new(&user::SCHEMA);
    assert_eq!(registry.modules().len(), 2);
    let message = br#"{"extern-base:shared":{"level":7}}"#;
    let decoded = registry
        .decode(Encoding::Json, message, &Options::default())
        .expect("decodes");
    let shared = decoded.downcast_ref::<base::extern_base::Shared>();
    assert_eq!(
        shared
            .and_then(|shared| shared.level)
            .map(base::extern_base::Percent::get),
        Some(7)
    );
}

fn refused(files: &[(&str, &str)], generator: impl Fn(Generator) -> Generator) -> String {
    let modules = Modules::new(files);
    modules.error_of(&generator(modules.generator()))
}

const BASE: &str = "import ietf-yang-structure-ext { prefix sx; }
    import ietf-yang-metadata { prefix md; }
    identity kind; identity form; identity note;
    md:annotation noted { type identityref { base note; } }
    sx:structure record { container inner { leaf form { type identityref { base form; } } } }
    typedef kind-ref { type identityref { base kind; } }
    typedef name { type string; } container top { leaf k { type kind-ref; } leaf n { type name; } }";

#[test]
fn what_changes_the_other_crates_types_is_refused() {
    let base = module("m", BASE);
    for (body, what) in [
        (
            "augment /m:top { leaf more { type string; } }",
            "other augments it with \"more\"",
        ),
        (
            "identity mine { base m:kind; }",
            "other derives the identity \"mine\"",
        ),
        (
            "identity round { base m:form; }",
            "other derives the identity \"round\"",
        ),
        (
            "identity remark { base m:note; }",
            "other derives the identity \"remark\"",
        ),
        (
            "import ietf-yang-structure-ext { prefix sx; }
             sx:augment-structure /m:record/m:inner { leaf more { type string; } }",
            "other augments it with \"more\"",
        ),
        (
            "deviation /m:top/m:n { deviate not-supported; }",
            "other deviates it",
        ),
    ] {
        let other = module("other", &format!("import m {{ prefix m; }}\n{body}"));
        let files = [("m.yang", base.as_str()), ("other.yang", other.as_str())];
        let error = refused(&files, |generator| {
            generator.module("other").extern_path("m", "::a::m")
        });
        assert_eq!(
            error,
            format!(
                "setting for extern_path of m: {what}, which the types of the other crate lack; \
                 generate m here, or set an extern_path of other too"
            )
        );
    }
}

#[test]
fn an_extern_path_that_changes_nothing_is_refused() {
    let files = [("m.yang", &*module("m", BASE))];
    assert_eq!(
        refused(&files, |generator| generator.extern_path("mm", "::a::m")),
        "setting for extern_path of mm: the module is neither asked for nor imported; did you mean \"m\"?"
    );
    assert_eq!(
        refused(&files, |generator| generator.extern_path("m", "not a path")),
        "setting for extern_path of m: \"not a path\" is no path of Rust, such as base::yang::types"
    );
}

#[test]
fn whole_data_holds_what_both_define() {
    let text = r#"{"extern-base:shared":{"level":7},"extern-user:device":{"load":1,"level":7}}"#;
    let options = Options::default();
    let data: user::Data = json::from_slice(text.as_bytes(), &options).expect("decodes");
    let shared: &Option<base::extern_base::Shared> = &data.shared;
    assert_eq!(
        shared
            .as_ref()
            .map(|shared| json::to_string(shared))
            .as_deref(),
        Some(r#"{"extern-base:shared":{"level":7}}"#)
    );
    assert_eq!(json::to_string(&data), text);
    // The place of a fault between nodes is found in what the other crate describes.
    let twice = text.replace(r#""level":7},"#, r#""level":7,"tag":["a","a"]},"#);
    let faults =
        json::from_slice::<user::Data>(twice.as_bytes(), &options).expect_err("stands twice");
    let faults: Vec<String> = faults.list.iter().map(ToString::to_string).collect();
    assert_eq!(
        faults,
        [
            "1:45: duplicate-entry: /extern-base:shared/tag[.='a']: expected each value of the \
             leaf-list \"tag\" once, found \"a\""
        ]
    );
}
