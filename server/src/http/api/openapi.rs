//! The API's description: an OpenAPI 3.1 document, written from the operations themselves.

use super::{
    Api, BASE,
    asked::Given,
    operation::{Ask, Operation, Returns},
    shape::{Says, Schemas, says},
};
use crate::accounts::cookies::Cookie;
use ::plan::{Lang, Paragraph};
use app::routes::To;
use axum::body::Bytes;
use http::{Method, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

/// Grows with the API: fields and operations may be added, none goes.
const VERSION: &str = "1.0.0";

const ABOUT: Says = says(
    "Le plan d’action, ce qu’en lit la rédaction et ce que le lecteur en fait, et les vidéos, pour les programmes. Lecture \
     libre, sans clé ni compte.\n\n\
     Langue : `lang=fr` (le texte original) ou `lang=en` (la traduction de courtoisie). L’adresse seule décide : \
     `Accept-Language` n’est pas lu, et une même adresse a toujours la même réponse.\n\n\
     Listes : `limit` et `offset` choisissent la page, `total` compte le tout, `next` et `previous` mènent aux pages \
     voisines, et l’en-tête `Link` (RFC 8288) le redit.\n\n\
     Fraîcheur : chaque réponse porte un `ETag`. Renvoyé dans `If-None-Match`, il épargne le corps (304) tant que rien n’a \
     changé.\n\n\
     Cadence : chaque réseau (une adresse IPv4, un /64 IPv6) a un nombre d’unités par minute ; une demande en coûte une, un fichier à emporter cinq. \
     `RateLimit-Policy` et `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11) disent où l’on en est, et `Retry-After` \
     quand revenir après un 429.\n\n\
     Erreurs : `application/problem+json` (RFC 9457). Un paramètre inconnu est refusé et nommé, pour qu’une faute de frappe \
     ne passe pas pour une réponse.\n\n\
     Autres sites : leurs pages peuvent lire tout ce qui se demande par GET (CORS). Aucun cookie n’est lu, sauf pour emporter \
     une vidéo : par le cookie de la session, ou par un jeton créé sur la page du compte (`Authorization: Bearer estafette_…`).\n\n\
     Durée : des champs et des opérations peuvent s’ajouter ; sous `/api/v1`, rien ne disparaît ni ne change de sens.",
    "The action plan, the editors’ reading of it and what the reader makes of it, and the videos, for programs. Free to \
     read, without key or account.\n\n\
     Language: `lang=fr` (the original text) or `lang=en` (the courtesy translation). The address alone decides: \
     `Accept-Language` is not read, and one address always has the same answer.\n\n\
     Lists: `limit` and `offset` choose the page, `total` counts everything, `next` and `previous` lead to the pages beside \
     it, and the `Link` header (RFC 8288) says so again.\n\n\
     Freshness: every answer carries an `ETag`. Sent back in `If-None-Match`, it saves the body (304) while nothing has \
     changed.\n\n\
     Pace: each network (an IPv4 address, an IPv6 /64) has a number of units a minute; a request costs one, a file to take away five. \
     `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11) say how many are left, and `Retry-After` \
     when to come back after a 429.\n\n\
     Errors: `application/problem+json` (RFC 9457). An unknown parameter is refused and named, so that a misspelling does \
     not pass for an answer.\n\n\
     Other sites: their pages may read whatever is asked by GET (CORS). No cookie is read, but to take a video away: that is \
     by the session’s cookie, or by a token made on the account’s page (`Authorization: Bearer estafette_…`).\n\n\
     Time: fields and operations may be added; under `/api/v1` none goes, and none changes its meaning.",
);

/// Why a request may be refused, and with what name the description knows it.
const REFUSALS: [(StatusCode, &str, Says); 16] = [
    (
        StatusCode::BAD_REQUEST,
        "BadRequest",
        says(
            "Un paramètre manque, est inconnu ou ne convient pas.",
            "A parameter is missing, unknown or does not fit.",
        ),
    ),
    (
        StatusCode::UNAUTHORIZED,
        "Unauthorized",
        says("Personne n’est connecté, ou le jeton n’ouvre rien.", "Nobody is signed in, or the token opens nothing."),
    ),
    (
        StatusCode::FORBIDDEN,
        "Forbidden",
        says(
            "Cela ne se donne pas : `detail` dit pourquoi. Ou la demande vient de la page d’un autre site.",
            "This is not given away: `detail` says why. Or the request comes from a page of another site.",
        ),
    ),
    (StatusCode::NOT_FOUND, "NotFound", says("Il n’y a rien à cette adresse.", "There is nothing at this address.")),
    (
        StatusCode::NOT_ACCEPTABLE,
        "NotAcceptable",
        says("`Accept` ne laisse pas passer `application/json`.", "`Accept` does not let `application/json` through."),
    ),
    (
        StatusCode::REQUEST_TIMEOUT,
        "RequestTimeout",
        says("Le corps s’est fait attendre.", "The body did not come in time."),
    ),
    (StatusCode::GONE, "Gone", says("La vidéo a été retirée.", "The video was withdrawn.")),
    (
        StatusCode::PRECONDITION_FAILED,
        "Changed",
        says("C’est un autre fichier que celui de cet `ETag`.", "It is another file than that of this `ETag`."),
    ),
    (StatusCode::PAYLOAD_TOO_LARGE, "TooLarge", says("Le corps est trop grand.", "The body is too large.")),
    (
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "UnsupportedMediaType",
        says("Le corps n’est pas `application/json`.", "The body is not `application/json`."),
    ),
    (
        StatusCode::RANGE_NOT_SATISFIABLE,
        "NoSuchRange",
        says("Le fichier n’a pas ces octets.", "The file has no such bytes."),
    ),
    (
        StatusCode::UNPROCESSABLE_ENTITY,
        "Unprocessable",
        says(
            "Le corps est du JSON, mais pas celui qu’on attend ; ou la vidéo n’a pas ces points.",
            "The body is JSON, but not what is asked for; or the video has no such points.",
        ),
    ),
    (
        StatusCode::TOO_MANY_REQUESTS,
        "TooManyRequests",
        says(
            "Trop de demandes : `Retry-After` dit quand revenir.",
            "Too many requests: `Retry-After` says when to come back.",
        ),
    ),
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "Broken",
        says("Une erreur chez nous ; `incident` en est le numéro.", "An error on our side; `incident` is its number."),
    ),
    (StatusCode::SERVICE_UNAVAILABLE, "Busy", says("Trop de monde à la fois.", "Too many at once.")),
    (StatusCode::GATEWAY_TIMEOUT, "TooSlow", says("La réponse a trop tardé.", "The answer took too long.")),
];

