"""Reads the modules of a Rust crate, and which module uses which."""
