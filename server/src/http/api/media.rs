//! Videos: what there is of them, and the films themselves, whole or from one frame to another.

use super::{
    BASE,
    asked::{Limit, Name, Offset, Value as Asked, parameters},
    list::Page,
    operation::{Ask, Operation, Returns, Served, made},
    shape::{Shape, Url, named, says, shapes},
};
use crate::{
    clock,
    http::{
        library::{self, Library, Unclipped, Unseen, blocked, extension, is_rendition, overlap},
        problem::Problem,
    },
    media::{
        delivery::{Deliverable, IndexError},
        metadata::Metadata,
        probe::Details,
    },
    store::{
        StoreError,
        accounts::Account,
        clips::{Asked as AskedFor, Come, Wish},
        downloads::{Part as Taken, What},
        media::{Video as Row, VideoFile},
    },
    takeaway::Refused,
};
use ::plan::Lang;
use app::{
    account::limits::Refusal,
    routes::{Step, To},
};
use axum::response::{IntoResponse, Response};
use clip::{Clip, Frames, Index, Point, Route};
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;

shapes! {
    struct Video = "Une vidéo.", "A video.";
    {
        "self" own: Url = "Son adresse dans l’API.", "Its address in the API.";
        lang: Lang = "La langue.", "The language.";
        number: String = "Son numéro.", "Its number.";
        title: String = "Son titre.", "Its title.";
        storyline: Option<String> = "Ce qu’elle montre.", "What it shows.";
        seconds: Option<f64> = "Sa durée.", "How long it is.";
        published: Option<String> = "Depuis quand elle est publiée (RFC 3339).", "Since when it is published (RFC 3339).";
        credit: Option<String> = "Qui nommer en la montrant.", "Whom to name when it is shown.";
        rights: Option<String> = "À qui elle est, et ce qu’on peut en faire.", "Whose it is, and what may be done with it.";
        still: Option<Url> = "Une image pour la montrer.", "A picture to show it by.";
    }
    struct WholeVideo = "Une vidéo, avec tout ce qu’on en sait et ce qu’il y en a.",
        "A video, with all that is known of it and all there is of it.";
    {
        metadata: Value = "Ce qu’en dit la rédaction, dans les deux langues.",
            "What editors say of it, in both languages.";
        renditions: Vec<Rendition> = "Ses formes à emporter, pour qui a un compte.",
            "The forms in which it is taken away, by who has an account.";
        shown: Vec<Shown> = "Ce qui la montre, pour tous.", "What it is shown by, for everyone.";
    }
    struct Rendition = "Une forme d’une vidéo.", "A form of a video.";
    {
        name: String = "Son nom.", "Its name.";
        template: String = "Où l’emporter, avec le cookie de la session ou un jeton.", "Where it is taken from, with the session’s cookie or a token.";
        media_type: String = "Son type.", "Its type.";
        bytes: u64 = "Sa taille.", "Its size.";
        sha256: String = "L’empreinte SHA-256 du fichier, en hexadécimal.", "The file’s SHA-256, in hexadecimal.";
        cut: bool = "S’il peut être coupé à l’image près.", "Whether it can be cut to the frame.";
        details: Value = "Taille de l’image, cadence, codecs, durée, timecode.",
            "Size of the picture, rate, codecs, length, timecode.";
    }
    struct Shown = "Un fichier qui montre une vidéo.", "A file by which a video is shown.";
    {
        name: String = "Son nom.", "Its name.";
        address: Url = "Son adresse.", "Its address.";
        media_type: String = "Son type.", "Its type.";
        bytes: u64 = "Sa taille.", "Its size.";
    }
    struct ClipJob = "Un extrait en préparation, ou prêt.", "A clip in the making, or ready.";
    {
        "self" own: Url = "Son adresse.", "Its address.";
        state: State = "Où il en est.", "How far it has come.";
        progress: u64 = "En millièmes.", "In thousandths.";
        why: Option<String> = "Pourquoi il n’a pas pu être fait.", "Why it could not be made.";
        template: Option<String> = "Où l’emporter, quand il est prêt.", "Where to take it from, when it is ready.";
        expires: Option<String> = "Jusqu’à quand il est gardé (RFC 3339).", "Until when it is kept (RFC 3339).";
        receipt: Value = "Son reçu : images, timecode, lesquelles sont celles de la source au bit près.",
            "Its receipt: frames, timecode, which of them are the source’s bit by bit.";
    }
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    Queued,
    Running,
    Done,
    Failed,
}

