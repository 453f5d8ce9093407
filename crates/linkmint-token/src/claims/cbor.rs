//! The heads of data items, as deterministic CBOR has them (RFC 8949, section 4.2.1).

/// The shortest head of a data item (RFC 8949, section 3).
#[inline(always)]
pub(super) fn head(major: u8, argument: u64, out: &mut Vec<u8>) {
    match argument {
        0..24 => out.push(major << 5 | argument as u8),
        _ => long_head(major << 5, argument, out),
    }
}

/// The head of an argument that does not fit into its first byte.
#[inline]
fn long_head(major: u8, argument: u64, out: &mut Vec<u8>) {
    match argument {
        0..0x100 => out.extend_from_slice(&[major | 24, argument as u8]),
        0x100..0x1_0000 => {
            out.push(major | 25);
            out.extend_from_slice(&(argument as u16).to_be_bytes());
        }
        0x1_0000..0x1_0000_0000 => {
            out.push(major | 26);
            out.extend_from_slice(&(argument as u32).to_be_bytes());
        }
        _ => {
            out.push(major | 27);
            out.extend_from_slice(&argument.to_be_bytes());
        }
    }
}
