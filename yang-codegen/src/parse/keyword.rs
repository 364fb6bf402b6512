//! The keywords of YANG (RFC 7950 section 14).

use std::fmt;

macro_rules! keywords {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// The keyword of a statement.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Keyword {
            $($name,)*
            /// An extension's instance: [`Statement::extension`](super::Statement::extension) has
            /// its name.
            Extension,
        }

        impl Keyword {
            /// All keywords that YANG defines.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The keyword without a prefix, as a text has it; `None` if YANG has no such one.
            pub(crate) fn from_text(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// The keyword as a text has it.
            pub(crate) const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Extension => "extension instance",
                }
            }
        }
    };
}

keywords! {
    Action = "action",
    Anydata = "anydata",
    Anyxml = "anyxml",
    Argument = "argument",
    Augment = "augment",
    Base = "base",
    BelongsTo = "belongs-to",
    Bit = "bit",
    Case = "case",
    Choice = "choice",
    Config = "config",
    Contact = "contact",
    Container = "container",
    Default = "default",
    Description = "description",
    Deviate = "deviate",
    Deviation = "deviation",
    Enum = "enum",
    ErrorAppTag = "error-app-tag",
    ErrorMessage = "error-message",
    ExtensionDefinition = "extension",
    Feature = "feature",
    FractionDigits = "fraction-digits",
    Grouping = "grouping",
    Identity = "identity",
    IfFeature = "if-feature",
    Import = "import",
    Include = "include",
    Input = "input",
    Key = "key",
    Leaf = "leaf",
    LeafList = "leaf-list",
    Length = "length",
    List = "list",
    Mandatory = "mandatory",
    MaxElements = "max-elements",
    MinElements = "min-elements",
    Modifier = "modifier",
    Module = "module",
    Must = "must",
    Namespace = "namespace",
    Notification = "notification",
    OrderedBy = "ordered-by",
    Organization = "organization",
    Output = "output",
    Path = "path",
    Pattern = "pattern",
    Position = "position",
    Prefix = "prefix",
    Presence = "presence",
    Range = "range",
    Reference = "reference",
    Refine = "refine",
    RequireInstance = "require-instance",
    Revision = "revision",
    RevisionDate = "revision-date",
    Rpc = "rpc",
    Status = "status",
    Submodule = "submodule",
    Type = "type",
    Typedef = "typedef",
    Unique = "unique",
    Units = "units",
    Uses = "uses",
    Value = "value",
    When = "when",
    YangVersion = "yang-version",
    YinElement = "yin-element",
}

impl fmt::Display for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
