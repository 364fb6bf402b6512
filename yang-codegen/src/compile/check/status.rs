//! References of nodes to nodes that are deprecated or obsolete (RFC 7950 section 7.21.2). A node
//! without a status has that of the node around it.

use crate::compile::docs;
use crate::compile::tree::Node;
use crate::fault::{Fault, Faults};
use crate::model::Status;
use crate::modules::Modules;
use crate::parse::Statement;

/// Checks the reference of a node to another one in the statement `at`: a current definition refers
/// to no deprecated or obsolete one of its module, and a deprecated one to no obsolete one.
pub(in crate::compile) fn check_reference(
    modules: &Modules,
    at: Statement<'_>,
    (from, to): (&Node<'_>, &Node<'_>),
    faults: &mut Faults,
) {
    let module = modules.module_of(at);
    // A node that a grouping of this module brings into another one is defined here too.
    let is_of_module = |node: &Node<'_>| {
        module == Some(node.module) || module == modules.module_of(node.statement)
    };
    if to.status == Status::Current || !is_of_module(to) {
        return;
    }
    let of_node = Some(from.status).filter(|_| is_of_module(from));
    let mut around = std::iter::successors(Some(at), |statement| statement.parent());
    let of_text = around.find_map(docs::status);
    if of_node.max(of_text).unwrap_or_default() >= to.status {
        return;
    }
    let status = match to.status {
        Status::Obsolete => "obsolete",
        _ => "deprecated",
    };
    let (kind, name) = (to.kind.as_str(), to.name);
    let message = format!(
        "the {kind} \"{name}\" is {status}, and what refers to it is not; give this the status \
         {status} too, or refer to another"
    );
    faults.tolerable(Fault::of(at, "RFC 7950 section 7.21.2", message));
}

#[cfg(test)]
mod tests {
    use crate::error::{Error, Warning};
    use crate::{Compiler, Sources};

    /// The module m of a body in which `D` is for "status deprecated;" and `O` for "status
    /// obsolete;", beside the module n.
    fn compiler(body: &str) -> Compiler {
        let body = body.replace(" D ", " status deprecated; ");
        let body = body.replace(" O ", " status obsolete; ");
        let mut sources = Sources::new();
        sources.add(
            "m.yang",
            format!("module m {{ yang-version 1.1; namespace urn:m; prefix m;\n{body}\n}}"),
        );
        sources.add(
            "n.yang",
            "module n { namespace urn:n; prefix n;
               grouping g { leaf t { type string; } leaf b { type leafref { path ../t; } } }
               leaf d { status obsolete; type string; } }",
        );
        Compiler::new(sources).module("m")
    }

    fn faults(body: &str) -> Vec<String> {
        match compiler(body).compile() {
            Ok(_) => Vec::new(),
            Err(Error::Load(faults)) => faults.iter().map(ToString::to_string).collect(),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn a_current_node_refers_to_current_ones_of_its_module() {
        for (body, expected) in [
            (
                "leaf t { D type string; } leaf a { type leafref { path /t; } }",
                "path \"/t\": the leaf \"t\" is deprecated",
            ),
            (
                "container c { D leaf t { type string; } } leaf a { type leafref { path /c/t; } }",
                "path \"/c/t\": the leaf \"t\" is deprecated",
            ),
            (
                "leaf-list t { O type string; } typedef r { type leafref { path /m:t; } }
                 leaf a { D type union { type r; type int8; } }",
                "path \"/m:t\": the leaf-list \"t\" is obsolete",
            ),
            (
                "choice x { leaf t { D type string; } } leaf a { type leafref { path /t; } }",
                "path \"/t\": the leaf \"t\" is deprecated",
            ),
            (
                "list l { key k; leaf k { D type string; } }",
                "key \"k\": the leaf \"k\" is deprecated",
            ),
            (
                "list l { key k; unique v; leaf k { type string; } leaf v { D type string; } }",
                "unique \"v\": the leaf \"v\" is deprecated",
            ),
            (
                "grouping g { list l { D key k; leaf k { O type string; } } }",
                "key \"k\": the leaf \"k\" is obsolete",
            ),
        ] {
            let found = faults(body);
            let [fault] = found.as_slice() else {
                panic!("{body}: {found:#?}")
            };
            assert!(fault.contains(expected), "{body}: {fault}");
        }
    }

    #[test]
    fn deprecated_nodes_refer_to_deprecated_ones() {
        for body in [
            "leaf t { D type string; } leaf a { D type leafref { path /t; } }",
            "leaf t { D type string; } leaf a { O type leafref { path /t; } }",
            "leaf t { D type string; } typedef r { type leafref { path /m:t; } }
             leaf a { D type r; }",
            "leaf t { D type string; } container c { D leaf a { type leafref { path /t; } } }",
            "container c { D leaf t { type string; } leaf a { type leafref { path ../t; } } }",
            "container c { D }
             augment /c { leaf t { type string; } leaf a { type leafref { path ../t; } } }",
            "grouping g { leaf t { type string; } leaf a { type leafref { path ../t; } } }
             uses g { D }",
            "list l { D key k; leaf k { type string; } }",
            "import n { prefix n; } container c { uses n:g { D } }",
            "import n { prefix n; } leaf a { type leafref { path /n:d; } }",
        ] {
            assert_eq!(faults(body), Vec::<String>::new(), "{body}");
        }
    }

    #[test]
    fn lenient_reading_warns() {
        let text = "leaf t { D type string; }\nleaf a { type leafref { path /t; } }";
        let compiled = compiler(text).lenient(true).compile().unwrap();
        let [Warning::Tolerated(fault)] = compiled.warnings.as_slice() else {
            panic!("{:#?}", compiled.warnings)
        };
        assert_eq!(
            fault.to_string(),
            "m.yang:3:25: path \"/t\": the leaf \"t\" is deprecated, and what refers to it is not; \
             give this the status deprecated too, or refer to another (RFC 7950 section 7.21.2)"
        );
    }
}
