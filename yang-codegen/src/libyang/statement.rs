//! Finds the lines of statements, which libyang's compiled nodes do not tell.
//!
//! A small scanner of YANG's statement syntax (RFC 7950 section 6.3), for modules that libyang has
//! already taken.

/// A statement with its line, counted from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) keyword: String,
    pub(super) argument: String,
    pub(super) line: usize,
    pub(super) children: Vec<Statement>,
}

/// The top-level statement of a module's text.
pub(super) fn parse(text: &str) -> Option<Statement> {
    Scanner {
        rest: text,
        line: 1,
    }
    .statement()
}

impl Statement {
    /// The line of the statement `keyword` in the definition of the node that the names in `path`
    /// lead to, or of that node itself. Through a grouping only the tail of the path is written
    /// in one place, so the place where most of it fits is taken. No path leads to the top.
    pub(super) fn locate(&self, path: &[&str], keyword: Option<&str>) -> Option<usize> {
        if path.is_empty() {
            return keyword
                .and_then(|keyword| self.descendant(keyword))
                .map(|found| found.line);
        }
        let mut best = None;
        self.search(path, &mut Vec::new(), &mut best);
        let (_, node) = best?;
        let inner = keyword.and_then(|keyword| node.descendant(keyword));
        Some(inner.unwrap_or(node).line)
    }

    /// The line of the statement with this keyword and argument: that in the definition of the node
    /// that `path` leads to, or else the first anywhere, since augments, uses, refinements and
    /// deviations give statements to nodes from outside.
    pub(super) fn locate_with(
        &self,
        path: &[&str],
        keyword: &str,
        argument: &str,
    ) -> Option<usize> {
        let mut best = None;
        self.search(path, &mut Vec::new(), &mut best);
        let inside = best.and_then(|(_, node)| node.with(keyword, argument));
        let found = inside.or_else(|| self.with(keyword, argument))?;
        Some(found.line)
    }

    /// The nearest statement below with this keyword and argument.
    fn with(&self, keyword: &str, argument: &str) -> Option<&Self> {
        let is_it = |child: &&Self| {
            child.keyword == keyword && essence(&child.argument).eq(essence(argument))
        };
        let mut children = self.children.iter();
        self.children
            .iter()
            .find(is_it)
            .or_else(|| children.find_map(|child| child.with(keyword, argument)))
    }

    fn descendant(&self, keyword: &str) -> Option<&Self> {
        self.children.iter().find_map(|child| {
            if child.keyword == keyword {
                Some(child)
            } else {
                child.descendant_of_holder(keyword)
            }
        })
    }

    /// Restrictions stand in the `type` statement, not beside it, and what an rpc has in its `input`
    /// or `output`; features and identities have no path.
    fn descendant_of_holder(&self, keyword: &str) -> Option<&Self> {
        ["type", "input", "output", "feature", "identity"]
            .contains(&self.keyword.as_str())
            .then(|| self.descendant(keyword))
            .flatten()
    }

    fn search<'s>(
        &'s self,
        path: &[&str],
        above: &mut Vec<&'s str>,
        best: &mut Option<(usize, &'s Self)>,
    ) {
        let defines = DATA_DEFINITIONS.contains(&self.keyword.as_str());
        if defines {
            above.push(&self.argument);
            let fits = above
                .iter()
                .rev()
                .zip(path.iter().rev())
                .take_while(|(one, other)| one == other)
                .count();
            if fits > 0 && best.as_ref().is_none_or(|(most, _)| fits > *most) {
                *best = Some((fits, self));
            }
        }
        for child in &self.children {
            child.search(path, above, best);
        }
        if defines {
            above.pop();
        }
    }
}

/// The characters that an argument as written and as read have in common: without the indentation
/// of further lines and the backslashes of escapes (RFC 7950 section 6.1.3).
fn essence(argument: &str) -> impl Iterator<Item = char> {
    argument
        .chars()
        .filter(|character| !character.is_whitespace() && *character != '\\')
}

/// The statements that define nodes, and those that hold types.
const DATA_DEFINITIONS: &[&str] = &[
    "container",
    "list",
    "leaf",
    "leaf-list",
    "choice",
    "case",
    "anydata",
    "anyxml",
    "rpc",
    "action",
    "notification",
    "typedef",
];

struct Scanner<'t> {
    rest: &'t str,
    line: usize,
}