/// The whole description, in the words of `lang`.
pub(super) fn document(api: &Api, lang: Lang) -> Value {
    let mut schemas = Schemas { lang, named: Map::new() };
    let mut paths: Map<String, Value> = Map::new();
    for operation in &api.operations {
        let path = paths.entry(format!("{BASE}{}", operation.path)).or_insert_with(|| json!({}));
        path[operation.method.as_str().to_lowercase()] = described(api, operation, &mut schemas);
    }
    schemas.named.insert("Problem".to_owned(), problem(&schemas));
    let mut tags: Vec<&str> = api.operations.iter().map(tag).collect();
    tags.dedup();
    let refusals: Map<String, Value> = REFUSALS
        .iter()
        .map(|(status, name, says)| {
            let mut headers = paced();
            if [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(status) {
                headers.insert("Retry-After".to_owned(), header_ref("Retry-After"));
            }
            let problem = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
            let response = json!({
                "description": says.get(lang),
                "headers": headers,
                "content": { "application/problem+json": problem },
            });
            ((*name).to_owned(), response)
        })
        .collect();
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": format!("{} – API", api.site.name),
            "version": VERSION,
            "description": ABOUT.get(lang),
        },
        "servers": [{ "url": api.site.public_url }],
        "externalDocs": { "url": api.page(&To::Api, lang).0 },
        "tags": tags.into_iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas.named,
            "responses": refusals,
            "headers": headers(lang),
            "securitySchemes": { "session": session(api, lang), "token": token(lang) },
        },
    })
}

/// The resource an operation belongs to.
fn tag(operation: &Operation) -> &'static str {
    operation.path.split('/').nth(1).map_or("entry", |segment| segment.split('.').next().unwrap_or(segment))
}

