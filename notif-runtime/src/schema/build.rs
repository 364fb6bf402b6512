//! Constant functions with which generated code describes schema nodes, a line a node.

mod types;

use super::xpath::Expr;
use super::{Extension, GetNode, Kind, Leaf, Module, Must, Node, Operation, Rules, Type, When};

/// The module of the top of whole data.
static NO_MODULE: Module = Module::EMPTY;

impl Module {
    /// An empty module, to change in part.
    pub const EMPTY: Self = Self {
        name: "",
        revision: None,
        namespace: "",
        prefix: "",
        implemented: false,
        partial: false,
        submodules: &[],
        deviated_by: &[],
        features: &[],
        data: || &[],
        operations: &[],
        identities: &[],
        structures: &[],
        annotations: &[],
        extensions: &[],
    };
}

impl<'s> Node<'s> {
    /// `member` is the name in quotes with a colon.
    const fn new(module: &'static Module, name: &'s str, member: &'s str, kind: Kind<'s>) -> Self {
        Self {
            name,
            member,
            module,
            config: true,
            mandatory: false,
            constrained: false,
            rules: Rules::NONE,
            extensions: &[],
            sid: None,
            operations: &[],
            kind,
        }
    }

    /// A leaf.
    #[must_use]
    pub const fn leaf_node(
        module: &'static Module,
        name: &'s str,
        member: &'s str,
        ty: &'s Type<'s>,
    ) -> Self {
        Self::new(
            module,
            name,
            member,
            Kind::Leaf(Leaf {
                ty,
                default: None,
                defaults: &[],
                units: None,
            }),
        )
    }

    /// A leaf-list.
    #[must_use]
    pub const fn leaf_list(
        module: &'static Module,
        name: &'s str,
        member: &'s str,
        ty: &'s Type<'s>,
    ) -> Self {
        Self::new(
            module,
            name,
            member,
            Kind::LeafList(Leaf {
                ty,
                default: None,
                defaults: &[],
                units: None,
            }),
        )
    }

