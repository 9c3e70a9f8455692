//! `cargo run -p plan --release --features content,export --example export`
//!
//! How long each export takes, as JSON; with a folder behind `--`, writes them there instead, `--part SLUG` those of a
//! part. `bench/exports` calls it.

use plan::{
    Document, Lang, content,
    export::{Extract, Format, Origin, file_name},
};
use std::{error::Error, fs, io::Write as _, path::Path, time::Instant};

const ORIGIN: Origin<'_> = Origin { site: "Estafette", public_url: "https://press.example.org", made: "2026-11-23" };
const ROUNDS: usize = 41;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => measure(),
        [folder] => write(Path::new(folder), None),
        [folder, "--part", slug] => write(Path::new(folder), Some(slug)),
        _ => Err("usage: export [FOLDER [--part SLUG]]".into()),
    }
}

fn extract<'a>(document: &'a Document, slug: Option<&str>) -> Result<Extract<'a>, Box<dyn Error>> {
    Ok(match slug {
        None => Extract::whole(document, ORIGIN),
        Some(slug) => Extract::part(document, document.find(slug).ok_or("no such part")?, ORIGIN),
    })
}

fn write(folder: &Path, slug: Option<&str>) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    for lang in Lang::ALL {
        let document = content::load(lang);
        for format in Format::ALL {
            let name = file_name(&document, lang, slug, format);
            fs::write(folder.join(name), extract(&document, slug)?.export(format)?)?;
        }
    }
    Ok(())
}

/// The median of some rounds, in milliseconds, and the bytes.
fn measure() -> Result<(), Box<dyn Error>> {
    let mut out = Vec::new();
    for lang in Lang::ALL {
        let document = content::load(lang);
        for (what, slug) in [("whole", None), ("paragraph", Some("m4.2"))] {
            for format in Format::ALL {
                let extract = extract(&document, slug)?;
                let mut times = Vec::with_capacity(ROUNDS);
                let mut bytes = 0;
                for _ in 0..ROUNDS {
                    let began = Instant::now();
                    bytes = extract.export(format)?.len();
                    times.push(began.elapsed().as_secs_f64() * 1000.0);
                }
                times.sort_by(f64::total_cmp);
                out.push(format!(
                    "{{\"lang\":\"{lang}\",\"what\":\"{what}\",\"format\":\"{}\",\"ms\":{:.4},\"bytes\":{bytes}}}",
                    format.extension(),
                    times[ROUNDS / 2]
                ));
            }
        }
    }
    writeln!(std::io::stdout(), "[{}]", out.join(",\n"))?;
    Ok(())
}