fn described(api: &Api, operation: &Operation, schemas: &mut Schemas) -> Value {
    let lang = schemas.lang;
    let parameters = operation.parameters.iter().map(|parameter| {
        let in_path = operation.in_path(parameter.name);
        json!({
            "name": parameter.name,
            "in": if in_path { "path" } else { "query" },
            "required": in_path || parameter.required,
            "description": parameter.says.get(lang),
            "schema": parameter.schema,
        })
    });
    let parameters: Vec<Value> = parameters.collect();
    let (json, film, media_type) = match &operation.returns {
        Returns::Json(schema) => (Some(*schema), false, "application/json"),
        Returns::Film(schema) => (*schema, true, "application/json"),
        Returns::Job(schema) => (Some(*schema), false, "application/json"),
        Returns::File(media_type) => (None, false, *media_type),
    };
    let mut content = json.map_or_else(|| json!({}), |schema| json!({ "schema": schema(schemas) }));
    let sample = Sample::of(api, operation);
    let example = example(api, operation, &sample, lang);
    let shown = example.is_some() || operation.id == "openapi";
    if let Some(example) = example {
        content["example"] = example;
    }
    let (mut on_success, reading) = (paced(), operation.method == Method::GET);
    if reading {
        on_success.insert("ETag".to_owned(), header_ref("ETag"));
        on_success.insert("Link".to_owned(), header_ref("Link"));
    }
    let mut responses = Map::new();
    let ok = says("La réponse.", "The answer.").get(lang).to_owned();
    if film {
        let bytes = json!({ "video/*": {}, "application/*": {} });
        let some = says("Les octets demandés.", "The bytes that were asked for.").get(lang);
        let under_way =
            says("On le prépare : où, `Location` le dit.", "It is being made: `Location` says where.").get(lang);
        if json.is_some() {
            let answer = json!({ "description": under_way, "content": { "application/json": content } });
            responses.insert("202".to_owned(), answer);
        }
        responses.insert("200".to_owned(), json!({ "description": ok, "headers": on_success, "content": bytes }));
        let bytes = json!({ "video/*": {}, "application/*": {}, "multipart/byteranges": {} });
        responses.insert("206".to_owned(), json!({ "description": some, "headers": on_success, "content": bytes }));
    } else {
        responses.insert(
            "200".to_owned(),
            json!({ "description": ok, "headers": on_success, "content": { media_type: content } }),
        );
    }
    if matches!(operation.returns, Returns::Job(_)) {
        let under_way =
            says("On le prépare : où, `Location` le dit.", "It is being made: `Location` says where.").get(lang);
        let answer = json!({ "description": under_way, "content": responses["200"]["content"] });
        responses.insert("202".to_owned(), answer);
        let at_once = says(
            "Rien n’est à préparer : `Location` dit où l’emporter.",
            "Nothing has to be made: `Location` says where to take it from.",
        );
        responses.insert("303".to_owned(), json!({ "description": at_once.get(lang), "headers": paced() }));
    }
    if reading {
        let same =
            says("Rien n’a changé depuis cet `ETag`.", "Nothing has changed since that `ETag`.").get(lang).to_owned();
        responses.insert("304".to_owned(), json!({ "description": same, "headers": paced() }));
    }
    for (status, name, _) in REFUSALS {
        let with_body = [
            StatusCode::FORBIDDEN,
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::PAYLOAD_TOO_LARGE,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            StatusCode::UNPROCESSABLE_ENTITY,
        ];
        let rare = [
            StatusCode::UNAUTHORIZED,
            StatusCode::GONE,
            StatusCode::PRECONDITION_FAILED,
            StatusCode::RANGE_NOT_SATISFIABLE,
        ];
        let possible = match status {
            status if operation.refuses.contains(&status) => true,
            status if rare.contains(&status) => false,
            StatusCode::NOT_ACCEPTABLE => matches!(operation.returns, Returns::Json(_)),
            StatusCode::NOT_FOUND => operation.path.contains('{'),
            status if with_body.contains(&status) => operation.takes.is_some(),
            _ => true,
        };
        if possible {
            responses.insert(status.as_str().to_owned(), json!({ "$ref": format!("#/components/responses/{name}") }));
        }
    }
    let mut described = json!({
        "operationId": operation.id,
        "tags": [tag(operation)],
        "summary": operation.says.get(lang),
        "parameters": parameters,
        "responses": responses,
    });
    if operation.refuses.contains(&StatusCode::UNAUTHORIZED) {
        described["security"] = json!([{ "session": [] }, { "token": [] }]);
    }
    if shown {
        let curl = json!({ "lang": "Shell", "label": "curl", "source": curl(api, &sample) });
        described["x-codeSamples"] = json!([curl]);
    }
    if let Some(takes) = &operation.takes {
        let mut content = json!({ "schema": (takes.schema)(schemas) });
        if let Some(body) = sample.body.as_ref().and_then(|body| serde_json::from_str::<Value>(body).ok()) {
            content["example"] = body;
        }
        described["requestBody"] = json!({ "required": true, "content": { "application/json": content } });
    }
    described
}

