//! The argument and the sub-statements of each statement (RFC 7950 section 14, and the tables in its
//! sections 7 and 9), with what YANG 1 (RFC 6020) does not have.

use super::argument::Argument;
use crate::parse::Keyword;
#[allow(clippy::enum_glob_use, reason = "the table has every keyword")]
use crate::parse::Keyword::*;

/// The grammar of a statement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    /// The section that defines the statement.
    pub(super) section: &'static str,
    pub(super) argument: Argument,
    pub(super) substatements: &'static [&'static [Substatement]],
    /// Statements of which there must be at least one; none for most statements.
    pub(super) needed: &'static [&'static [Substatement]],
}

/// A statement that another may have in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Substatement {
    pub(super) keyword: Keyword,
    pub(super) is_mandatory: bool,
    /// True if there may be several.
    pub(super) is_repeated: bool,
    pub(super) in_yang1: InYang1,
}

/// The rule of YANG 1 for a sub-statement of YANG 1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InYang1 {
    /// The same.
    Same,
    /// There may be one only.
    Single,
    /// It is not there.
    Absent,
}

impl Substatement {
    /// There may be several only in YANG 1.1.
    const fn single_in_yang1(mut self) -> Self {
        self.in_yang1 = InYang1::Single;
        self
    }

    /// YANG 1 does not have it there.
    const fn since_yang11(mut self) -> Self {
        self.in_yang1 = InYang1::Absent;
        self
    }
}

/// 0..1 of them.
const fn optional(keyword: Keyword) -> Substatement {
    Substatement {
        keyword,
        is_mandatory: false,
        is_repeated: false,
        in_yang1: InYang1::Same,
    }
}

/// Exactly one of them.
const fn one(keyword: Keyword) -> Substatement {
    Substatement {
        is_mandatory: true,
        ..optional(keyword)
    }
}

/// 0..n of them.
const fn any(keyword: Keyword) -> Substatement {
    Substatement {
        is_repeated: true,
        ..optional(keyword)
    }
}

/// 1..n of them.
const fn some(keyword: Keyword) -> Substatement {
    Substatement {
        is_mandatory: true,
        ..any(keyword)
    }
}

type Part = &'static [Substatement];

const TEXTS: Part = &[optional(Description), optional(Reference)];
const NEW_TEXTS: Part = &[
    optional(Description).since_yang11(),
    optional(Reference).since_yang11(),
];
const STATUS: Part = &[optional(Status)];
const CONDITIONS: Part = &[optional(When), any(IfFeature)];
const FEATURES: Part = &[any(IfFeature)];
const NEW_FEATURES: Part = &[any(IfFeature).since_yang11()];
const MUSTS: Part = &[any(Must)];
const NEW_MUSTS: Part = &[any(Must).since_yang11()];
const CONFIG: Part = &[optional(Config)];
const MANDATORY: Part = &[optional(Config), optional(Mandatory)];
const ELEMENTS: Part = &[optional(MinElements), optional(MaxElements)];
const DEFINITIONS: Part = &[any(Typedef), any(Grouping)];
const ERRORS: Part = &[optional(ErrorMessage), optional(ErrorAppTag)];
/// The statements of `data-def-stmt`.
const DATA: Part = &[
    any(Container),
    any(Leaf),
    any(LeafList),
    any(List),
    any(Choice),
    any(Anydata).since_yang11(),
    any(Anyxml),
    any(Uses),
];
const OPERATIONS: Part = &[any(Action).since_yang11(), any(Notification).since_yang11()];
const CASES: Part = &[any(Case)];
/// The sub-statements that modules and submodules have in common.
const HEAD: Part = &[
    optional(YangVersion),
    any(Import),
    any(Include),
    optional(Organization),
    optional(Contact),
    any(Revision),
];
const BODY: Part = &[
    any(ExtensionDefinition),
    any(Feature),
    any(Identity),
    any(Augment),
    any(Rpc),
    any(Notification),
    any(Deviation),
];

/// Writes the table: keyword, section, argument, parts of sub-statements, and those of which one at
/// least is needed.
macro_rules! rules {
    ($($keyword:ident $section:literal $argument:expr, $parts:expr $(, needs $needed:expr)?;)*) => {
        /// The grammar of a statement; `None` for an instance of an extension.
        pub(super) const fn rule(keyword: Keyword) -> Option<Rule> {
            match keyword {
                $($keyword => {
                    const RULE: Rule = Rule {
                        section: concat!("RFC 7950 section ", $section),
                        argument: $argument,
                        substatements: $parts,
                        needed: rules!(@needed $($needed)?),
                    };
                    Some(RULE)
                })*
                Extension => None,
            }
        }
    };
    (@needed) => { &[] };
    (@needed $needed:expr) => { $needed };
}

