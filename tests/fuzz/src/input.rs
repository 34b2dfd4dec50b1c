//! Settings out of the first bytes of an input.

/// Takes settings off the front of the bytes that a fuzzer gives.
pub struct Input<'b> {
    /// What is left.
    pub bytes: &'b [u8],
}

impl Input<'_> {
    /// Takes a number below `below`, which is at most 256; 0 at the end.
    pub fn number(&mut self, below: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first) % below
    }

    /// Takes a choice.
    pub fn choose<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.number(among.len())]
    }

    /// Takes a yes or no.
    pub fn flip(&mut self) -> bool {
        self.number(2) == 1
    }
}
