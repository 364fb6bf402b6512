//! The differences that are known, each with what decides it.

use serde::Deserialize;

use crate::compare::Difference;

/// The list, which is data: `differences.toml`.
const LIST: &str = include_str!("../differences.toml");

/// A class of differences. It explains one where all that it names holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// Its name.
    pub name: String,
    /// The RFC and section that decides.
    pub rfc: String,
    /// The reason that it stays.
    pub why: String,
    /// The aspects of the differences.
    #[serde(default)]
    aspect: Vec<String>,
    /// Parts of what the own front end has, one of which its value has.
    #[serde(default)]
    own: Vec<String>,
    /// Parts of what libyang has, one of which its value has.
    #[serde(default)]
    libyang: Vec<String>,
    /// Parts of paths, one of which the path has.
    #[serde(default)]
    path: Vec<String>,
    /// Parts of names of cases, one of which the name has, where nothing else tells them apart.
    #[serde(default)]
    case: Vec<String>,
}

impl Explanation {
    fn explains(&self, case: &str, difference: &Difference) -> bool {
        let has = |parts: &[String], text: &str| {
            parts.is_empty() || parts.iter().any(|part| text.contains(part.as_str()))
        };
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        (self.aspect.is_empty() || self.aspect.contains(&difference.aspect))
            && has(&self.own, &value(&difference.own))
            && has(&self.libyang, &value(&difference.libyang))
            && has(&self.path, &difference.path)
            && has(&self.case, case)
    }
}

/// The explanations, in the order of the list.
#[derive(Debug, Deserialize)]
pub struct Explanations {
    #[serde(default)]
    difference: Vec<Explanation>,
}

impl Explanations {
    /// Those of the project.
    ///
    /// # Errors
    /// The list is not valid.
    pub fn of_project() -> Result<Self, toml::de::Error> {
        toml::from_str(LIST)
    }

    /// The first that explains a difference of a case.
    #[must_use]
    pub fn find(&self, case: &str, difference: &Difference) -> Option<&Explanation> {
        let mut explanations = self.difference.iter();
        explanations.find(|explanation| explanation.explains(case, difference))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_an_entry_names_has_to_hold() {
        let list = r#"
            [[difference]]
            name = "a crash"
            rfc = "RFC 7950 section 7.17"
            why = "It is valid."
            aspect = ["verdict"]
            own = ["valid"]
            libyang = ["ended: "]
        "#;
        let list: Explanations = toml::from_str(list).expect("is a list");
        let mut difference = Difference {
            path: String::new(),
            aspect: "verdict".to_owned(),
            own: Some("valid".to_owned()),
            libyang: Some("ended: signal: 11".to_owned()),
        };
        assert!(list.find("m", &difference).is_some());
        difference.libyang = None;
        assert!(list.find("m", &difference).is_none());
    }

    #[test]
    fn every_entry_of_the_project_says_what_decides() {
        let list = Explanations::of_project().expect("is a list");
        for entry in &list.difference {
            assert!(
                !entry.rfc.is_empty() && !entry.why.is_empty(),
                "{}",
                entry.name
            );
            let criteria = [&entry.own, &entry.libyang, &entry.path, &entry.case];
            assert!(
                criteria.iter().any(|criterion| !criterion.is_empty()),
                "{}",
                entry.name
            );
        }
    }
}
