//! Module sets read by both front ends of the generator: its own and libyang. Their models are
//! compared node by node. A difference that is not explained in `differences.toml` is a fault.
#![forbid(unsafe_code)]

mod case;
mod compare;
mod corpus;
mod explained;
mod facts;
mod opinion;
mod random;
mod report;
mod run;

pub use case::{Case, FeaturesOn};
pub use compare::{Comparison, Difference, compare};
pub use corpus::{Set, sets};
pub use explained::{Explanation, Explanations};
pub use facts::{Fact, facts};
pub use opinion::{FrontEndName, Opinion, Outcome};
pub use random::{Modules, modules};
pub use run::{Args, Error, run};