named! {
    State: "queued" | "running" | "done" | "failed";
}

parameters! {
    struct Listed { limit: Limit; offset: Offset; lang: Lang; }
    struct One {
        number: Name = "Le numéro de la vidéo.", "The video’s number.";
        lang: Lang;
    }
    struct Film {
        number: Name = "Le numéro de la vidéo.", "The video’s number.";
        rendition: Name = "Le nom de la forme.", "The rendition’s name.";
    }
    struct Part {
        number: Name = "Le numéro de la vidéo.", "The video’s number.";
        rendition: Name = "Le nom de la forme.", "The rendition’s name.";
        "in" from: Mark = "La première image gardée.", "The first frame kept.";
        "out" to: Mark = "La première image qui n’est plus gardée, comme dans une EDL.",
            "The first frame no longer kept, as in an EDL.";
        route: Option<Way> = "La voie. `instant` : par l’index, tout de suite ; des images cachées peuvent voyager. `edit-safe` : rien de caché ; on attend l’encodage du début et de la fin. Sinon, celle qui convient.",
            "The way. `instant`: by the index, at once; hidden frames may travel. `edit-safe`: nothing hidden; head and tail are encoded first. Else the one that fits.";
    }
    struct Order {
        number: Name = "Le numéro de la vidéo.", "The video’s number.";
        rendition: Name = "Le nom de la forme.", "The rendition’s name.";
        "in" from: Mark = "La première image gardée.", "The first frame kept.";
        "out" to: Mark = "La première image qui n’est plus gardée.", "The first frame no longer kept.";
    }
    struct Job {
        number: Name = "Le numéro de la vidéo.", "The video’s number.";
        id: Name = "L’identifiant de l’extrait.", "The clip’s identifier.";
    }
}

/// A point of a film.
pub(super) struct Mark(pub(super) Point);

impl Asked for Mark {
    fn schema() -> Value {
        let written = r"^([0-9]{1,3}:){2}[0-9]{1,3}[:;][0-9]{1,3}$|^f[0-9]{1,9}$|^[0-9]{1,7}(\.[0-9]{1,9})?s$";
        json!({ "type": "string", "pattern": written, "maxLength": 20 })
    }

    fn read(text: &str) -> Option<Self> {
        text.parse().ok().map(Mark)
    }

    fn gather(values: &[&str]) -> Result<Self, String> {
        match values {
            [] => Err("is missing".to_owned()),
            [value] => value.parse().map(Mark).map_err(|bad: clip::BadPoint| format!("cannot be read: {bad}")),
            _ => Err("is given more than once".to_owned()),
        }
    }
}

/// A way to cut that can be asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Instant,
    EditSafe,
}

impl Asked for Way {
    fn schema() -> Value {
        json!({ "type": "string", "enum": ["instant", "edit-safe"] })
    }

    fn read(text: &str) -> Option<Self> {
        match text {
            "instant" => Some(Way::Instant),
            "edit-safe" => Some(Way::EditSafe),
            _ => None,
        }
    }
}

pub(super) const PERSONAL: &[StatusCode] = &[
    StatusCode::UNAUTHORIZED,
    StatusCode::FORBIDDEN,
    StatusCode::GONE,
    StatusCode::PRECONDITION_FAILED,
    StatusCode::RANGE_NOT_SATISFIABLE,
    StatusCode::UNPROCESSABLE_ENTITY,
    StatusCode::TOO_MANY_REQUESTS,
];

