//! Numbers in records, the least significant byte first.

/// The two bytes at an offset, which must be there.
pub fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// The four bytes at an offset, which must be there.
pub fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let low = u32::from(u16_at(bytes, at));
    low | u32::from(u16_at(bytes, at + 2)) << 16
}

/// The eight bytes at an offset, which must be there.
pub fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let low = u64::from(u32_at(bytes, at));
    low | u64::from(u32_at(bytes, at + 4)) << 32
}
