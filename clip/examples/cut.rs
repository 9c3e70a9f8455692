//! `cargo run -p clip --example cut -- SOURCE IN OUT CLIP`: all there is to it.
#![expect(clippy::print_stdout, reason = "it tells what it did")]

use clip::{Index, Piece};
use std::{
    error::Error,
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom, Write},
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [source, from, to, out] = &arguments[..] else { return Err("SOURCE IN OUT CLIP, please".into()) };
    let mut source = BufReader::new(File::open(source)?);
    let index = Index::read(&mut source)?;
    let frames = index.between(from.parse()?, to.parse()?)?;
    let clip = index.clip(&frames)?;
    let mut out = File::create_new(out)?;
    for piece in clip.pieces(0..clip.len()) {
        match piece {
            Piece::Bytes(bytes) => out.write_all(bytes)?,
            Piece::Source(extent) => {
                source.seek(SeekFrom::Start(extent.start))?;
                io::copy(&mut (&mut source).take(extent.len), &mut out)?;
            }
        }
    }
    let proposal = index.explain(&clip, false);
    println!("{} frames, {} bytes, {}: {}", frames.len(), clip.len(), proposal.route, proposal.why);
    Ok(())
}