const ORDERED: &[StatusCode] = &[
    StatusCode::UNAUTHORIZED,
    StatusCode::FORBIDDEN,
    StatusCode::GONE,
    StatusCode::UNPROCESSABLE_ENTITY,
    StatusCode::TOO_MANY_REQUESTS,
];

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::later::<Listed>(
            "media",
            "/media",
            says("Les vidéos, les dernières publiées d’abord.", "The videos, those published last first."),
            (Returns::Json(Page::<Video>::schema), &[]),
            list,
        ),
        Operation::later::<One>(
            "video",
            "/media/{number}",
            says("Une vidéo.", "One video."),
            (Returns::Json(Whole::schema), &[StatusCode::GONE]),
            one,
        ),
        Operation::later::<Film>(
            "rendition",
            "/media/{number}/renditions/{rendition}",
            says(
                "Une vidéo à emporter, entière ; peut se demander par plages (`Range`) et se reprendre (`If-Range`).",
                "A video to take away, whole; may be asked for in ranges (`Range`) and gone on with (`If-Range`).",
            ),
            (Returns::Film(None), PERSONAL),
            rendition,
        ),
        Operation::later::<Part>(
            "clip",
            "/media/{number}/renditions/{rendition}/clip",
            says(
                "Une vidéo d’une image à une autre, exactement. Un point est un timecode (10:00:02:23), une image (f73) ou des secondes (2.92s).",
                "A video from one frame to another, exactly. A point is a timecode (10:00:02:23), a frame (f73) or seconds (2.92s).",
            ),
            (Returns::Film(Some(ClipJob::schema)), PERSONAL),
            part,
        ),
        Operation::ordered::<Order>(
            "order-clip",
            "/media/{number}/renditions/{rendition}/clip",
            says(
                "Demande un extrait sans images cachées (`edit-safe`), que l’on prépare ; le même demandé deux fois n’en fait qu’un.",
                "Asks for a clip without hidden frames (`edit-safe`) to be made; the same asked twice is one.",
            ),
            (Returns::Job(ClipJob::schema), ORDERED),
            order,
        ),
        Operation::later::<Job>(
            "clip-job",
            "/media/{number}/clips/{id}",
            says("Où en est un extrait que l’on prépare.", "How far a clip has come that is being made."),
            (Returns::Json(ClipJob::schema), &[StatusCode::UNAUTHORIZED, StatusCode::GONE]),
            job,
        ),
    ]
}

