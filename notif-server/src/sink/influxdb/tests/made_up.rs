//! Data of made-up modules with what the compiled-in ones lack: lists in lists, a list without
//! keys, names that clash, another module's leafs.

use notif_runtime::Encoding;
use notif_runtime::decode::{Abort, Context, Object, ObjectReader};
use notif_runtime::notification::Notification;
use notif_runtime::registry::{Compiled, Registry, root};
use notif_runtime::schema::{Module, Node, Schema, Type};
use notif_runtime::tree::{self, Child, View};
use notif_runtime::types::{AnyData, DateAndTime};

use crate::sink::Item;
use crate::sink::influxdb::layout::Layout;
use crate::sink::influxdb::line::Lines;
use crate::sink::influxdb::points;

const fn module(name: &'static str, data: fn() -> &'static [Node<'static>]) -> Module {
    Module {
        name,
        revision: None,
        namespace: "urn:example:lab",
        prefix: "l",
        implemented: true,
        partial: false,
        submodules: &[],
        deviated_by: &[],
        features: &[],
        data,
        operations: &[],
        identities: &[],
        structures: &[],
        annotations: &[],
        extensions: &[],
    }
}

static LAB: Module = module("lab", || std::slice::from_ref(&ROOT));
static OTHER: Module = module("other", || &[]);

static MODULES: [&Module; 2] = [&LAB, &OTHER];
static SCHEMA: Compiled = Compiled::new(Schema { modules: &MODULES }, &[], root::<Data>());

const fn typed(
    name: &'static str,
    member: &'static str,
    ty: &'static Type<'static>,
) -> Node<'static> {
    Node::leaf_node(&LAB, name, member, ty)
}

const fn leaf(name: &'static str, member: &'static str) -> Node<'static> {
    typed(name, member, &Type::STRING)
}

