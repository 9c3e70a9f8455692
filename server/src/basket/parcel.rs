//! A basket packed: films cut by the index, each with its sidecar and captions, a list of cuts and a README, in one ZIP
//! that is written while it is sent. Nothing is made beforehand but what is small: a film is planned once to know how long
//! it is, and once more when its turn comes, so that an archive costs no more memory than one clip.

use super::{Fit, Footage, Held, Keeper};
use crate::{
    clock,
    http::library::{Library, Unclipped, extension},
    media::{
        beside::{self, Bytes as Facts, How, NoCaptions, Taking},
        captions,
        delivery::{Deliverable, Flow, IndexError, paced},
        metadata::Restricts,
        vault::{Sha256, VaultError},
        zip::Zip,
    },
    store::{
        StoreError,
        basket::Kept,
        downloads::{Part, What},
        media::VideoFile,
    },
};
use ::plan::Lang;
use app::media::basket::{
    Packed,
    contract::{Choice, LeftOut},
    readme,
};
use axum::body::{Body, Bytes};
use clip::{
    Clip, Frames, TimecodeFormat,
    edl::{self, Take},
};
use futures_util::stream::unfold;
use sha2::Digest;
use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    sync::Arc,
};

/// Bytes of all that is no film, kept while an archive is sent.
const MOST_TEXT: usize = 32 << 20;
/// Bytes of it given away at once.
const PIECE: usize = 64 << 10;
/// Stands for a hash until the film has passed.
const UNKNOWN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unpacked {
    /// There is nothing in the basket.
    #[error("the basket is empty")]
    Empty,
    /// Nothing of it may be taken, or can be.
    #[error("nothing in the basket can be taken: its page tells why")]
    Nothing,
    /// Sidecars and captions alone are more than a program holds for one visitor.
    #[error("its captions are too long for one archive: take fewer parts at once")]
    TooMuch,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a part cannot be planned: {0}")]
    Part(#[from] Unclipped),
}

/// Why an archive breaks off.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Part(#[from] Unclipped),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("a part is not what it was when the archive began")]
    Changed,
}

/// An archive, ready to be sent.
pub(crate) struct Parcel {
    library: Arc<Library>,
    files: VecDeque<File>,
    zip: Zip,
    bytes: u64,
    taken: Vec<What>,
}

struct File {
    name: String,
    bytes: u64,
    content: Content,
}

enum Content {
    Text(Bytes),
    Film(Film),
    /// The sidecar of the film before it, and where its hash goes.
    Sidecar(Vec<u8>, Option<usize>),
}

/// A film to be cut when its turn comes.
struct Film {
    file: VideoFile,
    frames: Frames,
}

impl Film {
    async fn plan(&self, library: &Library) -> Result<Clip, Unclipped> {
        library.plan(&library.index(&self.file).await?, &self.frames).await
    }
}

/// An archive as it is put together.
struct Packing<'a> {
    keeper: &'a Keeper,
    lang: Lang,
    names: HashSet<String>,
    files: Vec<File>,
    text: usize,
    packed: Vec<Packed>,
    taken: Vec<What>,
    left_out: Vec<(String, [String; 2], LeftOut)>,
    /// What stands in the lists of cuts: one for each way to count.
    cuts: BTreeMap<(u32, bool), Vec<Cut>>,
}

/// A range in a list of cuts.
struct Cut {
    format: TimecodeFormat,
    reel: String,
    name: String,
    sound: bool,
    from: clip::Timecode,
    frames: u32,
}

impl Keeper {
    /// Packs what lies in a basket and may be taken.
    pub(crate) async fn pack(&self, account: &str, lang: Lang, choice: &Choice) -> Result<Parcel, Unpacked> {
        let mut packing = Packing {
            keeper: self,
            lang,
            names: HashSet::new(),
            files: Vec::new(),
            text: 0,
            packed: Vec::new(),
            taken: Vec::new(),
            left_out: Vec::new(),
            cuts: BTreeMap::new(),
        };
        let held = self.held(account, choice).await?;
        if held.is_empty() {
            return Err(Unpacked::Empty);
        }
        for held in held {
            packing.take(held).await?;
        }
        packing.close()
    }
}

