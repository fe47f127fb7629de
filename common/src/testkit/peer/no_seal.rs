//! Without the feature `testkit-tls` no peer encrypts anything: there is no value of [`Seal`].

use super::Arrival;

#[derive(Debug)]
pub enum Seal {}

/// What came out of the bytes of the wire.
pub struct Opened {
    pub bytes: Vec<u8>,
    pub reply: Vec<u8>,
    pub end: Option<String>,
}

impl Seal {
    pub fn close(&mut self, _bytes: &[u8]) -> Vec<u8> {
        match *self {}
    }

    pub fn goodbye(&mut self) -> Vec<u8> {
        match *self {}
    }

    pub fn open(&mut self, _sealed: &[u8]) -> Opened {
        match *self {}
    }

    pub fn end(&mut self) -> Option<Arrival> {
        match *self {}
    }
}