static ENV: [Node<'_>; 6] = [
    typed("temp", "\"temp\":", &Type::INT8),
    Node::leaf_list(&LAB, "codes", "\"codes\":", &Type::UINT64),
    Node::leaf_node(&OTHER, "temp", "\"other:temp\":", &Type::BOOLEAN),
    Node::container(&LAB, "on", "\"on\":", &[]).presence(),
    Node::container(&LAB, "off", "\"off\":", &[]),
    Node::any_data(&LAB, "raw", "\"raw\":"),
];
static UNIT: [Node<'_>; 4] = [
    leaf("name", "\"name\":"),
    typed("slot", "\"slot\":", &Type::UINT8),
    typed("total", "\"total\":", &Type::UINT64),
    leaf("unit", "\"unit\":"),
];
static NOTE: [Node<'_>; 1] = [leaf("text", "\"text\":")];
static SITE: [Node<'_>; 4] = [
    leaf("name", "\"name\":"),
    leaf("publisher", "\"publisher\":"),
    Node::list(&LAB, "unit", "\"unit\":", &[0, 1], &UNIT),
    Node::list(&LAB, "note", "\"note\":", &[], &NOTE),
];
static REPORT: [Node<'_>; 5] = [
    leaf("eventTime", "\"eventTime\":"),
    leaf("time", "\"time\":"),
    leaf("host", "\"host\":"),
    Node::container(&LAB, "env", "\"env\":", &ENV),
    Node::list(&LAB, "site", "\"site\":", &[0, 1], &SITE),
];
static ROOT: Node<'_> = Node::container(&LAB, "report", "\"lab:report\":", &REPORT);

/// The lines of a message, and why some are missing.
pub(crate) fn lines(layout: &Layout, item: &Item, unsigned: bool) -> (String, Option<String>) {
    let mut lines = Lines::default();
    let result = points::append(layout, item, unsigned, &mut lines);
    let points: Vec<_> = (0..lines.len()).collect();
    let text = lines.text(&points);
    (String::from_utf8(text).unwrap(), result.err())
}

/// An item with made-up data.
pub(crate) fn item(data: Data) -> Item {
    let mut item = super::item_of(&crate::registry(), Encoding::Json, "{}");
    item.notification = Ok(Notification::new(Box::new(data)));
    item
}

/// A date-and-time.
pub(crate) fn time(text: &str) -> Own {
    any(DateAndTime::parse(text).unwrap())
}

/// A report with one unit and two notes.
pub(crate) fn sample() -> Data {
    report([
        time("2026-01-01T00:00:01.5Z"),
        text("noon"),
        text("h1"),
        env([any(-3i8), Own::Leaves(vec![1, u64::MAX]), any(true)]),
        Own::Entries(vec![site([
            text("s 1"),
            text("p,1"),
            Own::Entries(vec![unit([
                text("u"),
                any(1u8),
                any(u64::MAX),
                text("x=\"y\"\\\n"),
            ])]),
            Own::Entries(vec![note(text("a")), note(Own::None)]),
        ])]),
    ])
}

/// The made-up modules.
pub(crate) fn registry() -> Registry {
    Registry::new(&SCHEMA)
}

/// A leaf's value of any type.
pub(crate) trait Leaf: View + std::fmt::Debug + Send + Sync {}

impl<T: View + std::fmt::Debug + Send + Sync> Leaf for T {}

/// The content of a node.
#[derive(Debug)]
pub(crate) enum Own {
    None,
    Leaf(Box<dyn Leaf>),
    Leaves(Vec<u64>),
    Node(Data),
    Entries(Vec<Data>),
    Any(AnyData),
}

#[derive(Debug)]
pub(crate) struct Data {
    schema: &'static Node<'static>,
    children: Vec<Own>,
}

/// A string.
pub(crate) fn text(text: &str) -> Own {
    any(notif_runtime::types::CompactString::from(text))
}

/// A leaf of any type.
pub(crate) fn any(value: impl Leaf + 'static) -> Own {
    Own::Leaf(Box::new(value))
}

fn data(schema: &'static Node<'static>, children: Vec<Own>) -> Data {
    assert_eq!(schema.children().len(), children.len());
    Data { schema, children }
}

pub(crate) fn report(children: [Own; 5]) -> Data {
    data(&ROOT, children.into())
}

pub(crate) fn env(children: [Own; 3]) -> Own {
    env_with(children, Own::None)
}

/// As [`env`], with data that has no schema.
pub(crate) fn env_with(children: [Own; 3], raw: Own) -> Own {
    let empty = |schema| Own::Node(data(schema, Vec::new()));
    let mut children = Vec::from(children);
    children.extend([empty(&ENV[3]), empty(&ENV[4]), raw]);
    Own::Node(data(&REPORT[3], children))
}

pub(crate) fn site(children: [Own; 4]) -> Data {
    data(&REPORT[4], children.into())
}

pub(crate) fn unit(children: [Own; 4]) -> Data {
    data(&SITE[2], children.into())
}

pub(crate) fn note(child: Own) -> Data {
    data(&SITE[3], vec![child])
}

impl tree::Node for Data {
    fn schema(&self) -> &'static Node<'static> {
        self.schema
    }

    fn child(&self, index: usize) -> Child<'_> {
        match &self.children[index] {
            Own::None => Child::None,
            Own::Leaf(leaf) => Child::Leaf(leaf.view()),
            Own::Leaves(leaves) => Child::Leaves(leaves),
            Own::Node(node) => Child::Node(node),
            Own::Entries(entries) => Child::Entries(entries),
            Own::Any(data) => Child::Any(data),
        }
    }
}

/// Only for its description: nothing is decoded.
impl Object for Data {
    const NODE: &'static Node<'static> = &ROOT;
    const MODULES: &'static [&'static Module] = &[];
    type Seen = u64;
    const MANDATORY: u64 = 0;

    fn blank() -> Self {
        data(&NOTE[0], Vec::new())
    }

    fn read_member<'de, R: ObjectReader<'de> + ?Sized>(
        &mut self,
        _: usize,
        _: &mut R,
        _: &mut Context,
    ) -> Result<bool, Abort> {
        Ok(false)
    }
}
