//! The page that explains the API: the OpenAPI document, made readable. Written by the server.

use crate::{html::Html, words::words};
use leptos::prelude::*;
use plan::{Lang, gloss::Both};
use serde_json::Value;
use std::sync::Arc;

/// The API's OpenAPI document in each language, in the server's context.
#[derive(Clone, Debug)]
pub struct OpenApi(pub Arc<Both<Value>>);

words! {
    /// The words around the document's own.
    pub struct Words;

    lead: "Le plan, ses engagements et ses citations pour les programmes : une API ouverte, décrite en OpenAPI 3.1.",
        "The plan, its commitments and its citations for programs: an open API, described in OpenAPI 3.1.";
    description: "La description complète, pour les outils :", "The full description, for tools:";
    parameter: "Paramètre", "Parameter";
    field: "Champ", "Field";
    values: "Valeurs", "Values";
    meaning: "Sens", "Meaning";
    answers: "Répond :", "Answers:";
    takes: "Prend, en JSON :", "Takes, in JSON:";
    example: "La réponse", "The answer";
    required: "à donner", "to be given";
    usually: "sinon", "else";
    list: "liste :", "list:";
    shapes: "Ce que contiennent les réponses", "What answers hold";
    refusals: "Quand l’API refuse", "When the API refuses";
}

/// What there is, in a sentence.
pub(crate) fn lead(lang: Lang) -> &'static str {
    Words::of(lang).lead
}

/// The page's HTML.
pub(crate) fn html(lang: Lang) -> String {
    let OpenApi(documents) = expect_context();
    page(lang, documents.get(lang))
}

fn page(lang: Lang, document: &Value) -> String {
    let words = Words::of(lang);
    let mut html = Html::default();
    html.raw("<h1>API</h1>");
    prose(&mut html, text(&document["info"]["description"]));
    html.raw("<p>").words(words.description).raw(" <a rel=\"external\"");
    let address = format!("/api/v1/openapi.json?lang={lang}");
    html.attribute("href", &address).raw("><code>").words(&address).raw("</code></a></p>");
    for (path, methods) in entries(&document["paths"]) {
        for (method, operation) in entries(methods) {
            of_operation(&mut html, words, (method, path), operation);
        }
    }
    html.raw("<h2 id=\"shapes\">").words(words.shapes).raw("</h2>");
    for (name, schema) in entries(&document["components"]["schemas"]) {
        html.raw("<h3").attribute("id", &anchor(name)).raw("><code>").words(name).raw("</code></h3>");
        prose(&mut html, text(&schema["description"]));
        let fields = entries(&schema["properties"]).map(|(name, field)| (name, field, text(&field["description"])));
        table(&mut html, words, words.field, fields, |_, _| String::new());
    }
    html.raw("<h2 id=\"refusals\">").words(words.refusals).raw("</h2><dl>");
    for (status, response) in refusals(document) {
        html.raw("<dt>").words(status).raw("</dt><dd>");
        marked(&mut html, text(&response["description"]));
        html.raw("</dd>");
    }
    html.raw("</dl>");
    html.0
}

fn of_operation(html: &mut Html, words: &Words, (method, path): (&str, &str), operation: &Value) {
    let id = text(&operation["operationId"]);
    html.raw("<h2").attribute("id", id).raw("><code>").words(&method.to_uppercase()).raw(" ").words(path);
    html.raw("</code></h2>");
    prose(html, text(&operation["summary"]));
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    let rows = parameters.iter().map(|p| (text(&p["name"]), &p["schema"], text(&p["description"])));
    table(html, words, words.parameter, rows, |name, schema| {
        let required = parameters.iter().any(|p| p["name"] == name && p["required"] == true);
        match &schema["default"] {
            Value::Null if required => format!(" ({})", words.required),
            Value::Null => String::new(),
            usual => format!(" ({} `{}`)", words.usually, bare(usual)),
        }
    });
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    let answer = &operation["responses"]["200"]["content"]["application/json"];
    for (label, schema) in [(words.takes, body), (words.answers, &answer["schema"])] {
        if !kind(words, schema).is_empty() {
            html.raw("<p>").words(label).raw(" ").raw(&kind(words, schema)).raw("</p>");
        }
    }
    let samples = operation["x-codeSamples"].as_array().map(Vec::as_slice).unwrap_or_default();
    for sample in samples {
        html.raw("<pre tabindex=\"0\"><code>").words(text(&sample["source"])).raw("</code></pre>");
    }
    if let Ok(example) = serde_json::to_string_pretty(&answer["example"])
        && !answer["example"].is_null()
    {
        html.raw("<details><summary>").words(words.example).raw("</summary><pre tabindex=\"0\"><code>");
        html.words(&example).raw("</code></pre></details>");
    }
}

