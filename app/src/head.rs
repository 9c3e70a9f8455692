//! What search engines, citation tools and previews read. Written on the server only, into the HTML it sends:
//! what scripts add, Zotero and its like do not see.

use crate::{
    Site,
    browser::full_title,
    html::Html,
    plan::contract::Plans,
    routes::{To, lang_of},
    words::{Words, lead},
};
use http::{StatusCode, header, request::Parts};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use plan::{Document, Lang, Place};
use serde_json::json;
use std::sync::Arc;

/// Characters of a description; search engines show about as many.
const DESCRIPTION: usize = 160;

/// The head of one page.
pub(crate) struct Head {
    pub(crate) lang: Lang,
    title: String,
    description: String,
    /// The page's path in each language; none for pages that are not to be found.
    canonical: Option<To>,
    /// JSON-LD (schema.org).
    data: Option<String>,
    /// Name and content of citation metadata (Highwire Press tags, which Zotero and Google Scholar read).
    citation: Vec<(&'static str, String)>,
}

impl Head {
    /// The head for the request in the context. Sets the status where the address leads nowhere, or elsewhere.
    pub(crate) fn of_request() -> Head {
        let site = expect_context::<Site>();
        let plans = expect_context::<Arc<dyn Plans>>();
        let uri = use_context::<Parts>().map(|parts| parts.uri).unwrap_or_default();
        let lang = lang_of(uri.path()).unwrap_or(Lang::Fr);
        let words = Words::of(lang);
        let page = |title: &str, description: String, to: To| Head {
            lang,
            title: full_title(title, &site.name),
            description,
            canonical: Some(to),
            data: None,
            citation: Vec::new(),
        };
        let described = lead(lang, site.organisation.of(lang));
        let path = percent_decoded(uri.path());
        match To::parse(&path) {
            Some((_, To::Home)) => page("", described, To::Home),
            Some((_, To::About)) => page(words.about, described, To::About),
            Some((_, To::Accessibility)) => page(words.accessibility, described, To::Accessibility),
            Some((_, To::Legal)) => page(words.legal, described, To::Legal),
            Some((_, To::Search)) => Head { canonical: None, ..page(words.search_plan, described, To::Search) },
            Some((_, To::Account(step))) => {
                Head { canonical: None, ..page(crate::account::title(step, lang), described, To::Account(step)) }
            }
            Some((_, To::Plan)) => {
                let document = plans.document(lang);
                let head = page(&document.title, described, To::Plan);
                head.citing(&site, &document, None)
            }
            Some((_, To::Place(slug))) => {
                let document = plans.document(lang);
                match document.find(&slug) {
                    Some(place) => {
                        if place.slug() != slug {
                            moved(&To::Place(place.slug().to_owned()).href(lang), uri.query());
                        }
                        let title = format!("{} – {}", place.label(lang), words.plan);
                        let head = page(&title, shortened(&place.plain()), To::Place(place.slug().to_owned()));
                        head.citing(&site, &document, Some(place))
                    }
                    None => Head::missing(lang, &site),
                }
            }
            None => Head::missing(lang, &site),
        }
    }

    fn missing(lang: Lang, site: &Site) -> Head {
        expect_context::<ResponseOptions>().set_status(StatusCode::NOT_FOUND);
        let (title, description) = Words::of(lang).error(404);
        Head {
            lang,
            title: full_title(title, &site.name),
            description: description.to_owned(),
            canonical: None,
            data: None,
            citation: Vec::new(),
        }
    }

