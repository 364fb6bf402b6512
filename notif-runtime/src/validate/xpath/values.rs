//! The texts and numbers of nodes, and the forms that a text has as a value of a leaf's type.

use std::borrow::Cow;

use super::object::{self, Object, Ref};
use super::{Evaluation, Stop};
use crate::schema::{self, Module, Type};
use crate::tree::Value;
use crate::types::{Bits, InstanceIdentifier};
use crate::validate::accessible::Content;
use crate::validate::values::fits;
use crate::value::{Names, Scalar, canonical, canonical_default, canonical_of};

/// The number of characters of text that count for a step of work.
const CHARACTERS_PER_STEP: usize = 16;

impl<'a> Evaluation<'_, 'a> {
    /// The value of a leaf.
    pub(super) fn leaf(&self, node: Ref) -> Option<Leaf<'a>> {
        let item = self.tree.get(node.at)?;
        let schema = item.schema?;
        let ty = schema.leaf()?.ty;
        let content = match item.content {
            Content::Value(value) => LeafValue::Value(value),
            Content::Default(text) => LeafValue::Default(text),
            Content::Inner(_) | Content::Any => return None,
        };
        Some(Leaf {
            schema,
            ty,
            content,
        })
    }

    /// Counts the work that a text of this length takes.
    pub(super) fn spend_on(&self, text: &str) -> Result<(), Stop> {
        self.spend(1 + text.len() / CHARACTERS_PER_STEP)
    }

    /// The string-value of a node (XPath 1.0 section 5).
    pub(super) fn node_text(&self, node: Ref) -> Result<Cow<'a, str>, Stop> {
        if let Some(leaf) = self.leaf(node) {
            let text = leaf.text();
            self.spend_on(&text)?;
            return Ok(text);
        }
        let mut text = String::new();
        for at in node.at..self.tree.end(node.at) {
            self.spend(1)?;
            let Some(item) = self.tree.get(at) else {
                continue;
            };
            let is_hidden = self.config && item.schema.is_some_and(|schema| !schema.config);
            if let (true, false, Some(leaf)) =
                (item.state.is_there(), is_hidden, self.leaf(Ref::node(at)))
            {
                let own = leaf.text();
                self.spend_on(&own)?;
                text.push_str(&own);
            }
        }
        Ok(text.into())
    }

    /// The number that a node's text is.
    pub(super) fn node_number(&self, node: Ref) -> Result<f64, Stop> {
        self.spend(1)?;
        match self.leaf(node).map(|leaf| leaf.content) {
            Some(LeafValue::Value(Value::Uint8(value))) => Ok(value.into()),
            Some(LeafValue::Value(Value::Uint16(value))) => Ok(value.into()),
            Some(LeafValue::Value(Value::Uint32(value))) => Ok(value.into()),
            Some(LeafValue::Value(Value::Int32(value))) => Ok(value.into()),
            _ => Ok(object::number(&self.node_text(node)?)),
        }
    }

    pub(super) fn to_text(self, object: &Object<'a>) -> Result<Cow<'a, str>, Stop> {
        let text = match object {
            Object::Nodes(nodes) => match nodes.first() {
                Some(first) => return self.node_text(*first),
                None => Cow::Borrowed(""),
            },
            Object::Text(text) => text.clone(),
            Object::Literal(literal) => literal.text.into(),
            Object::Number(number) => object::number_text(*number).into(),
            Object::Boolean(true) => "true".into(),
            Object::Boolean(false) => "false".into(),
        };
        self.spend_on(&text)?;
        Ok(text)
    }

    pub(super) fn to_number(self, object: &Object<'a>) -> Result<f64, Stop> {
        Ok(match object {
            Object::Number(number) => *number,
            Object::Boolean(value) => f64::from(u8::from(*value)),
            Object::Nodes(nodes) => match nodes.first() {
                Some(first) => self.node_number(*first)?,
                None => f64::NAN,
            },
            other => object::number(&self.to_text(other)?),
        })
    }
}

/// A leaf of the tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaf<'a> {
    schema: &'a schema::Node<'a>,
    pub(super) ty: &'a Type<'a>,
    content: LeafValue<'a>,
}