use Argument as A;

rules! {
    Module "7.1" A::Identifier,
        &[&[one(Namespace), one(Prefix)], HEAD, TEXTS, BODY, DEFINITIONS, DATA];
    Submodule "7.2" A::Identifier,
        &[&[one(BelongsTo)], HEAD, TEXTS, BODY, DEFINITIONS, DATA];
    YangVersion "7.1.2" A::OneOf(&["1", "1.1"]), &[];
    Namespace "7.1.3" A::Uri, &[];
    Prefix "7.1.4" A::Identifier, &[];
    Import "7.1.5" A::Identifier, &[&[one(Prefix), optional(RevisionDate)], NEW_TEXTS];
    RevisionDate "7.1.5.1" A::Date, &[];
    Include "7.1.6" A::Identifier, &[&[optional(RevisionDate)], NEW_TEXTS];
    Organization "7.1.7" A::Text, &[];
    Contact "7.1.8" A::Text, &[];
    Revision "7.1.9" A::Date, &[TEXTS];
    BelongsTo "7.2.2" A::Identifier, &[&[one(Prefix)]];
    Typedef "7.3" A::Identifier, &[&[one(Type), optional(Units), optional(Default)], STATUS, TEXTS];
    Units "7.3.3" A::Text, &[];
    Default "7.3.4" A::Text, &[];
    Type "7.4" A::Reference, &[
        &[optional(FractionDigits), optional(Range), optional(Length), any(Pattern), any(Enum)],
        &[any(Bit), optional(Path), any(Base).single_in_yang1(), optional(RequireInstance)],
        &[any(Type)],
    ];
    Container "7.5" A::Identifier,
        &[CONDITIONS, MUSTS, &[optional(Presence)], CONFIG, STATUS, TEXTS, DEFINITIONS, DATA, OPERATIONS];
    Must "7.5.3" A::Text, &[ERRORS, TEXTS];
    ErrorMessage "7.5.4.1" A::Text, &[];
    ErrorAppTag "7.5.4.2" A::Text, &[];
    Presence "7.5.5" A::Text, &[];
    Leaf "7.6" A::Identifier, &[
        CONDITIONS, &[one(Type), optional(Units), optional(Default)], MUSTS, MANDATORY, STATUS, TEXTS,
    ];
    Mandatory "7.6.5" A::Boolean, &[];
    LeafList "7.7" A::Identifier, &[
        CONDITIONS, &[one(Type), optional(Units), any(Default).since_yang11(), optional(OrderedBy)],
        MUSTS, CONFIG, ELEMENTS, STATUS, TEXTS,
    ];
    MinElements "7.7.5" A::NonNegative, &[];
    MaxElements "7.7.6" A::MaxElements, &[];
    OrderedBy "7.7.7" A::OneOf(&["user", "system"]), &[];
    List "7.8" A::Identifier, &[
        CONDITIONS, MUSTS, &[optional(Key), any(Unique), optional(OrderedBy)], CONFIG, ELEMENTS,
        STATUS, TEXTS, DEFINITIONS, DATA, OPERATIONS,
    ], needs &[DATA];
    Key "7.8.2" A::Key, &[];
    Unique "7.8.3" A::Unique, &[];
    Choice "7.9" A::Identifier, &[
        CONDITIONS, &[optional(Default)], MANDATORY, STATUS, TEXTS, CASES,
        &[any(Container), any(Leaf), any(LeafList), any(List), any(Choice).since_yang11()],
        &[any(Anydata).since_yang11(), any(Anyxml)],
    ];
    Case "7.9.2" A::Identifier, &[CONDITIONS, STATUS, TEXTS, DATA];
    Anydata "7.10" A::Identifier, &[CONDITIONS, MUSTS, MANDATORY, STATUS, TEXTS];
    Anyxml "7.11" A::Identifier, &[CONDITIONS, MUSTS, MANDATORY, STATUS, TEXTS];
    Grouping "7.12" A::Identifier, &[STATUS, TEXTS, DEFINITIONS, DATA, OPERATIONS];
    Uses "7.13" A::Reference, &[CONDITIONS, STATUS, TEXTS, &[any(Refine), any(Augment)]];
    Refine "7.13.2" A::DescendantNode, &[
        NEW_FEATURES, MUSTS, &[optional(Presence), any(Default).single_in_yang1()], MANDATORY,
        ELEMENTS, TEXTS,
    ];
    Rpc "7.14" A::Identifier,
        &[FEATURES, STATUS, TEXTS, DEFINITIONS, &[optional(Input), optional(Output)]];
    Input "7.14.2" A::None, &[NEW_MUSTS, DEFINITIONS, DATA], needs &[DATA];
    Output "7.14.3" A::None, &[NEW_MUSTS, DEFINITIONS, DATA], needs &[DATA];
    Action "7.15" A::Identifier,
        &[FEATURES, STATUS, TEXTS, DEFINITIONS, &[optional(Input), optional(Output)]];
    Notification "7.16" A::Identifier, &[FEATURES, NEW_MUSTS, STATUS, TEXTS, DEFINITIONS, DATA];
    Augment "7.17" A::AugmentTarget, &[CONDITIONS, STATUS, TEXTS, DATA, CASES, OPERATIONS],
        needs &[DATA, CASES, OPERATIONS];
    Identity "7.18" A::Identifier,
        &[NEW_FEATURES, &[any(Base).single_in_yang1()], STATUS, TEXTS];
    Base "7.18.2" A::Reference, &[];
    ExtensionDefinition "7.19" A::Identifier, &[&[optional(Keyword::Argument)], STATUS, TEXTS];
    Argument "7.19.2" A::Identifier, &[&[optional(YinElement)]];
    YinElement "7.19.2.2" A::Boolean, &[];
    Feature "7.20.1" A::Identifier, &[FEATURES, STATUS, TEXTS];
    IfFeature "7.20.2" A::Text, &[];
    Deviation "7.20.3" A::AbsoluteNode, &[&[some(Deviate)], TEXTS];
    Deviate "7.20.3.2" A::OneOf(&["not-supported", "add", "replace", "delete"]), &[];
    Config "7.21.1" A::Boolean, &[];
    Status "7.21.2" A::OneOf(&["current", "deprecated", "obsolete"]), &[];
    Description "7.21.3" A::Text, &[];
    Reference "7.21.4" A::Text, &[];
    When "7.21.5" A::Text, &[TEXTS];
    Range "9.2.4" A::Text, &[ERRORS, TEXTS];
    FractionDigits "9.3.4" A::NonNegative, &[];
    Length "9.4.4" A::Text, &[ERRORS, TEXTS];
    Pattern "9.4.5" A::Text, &[&[optional(Modifier).since_yang11()], ERRORS, TEXTS];
    Modifier "9.4.6" A::OneOf(&["invert-match"]), &[];
    Enum "9.6.4" A::Text, &[NEW_FEATURES, &[optional(Value)], STATUS, TEXTS];
    Value "9.6.4.2" A::Integer, &[];
    Bit "9.7.4" A::Identifier, &[NEW_FEATURES, &[optional(Position)], STATUS, TEXTS];
    Position "9.7.4.2" A::NonNegative, &[];
    Path "9.9.2" A::Text, &[];
    RequireInstance "9.9.3" A::Boolean, &[];
}

