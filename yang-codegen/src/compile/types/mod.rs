//! Types: chains of typedefs with their restrictions, and the values that they take.
