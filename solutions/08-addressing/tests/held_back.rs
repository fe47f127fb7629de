//! Tests that only the instructor has. They are longer than the suite, and have peers from other
//! authors.
