//! References to the text, or to a part of it, as files: `/fr/plan/cite.bib`, `/fr/plan/m4.2/cite.txt`.

use super::{
    frozen::{Frozen, Keep},
    headers::Policy,
};
use crate::clock::{self, Clock};
use ::plan::{
    Document, Lang,
    cite::{Citation, Part, Site as ReadAt},
    export::{self, Format},
};
use app::{Site, plan::contract::Plans, routes::To};
use axum::{
    Router,
    extract::{Path, Request},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use std::sync::Arc;

/// A form of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// In words, in three styles.
    Text,
    /// biblatex.
    Bib,
    /// RIS.
    Ris,
    /// CSL-JSON.
    Csl,
}

impl Form {
    /// Every form.
    pub(crate) const ALL: [Form; 4] = [Form::Text, Form::Bib, Form::Ris, Form::Csl];

    /// What the file's name ends with.
    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Form::Text => "txt",
            Form::Bib => "bib",
            Form::Ris => "ris",
            Form::Csl => "json",
        }
    }

    /// Its media type; those of BibTeX and RIS are the ones programs have agreed on, registered they are not.
    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Form::Text => "text/plain; charset=utf-8",
            Form::Bib => "application/x-bibtex; charset=utf-8",
            Form::Ris => "application/x-research-info-systems; charset=utf-8",
            Form::Csl => "application/vnd.citationstyles.csl+json",
        }
    }

    /// What the file holds.
    pub(crate) fn of(self, citation: &Citation) -> String {
        match self {
            Form::Text => citation.text(),
            Form::Bib => citation.bibtex(),
            Form::Ris => citation.ris(),
            Form::Csl => citation.csl_json(),
        }
    }
}

/// Where the file is: below the page of the text, or of the part.
pub(crate) fn path(lang: Lang, slug: Option<&str>, form: Form) -> String {
    format!("{}/cite.{}", page(lang, slug), form.extension())
}

/// Whether a path is that of such a file, which is the same for everyone, and not that of a page.
pub(crate) fn is_file(path: &str) -> bool {
    path.rsplit_once("/cite.").is_some_and(|(_, extension)| Form::ALL.iter().any(|form| form.extension() == extension))
}

/// The reference to the text, or to its part at `slug`, as read here today. None where there is no such part.
pub(crate) fn citation(site: &Site, clock: &dyn Clock, document: &Document, slug: Option<&str>) -> Option<Citation> {
    let address = format!("{}{}", site.public_url, To::Plan.href(document.lang));
    let accessed = clock::date(clock.now()).parse().ok()?;
    let read_at = ReadAt { name: &site.name, address: &address, accessed };
    Citation::of(document, slug.map_or(Part::Whole, Part::At), None, read_at).ok()
}

/// Every file's address.
pub(crate) fn routes(plans: &Arc<dyn Plans>, site: &Site, clock: &Arc<dyn Clock>) -> Router {
    let mut router = Router::new();
    for lang in Lang::ALL {
        for form in Form::ALL {
            let (plans, site, clock) = (Arc::clone(plans), site.clone(), Arc::clone(clock));
            let answer = move |slug: Option<&str>, asked: &Request| {
                let document = plans.document(lang);
                let canonical = slug.and_then(|slug| document.find(slug)).map(|place| place.slug());
                if slug.is_some() && canonical.is_some() && slug != canonical {
                    let address = path(lang, canonical, form);
                    return (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, address)]).into_response();
                }
                match citation(&site, &*clock, &document, slug) {
                    Some(citation) => file(&site, &document, slug, form, &citation, asked),
                    None => StatusCode::NOT_FOUND.into_response(),
                }
            };
            let of_a_part = answer.clone();
            router =
                router.route(&path(lang, None, form), get(async move |asked: Request| answer(None, &asked))).route(
                    &path(lang, Some("{slug}"), form),
                    get(async move |Path(slug): Path<String>, asked: Request| of_a_part(Some(&slug), &asked)),
                );
        }
    }
    router
}

fn file(
    site: &Site,
    document: &Document,
    slug: Option<&str>,
    form: Form,
    citation: &Citation,
    asked: &Request,
) -> Response {
    let lang = document.lang;
    let file = Frozen::new(form.media_type(), Keep::AskEachTime, Policy::nothing(), form.of(citation).into());
    let mut response = file.answer(asked.method(), asked.headers(), false);
    let mut say = |name: HeaderName, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(name, value);
        }
    };
    // Words to be copied are shown; what a program reads is handed to it.
    let how = if form == Form::Text { "inline" } else { "attachment" };
    let name = export::file_name(document, lang, slug, Format::Csv);
    let name = std::path::Path::new(&name).with_extension(form.extension());
    say(header::CONTENT_DISPOSITION, format!("{how}; filename=\"{}\"", name.display()));
    say(header::CONTENT_LANGUAGE, lang.tag().to_owned());
    // What search engines should keep is the page (RFC 6596).
    say(header::LINK, format!("<{}{}>; rel=\"canonical\"", site.public_url, page(lang, slug)));
    response
}

/// The page of the text, or of a part.
fn page(lang: Lang, slug: Option<&str>) -> String {
    slug.map_or(To::Plan, |slug| To::Place(slug.to_owned())).href(lang)
}
