//! How generated code writes schema nodes down: constant functions, a line a node.

use super::{IdentityValue, Integer, Kind, Leaf, LeafPath, Module, Node, Operation, Rules, Type};

/// What the top of whole data has for a module.
static NO_MODULE: Module = Module {
    name: "",
    revision: None,
    namespace: "",
    prefix: "",
    features: &[],
    roots: &[],
    data: || &[],
    operations: &[],
    identities: &[],
};

impl Node {
    /// `member` is the name in quotes with a colon.
    const fn new(
        module: &'static Module,
        name: &'static str,
        member: &'static str,
        kind: Kind,
    ) -> Self {
        Self {
            name,
            member,
            module,
            config: true,
            mandatory: false,
            constrained: false,
            rules: Rules::NONE,
            sid: None,
            operations: &[],
            kind,
        }
    }

    /// A leaf.
    #[must_use]
    pub const fn leaf_node(
        module: &'static Module,
        name: &'static str,
        member: &'static str,
        ty: &'static Type,
    ) -> Self {
        Self::new(
            module,
            name,
            member,
            Kind::Leaf(Leaf {
                ty,
                default: None,
                units: None,
            }),
        )
    }

    /// A leaf-list.
    #[must_use]
    pub const fn leaf_list(
        module: &'static Module,
        name: &'static str,
        member: &'static str,
        ty: &'static Type,
    ) -> Self {
        Self::new(
            module,
            name,
            member,
            Kind::LeafList(Leaf {
                ty,
                default: None,
                units: None,
            }),
        )
    }

    /// A container.
    #[must_use]
    pub const fn container(
        module: &'static Module,
        name: &'static str,
        member: &'static str,
        children: &'static [Node],
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
        name: &'static str,
        member: &'static str,
        keys: &'static [usize],
        children: &'static [Node],
    ) -> Self {
        Self::new(module, name, member, Kind::List { keys, children })
    }

    /// Has this SID.
    #[must_use]
    pub const fn sid(mut self, sid: u64) -> Self {
        self.sid = Some(sid);
        self
    }

    /// The top of whole data.
    #[must_use]
    pub const fn data(children: &'static [Node]) -> Self {
        Self::new(&NO_MODULE, "", "", Kind::Data { children })
    }

    /// A notification.
    #[must_use]
    pub const fn notification(
        module: &'static Module,
        name: &'static str,
        member: &'static str,
        children: &'static [Node],
    ) -> Self {
        Self::new(module, name, member, Kind::Notification { children })
    }

    /// The input of the rpc or action with this name.
    #[must_use]
    pub const fn input(
        module: &'static Module,
        name: &'static str,
        member: &'static str,
        children: &'static [Node],
    ) -> Self {
        Self::new(module, name, member, Kind::Input { children })
    }

    /// The output of the rpc or action with this name.
    #[must_use]
    pub const fn output(
        module: &'static Module,
        name: &'static str,
        member: &'static str,
        children: &'static [Node],
    ) -> Self {
        Self::new(module, name, member, Kind::Output { children })
    }

    /// Has notifications or actions.
    #[must_use]
    pub const fn operations(mut self, operations: &'static [Operation]) -> Self {
        self.operations = operations;
        self
    }

    /// State data, or a node of an operation.
    #[must_use]
    pub const fn state(mut self) -> Self {
        self.config = false;
        self
    }

    /// Must be there where its parent is.
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
    pub const fn rules(mut self, rules: &'static Rules) -> Self {
        self.rules = rules;
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

    /// Of a leaf: its default, in canonical form.
    #[must_use]
    pub const fn default_value(mut self, value: &'static str) -> Self {
        if let Kind::Leaf(leaf) = &mut self.kind {
            leaf.default = Some(value);
        }
        self
    }

    /// Of a leaf or leaf-list: its units.
    #[must_use]
    pub const fn units(mut self, value: &'static str) -> Self {
        if let Kind::Leaf(leaf) | Kind::LeafList(leaf) = &mut self.kind {
            leaf.units = Some(value);
        }
        self
    }
}

impl IdentityValue {
    /// An identity.
    #[must_use]
    pub const fn new(module: &'static Module, name: &'static str) -> Self {
        Self {
            module,
            name,
            sid: None,
        }
    }

    /// Has this SID.
    #[must_use]
    pub const fn sid(mut self, sid: u64) -> Self {
        self.sid = Some(sid);
        self
    }
}

impl Type {
    /// An integer type without a range of its own.
    const fn integer(kind: Integer) -> Self {
        Self::Integer { kind, range: &[] }
    }

    /// int8.
    pub const INT8: Self = Self::integer(Integer::Int8);
    /// int16.
    pub const INT16: Self = Self::integer(Integer::Int16);
    /// int32.
    pub const INT32: Self = Self::integer(Integer::Int32);
    /// int64.
    pub const INT64: Self = Self::integer(Integer::Int64);
    /// uint8.
    pub const UINT8: Self = Self::integer(Integer::Uint8);
    /// uint16.
    pub const UINT16: Self = Self::integer(Integer::Uint16);
    /// uint32.
    pub const UINT32: Self = Self::integer(Integer::Uint32);
    /// uint64.
    pub const UINT64: Self = Self::integer(Integer::Uint64);
    /// string, of any length and any characters.
    pub const STRING: Self = Self::String {
        length: &[],
        patterns: &[],
    };
    /// boolean.
    pub const BOOLEAN: Self = Self::Boolean;

    /// binary, of any length.
    pub const BINARY: Self = Self::Binary { length: &[] };
    /// empty.
    pub const EMPTY: Self = Self::Empty;

    /// A leafref with an absolute path.
    #[must_use]
    pub const fn leafref(steps: &'static [&'static str], target: &'static Type) -> Self {
        Self::LeafRef {
            path: LeafPath { ups: None, steps },
            require_instance: true,
            target,
        }
    }

    /// A leafref whose path goes `ups` levels up first.
    #[must_use]
    pub const fn relative_leafref(
        ups: usize,
        steps: &'static [&'static str],
        target: &'static Type,
    ) -> Self {
        Self::LeafRef {
            path: LeafPath {
                ups: Some(ups),
                steps,
            },
            require_instance: true,
            target,
        }
    }

    /// `require-instance false`: the referred leaf need not exist.
    #[must_use]
    pub const fn without_instance(mut self) -> Self {
        if let Self::LeafRef {
            require_instance, ..
        } = &mut self
        {
            *require_instance = false;
        }
        self
    }
}
