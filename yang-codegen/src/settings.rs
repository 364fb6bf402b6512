//! Settings that change the generated code.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::Parser as _;
use syn::{Attribute, Path};

use crate::error::{Error, most_similar, suggestion};

/// Settings for single nodes, each named by its schema path (`/module:node/node`), and the path of
/// the runtime.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    runtime: String,
    type_attributes: Vec<(String, String)>,
    field_attributes: Vec<(String, String)>,
    renames: Vec<(String, String)>,
    externs: Vec<(String, String)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            runtime: "::notif_runtime".to_owned(),
            type_attributes: Vec::new(),
            field_attributes: Vec::new(),
            renames: Vec::new(),
            externs: Vec::new(),
        }
    }
}

impl Settings {
    pub(crate) fn set_runtime_path(&mut self, path: String) {
        self.runtime = path;
    }

    pub(crate) fn add_type_attribute(&mut self, path: String, attribute: String) {
        self.type_attributes.push((path, attribute));
    }

    pub(crate) fn add_field_attribute(&mut self, path: String, attribute: String) {
        self.field_attributes.push((path, attribute));
    }

    pub(crate) fn add_rename(&mut self, path: String, name: String) {
        self.renames.push((path, name));
    }

    pub(crate) fn add_extern_path(&mut self, module: String, path: String) {
        self.externs.push((module, path));
    }