/// The sub-statements of a `deviate` statement by its argument (RFC 7950 section 7.20.3.2); `None` if
/// the argument is not a right one.
pub(super) fn deviate(argument: &str) -> Option<&'static [Part]> {
    const UNITS: Part = &[optional(Units)];
    const VALUES: Part = &[optional(Type), optional(Units), optional(Default)];
    const LISTS: Part = &[any(Must), any(Unique), any(Default).single_in_yang1()];
    Some(match argument {
        "not-supported" => &[],
        "add" => &[UNITS, LISTS, MANDATORY, ELEMENTS],
        "delete" => &[UNITS, LISTS],
        "replace" => &[VALUES, MANDATORY, ELEMENTS],
        _ => return None,
    })
}

/// The extensions whose instances have statements of YANG in them that are part of the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instance {
    /// `rc:yang-data` (RFC 8040 section 8).
    YangData,
    /// `sx:structure` (RFC 8791 section 4).
    Structure,
    /// `sx:augment-structure` (RFC 8791 section 4).
    AugmentStructure,
    /// `md:annotation` (RFC 7952 section 3).
    Annotation,
}

impl Instance {
    pub(super) const fn rule(self) -> Rule {
        const ANNOTATION: Part = &[one(Type), optional(Units)];
        match self {
            Self::YangData => Rule {
                section: "RFC 8040 section 8",
                argument: A::Text,
                substatements: &[DATA],
                needed: &[DATA],
            },
            Self::Structure => Rule {
                section: "RFC 8791 section 4",
                argument: A::Identifier,
                substatements: &[MUSTS, STATUS, TEXTS, DEFINITIONS, DATA],
                needed: &[],
            },
            Self::AugmentStructure => Rule {
                section: "RFC 8791 section 4",
                argument: A::AbsoluteNode,
                substatements: &[STATUS, TEXTS, DATA, CASES],
                needed: &[DATA, CASES],
            },
            Self::Annotation => Rule {
                section: "RFC 7952 section 3",
                argument: A::Identifier,
                substatements: &[FEATURES, ANNOTATION, STATUS, TEXTS],
                needed: &[],
            },
        }
    }
}
