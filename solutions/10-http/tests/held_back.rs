//! Tests that only the instructor has.
