//! What the labs share, as a lab calls it.

mod cli;
mod close;
mod deadline;
mod line;
mod log;
mod names;
mod net;
mod udp;
