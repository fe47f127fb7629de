//! The blocks of a pcapng file (draft-ietf-opsawg-pcapng).
//!
//! ```text
//!   block    type u32 │ length u32 │ body, padded to 4 bytes │ length u32
//!   option   code u16 │ length u16 │ value, padded to 4 bytes
//! ```

use super::frame::Frame;

/// Section Header Block: its byte order shows in its magic number.
const SECTION_HEADER: u32 = 0x0A0D_0D0A;
const BYTE_ORDER_MAGIC: u32 = 0x1A2B_3C4D;
const INTERFACE_DESCRIPTION: u32 = 1;
const ENHANCED_PACKET: u32 = 6;
const DECRYPTION_SECRETS: u32 = 10;

/// The key log of TLS, as a type of secrets.
const TLS_KEY_LOG: u32 = 0x544C_534B;

/// Packets begin with the header of IPv4 or IPv6 (LINKTYPE_RAW).
const LINKTYPE_RAW: u16 = 101;

const OPTION_END: u16 = 0;
const OPTION_COMMENT: u16 = 1;
const OPTION_APPLICATION: u16 = 4;
const OPTION_INTERFACE_NAME: u16 = 2;

/// Writes one file, in little-endian order.
pub struct Writer {
    file: Vec<u8>,
}

impl Writer {
    /// The beginning of a file. Wireshark shows `title` in its properties.
    pub fn new(title: &str) -> Writer {
        let mut writer = Writer { file: Vec::new() };
        let mut section = BYTE_ORDER_MAGIC.to_le_bytes().to_vec();
        section.extend([1, 0, 0, 0]); // version 1.0
        section.extend(u64::MAX.to_le_bytes()); // the length of the section is not given
        option(&mut section, OPTION_COMMENT, title.as_bytes());
        option(&mut section, OPTION_APPLICATION, b"Wirelab");
        option(&mut section, OPTION_END, b"");
        writer.block(SECTION_HEADER, &section);
        let mut interface = LINKTYPE_RAW.to_le_bytes().to_vec();
        interface.extend([0; 6]); // reserved; no limit of a packet's length
        option(&mut interface, OPTION_INTERFACE_NAME, b"test kit");
        option(&mut interface, OPTION_END, b"");
        writer.block(INTERFACE_DESCRIPTION, &interface);
        writer
    }

    /// Lines by which Wireshark decrypts TLS.
    pub fn tls_secrets(&mut self, lines: &str) {
        if lines.is_empty() {
            return;
        }
        let mut body = TLS_KEY_LOG.to_le_bytes().to_vec();
        body.extend((lines.len() as u32).to_le_bytes());
        body.extend(lines.as_bytes());
        self.block(DECRYPTION_SECRETS, &body);
    }

    /// A packet. `time_us` are microseconds since 1970.
    pub fn packet(&mut self, time_us: u64, frame: &Frame) {
        let mut body = 0u32.to_le_bytes().to_vec(); // the only interface
        let time = [(time_us >> 32) as u32, time_us as u32];
        let lengths = [frame.bytes.len() as u32, frame.len as u32];
        body.extend(time.into_iter().chain(lengths).flat_map(u32::to_le_bytes));
        body.extend(&frame.bytes);
        pad(&mut body);
        if let Some(comment) = &frame.comment {
            option(&mut body, OPTION_COMMENT, comment.as_bytes());
            option(&mut body, OPTION_END, b"");
        }
        self.block(ENHANCED_PACKET, &body);
    }

    pub fn finish(self) -> Vec<u8> {
        self.file
    }

    fn block(&mut self, kind: u32, body: &[u8]) {
        let padded = body.len().next_multiple_of(4);
        let length = (12 + padded as u32).to_le_bytes();
        self.file.extend(kind.to_le_bytes());
        self.file.extend(length);
        self.file.extend(body);
        pad(&mut self.file);
        self.file.extend(length);
    }
}

fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    let value = &value[..value.len().min(usize::from(u16::MAX))];
    body.extend(code.to_le_bytes());
    body.extend((value.len() as u16).to_le_bytes());
    body.extend(value);
    pad(body);
}

fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}
