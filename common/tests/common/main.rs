//! What the labs share, as a lab calls it.

mod cli;
mod close;
mod deadline;
mod hex;
mod line;
mod log;
mod names;
mod net;
mod services;
mod udp;
