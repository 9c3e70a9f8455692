//! JSON-LD 1.1 with the words of schema.org: a `DigitalDocument` and its parts down to each sentence. Not `Legislation`:
//! the text binds nobody.

use super::{Extract, Format, words};
use crate::{Body, Lang, Measure, Paragraph, Place, Section};
use serde::Serialize;

/// A thing of schema.org. The order of the fields is that of the file: a map's would hang on how serde_json is built.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Work {
    #[serde(rename = "@context", skip_serializing_if = "Option::is_none")]
    context: Option<&'static str>,
    #[serde(rename = "@type")]
    class: &'static str,
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_language: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creative_work_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_accessible_for_free: Option<bool>,
    #[serde(rename = "propertyID", skip_serializing_if = "Option::is_none")]
    property: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<Box<Work>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_based_on: Option<Box<Work>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    translation_of_work: Option<Box<Work>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    translator: Option<Box<Work>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_part_of: Option<Box<Work>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sd_publisher: Option<Box<Work>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sd_date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding_format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    encoding: Vec<Work>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    has_part: Vec<Work>,
}

pub(super) fn write(extract: &Extract<'_>) -> String {
    let (document, lang, slug) = (extract.document, extract.lang(), extract.slug());
    let Work { text, has_part, .. } = match extract.part {
        None => Work { has_part: document.sections.iter().map(|s| section(extract, s)).collect(), ..Work::default() },
        Some(Place::Section(part)) => section(extract, part),
        Some(Place::Measure(_, part)) => measure(extract, part),
        Some(Place::Paragraph(_, _, part)) => paragraph(extract, part),
        Some(place) => Work { text: Some(place.plain()), ..Work::default() },
    };
    let original = || {
        let id = extract.origin.address(Lang::Fr, slug);
        Some(Box::new(Work { class: "DigitalDocument", id: Some(id), in_language: Some("fr"), ..Work::default() }))
    };
    let organisation = |name: &str| {
        let url = Some(extract.origin.public_url.to_owned());
        Some(Box::new(Work { class: "Organization", name: Some(name.to_owned()), url, ..Work::default() }))
    };
    let translated = lang != Lang::Fr;
    let root = Work {
        context: Some("https://schema.org"),
        class: "DigitalDocument",
        id: Some(extract.address()),
        url: Some(extract.address()),
        name: Some(extract.title()),
        in_language: Some(lang.tag()),
        version: Some(document.date.clone()),
        date_published: Some(document.date.clone()),
        creative_work_status: Some(words::standing(lang, extract.origin.site)),
        is_accessible_for_free: Some(true),
        identifier: Some(Box::new(Work {
            class: "PropertyValue",
            property: Some("sha256"),
            name: Some(words::of(lang).fingerprint.to_owned()),
            value: Some(document.sha256.clone()),
            ..Work::default()
        })),
        is_based_on: original().filter(|_| translated),
        translation_of_work: original().filter(|_| translated),
        translator: organisation(extract.origin.site).filter(|_| translated),
        is_part_of: extract.part.map(|_| {
            let id = Some(extract.origin.address(lang, None));
            Box::new(Work { class: "DigitalDocument", id, name: Some(document.title.clone()), ..Work::default() })
        }),
        sd_publisher: organisation(extract.origin.site),
        sd_date_published: Some(extract.origin.made.to_owned()),
        encoding: Format::ALL
            .map(|format| Work {
                class: "MediaObject",
                encoding_format: format.media_type().split(';').next(),
                content_url: Some(extract.origin.file(lang, slug, format)),
                ..Work::default()
            })
            .into(),
        text,
        has_part,
        ..Work::default()
    };
    let mut json = serde_json::to_string_pretty(&root).unwrap_or_default();
    json.push('\n');
    json
}

fn part(extract: &Extract<'_>, slug: &str) -> Work {
    let address = extract.address_of(slug);
    Work { class: "CreativeWork", id: Some(address.clone()), url: Some(address), ..Work::default() }
}

fn section(extract: &Extract<'_>, section: &Section) -> Work {
    let paragraphs = section.paragraphs.iter().map(|p| paragraph(extract, p));
    let measures = section.measures.iter().map(|m| measure(extract, m));
    let has_part = paragraphs.chain(measures).collect();
    Work { name: Some(section.heading.plain()), has_part, ..part(extract, &section.slug) }
}

fn measure(extract: &Extract<'_>, measure: &Measure) -> Work {
    let has_part = measure.paragraphs.iter().map(|p| paragraph(extract, p)).collect();
    Work { name: Some(measure.heading.plain()), has_part, ..part(extract, &measure.slug) }
}

fn paragraph(extract: &Extract<'_>, paragraph: &Paragraph) -> Work {
    let spot = |slug: &str, text: String| Work { text: Some(text), ..part(extract, slug) };
    let has_part = match &paragraph.body {
        Body::Prose(sentences) => sentences.iter().map(|s| spot(&s.slug, s.text.plain())).collect(),
        Body::List { items, .. } => items.iter().map(|item| spot(&item.slug, item.text.plain())).collect(),
    };
    Work {
        position: Some(paragraph.printed.clone()),
        identifier: Some(Box::new(Work {
            class: "PropertyValue",
            property: Some("¶"),
            value: Some(paragraph.number.to_string()),
            ..Work::default()
        })),
        has_part,
        ..spot(&paragraph.slug, paragraph.plain())
    }
}
