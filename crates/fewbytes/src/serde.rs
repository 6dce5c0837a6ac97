//! Serde: a structure is its bytes in binary formats, and base64 text in formats for people.

use alloc::{borrow::ToOwned, vec::Vec};
use base64::{Engine, engine::general_purpose::STANDARD};
use core::fmt;
use serde::{Deserializer, Serializer, de};

pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    match serializer.is_human_readable() {
        true => serializer.serialize_str(&STANDARD.encode(bytes)),
        false => serializer.serialize_bytes(bytes),
    }
}

pub(crate) fn deserialize<'de, S: Deserializer<'de>>(deserializer: S) -> Result<Vec<u8>, S::Error> {
    match deserializer.is_human_readable() {
        true => deserializer.deserialize_str(Bytes),
        false => deserializer.deserialize_byte_buf(Bytes),
    }
}

struct Bytes;

impl<'de> de::Visitor<'de> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bytes of a fewbytes structure, or their base64 text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<u8>, E> {
        STANDARD.decode(text).map_err(|fault| E::custom(format_args!("the base64 text is damaged: {fault}")))
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_owned())
    }

    fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(bytes)
    }

    /// Formats without a type for bytes give a sequence of numbers. It grows as they come: a length that lies
    /// allocates nothing.
    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<u8>, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = seq.next_element()? {
            bytes.push(byte);
        }
        Ok(bytes)
    }
}