    /// With the data of the document, or of a spot in it.
    fn citing(self, site: &Site, document: &Document, place: Option<Place<'_>>) -> Head {
        let lang = self.lang;
        let address = |to: &To| format!("{}{}", site.public_url, to.href(lang));
        let whole = address(&To::Plan);
        let slug = place.map(|place| To::Place(place.slug().to_owned()));
        let url = slug.as_ref().map_or_else(|| whole.clone(), address);
        let label = place.map(|place| place.label(lang));
        let name = match &label {
            Some(label) => format!("{label} – {}", document.title),
            None => document.title.clone(),
        };
        let organisation = site.organisation.of(lang);
        let mut data = json!({
            "@context": "https://schema.org",
            "@type": if place.is_some() { "CreativeWork" } else { "DigitalDocument" },
            "@id": url,
            "url": url,
            "name": name,
            "inLanguage": lang.tag(),
            "datePublished": document.date,
            "isAccessibleForFree": true,
        });
        if lang == Lang::Fr {
            data["author"] = json!({ "@type": "Organization", "name": organisation });
        } else {
            data["translator"] = json!({ "@type": "Organization", "name": site.name });
            let original = slug.clone().unwrap_or(To::Plan).href(Lang::Fr);
            data["translationOfWork"] = json!({
                "@type": "CreativeWork",
                "@id": format!("{}{original}", site.public_url),
                "inLanguage": "fr",
            });
        }
        match place {
            Some(place) => {
                data["isPartOf"] = json!({ "@type": "DigitalDocument", "@id": whole, "name": document.title });
                data["text"] = json!(place.plain());
            }
            None => {
                let parts = document.sections.iter().map(|section| {
                    let url = address(&To::Place(section.slug.clone()));
                    json!({ "@type": "CreativeWork", "@id": url, "url": url, "name": section.heading.plain() })
                });
                data["hasPart"] = parts.collect();
                data["identifier"] = json!({
                    "@type": "PropertyValue", "propertyID": "sha256", "value": document.sha256,
                });
            }
        }
        let citation = vec![
            ("citation_title", name),
            ("citation_author", organisation.to_owned()),
            ("citation_publication_date", document.date.replace('-', "/")),
            ("citation_language", lang.tag().to_owned()),
            ("citation_public_url", url),
        ];
        // In a script element only `</` could end the data early.
        Head { data: Some(data.to_string().replace("</", "<\\/")), citation, ..self }
    }

    /// The tags.
    pub(crate) fn view(self, site: &Site) -> impl IntoView + use<> {
        let Head { lang, title, description, canonical, data, citation } = self;
        let words = Words::of(lang);
        let image = format!("{}/og-image.png", site.public_url);
        let address = |to: &To, lang: Lang| format!("{}{}", site.public_url, to.href(lang));
        let found = canonical.map(|to| {
            let alternates = Lang::ALL.into_iter().map(|l| {
                view! { <link rel="alternate" hreflang=l.tag() href=address(&to, l)/> }
            });
            // A visitor of another language gets the original, or from the root what the browser asks for.
            let default = if to == To::Home { format!("{}/", site.public_url) } else { address(&to, Lang::Fr) };
            view! {
                <link rel="canonical" href=address(&to, lang)/>
                {alternates.collect_view()}
                <link rel="alternate" hreflang="x-default" href=default/>
                {property("og:url", address(&to, lang))}
            }
        });
        let locale = match lang {
            Lang::Fr => "fr_FR",
            Lang::En => "en_GB",
        };
        view! {
            <title inner_html=Html::escaped(&title)></title>
            <meta name="description" content=description.clone()/>
            {found.is_none().then(|| view! { <meta name="robots" content="noindex"/> })}
            {found}
            {property("og:title", title)}
            {property("og:description", description)}
            {property("og:type", "article")}
            {property("og:site_name", site.name.clone())}
            {property("og:locale", locale)}
            {property("og:image", image)}
            {property("og:image:alt", words.home_title)}
            <meta name="twitter:card" content="summary_large_image"/>
            {citation.into_iter().map(|(name, content)| view! { <meta name=name content=content/> }).collect_view()}
            {data.map(|data| view! { <script type="application/ld+json" inner_html=data></script> })}
        }
    }
}

/// An Open Graph property (RDFa's attribute, which HTML's own do not include).
fn property(name: &'static str, content: impl Into<String>) -> impl IntoView {
    leptos::html::meta().attr("property", name).attr("content", content.into())
}

/// The address has a canonical form: go there, for good.
fn moved(path: &str, query: Option<&str>) {
    let response = expect_context::<ResponseOptions>();
    let location = match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    if let Ok(location) = header::HeaderValue::from_str(&location) {
        response.set_status(StatusCode::MOVED_PERMANENTLY);
        response.insert_header(header::LOCATION, location);
    }
}

/// A path's segments as characters (`¶20`); as it stands where it is no UTF-8.
fn percent_decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        let digits = rest.clone().take(2).filter_map(|b| char::from(b).to_digit(16)).collect::<Vec<_>>();
        match (byte, digits.as_slice()) {
            (b'%', [high, low]) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                rest.by_ref().take(2).for_each(drop);
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

/// The first words, cut between two of them.
fn shortened(text: &str) -> String {
    let text = text.replace('\n', " ");
    if text.chars().count() <= DESCRIPTION {
        return text;
    }
    let cut: String = text.chars().take(DESCRIPTION).collect();
    let words = cut.rsplit_once(char::is_whitespace).map_or(cut.as_str(), |(words, _)| words);
    format!("{words} …")
}