    /// A container.
    #[must_use]
    pub const fn container(
        module: &'static Module,
        name: &'s str,
        member: &'s str,
        children: &'s [Node<'s>],
    ) -> Self {
        Self::new(
            module,
            name,
            member,
            Kind::Container {
                presence: false,
                children,
            },
        )
    }

    /// A list; `keys` are indexes of `children`.
    #[must_use]
    pub const fn list(
        module: &'static Module,
        name: &'s str,
        member: &'s str,
        keys: &'s [usize],
        children: &'s [Node<'s>],
    ) -> Self {
        Self::new(module, name, member, Kind::List { keys, children })
    }

    /// Anydata.
    #[must_use]
    pub const fn any_data(module: &'static Module, name: &'s str, member: &'s str) -> Self {
        Self::new(module, name, member, Kind::AnyData)
    }

    /// Anyxml.
    #[must_use]
    pub const fn any_xml(module: &'static Module, name: &'s str, member: &'s str) -> Self {
        Self::new(module, name, member, Kind::AnyXml)
    }

    /// Has this SID.
    #[must_use]
    pub const fn sid(mut self, sid: u64) -> Self {
        self.sid = Some(sid);
        self
    }

    /// This node: its description stands elsewhere.
    #[must_use]
    pub const fn given(self) -> Self {
        self
    }

    /// The top of whole data.
    #[must_use]
    pub const fn data(children: &'s [Node<'s>]) -> Self {
        Self::new(&NO_MODULE, "", "", Kind::Data { children })
    }

    /// A notification.
    #[must_use]
    pub const fn notification(
        module: &'static Module,
        name: &'s str,
        member: &'s str,
        children: &'s [Node<'s>],
    ) -> Self {
        Self::new(module, name, member, Kind::Notification { children })
    }

    /// The input of the rpc or action with this name.
    #[must_use]
    pub const fn input(
        module: &'static Module,
        name: &'s str,
        member: &'s str,
        children: &'s [Node<'s>],
    ) -> Self {
        Self::new(module, name, member, Kind::Input { children })
    }

    /// The output of the rpc or action with this name.
    #[must_use]
    pub const fn output(
        module: &'static Module,
        name: &'s str,
        member: &'s str,
        children: &'s [Node<'s>],
    ) -> Self {
        Self::new(module, name, member, Kind::Output { children })
    }

    /// Has notifications or actions.
    #[must_use]
    pub const fn operations(mut self, operations: &'static [Operation]) -> Self {
        self.operations = operations;
        self
    }

    /// Marks state data, or a node of an operation.
    #[must_use]
    pub const fn state(mut self) -> Self {
        self.config = false;
        self
    }

    /// Must be present if its parent is.
    #[must_use]
    pub const fn mandatory(mut self) -> Self {
        self.mandatory = true;
        self
    }

    /// Has a constraint between nodes, here or below.
    #[must_use]
    pub const fn constrained(mut self) -> Self {
        self.constrained = true;
        self
    }

    /// Has constraints of its own.
    #[must_use]
    pub const fn rules(mut self, rules: &'s Rules<'s>) -> Self {
        self.rules = rules;
        self
    }

    /// Has extensions in its statement.
    #[must_use]
    pub const fn extensions(mut self, extensions: &'s [Extension]) -> Self {
        self.extensions = extensions;
        self
    }

    /// Of a container: its existence carries meaning.
    #[must_use]
    pub const fn presence(mut self) -> Self {
        if let Kind::Container { presence, .. } = &mut self.kind {
            *presence = true;
        }
        self
    }

    /// Of a leaf: its default, in canonical form; of a string as the module has it.
    #[must_use]
    pub const fn default_value(mut self, value: &'s str) -> Self {
        if let Kind::Leaf(leaf) = &mut self.kind {
            leaf.default = Some(value);
        }
        self
    }

    /// Of a leaf-list: its defaults, in the same form.
    #[must_use]
    pub const fn default_values(mut self, values: &'s [&'s str]) -> Self {
        if let Kind::LeafList(leaf) = &mut self.kind {
            leaf.defaults = values;
        }
        self
    }

    /// Of a leaf or leaf-list: its units.
    #[must_use]
    pub const fn units(mut self, value: &'s str) -> Self {
        if let Kind::Leaf(leaf) | Kind::LeafList(leaf) = &mut self.kind {
            leaf.units = Some(value);
        }
        self
    }
}

impl Operation {
    /// An rpc.
    #[must_use]
    pub const fn rpc(input: GetNode, output: GetNode) -> Self {
        Self::Rpc { input, output }
    }

    /// An action.
    #[must_use]
    pub const fn action(input: GetNode, output: GetNode) -> Self {
        Self::Action { input, output }
    }
}

impl<'s> When<'s> {
    /// A condition whose context node is the node itself.
    #[must_use]
    pub const fn new(source: &'s str, expr: &'s Expr<'s>) -> Self {
        Self {
            source,
            expr,
            of_parent: false,
        }
    }

    /// Its context node is the parent data node.
    #[must_use]
    pub const fn of_parent(mut self) -> Self {
        self.of_parent = true;
        self
    }
}

impl<'s> Must<'s> {
    /// A constraint without words of its own.
    #[must_use]
    pub const fn new(source: &'s str, expr: &'s Expr<'s>) -> Self {
        Self {
            source,
            expr,
            message: None,
            app_tag: None,
        }
    }

    /// Its `error-message`.
    #[must_use]
    pub const fn message(mut self, text: &'s str) -> Self {
        self.message = Some(text);
        self
    }

    /// Its `error-app-tag`.
    #[must_use]
    pub const fn app_tag(mut self, tag: &'s str) -> Self {
        self.app_tag = Some(tag);
        self
    }
}