    /// The settings with their Rust parsed.
    pub(crate) fn parse(&self) -> Result<Parsed, Error> {
        let attributes = |setting: &str, settings: &[(String, String)]| {
            settings
                .iter()
                .map(|(path, text)| {
                    let parsed = Attribute::parse_outer.parse_str(text).map_err(|_| {
                        invalid(setting, path, text, "attribute, such as #[derive(Eq)]")
                    })?;
                    Ok((path.clone(), quote!(#(#parsed)*)))
                })
                .collect::<Result<Vec<(String, TokenStream)>, Error>>()
        };
        let rename = |(path, name): &(String, String)| {
            let ident = syn::parse_str(name)
                .map_err(|_| invalid("rename", path, name, "name of Rust, such as Report"))?;
            Ok((path.clone(), ident))
        };
        let parse_path = |setting: &str, of: &str, path: &str| {
            syn::parse_str::<Path>(path)
                .map(ToTokens::into_token_stream)
                .map_err(|_| invalid(setting, of, path, "path of Rust, such as base::yang::types"))
        };
        let rust_path = |(module, path): &(String, String)| {
            Ok((module.clone(), parse_path("extern_path", module, path)?))
        };
        Ok(Parsed {
            runtime: parse_path("runtime_path", "the generator", &self.runtime)?,
            type_attributes: attributes("type_attribute", &self.type_attributes)?,
            field_attributes: attributes("field_attribute", &self.field_attributes)?,
            renames: self
                .renames
                .iter()
                .map(rename)
                .collect::<Result<_, Error>>()?,
            externs: self
                .externs
                .iter()
                .map(rust_path)
                .collect::<Result<_, Error>>()?,
            known: RefCell::default(),
            typed: RefCell::default(),
            fields: RefCell::default(),
            clashes: RefCell::default(),
        })
    }
}

/// The error of a value that a setting cannot have.
fn invalid(setting: &str, of: &str, value: &str, wanted: &str) -> Error {
    Error::Setting {
        path: format!("{setting} of {of}"),
        reason: format!("\"{value}\" is no {wanted}"),
    }
}

/// The settings as the emitter asks for them. It remembers the paths that it was asked about, so
/// that a setting that names none of them can be refused.
#[derive(Debug)]
pub(crate) struct Parsed {
    runtime: TokenStream,
    type_attributes: Vec<(String, TokenStream)>,
    field_attributes: Vec<(String, TokenStream)>,
    renames: Vec<(String, Ident)>,
    externs: BTreeMap<String, TokenStream>,
    known: RefCell<BTreeSet<String>>,
    /// The nodes with a type of their own.
    typed: RefCell<BTreeSet<String>>,
    /// The nodes that are fields.
    fields: RefCell<BTreeSet<String>>,
    /// The nodes that got the name of another type, with that name.
    clashes: RefCell<BTreeMap<String, String>>,
}

impl Parsed {
    /// The path of the runtime crate.
    pub(crate) fn runtime_path(&self) -> TokenStream {
        self.runtime.clone()
    }

    /// The Rust path of a module whose types another crate has.
    pub(crate) fn extern_path(&self, module: &str) -> Option<&TokenStream> {
        self.externs.get(module)
    }

    /// The modules whose types another crate has.
    pub(crate) fn extern_modules(&self) -> impl Iterator<Item = &str> {
        self.externs.keys().map(String::as_str)
    }

    /// The attributes of the type that a node has.
    pub(crate) fn type_attributes(&self, path: &str) -> Vec<TokenStream> {
        self.typed.borrow_mut().insert(path.to_owned());
        of(&self.type_attributes, path)
    }

    /// The attributes of the field that a node is.
    pub(crate) fn field_attributes(&self, path: &str) -> Vec<TokenStream> {
        self.fields.borrow_mut().insert(path.to_owned());
        of(&self.field_attributes, path)
    }

    /// The name that the type of a node gets.
    pub(crate) fn renamed(&self, path: &str) -> Option<Ident> {
        self.known.borrow_mut().insert(path.to_owned());
        let mut renames = self.renames.iter();
        let (_, name) = renames.find(|(renamed, _)| renamed == path)?;
        Some(name.clone())
    }

    /// Records that a setting gave a node the name of another type beside it.
    pub(crate) fn refuse_name(&self, path: String, name: &Ident) {
        self.clashes.borrow_mut().insert(path, name.to_string());
    }

    /// Returns an error if a setting changed nothing or gave two types one name.
    pub(crate) fn check_paths(&self) -> Result<(), Error> {
        if let Some((path, name)) = self.clashes.borrow().first_key_value() {
            return Err(Error::Setting {
                path: format!("rename of {path}"),
                reason: format!("another type beside it is called \"{name}\""),
            });
        }
        let (typed, fields) = (self.typed.borrow(), self.fields.borrow());
        let untyped = "the node has no type of its own";
        for (path, _) in &self.type_attributes {
            self.check_path(path, &typed, untyped)?;
        }
        for (path, _) in &self.renames {
            self.check_path(path, &typed, untyped)?;
        }
        for (path, _) in &self.field_attributes {
            self.check_path(path, &fields, "an operation is no field")?;
        }
        Ok(())
    }

    fn check_path(
        &self,
        path: &str,
        fitting: &BTreeSet<String>,
        otherwise: &str,
    ) -> Result<(), Error> {
        let known = self.known.borrow();
        let names = |paths: &BTreeSet<String>| paths.iter().any(|known| fits(path, known));
        let reason = if names(fitting) {
            return Ok(());
        } else if names(&known) {
            otherwise.to_owned()
        } else {
            let similar = most_similar(path, known.iter().map(String::as_str));
            format!("no node has this path{}", suggestion(similar.as_deref()))
        };
        Err(Error::Setting {
            path: path.to_owned(),
            reason,
        })
    }
}

/// Returns true if the path in a setting matches a node: `*` is any one step, `**` at the end one
/// or more. A typedef outside of nodes is named by its module and name; `/**` includes it.
fn fits(pattern: &str, path: &str) -> bool {
    if pattern == "/**" {
        return true;
    }
    let mut steps = path.split('/');
    for wanted in pattern.split('/') {
        match steps.next() {
            Some(_) if wanted == "**" => return true,
            Some(step) if wanted == "*" || wanted == step => {}
            _ => return false,
        }
    }
    steps.next().is_none()
}

fn of<T: Clone>(settings: &[(String, T)], path: &str) -> Vec<T> {
    settings
        .iter()
        .filter(|(pattern, _)| fits(pattern, path))
        .map(|(_, value)| value.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn stars_stand_for_steps() {
        for (pattern, path) in [
            ("/m:a/b", "/m:a/b"),
            ("/m:a/*", "/m:a/b"),
            ("/*/b", "/m:a/b"),
            ("/**", "/m:a"),
            ("/m:a/**", "/m:a/b/c"),
            ("/**", "m:typedef"),
            ("m:typedef", "m:typedef"),
        ] {
            assert!(fits(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("/m:a", "/m:a/b"),
            ("/m:a/*", "/m:a"),
            ("/m:a/*", "/m:a/b/c"),
            ("/m:a/**", "/m:a"),
            ("/**/c", "m:a"),
            ("/m:**", "m:typedef"),
            ("/m:typedef", "m:typedef"),
        ] {
            assert!(!fits(pattern, path), "{pattern} {path}");
        }
    }
}
