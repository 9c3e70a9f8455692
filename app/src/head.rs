//! What search engines, citation tools and previews read. Written on the server only, into the HTML it sends:
//! what scripts add, Zotero and its like do not see.

use crate::{
    Site,
    browser::full_title,
    html::Html,
    media::{self, contract::Sought},
    plan::contract::Plans,
    routes::{To, lang_of},
    words::{PageWords, Words, lead},
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
    /// The page in other forms: media type, address, title.
    alternates: Vec<(&'static str, String, &'static str)>,
    /// What a preview shows beside title and description (Open Graph): the site's own picture where it is empty.
    preview: Vec<(&'static str, String)>,
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
            title: full_title(title, &site.name),
            description,
            canonical: Some(to),
            ..Head::bare(lang)
        };
        let described = lead(lang, site.organisation.of(lang));
        let path = percent_decoded(uri.path());
        match To::parse(&path) {
            Some((_, To::Home)) => Head { alternates: vec![feed(lang)], ..page("", described, To::Home) },
            Some((_, To::Media)) => {
                let words = media::words::Words::of(lang);
                Head { alternates: vec![feed(lang)], ..page(words.library, words.lead.to_owned(), To::Media) }
            }
            Some((_, To::Basket)) => {
                Head { canonical: None, ..page(media::basket::title(lang), described, To::Basket) }
            }
            Some((_, To::Video(number))) => Head::of_video(lang, &site, &number, uri.query()),
            Some((_, To::About)) => page(words.about, described, To::About),
            Some((_, To::Accessibility)) => page(words.accessibility, described, To::Accessibility),
            Some((_, To::Legal)) => page(words.legal, described, To::Legal),
            Some((_, To::Api)) => page(words.api, crate::api::lead(lang).to_owned(), To::Api),
            Some((_, To::Search)) => Head { canonical: None, ..page(words.search_plan, described, To::Search) },
            Some((_, To::View(view))) => {
                let (title, description) = crate::explore::title(view, lang);
                page(title, description.to_owned(), To::View(view))
            }
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
        let (title, description) = Words::of(lang).error(lang, 404);
        Head { title: full_title(title, &site.name), description: description.to_owned(), ..Head::bare(lang) }
    }

    /// Of a video, as the server looked it up before the page was begun.
    fn of_video(lang: Lang, site: &Site, number: &str, query: Option<&str>) -> Head {
        let words = media::words::Words::of(lang);
        let video = match use_context::<media::Shown>() {
            Some(media::Shown(Sought::Found(video))) => video,
            Some(media::Shown(Sought::Withdrawn)) => {
                expect_context::<ResponseOptions>().set_status(StatusCode::GONE);
                let (title, description) = (full_title(words.gone, &site.name), words.gone_text.to_owned());
                return Head { title, description, ..Head::bare(lang) };
            }
            _ => return Head::missing(lang, site),
        };
        let to = To::Video(video.number.clone());
        if video.number != number {
            moved(&to.href(lang), query);
        }
        let address = |path: &str| format!("{}{path}", site.public_url);
        let title = video.title.get(lang);
        let page = address(&to.href(lang));
        let oembed = form_urlencoded::Serializer::new(String::new()).append_pair("url", &page).finish();
        let mut preview = vec![("og:type", "video.other".to_owned())];
        if let Some(still) = &video.still {
            preview.push(("og:image", address(&still.path)));
            preview.push(("og:image:width", still.width.to_string()));
            preview.push(("og:image:height", still.height.to_string()));
            preview.push(("og:image:alt", title.clone()));
        }
        if let Some(proxy) = &video.proxy {
            preview.push(("og:video", address(&proxy.path)));
            preview.push(("og:video:type", proxy.media_type.clone()));
            preview.push(("og:video:width", video.size.0.to_string()));
            preview.push(("og:video:height", video.size.1.to_string()));
            let seconds = video.timing.milliseconds(video.timing.frames).div_ceil(1000);
            preview.push(("video:duration", seconds.to_string()));
        }
        Head {
            title: full_title(title, &site.name),
            description: shortened(&media::describe(lang, &video)),
            canonical: Some(to),
            data: Some(script(&media::head(lang, site, &video))),
            alternates: vec![
                ("application/json+oembed", format!("/oembed?{oembed}&format=json"), "oEmbed"),
                ("text/xml+oembed", format!("/oembed?{oembed}&format=xml"), "oEmbed"),
                feed(lang),
            ],
            preview,
            ..Head::bare(lang)
        }
    }

    /// Of nothing yet.
    fn bare(lang: Lang) -> Head {
        Head {
            lang,
            title: String::new(),
            description: String::new(),
            canonical: None,
            data: None,
            citation: Vec::new(),
            alternates: Vec::new(),
            preview: Vec::new(),
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
        Head { data: Some(script(&data)), citation, ..self }
    }

    /// The tags.
    pub(crate) fn view(self, site: &Site) -> impl IntoView + use<> {
        let Head { lang, title, description, canonical, data, citation, alternates, mut preview } = self;
        if preview.is_empty() {
            preview.push(("og:type", "article".to_owned()));
        }
        if !preview.iter().any(|(name, _)| *name == "og:image") {
            preview.push(("og:image", format!("{}/og-image.png", site.public_url)));
            preview.push(("og:image:alt", PageWords::of(lang).home_title.to_owned()));
        }
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
            {property("og:site_name", site.name.clone())}
            {property("og:locale", locale)}
            {preview.into_iter().map(|(name, content)| property(name, content)).collect_view()}
            {alternates.into_iter().map(|(kind, href, title)| view! {
                <link rel="alternate" r#type=kind href=href title=title/>
            }).collect_view()}
            <meta name="twitter:card" content="summary_large_image"/>
            {citation.into_iter().map(|(name, content)| view! { <meta name=name content=content/> }).collect_view()}
            {data.map(|data| view! { <script type="application/ld+json" inner_html=data></script> })}
        }
    }
}

/// The feed of the latest footage.
fn feed(lang: Lang) -> (&'static str, String, &'static str) {
    ("application/rss+xml", media::feed::path(lang), media::words::Words::of(lang).feed)
}

/// JSON-LD for a script element, where only `</` could end the data early.
fn script(data: &serde_json::Value) -> String {
    data.to_string().replace("</", "<\\/")
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