impl Packing<'_> {
    async fn take(&mut self, Held { kept, footage, fit }: Held) -> Result<(), Unpacked> {
        let (footage, Fit { file, frames }) = match (footage, fit) {
            (Some(footage), Ok(fit)) => (footage, fit),
            (footage, fit) => return self.leave(&kept, footage.as_deref(), fit.err().unwrap_or(LeftOut::Gone)).await,
        };
        let library = &self.keeper.library;
        let planned = async {
            let index = library.index(&file).await?;
            let clip = library.plan(&index, &frames).await?;
            Ok((index, clip))
        };
        let (index, clip) = match planned.await {
            Ok(planned) => planned,
            // What is away comes back; what cannot be cut does not keep the others out.
            Err(error @ Unclipped::Index(IndexError::Vault(_))) => return Err(error.into()),
            Err(error) => {
                tracing::error!(number = footage.row.number, rendition = file.role, %error, "a part cannot be cut");
                return self.leave(&kept, Some(&footage), LeftOut::Uncut).await;
            }
        };
        let Footage { row, metadata, files, film, .. } = &*footage;
        let taking = Taking {
            site: &self.keeper.site,
            row,
            metadata,
            file: &file,
            timing: film.timing,
            index: Some(&index),
            frames: Some(frames.clone()),
        };
        let point = |frame| taking.point(frame);
        let stem = self.stem(&row.number, &point(frames.start));
        let name = format!("{stem}.{}", extension(&file.media_type));
        if let Some(take) = taking.take(&name) {
            let format = take.from.format();
            let cut = Cut {
                format,
                reel: row.number.clone(),
                name: name.clone(),
                sound: take.sound,
                from: take.from,
                frames: take.frames,
            };
            self.cuts.entry((format.nominal(), format.drop_frame())).or_default().push(cut);
        }
        let base = format!("{}/api/v1/media/{}/renditions/{}", self.keeper.site.public_url, row.number, file.role);
        let facts = Facts {
            count: clip.len(),
            sha256: Some(UNKNOWN.to_owned()),
            address: format!("{base}/clip?in=f{}&out=f{}&route=instant", frames.start, frames.end),
            name: name.clone(),
        };
        let sidecar = format!("{:#}\n", taking.sidecar(self.lang, &How::Cut(&clip), &facts)).into_bytes();
        let hole = sidecar.windows(UNKNOWN.len()).position(|window| window == UNKNOWN.as_bytes());
        let mut texts = Vec::new();
        let mut mute = false;
        for lang in beside::languages(files) {
            match taking.captions(&library.vault, files, Some(lang)).await {
                Ok((_, cues)) if cues.is_empty() => {}
                Ok((_, cues)) => {
                    texts.push((format!("{stem}.{lang}.vtt"), captions::webvtt(&cues)));
                    texts.push((format!("{stem}.{lang}.srt"), captions::subrip(&cues)));
                }
                // A film is worth taking without them.
                Err(NoCaptions::None) => {}
                Err(error) => {
                    tracing::error!(video = row.number, %error, "captions cannot be read");
                    mute = true;
                }
            }
        }
        let text = |lang: Lang, of: &crate::media::metadata::Localised| of.of(lang).to_owned();
        let warned = metadata.restrictions.iter().filter(|one| one.kind == Restricts::Warn);
        self.packed.push(Packed {
            name: name.clone(),
            number: row.number.clone(),
            title: text(self.lang, &metadata.title),
            points: [frames.start, frames.end].map(point),
            rendition: file.role.clone(),
            note: kept.note,
            credit: metadata.credit.as_ref().map(|credit| credit.as_str().to_owned()).unwrap_or_default(),
            rights: metadata.rights.as_ref().map(|rights| text(self.lang, rights)).unwrap_or_default(),
            restrictions: warned
                .map(|one| if self.lang == Lang::Fr { one.fr.to_string() } else { one.en.to_string() })
                .collect(),
            hidden: clip.hidden() != (0, 0),
            mute,
        });
        self.taken.push(What {
            video: row.id,
            number: row.number.clone(),
            rendition: file.role.clone(),
            part: Some(Part { from: point(frames.start), to: point(frames.end), frames: frames.clone() }),
            route: "instant",
            bytes: clip.len(),
        });
        self.files.push(File { name, bytes: clip.len(), content: Content::Film(Film { file: file.clone(), frames }) });
        self.text += sidecar.len();
        let bytes = sidecar.len() as u64;
        self.files.push(File { name: format!("{stem}.json"), bytes, content: Content::Sidecar(sidecar, hole) });
        for (name, text) in texts {
            self.add(name, text);
        }
        if self.text > MOST_TEXT { Err(Unpacked::TooMuch) } else { Ok(()) }
    }

    /// Notes what is not in the archive.
    async fn leave(&mut self, kept: &Kept, footage: Option<&Footage>, why: LeftOut) -> Result<(), Unpacked> {
        let timing = footage.map(|footage| footage.film.timing);
        let point = |frame: u32| timing.map_or_else(|| format!("f{frame}"), |timing| timing.timecode(frame));
        let number = match footage {
            Some(footage) => footage.row.number.clone(),
            None => {
                let row = self.keeper.library.store.video_of(kept.video).await?;
                row.map(|row| row.number).unwrap_or_default()
            }
        };
        self.left_out.push((number, [kept.frames.start, kept.frames.end].map(point), why));
        Ok(())
    }

    /// `ESSAI-1_10-00-02-10`, the second of that name with a number behind it.
    fn stem(&mut self, number: &str, point: &str) -> String {
        let stem = format!("{number}_{}", point.replace([':', ';'], "-"));
        let mut nth = 1;
        let mut name = stem.clone();
        while !self.names.insert(name.clone()) {
            nth += 1;
            name = format!("{stem}_{nth}");
        }
        name
    }

    fn add(&mut self, name: String, text: String) {
        self.text += text.len();
        self.files.push(file(name, text));
    }

    /// With the lists of cuts and the README in front.
    fn close(mut self) -> Result<Parcel, Unpacked> {
        if self.packed.is_empty() {
            return Err(Unpacked::Nothing);
        }
        let (now, site) = (self.keeper.library.clock.now(), &self.keeper.site);
        let date = clock::date(now);
        let several = self.cuts.len() > 1;
        let text = readme(self.lang, site, &date, &self.packed, &self.left_out, several);
        let mut files = VecDeque::from([file("README.txt".to_owned(), text)]);
        for ((nominal, drop_frame), cuts) in &self.cuts {
            let Some(format) = cuts.first().map(|cut| cut.format) else { continue };
            let takes = cuts.iter().map(|cut| Take {
                reel: &cut.reel,
                clip_name: &cut.name,
                sound: cut.sound,
                from: cut.from,
                frames: cut.frames,
            });
            let name = match (several, drop_frame) {
                (false, _) => "basket.edl".to_owned(),
                (true, false) => format!("basket_{nominal}.edl"),
                (true, true) => format!("basket_{nominal}-drop-frame.edl"),
            };
            let title = format!("{} {date}", site.name);
            files.push_back(file(name, edl::write(&title, format, &takes.collect::<Vec<_>>())));
        }
        files.extend(std::mem::take(&mut self.files));
        let bytes = Zip::length(files.iter().map(|file| (&*file.name, file.bytes)));
        let library = Arc::clone(&self.keeper.library);
        Ok(Parcel { library, files, zip: Zip::new(now), bytes, taken: self.taken })
    }
}

