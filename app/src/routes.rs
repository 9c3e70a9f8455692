//! Every path of the product, written once. Links and redirects are values of [`To`].

use plan::{Document, Lang};

/// A page of the product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// `/{lang}`
    Home,
    /// `/{lang}/plan`
    Plan,
    /// `/{lang}/plan/{slug}`: the plan, opened at that spot.
    Place(String),
    /// `/{lang}/plan/search`
    Search,
    /// `/{lang}/about`
    About,
    /// `/{lang}/accessibility`
    Accessibility,
    /// `/{lang}/legal`
    Legal,
}

impl To {
    /// The path, absolute on this site.
    pub fn href(&self, lang: Lang) -> String {
        let rest = match self {
            To::Home => "",
            To::Plan => "/plan",
            To::Place(slug) => return format!("/{lang}/plan/{slug}"),
            To::Search => "/plan/search",
            To::About => "/about",
            To::Accessibility => "/accessibility",
            To::Legal => "/legal",
        };
        format!("/{lang}{rest}")
    }

    /// What a path leads to, if anything. Whether a slug is one of the text's is for the document to say.
    pub fn parse(path: &str) -> Option<(Lang, To)> {
        let mut segments = path.trim_start_matches('/').trim_end_matches('/').split('/');
        let lang = segments.next()?;
        let lang = Lang::ALL.into_iter().find(|l| l.tag() == lang)?;
        let to = match (segments.next(), segments.next(), segments.next()) {
            (None, None, None) => To::Home,
            (Some("plan"), None, None) => To::Plan,
            (Some("plan"), Some("search"), None) => To::Search,
            (Some("plan"), Some(slug), None) => To::Place(slug.to_owned()),
            (Some("about"), None, None) => To::About,
            (Some("accessibility"), None, None) => To::Accessibility,
            (Some("legal"), None, None) => To::Legal,
            _ => return None,
        };
        Some((lang, to))
    }
}

/// The search page with a query typed in, `/fr/plan/search?q=munitions`.
pub fn search_for(lang: Lang, q: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish();
    format!("{}?{query}", To::Search.href(lang))
}

/// The value of `name` in a query string as it was sent.
///
/// The router's own map decodes twice: `100%25` becomes `100%`, then nothing that is valid.
pub fn in_query(query: &str, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.trim_start_matches('?').as_bytes());
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

/// The language a path is in.
pub fn lang_of(path: &str) -> Option<Lang> {
    let segment = path.trim_start_matches('/').split('/').next()?;
    Lang::ALL.into_iter().find(|lang| lang.tag() == segment)
}

/// The same path in the other language; that language's home page where it has none.
pub fn in_other_language(path: &str, lang: Lang) -> String {
    match lang_of(path) {
        Some(from) => format!("/{lang}{}", &path.trim_end_matches('/')[1 + from.tag().len()..]),
        None => To::Home.href(lang),
    }
}

/// Every page for search engines, below `/{lang}`: the fixed ones, then sections, measures and paragraphs.
/// Sentences and bullets have addresses too, but show their paragraph's text.
pub fn sitemap_paths(document: &Document) -> Vec<String> {
    let fixed = ["", "/plan", "/about", "/accessibility", "/legal"].map(str::to_owned);
    let places = document.places().into_iter().filter_map(|place| match place {
        plan::Place::Sentence(..) | plan::Place::Item(..) => None,
        other => Some(format!("/plan/{}", other.slug())),
    });
    fixed.into_iter().chain(places).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_href_is_read_back_as_the_page_it_leads_to() {
        let pages = [To::Home, To::Plan, To::Place("m4.2".into()), To::Search, To::About, To::Accessibility, To::Legal];
        for lang in Lang::ALL {
            for page in &pages {
                assert_eq!(To::parse(&page.href(lang)), Some((lang, page.clone())));
            }
        }
    }

    #[test]
    fn a_path_changes_its_language_and_nothing_else() {
        assert_eq!(in_other_language("/fr/plan/m4.2", Lang::En), "/en/plan/m4.2");
        assert_eq!(in_other_language("/fr", Lang::En), "/en");
        assert_eq!(in_other_language("/fr/", Lang::En), "/en");
        assert_eq!(in_other_language("/elsewhere", Lang::En), "/en");
    }

    #[test]
    fn a_query_is_read_back_to_the_letter() {
        for q in ["munitions", "a+b & c=d #e 100%", "%00 %25 %zz", "« “mot” »", "", "   \u{a0} "] {
            let address = search_for(Lang::Fr, q);
            let (_, query) = address.split_once('?').unwrap();
            assert_eq!(in_query(query, "q").as_deref(), Some(q));
            assert_eq!(in_query(&format!("?side=1&{query}"), "side").as_deref(), Some("1"));
            assert_eq!(in_query(query, "none"), None);
        }
    }

    #[test]
    fn a_path_of_ours_has_no_more_and_no_less() {
        for path in ["/", "", "/de", "/fr/plan/m4.2/x", "/fr/nowhere", "/FR"] {
            assert_eq!(To::parse(path), None, "{path}");
        }
    }
}