#[derive(Debug, Clone, Copy)]
enum LeafValue<'a> {
    Value(Value<'a>),
    /// A default, of a string perhaps not in its canonical form.
    Default(&'a str),
}

impl<'a> Leaf<'a> {
    /// The canonical form of the value.
    pub(super) fn text(&self) -> Cow<'a, str> {
        match self.content {
            LeafValue::Value(Value::Enumeration(value)) => value.name.into(),
            LeafValue::Value(Value::String(text)) => text.into(),
            LeafValue::Default(text) => canonical_default(text, self.ty, self.schema.module),
            LeafValue::Value(value) => value.to_text().into_string().into(),
        }
    }

    /// Returns true if the value is the one that a text stands for; `name` is the text's meaning as
    /// the name of an identity.
    pub(super) fn is(&self, text: &str, name: Option<&str>) -> bool {
        let own = self.text();
        let ty = self.real_type();
        match ty {
            Type::Identityref(_) if name.is_some() => name == Some(&own),
            _ => own == text || *own == *canonical_text(text, ty, self.schema),
        }
    }

    /// The type of the value itself: of a union, the member's.
    fn real_type(&self) -> &'a Type<'a> {
        match (self.ty.value_type(), self.content) {
            (Type::Union(members), LeafValue::Value(value)) => {
                member(members, value).unwrap_or(self.ty)
            }
            (ty, _) => ty,
        }
    }

    /// The identity of the value, as `module:name`. `None` for a union: RFC 7950 sections 10.4 to
    /// 10.6 are for nodes of the type itself.
    pub(super) fn identity(&self) -> Option<Cow<'a, str>> {
        match self.ty.value_type() {
            Type::Identityref(_) => Some(self.text()),
            _ => None,
        }
    }

    /// The assigned number of the enumeration's value; `None` for a union.
    pub(super) fn enum_value(&self) -> Option<i32> {
        match (self.ty.value_type(), self.content) {
            (Type::Enumeration(_), LeafValue::Value(Value::Enumeration(value))) => {
                Some(value.value)
            }
            (Type::Enumeration(values), LeafValue::Default(text)) => values
                .iter()
                .find(|value| value.name == text)
                .map(|value| value.value),
            _ => None,
        }
    }

    /// Returns true if the value has a bit; never for a union.
    pub(super) fn has_bit(&self, name: &str) -> bool {
        match (self.ty.value_type(), self.content) {
            (Type::Bits(_), LeafValue::Value(Value::Bits(bits))) => {
                Bits::iter(bits).any(|bit| bit.name == name)
            }
            (Type::Bits(_), LeafValue::Default(text)) => {
                text.split_ascii_whitespace().any(|bit| bit == name)
            }
            _ => false,
        }
    }

    /// The instance-identifier that the value is: one that the message has, or a default, whose nodes
    /// are those of `modules`.
    pub(super) fn identifier(
        &self,
        modules: impl FnOnce() -> Vec<&'static Module>,
    ) -> Option<Cow<'a, InstanceIdentifier>> {
        match self.content {
            LeafValue::Value(Value::InstanceIdentifier(identifier)) => {
                Some(Cow::Borrowed(identifier))
            }
            LeafValue::Value(_) => None,
            LeafValue::Default(text) => {
                let modules = modules();
                let names = Names::of_modules(self.schema.module, &modules);
                let (value, ty) = canonical_of(&Scalar::Text(text.into()), self.ty, &names)?;
                let Type::InstanceIdentifier { .. } = ty else {
                    return None;
                };
                let identifier = InstanceIdentifier::new(&value.json, &modules).ok()?;
                Some(Cow::Owned(identifier))
            }
        }
    }
}

/// The first member of a union, members of members included, that has the value.
fn member<'t>(members: &'t [&'t Type<'t>], value: Value<'_>) -> Option<&'t Type<'t>> {
    members.iter().find_map(|ty| match ty.value_type() {
        Type::Union(members) => member(members, value),
        ty => fits(value, ty).is_ok().then_some(ty),
    })
}

/// The canonical form of the value that a text stands for, or the text if it stands for none.
pub(super) fn canonical_text<'t>(
    text: &'t str,
    ty: &Type<'_>,
    schema: &schema::Node<'_>,
) -> Cow<'t, str> {
    // These strings have only one form.
    if let Type::String {
        canonical: None, ..
    }
    | Type::Boolean
    | Type::Enumeration(_)
    | Type::Empty = ty
    {
        return text.into();
    }
    canonical(text, ty, &Names::of_modules(schema.module, &[]))
        .map_or(text.into(), |value| value.json.into_string().into())
}
