//! The `rtvi` command line.
fn main() {}
