//! Loads `.yang` files into the [`Model`]. The only room that knows libyang.
//!
//! The front end is libyang 2.2.8, which the crate yang2 bundles. It is needed when code is
//! generated, never when it runs. The older binding is the right one: measured over 7,577 documents
//! its verdicts differ from those of libyang 3.13.6 on 3; libyang 4 takes malformed date-and-time
//! values; libyang 5 puts the 2025 revision of ietf-yang-types into every set of modules, whatever
//! the user's search path holds.

mod convert;
mod docs;
mod files;
mod identities;
mod own;
mod place;
mod problem;
mod raw;
mod rules;
mod statement;
mod types;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::Features;
use crate::error::{Error, most_similar, suggestion};
use crate::fault::Fault;
use crate::front_end::{Loaded, Request};
use crate::model::Model;
use files::SearchPath;

/// Loads the modules and all that they import.
pub(crate) fn load(request: &Request<'_>) -> Result<Loaded, Error> {
    let modules = all_modules(request)?;
    let request = &Request {
        modules: &modules,
        ..*request
    };
    let mut opened = Opened::new(request)?;
    own::leave_out(&mut opened.context, request.leave_out)?;
    let all_of = own::use_typedefs(&mut opened.context, request.typedefs)?;
    let wanted = |module: &raw::Module<'_>| opened.is_wanted(request, *module);
    let model = convert::model(&opened.context, wanted, &all_of)?;
    let mut warnings = rules::warnings(&opened.context, &model);
    warnings.extend(identities::warnings(&opened.context, &model));
    Ok(Loaded {
        warnings,
        model,
        files: opened.files(),
    })
}

/// The modules and all that they import, without nodes. If the request names none, all in the
/// search path that have something to implement (RFC 7950 section 5.6.5).
pub(crate) fn library(request: &Request<'_>) -> Result<Model, Error> {
    let implementable = implementable(request)?;
    let modules = all_modules(&Request {
        modules: &implementable,
        ..*request
    })?;
    let request = &Request {
        modules: &modules,
        ..*request
    };
    let opened = Opened::new(request)?;
    let wanted = |module: &raw::Module<'_>| opened.is_wanted(request, *module);
    convert::library(&opened.context, wanted)
}

/// The modules of a request; if it names none, all in the search path that have something to
/// implement.
fn implementable(request: &Request<'_>) -> Result<Vec<(String, Option<String>)>, Error> {
    if !request.modules.is_empty() {
        return Ok(request.modules.to_vec());
    }
    let names = SearchPath::new(request.search_path)?.implementable();
    Ok(names.into_iter().map(|name| (name, None)).collect())
}

/// The modules of a request; if it has imports implemented, also those that they import and that
/// have a file in the search path.
fn all_modules(request: &Request<'_>) -> Result<Vec<(String, Option<String>)>, Error> {
    let mut modules = request.modules.to_vec();
    if !request.implement_imports {
        return Ok(modules);
    }
    let search_path = SearchPath::new(request.search_path)?;
    let mut context = new_context(request)?;
    let files = files(&search_path, request)?;
    parse_files(&mut context, &search_path, request, &files)?;
    let named = |module: &raw::Module<'_>| request.names(module.name());
    for module in convert::imported(&context, named) {
        if named(&module) {
            continue;
        }
        let name = module.name().to_owned();
        if module.file().is_some() {
            modules.push((name, module.revision().map(str::to_owned)));
        } else if search_path.newest(&name).is_some() {
            // The file will take the place of the module that libyang is built with.
            modules.push((name, None));
        }
    }
    Ok(modules)
}

fn new_context(request: &Request<'_>) -> Result<raw::Context, Error> {
    raw::Context::new(request.search_path).map_err(|error| {
        Error::Load(vec![Fault {
            message: error.to_string(),
            ..Fault::default()
        }])
    })
}

/// The names of the modules in a folder.
pub(crate) fn modules(folder: &Path) -> Result<Vec<String>, Error> {
    Ok(SearchPath::new(&[folder.to_path_buf()])?.modules())
}

/// A context that holds the modules of a request.
struct Opened {
    context: raw::Context,
    /// The names of libyang's own modules.
    built_in: Vec<String>,
}

impl Opened {
    fn new(request: &Request<'_>) -> Result<Self, Error> {
        let search_path = SearchPath::new(request.search_path)?;
        let mut context = new_context(request)?;
        let built_in: Vec<String> = context
            .modules()
            .iter()
            .map(|module| module.name().to_owned())
            .collect();
        // An import takes what is implemented, so these take the place of those that libyang is
        // built with, older ones too.
        let replacing = built_in
            .iter()
            .filter(|name| !request.names(name))
            .filter_map(|name| Some((name, search_path.newest(name)?)));
        let mut files: Vec<(&str, &Path)> = replacing.map(|(name, file)| (&**name, file)).collect();
        files.extend(self::files(&search_path, request)?);
        load_files(&mut context, &search_path, request, &files)?;
        check_features(&context, request)?;
        check_feature_modules(request)?;
        check_imports(&context, &search_path, request)?;
        Ok(Self { context, built_in })
    }

