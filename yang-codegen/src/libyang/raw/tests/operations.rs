//! Whole data and operations beside libyang: the same verdicts, and the same data again.

use std::fmt::Write as _;
use std::ptr::null_mut;

use fixtures::operations as generated;
use libyang2_sys as ffi;
use notif_runtime::Options;
use notif_runtime::registry::Registry;
use notif_runtime::schema::Form;
use notif_runtime::{Encoding, json, tree, xml};
use yang2::context::{Context, ContextFlags};
use yang2::data::{
    Data as _, DataFormat, DataParserFlags, DataPrinterFlags, DataTree, DataValidationFlags,
};
use yang2::utils::Binding as _;

mod cases;

use cases::{JSON, Kind, XML};

fn libyang() -> Context {
    let mut context = Context::new(ContextFlags::NO_YANGLIBRARY).expect("makes a context");
    context
        .set_searchdir(fixtures::folder())
        .expect("is a folder");
    for module in ["operations", "operations-more"] {
        context.load_module(module, None, &[]).expect("loads");
    }
    context
}

/// The document in libyang's JSON; `None` if it refuses it.
fn canonical(context: &Context, kind: Kind, encoding: Encoding, text: &str) -> Option<String> {
    let format = match encoding {
        Encoding::Xml => DataFormat::XML,
        _ => DataFormat::JSON,
    };
    // The binding hands libyang a bare pointer.
    let text = format!("{text}\0");
    let tree = match kind {
        None => {
            let (strict, present) = (DataParserFlags::STRICT, DataValidationFlags::PRESENT);
            DataTree::parse_string(context, &text, format, strict, present).ok()?
        }
        Some(form) => operation(context, form, format, &text)?,
    };
    let flags = DataPrinterFlags::SHRINK | DataPrinterFlags::WITH_SIBLINGS;
    let printed = tree.print_string(DataFormat::JSON, flags).expect("prints");
    Some(printed.unwrap_or_default())
}

/// The operation, parsed and validated without a datastore beside it. yang2 has no replies.
fn operation<'c>(
    context: &'c Context,
    form: Form,
    format: DataFormat,
    text: &str,
) -> Option<DataTree<'c>> {
    let ty = match form {
        Form::Notification => ffi::lyd_type::LYD_TYPE_NOTIF_YANG,
        Form::Rpc => ffi::lyd_type::LYD_TYPE_RPC_YANG,
        Form::Reply => ffi::lyd_type::LYD_TYPE_REPLY_YANG,
    };
    let (mut input, mut tree, mut node) = (null_mut(), null_mut(), null_mut());
    // SAFETY: the text ends with NUL and outlives the input; the context outlives the tree, which
    // is freed by its wrapper, whose only owner this is.
    unsafe {
        ffi::ly_in_new_memory(text.as_ptr().cast(), &raw mut input);
        let module = context.modules(false).next().expect("is there").as_raw();
        let (context_pointer, tree_pointer) = ((*module).ctx, &raw mut tree);
        let format = format as ffi::LYD_FORMAT::Type;
        let parsed = ffi::lyd_parse_op(
            context_pointer,
            null_mut(),
            input,
            format,
            ty,
            tree_pointer,
            &raw mut node,
        );
        ffi::ly_in_free(input, 0);
        if parsed != ffi::LY_ERR::LY_SUCCESS {
            return None;
        }
        let owned = DataTree::from_raw(context, tree);
        let valid = ffi::lyd_validate_op(node, std::ptr::null(), ty, null_mut());
        (valid == ffi::LY_ERR::LY_SUCCESS).then_some(owned)
    }
}

/// The document in our JSON and XML.
fn ours(kind: Kind, encoding: Encoding, text: &str) -> Result<(String, String), String> {
    let (registry, options) = (Registry::new(&generated::SCHEMA), Options::default());
    let both = |root: &dyn tree::Node| (json::to_string(root), xml::to_string(root));
    let text = text.as_bytes();
    match kind {
        None => registry
            .decode_data(encoding, text, &options)
            .map(|(root, _)| both(&*root)),
        Some(form) => registry
            .decode_operation(form, encoding, text, &options)
            .map(|operation| both(operation.root())),
    }
    .map_err(|faults| faults.to_string())
}

#[test]
fn verdicts_and_data_are_libyangs() {
    let context = libyang();
    let mut wrong = String::new();
    let json = JSON.iter().map(|case| (Encoding::Json, case));
    let cases = json.chain(XML.iter().map(|case| (Encoding::Xml, case)));
    for (encoding, (kind, text, accepted)) in cases {
        let text = text
            .replace("O:", "operations:")
            .replace("XMLNS", "xmlns=\"urn:example:operations\"");
        let theirs = canonical(&context, *kind, encoding, &text);
        let ours = ours(*kind, encoding, &text);
        if theirs.is_some() != *accepted || ours.is_ok() != *accepted {
            let _ = writeln!(
                wrong,
                "{kind:?} {text}\n  libyang {theirs:?}\n  ours {ours:?}"
            );
            continue;
        }
        let Ok((json, xml)) = ours else { continue };
        for (encoding, text) in [(Encoding::Json, &json), (Encoding::Xml, &xml)] {
            let again = self::ours(*kind, encoding, text);
            let theirs_again = canonical(&context, *kind, encoding, text);
            if again.as_ref() != Ok(&(json.clone(), xml.clone())) || theirs_again != theirs {
                let _ = writeln!(
                    wrong,
                    "{kind:?} {text}\n  {theirs:?}\n  {theirs_again:?}\n  {again:?}"
                );
            }
        }
    }
    assert!(wrong.is_empty(), "these differ:\n{wrong}");
}