fn file(name: String, text: String) -> File {
    File { name, bytes: text.len() as u64, content: Content::Text(text.into()) }
}

impl Parcel {
    /// How long it is.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What of whose films is in it.
    pub(crate) fn taken(&self) -> &[What] {
        &self.taken
    }

    /// The archive itself, at the reader's pace.
    pub(crate) fn body(self) -> Body {
        let sending = Sending {
            library: self.library,
            files: self.files,
            zip: self.zip,
            ready: Bytes::new(),
            film: None,
            crc: flate2::Crc::new(),
            sha256: sha2::Sha256::new(),
            last: [0; 32],
            ended: false,
        };
        paced(unfold(sending, |mut sending| async { Some((sending.next().await?, sending)) }))
    }
}

/// An archive on its way.
struct Sending {
    library: Arc<Library>,
    files: VecDeque<File>,
    zip: Zip,
    /// Bytes to be sent before anything else.
    ready: Bytes,
    /// The film under way, and how many bytes of it are still to come.
    film: Option<(Flow, u64)>,
    crc: flate2::Crc,
    sha256: sha2::Sha256,
    /// The hash of the film that passed last.
    last: [u8; 32],
    ended: bool,
}

impl Sending {
    async fn next(&mut self) -> Option<Result<Bytes, Broken>> {
        loop {
            if !self.ready.is_empty() {
                let some = PIECE.min(self.ready.len());
                return Some(Ok(self.ready.split_to(some)));
            }
            if let Some((flow, left)) = &mut self.film {
                match flow.next().await {
                    Some(Ok(piece)) => {
                        self.crc.update(&piece);
                        self.sha256.update(&piece);
                        let Some(rest) = left.checked_sub(piece.len() as u64) else {
                            return Some(Err(Broken::Changed));
                        };
                        *left = rest;
                        return Some(Ok(piece));
                    }
                    Some(Err(error)) => return Some(Err(error.into())),
                    None if *left > 0 => return Some(Err(Broken::Changed)),
                    None => {
                        self.film = None;
                        self.last = std::mem::replace(&mut self.sha256, sha2::Sha256::new()).finalize().into();
                        self.ready = self.tail().into();
                        continue;
                    }
                }
            }
            match self.files.pop_front() {
                Some(file) => {
                    if let Err(error) = self.begin(file).await {
                        return Some(Err(error));
                    }
                }
                None if self.ended => return None,
                None => {
                    self.ended = true;
                    self.ready = self.zip.end().into();
                }
            }
        }
    }

    fn tail(&mut self) -> Vec<u8> {
        let crc = std::mem::take(&mut self.crc);
        self.zip.tail(crc.sum())
    }

    async fn begin(&mut self, File { name, bytes, content }: File) -> Result<(), Broken> {
        let mut ready = self.zip.head(&name, bytes);
        let text = match content {
            Content::Film(film) => {
                let clip = film.plan(&self.library).await?;
                if clip.len() != bytes {
                    return Err(Broken::Changed);
                }
                let what = Deliverable::clip(film.file.sha256, clip, &film.file.media_type);
                self.film = Some((Flow::all(&self.library.vault, &what).await?, bytes));
                self.ready = ready.into();
                return Ok(());
            }
            Content::Text(text) => text,
            Content::Sidecar(mut sidecar, hole) => {
                let hash = Sha256::from(self.last).to_string();
                if let Some(hole) = hole {
                    sidecar[hole..hole + UNKNOWN.len()].copy_from_slice(hash.as_bytes());
                }
                sidecar.into()
            }
        };
        self.crc.update(&text);
        ready.extend_from_slice(&text);
        ready.extend(self.tail());
        self.ready = ready.into();
        Ok(())
    }
}
