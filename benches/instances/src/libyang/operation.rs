//! Operations, which the binding can parse in part and cannot validate: the one place of this crate
//! that talks to libyang's C API.
#![allow(unsafe_code, reason = "libyang is a C library")]

use std::ptr::{null, null_mut};

use libyang2_sys as ffi;
use notif_runtime::schema::Form;
use yang2::context::Context;
use yang2::data::{DataFormat, DataTree};
use yang2::utils::Binding as _;

/// The operation, parsed and validated without a datastore beside it. The text ends in NUL.
pub(super) fn parse<'c>(
    context: &'c Context,
    form: Form,
    format: DataFormat,
    text: &str,
) -> Result<DataTree<'c>, String> {
    let ty = match form {
        Form::Notification => ffi::lyd_type::LYD_TYPE_NOTIF_YANG,
        Form::Rpc => ffi::lyd_type::LYD_TYPE_RPC_YANG,
        Form::Reply => ffi::lyd_type::LYD_TYPE_REPLY_YANG,
    };
    let module = context.modules(false).next().ok_or("there is no module")?;
    let (mut input, mut tree, mut node) = (null_mut(), null_mut(), null_mut());
    // SAFETY: the text ends with NUL and outlives the input; the context outlives the tree, which
    // is freed by its wrapper, whose only owner this is; `node` is in that tree.
    unsafe {
        let context_pointer = (*module.as_raw()).ctx;
        // Earlier complaints are not about this document.
        ffi::ly_err_clean(context_pointer, null_mut());
        ffi::ly_in_new_memory(text.as_ptr().cast(), &raw mut input);
        let format = format as ffi::LYD_FORMAT::Type;
        let parsed = ffi::lyd_parse_op(
            context_pointer,
            null_mut(),
            input,
            format,
            ty,
            &raw mut tree,
            &raw mut node,
        );
        ffi::ly_in_free(input, 0);
        if parsed != ffi::LY_ERR::LY_SUCCESS {
            return Err(yang2::Error::new(context).to_string());
        }
        let owned = DataTree::from_raw(context, tree);
        if ffi::lyd_validate_op(node, null(), ty, null_mut()) != ffi::LY_ERR::LY_SUCCESS {
            return Err(yang2::Error::new(context).to_string());
        }
        Ok(owned)
    }
}