    /// True if nodes of the module are generated.
    fn is_wanted(&self, request: &Request<'_>, module: raw::Module<'_>) -> bool {
        let is_built_in = || self.built_in.iter().any(|name| name == module.name());
        module.is_implemented() && (request.names(module.name()) || !is_built_in())
    }

    /// The files that were read.
    fn files(&self) -> Vec<PathBuf> {
        let modules = self.context.modules().into_iter();
        modules
            .flat_map(|module| module.file().into_iter().chain(module.submodule_files()))
            .map(Path::to_path_buf)
            .collect()
    }
}

/// The names that the texts of modules define, whether they were compiled or not.
pub(crate) fn defined_names(files: &[PathBuf]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let texts = files.iter().filter_map(|file| files::text(file));
    let mut statements: Vec<_> = texts.filter_map(|text| statement::parse(&text)).collect();
    while let Some(statement) = statements.pop() {
        names.insert(statement.argument);
        statements.extend(statement.children);
    }
    names
}

fn check_imports(
    context: &raw::Context,
    search_path: &SearchPath,
    request: &Request<'_>,
) -> Result<(), Error> {
    let is_chosen = |name: &str| {
        let mut modules = request.modules.iter();
        modules.any(|(module, revision)| module == name && revision.is_some())
    };
    // libyang's own modules import each other, which concerns nobody.
    let files = context.modules().into_iter();
    files
        .filter(|module| module.file().is_some())
        .flat_map(raw::Module::imports_of_any_revision)
        .filter(|imported| !is_chosen(imported.name()))
        .try_for_each(|imported| search_path.check_import(imported))
}

/// The files of the modules that were asked for.
fn files<'r>(
    search_path: &'r SearchPath,
    request: &Request<'r>,
) -> Result<Vec<(&'r str, &'r Path)>, Error> {
    let modules = request.modules.iter();
    let file = |(name, revision): &'r (String, Option<String>)| {
        let file = search_path.require(name, revision.as_deref(), request.search_path)?;
        Ok((name.as_str(), file))
    };
    modules.map(file).collect()
}

/// Loads these modules and compiles them.
fn load_files(
    context: &mut raw::Context,
    search_path: &SearchPath,
    request: &Request<'_>,
    files: &[(&str, &Path)],
) -> Result<(), Error> {
    parse_files(context, search_path, request, files)?;
    let paths: Vec<&Path> = files.iter().map(|(_, file)| *file).collect();
    let compiled = context.compile();
    compiled.map_err(|logged| Error::Load(search_path.complaints(&logged, &paths)))
}

/// Loads these modules.
fn parse_files(
    context: &mut raw::Context,
    search_path: &SearchPath,
    request: &Request<'_>,
    files: &[(&str, &Path)],
) -> Result<(), Error> {
    let paths: Vec<&Path> = files.iter().map(|(_, file)| *file).collect();
    for (at, (name, file)) in files.iter().enumerate() {
        let features = features_of(request.features, name);
        let features: Vec<&str> = features.iter().map(String::as_str).collect();
        let Err(logged) = context.load(file, &features) else {
            continue;
        };
        // Only a module that is loaded can say that it lacks a feature.
        if !features.is_empty() && context.load(file, &[]).is_ok() {
            check_features(context, request)?;
        }
        let given = paths.get(..=at).unwrap_or_default();
        return Err(Error::Load(search_path.complaints(&logged, given)));
    }
    Ok(())
}

fn features_of(features: &[(String, Features)], module: &str) -> Vec<String> {
    let of_module = features
        .iter()
        .filter(|(name, _)| name == module || name == Features::EVERY_MODULE);
    let mut names: Vec<String> = Vec::new();
    for (_, features) in of_module {
        match features {
            Features::All => return vec!["*".to_owned()],
            Features::Only(only) => names.extend(only.iter().cloned()),
        }
    }
    names
}

/// libyang says of an unknown feature only that it is not found; this names the nearest.
fn check_features(context: &raw::Context, request: &Request<'_>) -> Result<(), Error> {
    for (name, features) in request.features {
        let Features::Only(wanted) = features else {
            continue;
        };
        let Some(module) = context
            .modules()
            .into_iter()
            .find(|module| module.name() == name)
        else {
            continue;
        };
        let known = module.features();
        for feature in wanted {
            if !known.iter().any(|known| known.name == feature) {
                return Err(Error::UnknownFeature {
                    module: name.clone(),
                    feature: feature.clone(),
                    nearest: most_similar(feature, known.iter().map(|known| known.name)),
                });
            }
        }
    }
    Ok(())
}

/// Features of a module that is not asked for would be on for nothing: libyang has them for modules
/// with data alone.
fn check_feature_modules(request: &Request<'_>) -> Result<(), Error> {
    let modules = || request.modules.iter().map(|(module, _)| module.as_str());
    let unknown = request
        .features
        .iter()
        .find(|(name, _)| name != Features::EVERY_MODULE && !modules().any(|known| known == name));
    unknown.map_or(Ok(()), |(name, _)| {
        let nearest = most_similar(name, modules());
        Err(Error::Setting {
            path: format!("features of {name}"),
            reason: format!(
                "the module is not one of those to generate types for{}",
                suggestion(nearest.as_deref())
            ),
        })
    })
}