impl From<Unseen> for Problem {
    fn from(unseen: Unseen) -> Self {
        match unseen {
            Unseen::Nothing => Problem::of(StatusCode::NOT_FOUND).detail("There is no such video."),
            Unseen::Withdrawn => Problem::of(StatusCode::GONE).detail("The video was withdrawn."),
            Unseen::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store cannot be asked about videos");
        Problem::of(StatusCode::SERVICE_UNAVAILABLE)
    }
}

impl From<Unclipped> for Problem {
    fn from(why: Unclipped) -> Self {
        match why {
            Unclipped::NoIndex | Unclipped::Refused(_) => unfit(&why),
            Unclipped::Index(IndexError::Vault(error)) => {
                tracing::error!(%error, "an index cannot be read");
                Problem::of(StatusCode::SERVICE_UNAVAILABLE)
            }
            Unclipped::Index(error) => {
                tracing::error!(%error, "an index is none");
                Problem::of(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }
}

/// A good request that this video does not allow, in a sentence.
pub(super) fn unfit(why: &dyn std::fmt::Display) -> Problem {
    let why = why.to_string();
    let mut letters = why.chars();
    let sentence = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>();
    Problem::of(StatusCode::UNPROCESSABLE_ENTITY).detail(format!("{sentence}."))
}

/// A problem with one of the points.
fn unfit_at(name: &str, why: &dyn std::fmt::Display) -> Problem {
    Problem::of(StatusCode::UNPROCESSABLE_ENTITY).detail(format!("{name}: {why}.")).about(name)
}

/// What is said of a row; a row that says nothing readable was written by a newer program.
pub(super) fn told(row: &Row) -> Result<Metadata, Problem> {
    Metadata::kept(row.metadata.clone()).map_err(|error| {
        tracing::error!(video = row.number, why = error.why, "its metadata cannot be read");
        Problem::of(StatusCode::INTERNAL_SERVER_ERROR)
    })
}

fn details(file: &VideoFile) -> Details {
    serde_json::from_value(file.details.clone()).unwrap_or_default()
}

/// The head of a video: both what a list shows and what stands first in the whole.
fn shaped(ask: &Ask<'_>, row: &Row, files: &[VideoFile], lang: Lang) -> Result<Video, Problem> {
    let metadata = told(row)?;
    let text =
        |localised: &Option<crate::media::metadata::Localised>| localised.as_ref().map(|l| l.of(lang).to_owned());
    let of = |role: &str| files.iter().find(|file| file.role == role);
    Ok(Video {
        own: ask.api.resource(&format!("/media/{}", row.number), lang),
        lang,
        number: row.number.clone(),
        title: metadata.title.of(lang).to_owned(),
        storyline: text(&metadata.storyline),
        seconds: of("original").map(|file| details(file).seconds),
        published: row.published_at.map(clock::to_the_minute),
        credit: metadata.credit.as_ref().map(|credit| credit.as_str().to_owned()),
        rights: text(&metadata.rights),
        still: of("still").and_then(|file| shown(ask, row, file)).map(|shown| shown.address),
    })
}

fn shown(ask: &Ask<'_>, row: &Row, file: &VideoFile) -> Option<Shown> {
    let name = library::public_name(file)?;
    let address = Url(format!("{}/media/{}/{name}", ask.api.site.public_url, row.number));
    Some(Shown { name, address, media_type: file.media_type.clone(), bytes: file.bytes })
}

/// A video, with what stands beside its head.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    head: Video,
    #[serde(flatten)]
    rest: WholeVideo,
}

impl Shape for Whole {
    fn schema(schemas: &mut super::shape::Schemas) -> Value {
        json!({ "allOf": [Video::schema(schemas), WholeVideo::schema(schemas)] })
    }
}

fn list<'a>(ask: &'a Ask<'a>, _: &'a Parts) -> BoxFuture<'a, Result<Served, Problem>> {
    Box::pin(async move {
        let Listed { limit, offset, lang } = read(ask)?;
        let library = &ask.api.library;
        let (many, from) = (i64::try_from(limit.0).unwrap_or(i64::MAX), i64::try_from(offset.0).unwrap_or(i64::MAX));
        let (total, rows) = library.store.visible_videos(library.clock.now(), many, from).await?;
        let mut items = Vec::new();
        for row in rows {
            let files = library.store.video_files(row.id).await?;
            items.push(shaped(ask, &row, &files, lang)?);
        }
        let total = usize::try_from(total).unwrap_or_default();
        made(&Page::found(ask, total, items, (limit, offset))).map(Served::Json)
    })
}

fn one<'a>(ask: &'a Ask<'a>, _: &'a Parts) -> BoxFuture<'a, Result<Served, Problem>> {
    Box::pin(async move {
        let One { number: Name(number), lang } = read(ask)?;
        let library = &ask.api.library;
        let row = library.video(&number).await?;
        let files = library.store.video_files(row.id).await?;
        let renditions = files.iter().filter(|file| is_rendition(file)).map(|file| Rendition {
            name: file.role.clone(),
            template: format!("{}{BASE}/media/{}/renditions/{}", ask.api.site.public_url, row.number, file.role),
            media_type: file.media_type.clone(),
            bytes: file.bytes,
            sha256: file.sha256.to_string(),
            cut: file.index.is_some(),
            details: file.details.clone(),
        });
        let rest = WholeVideo {
            metadata: told(&row)?.json(),
            renditions: renditions.collect(),
            shown: files.iter().filter_map(|file| shown(ask, &row, file)).collect(),
        };
        made(&Whole { head: shaped(ask, &row, &files, lang)?, rest }).map(Served::Json)
    })
}