/// A table of what has a name, a schema and a meaning; nothing where it would be empty. `and` adds to the schema.
fn table<'a>(
    html: &mut Html,
    words: &Words,
    head: &str,
    rows: impl Iterator<Item = (&'a str, &'a Value, &'a str)>,
    and: impl Fn(&str, &Value) -> String,
) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    html.raw("<table tabindex=\"0\"><thead><tr>");
    for head in [head, words.values, words.meaning] {
        html.raw("<th scope=\"col\">").words(head).raw("</th>");
    }
    html.raw("</tr></thead><tbody>");
    for (name, schema, meaning) in rows {
        html.raw("<tr><th scope=\"row\"><code>").words(name).raw("</code></th><td>");
        html.raw(&kind(words, schema));
        marked(html, &and(name, schema));
        html.raw("</td><td>");
        marked(html, meaning);
        html.raw("</td></tr>");
    }
    html.raw("</tbody></table>");
}

/// A schema in a few words, as HTML; empty where it says nothing.
fn kind(words: &Words, schema: &Value) -> String {
    let mut html = Html::default();
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        html.raw("<a").attribute("href", &format!("#{}", anchor(name))).raw("><code>").words(name).raw("</code></a>");
    } else if let Some(values) = schema["enum"].as_array() {
        for (nth, value) in values.iter().enumerate() {
            html.raw(if nth == 0 { "<code>" } else { ", <code>" }).words(&bare(value)).raw("</code>");
        }
    } else if let Some(parts) = schema["allOf"].as_array().or(schema["anyOf"].as_array()) {
        let sign = if schema["allOf"].is_array() { " + " } else { " / " };
        let parts: Vec<String> = parts.iter().map(|part| kind(words, part)).collect();
        html.raw(&parts.join(sign));
    } else if schema["items"].is_object() {
        html.words(words.list).raw(" ").raw(&kind(words, &schema["items"]));
    } else if let Some(name) = schema["type"].as_str() {
        html.raw("<code>").words(name).raw("</code>");
        let (least, most) = (bound(schema, ["minimum", "minLength"]), bound(schema, ["maximum", "maxLength"]));
        if let (Some(least), Some(most)) = (least, most) {
            html.words(&format!(" {least}–{most}"));
        }
    }
    html.0
}

fn bound(schema: &Value, names: [&str; 2]) -> Option<u64> {
    names.iter().find_map(|name| schema[*name].as_u64())
}

/// The refusals that operations know, each once, by status.
fn refusals(document: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let operations = entries(&document["paths"]).flat_map(|(_, methods)| entries(methods));
    let mut refusals: Vec<(&str, &str)> = operations
        .flat_map(|(_, operation)| entries(&operation["responses"]))
        .filter_map(|(status, response)| Some((status, response["$ref"].as_str()?.rsplit('/').next()?)))
        .collect();
    refusals.sort_unstable();
    refusals.dedup();
    refusals.into_iter().map(|(status, name)| (status, &document["components"]["responses"][name]))
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A value without the quotation marks of JSON.
fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Where a schema is explained.
fn anchor(schema: &str) -> String {
    format!("shape-{schema}")
}

/// What CommonMark the document uses: paragraphs, and `code`.
fn prose(html: &mut Html, text: &str) {
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
        html.raw("<p>");
        marked(html, paragraph);
        html.raw("</p>");
    }
}

fn marked(html: &mut Html, text: &str) {
    for (nth, piece) in text.split('`').enumerate() {
        match nth % 2 {
            0 => html.words(piece),
            _ => html.raw("<code>").words(piece).raw("</code>"),
        };
    }
}
