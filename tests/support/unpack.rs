//! What is in archives.

use playtally::{
    Container, Directory, FileOptions, Packing, Result, Unpacker,
};

use super::{Input, Source};

/// How many times its size an archive may grow, the first GiB aside.
const GROWTH: u64 = 250;

/// The bytes of the pieces that an unpacker gives; they are as good as any.
const PIECE: usize = 1000;

impl<'f> Input<'f> {
    /// The files of that name: one, or those in an archive, which are held in
    /// memory.
    pub fn all(
        name: &str,
        source: Source<'f>,
        options: &FileOptions,
    ) -> Result<Vec<Input<'f>>> {
        let head = source.head(Container::HEAD);
        let Some(container) = Container::of(&head) else {
            return Ok(vec![Input::new(name, source, options.clone())?]);
        };
        let packed = packings(&source, container)
            .map_err(|error| error.in_file(name))?;
        let input = |packing: Packing| {
            let name = match &packing.entry {
                Some(entry) => format!("{name}/{}", entry.name),
                None => name.to_owned(),
            };
            let text = unpack(&source, &packing)
                .map_err(|error| error.in_file(&name))?;
            Input::new(name, Source::Memory(text.into()), options.clone())
        };
        packed.into_iter().map(input).collect()
    }
}

/// The tables in an archive.
fn packings(source: &Source, container: Container) -> Result<Vec<Packing>> {
    let (entry, encoding) = (None, None);
    let packing = Packing { container: Some(container), entry, encoding };
    if container != Container::Zip {
        return Ok(vec![packing]);
    }
    let mut directory = Directory::new(source.len());
    while let Some(range) = directory.wants() {
        let mut bytes = vec![0; (range.end - range.start) as usize];
        source.read(range.start, &mut bytes);
        directory.push(&bytes)?;
    }
    let tables = directory.into_listing()?.tables.into_iter();
    Ok(tables
        .map(|entry| Packing { entry: Some(entry), ..packing.clone() })
        .collect())
}

/// Unpacks one of them.
fn unpack(source: &Source, packing: &Packing) -> Result<Vec<u8>> {
    let (start, end) = packing.range(source.len());
    let mut bytes = vec![0; (end - start) as usize];
    source.read(start, &mut bytes);
    let mut unpacker = Unpacker::new(packing, end - start, GROWTH, PIECE)?;
    unpacker.push(&bytes);
    unpacker.finish();
    let mut text = Vec::new();
    while let Some(piece) = unpacker.piece()? {
        text.extend_from_slice(piece);
    }
    Ok(text)
}