pub(super) fn read<P: super::asked::Parameters>(ask: &Ask<'_>) -> Result<P, Problem> {
    P::read(ask.given)
}

/// A rendition of a video that is asked for by somebody who may take it.
pub(super) struct Wanted<'a> {
    pub(super) library: &'a Arc<Library>,
    taker: Account,
    pub(super) row: Row,
    pub(super) metadata: Metadata,
    pub(super) file: VideoFile,
    /// All there is of the video.
    pub(super) files: Vec<VideoFile>,
}

/// The account that asks, which has accepted the terms in force.
pub(super) async fn accepting(ask: &Ask<'_>, request: &Parts) -> Result<Account, Problem> {
    let taker = ask.api.library.takeaway.accepting(request).await;
    taker.map_err(|refused| refusal(ask, refused))
}

/// Why something is not handed out, to programs and to people.
pub(super) fn refusal(ask: &Ask<'_>, refused: Refused) -> Problem {
    match refused {
        Refused::Nobody => Problem::of(StatusCode::UNAUTHORIZED)
            .detail("Films are taken away by who is signed in, or brings a token of their account."),
        Refused::Stranger => {
            let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
            let headers = HeaderMap::from_iter([(header::WWW_AUTHENTICATE, challenge)]);
            let detail = "This token opens nothing: it has ended, was revoked, or never was one.";
            Problem::of(StatusCode::UNAUTHORIZED).detail(detail).headers(headers)
        }
        Refused::Terms => {
            let page = ask.api.page(&To::Account(Step::Account), Lang::En).0;
            let detail = format!("Accept the terms of use in force first, once, at {page}.");
            Problem::of(StatusCode::FORBIDDEN).detail(detail).for_people(Refusal::Terms)
        }
        Refused::Gone => Unseen::Withdrawn.into(),
        Refused::Trouble(trouble) => {
            tracing::error!(%trouble, "nobody can tell who takes footage away");
            Problem::of(StatusCode::SERVICE_UNAVAILABLE)
        }
        Refused::Spent(spent) => {
            let (_, detail) = Refusal::Spent(spent.clone()).words(Lang::En);
            let headers = HeaderMap::from_iter([(header::RETRY_AFTER, HeaderValue::from(spent.wait))]);
            let problem = Problem::quota_exceeded(spent.limit.name()).detail(detail);
            problem.headers(headers).for_people(Refusal::Spent(spent))
        }
    }
}

impl<'a> Wanted<'a> {
    pub(super) async fn by(ask: &'a Ask<'a>, request: &Parts, number: &str, rendition: &str) -> Result<Self, Problem> {
        let library = &ask.api.library;
        let taker = accepting(ask, request).await?;
        let row = library.video(number).await?;
        let files = library.store.video_files(row.id).await?;
        let file = files.iter().find(|file| is_rendition(file) && file.role == rendition).cloned();
        let nothing = || Problem::of(StatusCode::NOT_FOUND).detail("The video has no such rendition.");
        Ok(Self { library, taker, metadata: told(&row)?, row, file: file.ok_or_else(nothing)?, files })
    }

    /// All of it, or a part, as it is taken by that route.
    fn what(&self, part: Option<&Taken>, route: &'static str, bytes: u64) -> What {
        let (video, number) = (self.row.id, self.row.number.clone());
        What { video, number, rendition: self.file.role.clone(), part: part.cloned(), route, bytes }
    }

    /// Hands it out, within the limits of the account. What is refused is said in the API's own form.
    async fn hand_out(
        &self,
        ask: &Ask<'_>,
        what: &What,
        file: &Deliverable,
        request: &Parts,
    ) -> Result<Served, Problem> {
        let Library { takeaway, vault, .. } = &**self.library;
        let handed = takeaway.hand_out(vault, &self.taker, what, file, request).await;
        handed.map(in_words).map(Served::Whole).map_err(|refused| refusal(ask, refused))
    }

