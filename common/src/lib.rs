//! What Wirelab's labs share.

#[cfg(feature = "testkit")]
pub mod testkit;