impl Scanner<'_> {
    fn advance(&mut self, bytes: usize) -> &str {
        let (done, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.line += done.matches('\n').count();
        done
    }

    fn skip_space(&mut self) {
        loop {
            let trimmed = self.rest.trim_start();
            self.advance(self.rest.len() - trimmed.len());
            let end = if self.rest.starts_with("//") {
                self.rest.find('\n').unwrap_or(self.rest.len())
            } else if self.rest.starts_with("/*") {
                self.rest.find("*/").map_or(self.rest.len(), |at| at + 2)
            } else {
                return;
            };
            self.advance(end);
        }
    }

    fn statement(&mut self) -> Option<Statement> {
        self.skip_space();
        let line = self.line;
        let keyword = self.word()?;
        self.skip_space();
        let argument = if self.rest.starts_with([';', '{']) {
            String::new()
        } else {
            self.argument()?
        };
        self.skip_space();
        let mut children = Vec::new();
        if self.advance(1) == "{" {
            loop {
                self.skip_space();
                if self.rest.starts_with('}') {
                    self.advance(1);
                    break;
                }
                children.push(self.statement()?);
            }
        }
        Some(Statement {
            keyword,
            argument,
            line,
            children,
        })
    }

    fn word(&mut self) -> Option<String> {
        let end = self
            .rest
            .find(|character: char| character.is_whitespace() || ";{}\"'".contains(character))
            .unwrap_or(self.rest.len());
        (end > 0).then(|| self.advance(end).to_owned())
    }

    /// A string, quoted parts joined by `+` included (RFC 7950 section 6.1.3).
    fn argument(&mut self) -> Option<String> {
        if !self.rest.starts_with(['"', '\'']) {
            return self.word();
        }
        let mut argument = String::new();
        loop {
            let quote = self.rest.chars().next()?;
            let inner = self.rest.get(1..)?;
            let mut escaped = false;
            let end = inner.find(|character: char| {
                let ends = character == quote && !escaped;
                escaped = quote == '"' && character == '\\' && !escaped;
                ends
            })?;
            argument.push_str(inner.get(..end)?);
            self.advance(end + 2);
            self.skip_space();
            if !self.rest.starts_with('+') {
                return Some(argument);
            }
            self.advance(1);
            self.skip_space();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str = r#"module m { // a comment with {
  namespace "urn:m"; prefix m;
  /* another
     one } */
  container a {
    leaf b { type string { pattern "x\"}" + 'y{'; } }
    container c {
      must "../b = 'z'";
      leaf b { type string; }
    }
  }
  grouping g { list l { key k; leaf k { type string; when "1"; } } }
}
"#;

    #[test]
    fn reads_the_statement_syntax() {
        let module = parse(MODULE).expect("parses");
        assert_eq!(
            (module.keyword.as_str(), module.argument.as_str()),
            ("module", "m")
        );
        let lines: Vec<(&str, usize)> = module
            .children
            .iter()
            .map(|child| (child.keyword.as_str(), child.line))
            .collect();
        assert_eq!(
            lines,
            [
                ("namespace", 2),
                ("prefix", 2),
                ("container", 5),
                ("grouping", 12)
            ]
        );
        assert_eq!(
            module.children[2].children[0].children[0].children[0].argument,
            "x\\\"}y{"
        );
    }

    #[test]
    fn finds_nodes_and_their_statements() {
        let module = parse(MODULE).expect("parses");
        assert_eq!(module.locate(&["a", "b"], None), Some(6));
        assert_eq!(module.locate(&["a", "c", "b"], None), Some(9));
        assert_eq!(module.locate(&["a", "c"], Some("must")), Some(8));
        assert_eq!(module.locate(&["a", "b"], Some("pattern")), Some(6));
        assert_eq!(
            module.locate(&["used", "here", "l", "k"], Some("when")),
            Some(12)
        );
        assert_eq!(module.locate(&["nowhere"], None), None);
    }

    #[test]
    fn finds_statements_by_their_argument() {
        let module = parse(MODULE).expect("parses");
        let must = |path: &[&str], argument| module.locate_with(path, "must", argument);
        assert_eq!(must(&["a", "c"], "../b   = 'z'"), Some(8));
        assert_eq!(must(&["elsewhere"], "../b = 'z'"), Some(8));
        assert_eq!(must(&["a", "c"], "../b = 'y'"), None);
        assert_eq!(module.locate_with(&["k"], "when", "1"), Some(12));
    }
}