    /// Of what is not given away whole, why.
    pub(super) fn whole(&self) -> Result<(), Problem> {
        let Some(why) = library::held_back(&self.metadata, Lang::En) else { return Ok(()) };
        let why = format!("Not all of it is given away ({why}): take clips of the rest.");
        Err(Problem::of(StatusCode::FORBIDDEN).detail(why))
    }

    /// `ES-2026-014_1080p.mp4`
    pub(super) fn name(&self, part: &str) -> String {
        format!("{}_{}{part}.{}", self.row.number, self.file.role, extension(&self.file.media_type))
    }
}

fn rendition<'a>(ask: &'a Ask<'a>, request: &'a Parts) -> BoxFuture<'a, Result<Served, Problem>> {
    Box::pin(async move {
        let Film { number: Name(number), rendition: Name(rendition) } = read(ask)?;
        let wanted = Wanted::by(ask, request, &number, &rendition).await?;
        wanted.whole()?;
        let VideoFile { sha256, bytes, media_type, .. } = &wanted.file;
        let file = Deliverable::file(*sha256, *bytes, media_type).named(&wanted.name(""));
        wanted.hand_out(ask, &wanted.what(None, "whole", *bytes), &file, request).await
    })
}

/// A part of a rendition that may be given away, and the way to it.
pub(super) struct Cutting<'a> {
    pub(super) wanted: Wanted<'a>,
    pub(super) index: Arc<Index>,
    pub(super) frames: Frames,
    pub(super) clip: Clip,
    way: Way,
}

impl<'a> Cutting<'a> {
    pub(super) async fn of(
        wanted: Wanted<'a>,
        (from, to): (Point, Point),
        route: Option<Way>,
    ) -> Result<Self, Problem> {
        let index = wanted.library.index(&wanted.file).await?;
        let frame = |name, point| index.frame(point).map_err(|why| unfit_at(name, &why));
        let frames = frame("in", from)?..frame("out", to)?;
        index.between(from, to).map_err(|why| unfit(&why))?;
        let blocked = blocked(&wanted.metadata, &index);
        if let Some(block) = blocked.iter().find(|block| overlap(&block.frames, &frames)) {
            let (first, last) = (point(&index, block.frames.start), point(&index, block.frames.end));
            let why = format!("From {first} to {last} it is not given away: {}", block.why);
            return Err(Problem::of(StatusCode::FORBIDDEN).detail(why));
        }
        let clip = wanted.library.plan(&index, &frames).await?;
        let travels = |block: &&library::Blocked| clip.travels().iter().any(|frames| overlap(frames, &block.frames));
        let restricted = blocked.iter().find(travels);
        let proposal = index.explain(&clip, restricted.is_some());
        let way = route.unwrap_or(if proposal.route == Route::EditSafe { Way::EditSafe } else { Way::Instant });
        if let (Way::Instant, Some(block)) = (way, restricted) {
            let why = format!(
                "Hidden frames would travel that are not given away ({}). Ask with route=edit-safe, which hides none.",
                block.why
            );
            return Err(Problem::of(StatusCode::FORBIDDEN).detail(why));
        }
        Ok(Self { wanted, index, frames, clip, way })
    }

    fn taken(&self) -> Taken {
        let frames = self.frames.clone();
        Taken { from: point(&self.index, frames.start), to: point(&self.index, frames.end), frames }
    }

    /// `ES-2026-014_1080p_10-00-02-10-10-00-04-00.mp4`
    pub(super) fn name(&self) -> String {
        let Taken { from, to, .. } = self.taken();
        self.wanted.name(&format!("_{from}-{to}")).replace([':', ';'], "-")
    }

