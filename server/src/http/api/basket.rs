//! The basket of whoever is signed in, as one ZIP.

use super::{
    asked::{Name, Value as Asked, integer, parameters},
    media::{accepting, read, refusal, unfit},
    operation::{Ask, Operation, Returns, Served},
    shape::says,
};
use crate::{basket::Unpacked, clock, http::problem::Problem};
use ::plan::Lang;
use app::media::basket::contract::{Choice, MOST_HANDLES};
use axum::{body::Body, response::Response};
use futures_util::future::BoxFuture;
use http::{HeaderValue, Method, StatusCode, header, request::Parts};
use serde_json::{Value, json};

/// Frames before and behind a range.
pub(super) struct Handles(u32);

impl Asked for Handles {
    fn schema() -> Value {
        json!({ "type": "integer", "minimum": 0, "maximum": MOST_HANDLES, "default": 0 })
    }

    fn read(text: &str) -> Option<Self> {
        integer(text)
            .and_then(|handles| u32::try_from(handles).ok())
            .filter(|handles| *handles <= MOST_HANDLES)
            .map(Handles)
    }

    fn absent() -> Option<Self> {
        Some(Handles(0))
    }
}

parameters! {
    struct All {
        handles: Handles = "Les images de plus avant et après chaque partie, tant qu’il y en a et que rien ne s’y oppose.",
            "More frames before and behind each part, as far as there are some and nothing stands in the way.";
        rendition: Option<Name> = "La forme voulue ; une vidéo qui ne l’a pas est prise dans la meilleure qu’elle a.",
            "The rendition that is wanted; a video that lacks it is taken from the finest it has.";
        lang: Lang;
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let refuses = &[
        StatusCode::UNAUTHORIZED,
        StatusCode::FORBIDDEN,
        StatusCode::UNPROCESSABLE_ENTITY,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    vec![Operation::later::<All>(
        "basket",
        "/media/basket.zip",
        says(
            "Le panier de qui est connecté, en un ZIP : chaque partie coupée par l’index, avec sa fiche et ses sous-titres, une liste de montage, et ce qui n’a pas pu être pris. Sa longueur est connue d’avance ; il ne se reprend pas.",
            "The basket of who is signed in, as one ZIP: each part cut by the index, with its sidecar and captions, a list of cuts, and what could not be taken. Its length is known beforehand; it cannot be gone on with.",
        ),
        (Returns::File("application/zip"), refuses),
        all,
    )]
}

fn all<'a>(ask: &'a Ask<'a>, request: &'a Parts) -> BoxFuture<'a, Result<Served, Problem>> {
    Box::pin(async move {
        let All { handles: Handles(handles), rendition, lang } = read(ask)?;
        let keeper = &ask.api.keeper;
        let taker = accepting(ask, request).await?;
        let rendition = rendition.map(|Name(rendition)| rendition).unwrap_or_default();
        let parcel = keeper.pack(&taker.id, lang, &Choice { handles, rendition }).await.map_err(|why| match why {
            Unpacked::Empty | Unpacked::Nothing | Unpacked::TooMuch => unfit(&why),
            Unpacked::Store(error) => error.into(),
            Unpacked::Part(error) => error.into(),
        })?;
        let name = format!("estafette-basket_{}.zip", clock::date(ask.api.clock.now()));
        let length = parcel.bytes();
        let (reading, taken) = (request.method != Method::HEAD, parcel.taken().to_vec());
        let mut response = Response::new(if reading { parcel.body() } else { Body::empty() });
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
        headers.insert(header::CONTENT_LENGTH, length.into());
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store, no-transform"));
        if let Ok(disposition) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
            headers.insert(header::CONTENT_DISPOSITION, disposition);
        }
        if reading {
            let handed = ask.api.library.takeaway.hand_out_all(&taker, &taken, response).await;
            response = handed.map_err(|refused| refusal(ask, refused))?;
        }
        Ok(Served::Whole(response))
    })
}
