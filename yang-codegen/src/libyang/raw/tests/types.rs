//! The views of types that have more to them than a number or a string.

use super::*;

fn compiled<'l>(loaded: &'l Loaded, name: &str) -> Type<'l> {
    let nodes = loaded.module("m").data()[1].children();
    let node = nodes.into_iter().find(|node| node.name() == name);
    node.and_then(Node::compiled_type).expect("has a type")
}

#[test]
fn bits_in_the_order_of_their_positions() {
    let loaded = Loaded::new();
    let bits: Vec<_> = compiled(&loaded, "flags")
        .bits()
        .into_iter()
        .map(|bit| (bit.name, bit.position, bit.docs.description))
        .collect();
    let expected = [
        ("low", 0, None),
        ("high", 9, Some("High.")),
        ("next", 10, None),
    ];
    assert_eq!(bits, expected);
    assert!(compiled(&loaded, "money").bits().is_empty());
}

#[test]
fn decimals_and_octets() {
    let loaded = Loaded::new();
    let money = compiled(&loaded, "money");
    assert_eq!(
        (money.base(), money.fraction_digits()),
        (Base::Decimal64, 2)
    );
    let range = money.range().expect("has a range");
    assert_eq!(range.parts, [(-150, 200)]);
    let octets = compiled(&loaded, "octets");
    assert_eq!((octets.base(), octets.fraction_digits()), (Base::Binary, 0));
    assert_eq!(octets.range().expect("has a length").parts, [(3, 3)]);
}

#[test]
fn identities_that_are_derived_from_all_bases() {
    let loaded = Loaded::new();
    for (leaf, expected) in [("id", &["derived"][..]), ("far", &["derived"])] {
        let ty = compiled(&loaded, leaf);
        let identities: Vec<_> = ty
            .identities()
            .into_iter()
            .map(|value| value.name)
            .collect();
        assert_eq!((ty.base(), &*identities), (Base::Identityref, expected));
    }
    assert!(compiled(&loaded, "money").identities().is_empty());
}

#[test]
fn unions_and_what_requires_an_instance() {
    let loaded = Loaded::new();
    let any = compiled(&loaded, "any");
    let members = any.members();
    let bases: Vec<Base> = members.iter().map(|member| member.base()).collect();
    let int8 = Base::Int {
        bits: 8,
        signed: true,
    };
    assert_eq!(bases, [int8, Base::String, Base::LeafRef]);
    let target = members.last().and_then(|leafref| leafref.target());
    assert_eq!(target.map(Type::base), Some(int8));
    assert!(members.iter().any(|member| member.requires_instance()));
    assert!(!compiled(&loaded, "there").requires_instance());
    assert!(members[0].target().is_none() && members[0].members().is_empty());
}