    /// What must be encoded before there is anything. What hides nothing is edit-safe as it is.
    pub(super) fn wish(&self) -> Result<Option<Wish>, Problem> {
        if self.way == Way::Instant || self.clip.hidden() == (0, 0) {
            return Ok(None);
        }
        let (file, row) = (&self.wanted.file, &self.wanted.row);
        let packed = file.index.ok_or(Unclipped::NoIndex)?;
        Ok(Some(Wish::new(row.id, file.sha256, packed, &file.media_type, self.frames.clone())))
    }
}

fn part<'a>(ask: &'a Ask<'a>, request: &'a Parts) -> BoxFuture<'a, Result<Served, Problem>> {
    Box::pin(async move {
        let Part { number: Name(number), rendition: Name(rendition), from: Mark(from), to: Mark(to), route } =
            read(ask)?;
        cut(ask, request, (&number, &rendition), (from, to), route).await
    })
}

/// What is ordered is what cannot be had at once.
fn order<'a>(ask: &'a Ask<'a>, request: &'a Parts) -> BoxFuture<'a, Result<Served, Problem>> {
    Box::pin(async move {
        let Order { number: Name(number), rendition: Name(rendition), from: Mark(from), to: Mark(to) } = read(ask)?;
        cut(ask, request, (&number, &rendition), (from, to), Some(Way::EditSafe)).await
    })
}

async fn cut(
    ask: &Ask<'_>,
    request: &Parts,
    (number, rendition): (&str, &str),
    marks: (Point, Point),
    route: Option<Way>,
) -> Result<Served, Problem> {
    let wanted = Wanted::by(ask, request, number, rendition).await?;
    let cutting = Cutting::of(wanted, marks, route).await?;
    let (taken, name) = (cutting.taken(), cutting.name());
    if let Some(wish) = cutting.wish()? {
        return made_first(ask, &cutting.wanted, &wish, (&taken, &name), request).await;
    }
    let Cutting { wanted, clip, frames, .. } = cutting;
    if request.method == Method::POST {
        let there = format!("{}?in=f{}&out=f{}", ask.own_path(), frames.start, frames.end);
        return Ok(Served::Whole((StatusCode::SEE_OTHER, [(header::LOCATION, there)]).into_response()));
    }
    let file = Deliverable::clip(wanted.file.sha256, clip, &wanted.file.media_type).named(&name);
    wanted.hand_out(ask, &wanted.what(Some(&taken), "instant", file.len()), &file, request).await
}

/// A frame as people write it: its timecode, else its number.
fn point(index: &Index, frame: u32) -> String {
    index.timecode(frame).map_or_else(|| format!("f{frame}"), |timecode| timecode.to_string())
}

