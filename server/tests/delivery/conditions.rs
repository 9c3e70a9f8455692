//! Requests on a condition (RFC 9110 §13), and what answers say of themselves.

use crate::{
    films::{film, index},
    places::{Folder, vault},
};
use http::{HeaderMap, Method, Request};
use server::media::{
    delivery::{Deliverable, Keep, deliver},
    vault::Vault,
};

async fn asked(vault: &Vault, what: &Deliverable, method: Method, headers: &[(&str, &str)]) -> (u16, HeaderMap) {
    let mut request = Request::builder().method(method);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = deliver(vault, what, &request.body(()).unwrap().into_parts().0).await;
    (response.status().as_u16(), response.headers().clone())
}

#[tokio::test]
async fn conditions_are_met_or_told() {
    let folder = Folder::new();
    let vault = vault(&folder, &[]);
    let stored = vault.put_bytes(crate::noise(1000)).await.unwrap();
    let what = Deliverable::file(stored.sha256, stored.bytes, "video/mp4");
    let tag = format!("\"{}\"", stored.sha256);
    let (weak, listed) = (format!("W/{tag}"), format!("\"other\", {tag}"));
    let some = ("range", "bytes=0-9");
    for (headers, status) in [
        (&[][..], 200),
        (&[("if-none-match", &tag[..])], 304),
        (&[("if-none-match", &weak)], 304),
        (&[("if-none-match", &listed)], 304),
        (&[("if-none-match", "*")], 304),
        (&[("if-none-match", "\"other\"")], 200),
        (&[("if-none-match", &tag), some], 304),
        (&[("if-match", &tag)], 200),
        (&[("if-match", &listed)], 200),
        (&[("if-match", "*")], 200),
        (&[("if-match", &weak)], 412),
        (&[("if-match", "\"other\"")], 412),
        (&[("if-match", "\"other\""), ("if-none-match", &tag)], 412),
        (&[some], 206),
        (&[some, ("if-range", &tag)], 206),
        (&[some, ("if-range", &weak)], 200),
        (&[some, ("if-range", "\"other\"")], 200),
        (&[some, ("if-range", "Mon, 23 Nov 2026 15:00:00 GMT")], 200),
        (&[some, ("range", "bytes=20-29")], 200),
        (&[("range", "bytes=1000-")], 416),
    ] {
        assert_eq!(asked(&vault, &what, Method::GET, headers).await.0, status, "{headers:?}");
    }
    assert_eq!(asked(&vault, &what, Method::HEAD, &[some]).await.0, 200, "ranges are for GET alone");
}

#[tokio::test]
async fn answers_say_what_they_are() {
    let folder = Folder::new();
    let vault = vault(&folder, &[]);
    let film = film(&folder);
    let stored = vault.put(&film).await.unwrap();
    let whole = Deliverable::file(stored.sha256, stored.bytes, "video/mp4").named("Défilé.mp4");
    let text = |headers: &HeaderMap, name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let digest = {
        use base64::{Engine, engine::general_purpose::STANDARD};
        format!("sha-256=:{}:", STANDARD.encode(stored.sha256.as_bytes()))
    };
    for method in [Method::GET, Method::HEAD] {
        let (_, headers) = asked(&vault, &whole, method, &[]).await;
        for (name, value) in [
            ("content-type", "video/mp4"),
            ("content-length", &stored.bytes.to_string()),
            ("accept-ranges", "bytes"),
            ("etag", &format!("\"{}\"", stored.sha256)),
            ("content-digest", &digest),
            ("repr-digest", &digest),
            ("cache-control", "private, no-cache, no-transform"),
            ("content-disposition", "attachment; filename=\"D_fil_.mp4\"; filename*=UTF-8''D%C3%A9fil%C3%A9.mp4"),
        ] {
            assert_eq!(text(&headers, name).as_deref(), Some(value), "{name}");
        }
    }
    let (_, part) = asked(&vault, &whole, Method::GET, &[("range", "bytes=-1")]).await;
    assert_eq!((text(&part, "repr-digest"), text(&part, "content-digest")), (Some(digest), None));
    let shown = Deliverable::file(stored.sha256, stored.bytes, "video/mp4").keep(Keep::Public(3600));
    let (_, headers) = asked(&vault, &shown, Method::GET, &[]).await;
    assert_eq!(text(&headers, "cache-control").as_deref(), Some("public, max-age=3600"));
    assert_eq!(text(&headers, "content-disposition"), None);

    let index = index(&film);
    let clip = |frames| Deliverable::clip(stored.sha256, index.clip(&frames).unwrap(), "video/mp4");
    let mut tags = Vec::new();
    for frames in [30..71, 30..71, 30..72, 31..71] {
        let (_, headers) = asked(&vault, &clip(frames), Method::HEAD, &[]).await;
        assert_eq!(text(&headers, "repr-digest"), None, "nobody has read all of it");
        tags.push(text(&headers, "etag").unwrap());
    }
    assert!(tags[0] == tags[1] && tags[1] != tags[2] && tags[1] != tags[3] && tags[2] != tags[3], "{tags:?}");
}
