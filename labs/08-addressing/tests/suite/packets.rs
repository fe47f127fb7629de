//! IPv4 packets, written by the test itself.

/// A packet without its lengths and checksum.
#[derive(Clone)]
pub struct Packet {
    /// Behind version and IHL: type of service.
    pub tos: u8,
    pub id: u16,
    pub flags_and_offset: u16,
    pub ttl: u8,
    pub protocol: u8,
    pub options: Vec<u8>,
    pub payload: Vec<u8>,
}

/// From 10.0.0.1 to 10.0.0.2, 64 hops, ICMP, without options.
pub fn packet(payload: &[u8]) -> Packet {
    Packet {
        tos: 0,
        id: 7,
        flags_and_offset: 0,
        ttl: 64,
        protocol: 1,
        options: Vec::new(),
        payload: payload.to_vec(),
    }
}

impl Packet {
    /// The packet in hexadecimal digits.
    pub fn hex(&self) -> String {
        hex(&self.bytes())
    }

    fn bytes(&self) -> Vec<u8> {
        let header_len = 20 + self.options.len();
        let length = (header_len + self.payload.len()) as u16;
        let mut bytes = vec![0x40 | (header_len / 4) as u8, self.tos];
        bytes.extend(length.to_be_bytes());
        bytes.extend(self.id.to_be_bytes());
        bytes.extend(self.flags_and_offset.to_be_bytes());
        bytes.extend([self.ttl, self.protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
        bytes.extend(&self.options);
        let sum = checksum(&bytes);
        bytes[10..12].copy_from_slice(&sum.to_be_bytes());
        bytes.extend(&self.payload);
        bytes
    }
}

/// Another way to the sum of RFC 1071: the remainder of a division by 65,535.
fn checksum(header: &[u8]) -> u16 {
    let words = header.chunks(2).map(|pair| u64::from(pair[0]) << 8 | u64::from(pair[1]));
    let sum: u64 = words.sum();
    // A sum that is not 0 never becomes 0, but 0xffff, which is 0 as well.
    let rest = if sum > 0 && sum.is_multiple_of(0xffff) { 0xffff } else { sum % 0xffff };
    !(rest as u16)
}

/// `bytes` in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of pairs of hexadecimal digits.
pub fn bytes_of(text: &str) -> Vec<u8> {
    let digit = |index: usize| u8::from_str_radix(&text[index..index + 2], 16);
    let bytes = (0..text.len()).step_by(2).map(digit);
    bytes.collect::<Result<_, _>>().expect("the test has pairs of digits")
}