/// A clip that must be made: the file, or how far it has come.
async fn made_first(
    ask: &Ask<'_>,
    wanted: &Wanted<'_>,
    wish: &Wish,
    (taken, name): (&Taken, &str),
    request: &Parts,
) -> Result<Served, Problem> {
    let library = wanted.library;
    let mut asked = library.store.clip(&wish.id).await?;
    // To ask whether it is there is not to ask for it.
    if asked.is_none() && request.method != Method::HEAD {
        let waits = library.takeaway.may_wait(&wanted.taker, &wish.id).await;
        waits.map_err(|refused| refusal(ask, refused))?;
        asked = library.wish(wish).await?;
    }
    let Some(asked) = asked else {
        let busy =
            Problem::of(StatusCode::SERVICE_UNAVAILABLE).detail("Too many clips are being made: come back later.");
        return Ok(Served::Whole(([(header::RETRY_AFTER, HeaderValue::from_static("60"))], busy).into_response()));
    };
    match &asked.come {
        Come::Done(..) if request.method == Method::POST => {
            let job = job_of(ask, &wanted.row.number, &asked, Some(&wanted.file));
            let headers = [
                (header::LOCATION, job.own.0.clone()),
                (header::CONTENT_TYPE, "application/json".to_owned()),
                (header::CACHE_CONTROL, "no-store".to_owned()),
            ];
            Ok(Served::Whole((headers, made(&job)?.json).into_response()))
        }
        Come::Done(stored, ..) => {
            let file = Deliverable::file(stored.sha256, stored.bytes, &wish.media_type).named(name);
            wanted.hand_out(ask, &wanted.what(Some(taken), "edit-safe", stored.bytes), &file, request).await
        }
        Come::Dead(why) => Err(unfit(&format!("this clip could not be made: {why}"))),
        Come::Underway(_) => {
            let job = job_of(ask, &wanted.row.number, &asked, None);
            let location = HeaderValue::try_from(&job.own.0).unwrap_or(const { HeaderValue::from_static("") });
            let headers = [
                (header::LOCATION, location),
                (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                (header::RETRY_AFTER, HeaderValue::from_static("1")),
                // A browser without scripts asks again by itself, until it is given the file.
                (header::REFRESH, HeaderValue::from_static("2")),
            ];
            Ok(Served::Whole((StatusCode::ACCEPTED, headers, made(&job)?.json).into_response()))
        }
    }
}

fn job<'a>(ask: &'a Ask<'a>, request: &'a Parts) -> BoxFuture<'a, Result<Served, Problem>> {
    Box::pin(async move {
        let Job { number: Name(number), id: Name(id) } = read(ask)?;
        let library = &ask.api.library;
        accepting(ask, request).await?;
        let row = library.video(&number).await?;
        let asked = library.store.clip(&id).await?.filter(|asked| asked.wish.video == row.id);
        let asked = asked.ok_or_else(|| Problem::of(StatusCode::NOT_FOUND).detail("There is no such clip."))?;
        let files = library.store.video_files(row.id).await?;
        let rendition = files.iter().find(|file| file.sha256 == asked.wish.source);
        let job = made(&job_of(ask, &row.number, &asked, rendition))?.json;
        let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
        Ok(Served::Whole((headers, job).into_response()))
    })
}

fn job_of(ask: &Ask<'_>, number: &str, asked: &AskedFor, rendition: Option<&VideoFile>) -> ClipJob {
    let AskedFor { wish, come } = asked;
    let base = format!("{}{BASE}/media/{number}", ask.api.site.public_url);
    let file = rendition.map(|file| {
        let frames = &wish.frames;
        format!("{base}/renditions/{}/clip?in=f{}&out=f{}&route=edit-safe", file.role, frames.start, frames.end)
    });
    let (state, progress) = match come {
        Come::Underway(None) => (State::Queued, 0),
        Come::Underway(Some(progress)) => (State::Running, progress.unsigned_abs().min(1000)),
        Come::Done(..) => (State::Done, 1000),
        Come::Dead(_) => (State::Failed, 0),
    };
    let (expires, receipt) = match come {
        Come::Done(_, receipt, expires) => (Some(clock::to_the_minute(*expires)), receipt.clone()),
        _ => (None, Value::Null),
    };
    ClipJob {
        own: Url(format!("{base}/clips/{}", wish.id)),
        state,
        progress,
        why: if let Come::Dead(why) = come { Some(why.clone()) } else { None },
        template: file.filter(|_| matches!(come, Come::Done(..))),
        expires,
        receipt,
    }
}

/// What delivery refuses, in the API's own form.
fn in_words(mut response: Response) -> Response {
    let status = response.status();
    let problem = match status {
        StatusCode::PRECONDITION_FAILED => "It is another file by now.",
        StatusCode::RANGE_NOT_SATISFIABLE => "It has no such bytes.",
        StatusCode::SERVICE_UNAVAILABLE => "The media store does not answer.",
        _ => return response,
    };
    let mut worded = Problem::of(status).detail(problem).into_response();
    for (name, value) in response.headers_mut().drain() {
        if let Some(name) = name.filter(|name| *name != header::CACHE_CONTROL) {
            worded.headers_mut().insert(name, value);
        }
    }
    worded
}
