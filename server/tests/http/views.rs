//! The plan as data: every view in both languages, its states, and what can be taken away.

use super::site::Site;
use app::routes::{To, View};
use plan::{
    Lang, content,
    gloss::{Facet, Filter, NOBODY, register},
};

#[tokio::test]
async fn every_view_is_a_page_of_its_own_and_says_whose_reading_it_is() {
    let site = Site::with(&[("PUBLIC_URL", "https://estafette.example.org")]).await;
    for (lang, editors) in [(Lang::Fr, "Lecture de la rédaction"), (Lang::En, "Editors’ reading")] {
        for view in View::ALL {
            let path = To::View(view).href(lang);
            let html = site.get(&path).browser().send().await.is(200).text();
            assert_eq!(html.matches("<h1>").count(), 1, "{path}");
            assert!(html.contains(editors), "{path}");
            assert!(
                html.contains(&format!("rel=\"canonical\" href=\"https://estafette.example.org{path}\"")),
                "{path}"
            );
            for other in View::ALL {
                assert!(html.contains(&format!("href=\"{}\"", To::View(other).href(lang))), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn a_place_of_the_text_may_not_have_a_views_name() {
    for lang in Lang::ALL {
        let document = content::load(lang);
        assert!(View::ALL.iter().all(|view| document.find(view.slug()).is_none()));
    }
}

#[tokio::test]
async fn the_register_shows_what_its_address_asks_for() {
    let site = Site::open().await;
    let (gloss, document) = (content::gloss(), content::load(Lang::Fr));
    for query in
        ["", "strength=must", "actor=nobody", "actor=nato&measure=m4&sort=-strength", "q=munition", "q=licorne"]
    {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let expected = register(&gloss, &document, &Filter::read(pairs)).rows.len();
        let html = site.get(&format!("/fr/plan/register?{query}")).send().await.is(200).text();
        assert_eq!(html.matches("<tr class=\"row ").count(), expected, "{query}");
    }
}

#[tokio::test]
async fn what_a_visitor_types_is_text() {
    let site = Site::open().await;
    for path in ["/fr/plan/register?q=", "/fr/plan/register?actor=", "/fr/plan/quote?q=", "/fr/plan/paths?for="] {
        let html = site.get(&format!("{path}%22%3E%3Cscript%3Ealert(1)%3C/script%3E")).send().await.is(200).text();
        assert!(!html.contains("<script>alert"), "{path}");
    }
}

#[tokio::test]
async fn the_register_is_taken_away_as_it_is_shown() {
    let site = Site::with(&[("PUBLIC_URL", "https://estafette.example.org")]).await;
    let (gloss, document) = (content::gloss(), content::load(Lang::En));
    let filter = Filter::default().with(Facet::Actor, NOBODY);
    let [id] =
        &*register(&gloss, &document, &filter).rows.iter().map(|row| row.commitment.id.clone()).collect::<Vec<_>>()
    else {
        panic!("one commitment names nobody")
    };
    let csv = site.get("/en/plan/register.csv?actor=nobody").send().await.is(200);
    assert!(csv.header("content-type").starts_with("text/csv; charset=utf-8"));
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"register-en.csv\"");
    let lines: Vec<_> = csv.text().split("\r\n").map(str::to_owned).collect();
    assert!(lines[0].starts_with("\u{feff}id,url,place,actors,"));
    assert!(lines[1].starts_with(&format!("{id},https://estafette.example.org/en/plan/")));
    assert_eq!((lines.len(), lines[2].as_str()), (3, ""));

    let json = site.get("/en/plan/register.json?actor=nobody").send().await.is(200);
    assert_eq!(json.header("content-type"), "application/json");
    let value: serde_json::Value = serde_json::from_str(&json.text()).expect("it is JSON");
    assert_eq!((&value["shown"], &value["of"]), (&1.into(), &gloss.commitments.len().into()));
    assert_eq!(value["commitments"][0]["id"], **id);
    assert_eq!(value["sha256"], *document.sha256);

    let known = site.get("/en/plan/register.csv?actor=nobody").header("if-none-match", &csv.header("etag"));
    known.send().await.is(304);
}
