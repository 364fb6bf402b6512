//! How generated code writes schema nodes down: constant functions, a line a node.

use super::xpath::Expr;
use super::{
    Extension, IdentityValue, Integer, Kind, Leaf, LeafPath, LeafrefPath, Module, Must, Node,
    OnError, Operation, Rules, Type, When,
};
use crate::types::CanonicalForm;
use crate::validate::pattern::Pattern;

/// What the top of whole data has for a module.
static NO_MODULE: Module = Module::EMPTY;

impl Module {
    /// A module of nothing, to change in part.
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
        roots: &[],
        data: || &[],
        operations: &[],
        identities: &[],
        structures: &[],
        annotations: &[],
        extensions: &[],
    };
}

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
                defaults: &[],
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
                defaults: &[],
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

    /// Anydata.
    #[must_use]
    pub const fn any_data(
        module: &'static Module,
        name: &'static str,
        member: &'static str,
    ) -> Self {
        Self::new(module, name, member, Kind::AnyData)
    }

    /// Anyxml.
    #[must_use]
    pub const fn any_xml(
        module: &'static Module,
        name: &'static str,
        member: &'static str,
    ) -> Self {
        Self::new(module, name, member, Kind::AnyXml)
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

    /// Has extensions in its statement.
    #[must_use]
    pub const fn extensions(mut self, extensions: &'static [Extension]) -> Self {
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

    /// Of a leaf: its default, in canonical form.
    #[must_use]
    pub const fn default_value(mut self, value: &'static str) -> Self {
        if let Kind::Leaf(leaf) = &mut self.kind {
            leaf.default = Some(value);
        }
        self
    }

    /// Of a leaf-list: its defaults, in canonical form.
    #[must_use]
    pub const fn default_values(mut self, values: &'static [&'static str]) -> Self {
        if let Kind::LeafList(leaf) = &mut self.kind {
            leaf.defaults = values;
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

impl When {
    /// A condition whose context node is the node itself.
    #[must_use]
    pub const fn new(source: &'static str, expr: &'static Expr) -> Self {
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

impl Must {
    /// A constraint without words of its own.
    #[must_use]
    pub const fn new(source: &'static str, expr: &'static Expr) -> Self {
        Self {
            source,
            expr,
            message: None,
            app_tag: None,
        }
    }

    /// Its `error-message`.
    #[must_use]
    pub const fn message(mut self, text: &'static str) -> Self {
        self.message = Some(text);
        self
    }

    /// Its `error-app-tag`.
    #[must_use]
    pub const fn app_tag(mut self, tag: &'static str) -> Self {
        self.app_tag = Some(tag);
        self
    }
}

impl Type {
    /// An integer type without a range of its own.
    const fn integer(kind: Integer) -> Self {
        Self::integer_in(kind, &[])
    }

    /// An integer type with a range.
    #[must_use]
    pub const fn integer_in(kind: Integer, range: &'static [(i128, i128)]) -> Self {
        Self::Integer {
            kind,
            range,
            on_error: OnError::NONE,
        }
    }

    /// A decimal64; `range` is empty if it has none.
    #[must_use]
    pub const fn decimal64(fraction_digits: u8, range: &'static [(i64, i64)]) -> Self {
        Self::Decimal64 {
            fraction_digits,
            range,
            on_error: OnError::NONE,
        }
    }

    /// A string; `length` is empty if it has none.
    #[must_use]
    pub const fn string(length: &'static [(u64, u64)], patterns: &'static [Pattern]) -> Self {
        Self::String {
            length,
            patterns,
            on_error: OnError::NONE,
            canonical: None,
        }
    }

    /// The canonical form of a string type, if it is not the text itself.
    #[must_use]
    pub const fn with_canonical(mut self, form: CanonicalForm) -> Self {
        if let Self::String { canonical, .. } = &mut self {
            *canonical = Some(form);
        }
        self
    }

    /// A binary; `length` is empty if it has none.
    #[must_use]
    pub const fn binary(length: &'static [(u64, u64)]) -> Self {
        Self::Binary {
            length,
            on_error: OnError::NONE,
        }
    }

    /// The module's own `error-message` for what the range or length refuses.
    #[must_use]
    pub const fn with_message(mut self, message: &'static str) -> Self {
        if let Some(on_error) = self.on_error_mut() {
            on_error.message = Some(message);
        }
        self
    }

    /// The `error-app-tag` for what the range or length refuses.
    #[must_use]
    pub const fn with_app_tag(mut self, app_tag: &'static str) -> Self {
        if let Some(on_error) = self.on_error_mut() {
            on_error.app_tag = Some(app_tag);
        }
        self
    }

    const fn on_error_mut(&mut self) -> Option<&mut OnError> {
        match self {
            Self::Integer { on_error, .. }
            | Self::Decimal64 { on_error, .. }
            | Self::String { on_error, .. }
            | Self::Binary { on_error, .. } => Some(on_error),
            _ => None,
        }
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
    pub const STRING: Self = Self::string(&[], &[]);
    /// boolean.
    pub const BOOLEAN: Self = Self::Boolean;

    /// binary, of any length.
    pub const BINARY: Self = Self::binary(&[]);
    /// empty.
    pub const EMPTY: Self = Self::Empty;

    /// A leafref with an absolute path.
    #[must_use]
    pub const fn leafref(steps: &'static [&'static str], target: &'static Type) -> Self {
        Self::LeafRef {
            path: LeafrefPath::Plain(LeafPath { ups: None, steps }),
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
            path: LeafrefPath::Plain(LeafPath {
                ups: Some(ups),
                steps,
            }),
            require_instance: true,
            target,
        }
    }

    /// A leafref whose path has predicates or functions.
    #[must_use]
    pub const fn leafref_expr(
        source: &'static str,
        expr: &'static Expr,
        target: &'static Type,
    ) -> Self {
        Self::LeafRef {
            path: LeafrefPath::Expr { source, expr },
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
