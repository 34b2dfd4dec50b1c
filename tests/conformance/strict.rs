//! A reader of CSV that takes nothing but what RFC 4180 allows, so that
//! nothing is read out of a result that isn't there.

/// Reads the records of a file, or says at which byte it goes wrong.
pub fn read(bytes: &[u8], delimiter: u8) -> Result<Vec<Vec<Vec<u8>>>, String> {
    let mut reader = Reader { bytes, at: 0, delimiter };
    let mut records: Vec<Vec<Vec<u8>>> = Vec::new();
    while reader.at < bytes.len() {
        let record = reader.record()?;
        if records.first().is_some_and(|first| first.len() != record.len()) {
            return Err(format!("a field too many or few by {}", reader.at));
        }
        records.push(record);
    }
    Ok(records)
}

/// A file, and how far it was read.
struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
    delimiter: u8,
}

impl Reader<'_> {
    /// Reads a record and its terminator.
    fn record(&mut self) -> Result<Vec<Vec<u8>>, String> {
        let mut record = Vec::new();
        loop {
            record.push(match self.bytes.get(self.at) {
                Some(b'"') => self.quoted()?,
                _ => self.plain()?,
            });
            match &self.bytes[self.at..] {
                [byte, ..] if *byte == self.delimiter => self.at += 1,
                [b'\n', ..] => self.at += 1,
                [b'\r', b'\n', ..] => self.at += 2,
                _ => return Err(format!("no terminator at {}", self.at)),
            }
            if self.bytes[self.at - 1] == b'\n' {
                return Ok(record);
            }
        }
    }

    /// Reads a field without quotes.
    fn plain(&mut self) -> Result<Vec<u8>, String> {
        let rest = &self.bytes[self.at..];
        let ends = |byte: &u8| {
            *byte == self.delimiter || matches!(byte, b'\r' | b'\n')
        };
        let len = rest.iter().position(ends).unwrap_or(rest.len());
        self.at += len;
        match rest[..len].contains(&b'"') {
            true => Err(format!("a stray quote before {}", self.at)),
            false => Ok(rest[..len].to_vec()),
        }
    }

    /// Reads a field in quotes.
    fn quoted(&mut self) -> Result<Vec<u8>, String> {
        let mut field = Vec::new();
        self.at += 1;
        loop {
            let rest = &self.bytes[self.at..];
            let quote = rest.iter().position(|byte| *byte == b'"');
            let len = quote.ok_or("a quote is never closed")?;
            field.extend_from_slice(&rest[..len]);
            self.at += len + 1;
            if rest.get(len + 1) != Some(&b'"') {
                return Ok(field);
            }
            field.push(b'"');
            self.at += 1;
        }
    }
}