/// What of the text stands in examples, for the words in braces. Any text has some; of an unglossed one nobody is an
/// actor, and the example that asks for one is left out.
fn samples(api: &Api) -> Vec<(&'static str, String)> {
    let (document, gloss) = (api.document(Lang::En), api.plans.gloss());
    let prose = |paragraph: &Paragraph| !paragraph.sentences().is_empty();
    let in_measure = document.paragraphs().find(|(_, measure, paragraph)| measure.is_some() && prose(paragraph));
    let Some((section, measure, paragraph)) = in_measure.or_else(|| document.paragraphs().next()) else {
        return Vec::new();
    };
    let sentence = paragraph.sentences().first();
    let text = sentence.map_or_else(|| paragraph.plain(), |sentence| sentence.text.plain());
    let words: Vec<&str> = text.split_whitespace().collect();
    let (opening, closing) = (&words[..words.len().min(6)], &words[words.len().saturating_sub(4)..]);
    let word = words.iter().find(|word| word.len() > 6 && word.chars().all(char::is_alphabetic)).or(words.first());
    let first = |id: Option<&String>| id.cloned().unwrap_or_else(|| "none".to_owned());
    vec![
        ("{division}", measure.map_or(&section.slug, |measure| &measure.slug).clone()),
        ("{paragraph}", paragraph.slug.clone()),
        ("{part}", sentence.map_or(&paragraph.slug, |sentence| &sentence.slug).clone()),
        ("{opening}", opening.join(" ")),
        ("{closing}", closing.join(" ")),
        ("{word}", word.map(|word| word.to_lowercase()).unwrap_or_default()),
        ("{commitment}", first(gloss.commitments.first().map(|commitment| &commitment.id))),
        ("{actor}", first(gloss.actors.first().map(|actor| &actor.id))),
        ("{event}", first(gloss.events.first().map(|event| &event.id))),
    ]
}

/// A request that shows the operation: path and query below [`BASE`], and a body.
struct Sample {
    address: String,
    body: Option<String>,
}

impl Sample {
    fn of(api: &Api, operation: &Operation) -> Self {
        let samples = samples(api);
        let filled = |text: &str, write: &dyn Fn(&str) -> String| {
            samples.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, &write(value)))
        };
        let in_address = |value: &str| utf8_percent_encode(value, LEFT_IN_ADDRESSES).to_string();
        // Within quotation marks, as JSON writes it.
        let in_json = |value: &str| {
            let quoted = Value::from(value).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        };
        let body = operation.takes.as_ref().map(|takes| filled(&takes.example.to_string(), &in_json));
        Self { address: filled(operation.example, &in_address), body }
    }
}

/// What needs no percent sign anywhere in an address (RFC 3986 §2.3).
const LEFT_IN_ADDRESSES: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A command that shows the operation, to be run as it stands.
fn curl(api: &Api, sample: &Sample) -> String {
    let address = format!("{}{BASE}{}", api.site.public_url, sample.address);
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    let body =
        sample.body.as_ref().map(|body| format!(" --header 'content-type: application/json' --data {}", quoted(body)));
    format!("curl {}{}", quoted(&address), body.unwrap_or_default())
}

