//! The data of records in bytes, without pointers.

use super::message::Data;
use crate::encode::write_name;

/// Appends `data`.
pub fn write_data(message: &mut Vec<u8>, data: &Data) {
    match data {
        Data::Ipv4(ip) => message.extend(ip.octets()),
        Data::Ipv6(ip) => message.extend(ip.octets()),
        Data::Name(target) => write_name(message, target),
        Data::Mail { preference, server } => {
            message.extend(preference.to_be_bytes());
            write_name(message, server);
        }
        Data::Texts(texts) => texts.iter().for_each(|text| {
            message.push(text.len() as u8);
            message.extend(text);
        }),
        Data::Start(start) => {
            write_name(message, &start.server);
            write_name(message, &start.mailbox);
            start.numbers.iter().for_each(|number| message.extend(number.to_be_bytes()));
        }
        Data::Other(bytes) => message.extend(bytes),
    }
}