/// What the operation's own example answers. The description itself is no example of itself.
fn example(api: &Api, operation: &Operation, sample: &Sample, lang: Lang) -> Option<Value> {
    if operation.id == "openapi" {
        return None;
    }
    let (below, query) = sample.address.split_once('?').unwrap_or((&sample.address, ""));
    let query = query.replace("lang=en", &format!("lang={lang}"));
    let given = Given::new(operation.matches(below)?, &query).ok()?;
    let body = sample.body.clone().map(Bytes::from).unwrap_or_default();
    let path = format!("{BASE}{below}");
    let made = operation.example(&Ask { api, path: &path, given: &given, body: &body })?;
    serde_json::from_slice(&made.json).ok()
}

/// A token that somebody made on the account's page.
fn token(lang: Lang) -> Value {
    let about = says(
        "Un jeton créé sur la page du compte (`estafette_` et 72 chiffres hexadécimaux). Il emporte des vidéos, et rien d’autre.",
        "A token made on the account’s page (`estafette_` and 72 hexadecimal digits). It takes videos away, and nothing else.",
    );
    json!({ "type": "http", "scheme": "bearer", "description": about.get(lang) })
}

/// The cookie of who is signed in.
fn session(api: &Api, lang: Lang) -> Value {
    let secure = api.site.public_url.starts_with("https://");
    let about = says("Le cookie de qui est connecté au site.", "The cookie of who is signed in to the site.").get(lang);
    json!({ "type": "apiKey", "in": "cookie", "name": Cookie::Session.name(secure), "description": about })
}

fn header_ref(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

fn paced() -> Map<String, Value> {
    ["RateLimit", "RateLimit-Policy"].into_iter().map(|name| (name.to_owned(), header_ref(name))).collect()
}

fn headers(lang: Lang) -> Value {
    let header = |says: Says, schema: Value, required: bool| json!({ "description": says.get(lang), "required": required, "schema": schema });
    let text = || json!({ "type": "string" });
    json!({
        "ETag": header(says("L’empreinte de la réponse (RFC 9110 §8.8.3).", "The answer’s tag (RFC 9110 §8.8.3)."), text(), true),
        "Link": header(says("Les pages voisines d’une liste.", "The pages beside one of a list."), text(), false),
        "RateLimit-Policy": header(
            says("Combien d’unités (`q`) en combien de secondes (`w`).", "How many units (`q`) in how many seconds (`w`)."),
            text(),
            false,
        ),
        "RateLimit": header(
            says(
                "Combien d’unités restent (`r`) ; il n’y en aura pas plus avant tant de secondes (`t`).",
                "How many units are left (`r`); there will not be more within so many seconds (`t`).",
            ),
            text(),
            false,
        ),
        "Retry-After": header(
            says("Dans combien de secondes revenir.", "In how many seconds to come back."),
            json!({ "type": "integer", "minimum": 1 }),
            true,
        ),
    })
}

/// A problem's schema; what there is nothing to say of is absent (RFC 9457 §3.1).
fn problem(schemas: &Schemas) -> Value {
    let text = json!({ "type": "string" });
    let mut schema = schemas.object(
        says("Ce qui n’a pas été (RFC 9457).", "What went wrong (RFC 9457)."),
        vec![
            (
                "type",
                json!({ "type": "string", "format": "uri-reference" }),
                says("`about:blank` : le statut dit tout.", "`about:blank`: the status says it all."),
            ),
            ("title", text.clone(), says("Le statut en mots.", "The status in words.")),
            (
                "status",
                json!({ "type": "integer", "minimum": 400, "maximum": 599 }),
                says("Le statut HTTP.", "The HTTP status."),
            ),
            ("detail", text.clone(), says("Ce qui n’a pas été, en une phrase.", "What went wrong, in a sentence.")),
            ("parameter", text.clone(), says("Le paramètre en cause.", "The parameter at fault.")),
            (
                "incident",
                text.clone(),
                says("Le numéro sous lequel nous le retrouvons.", "The number under which we find it."),
            ),
            (
                "violated-policies",
                json!({ "type": "array", "items": text }),
                says("Les règles de cadence dépassées.", "The rules of pace that were exceeded."),
            ),
        ],
    );
    schema["required"] = json!(["type", "title", "status"]);
    schema
}
