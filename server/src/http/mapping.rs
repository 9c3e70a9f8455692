//! What search engines are told: `robots.txt` (RFC 9309) and `sitemap.xml` (sitemaps.org, with hreflang).

use plan::Lang;
use std::fmt::Write as _;

/// Where the library's pages are listed.
pub(crate) const VIDEOS: &str = "/sitemap-media.xml";

/// Everything may be read but the programs' own doors, the endless lists of hits, every choice of the register's and
/// the library's, the account's dialogs, which are there once for each page one comes from, and the files of each part,
/// which are made when they are asked for: those of the whole say it all.
pub(crate) fn robots(public_url: &str) -> String {
    let mut out = String::from("User-agent: *\nDisallow: /api/\n");
    for lang in Lang::ALL {
        let _ = writeln!(out, "Disallow: /{lang}/plan/search\nDisallow: /{lang}/account");
        let _ = writeln!(out, "Disallow: /{lang}/plan/register?\nDisallow: /{lang}/media?");
        let _ = writeln!(out, "Disallow: /{lang}/plan/*/data.\nDisallow: /{lang}/plan/*/cite.");
    }
    let _ = writeln!(out, "\nSitemap: {public_url}/sitemap.xml\nSitemap: {public_url}{VIDEOS}");
    out
}

/// Every page in every language, each naming the same page in the others. Who speaks none of them is sent to the page
/// that chooses (home) or to the original.
pub(crate) fn sitemap(public_url: &str, paths: &[String]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
    );
    for path in paths {
        let of = |lang: Lang| escaped(&format!("{public_url}/{lang}{path}"));
        let other = if path.is_empty() { escaped(&format!("{public_url}/")) } else { of(Lang::ALL[0]) };
        for lang in Lang::ALL {
            let _ = writeln!(out, "<url><loc>{}</loc>", of(lang));
            for alternate in Lang::ALL {
                let _ = writeln!(
                    out,
                    "<xhtml:link rel=\"alternate\" hreflang=\"{alternate}\" href=\"{}\"/>",
                    of(alternate)
                );
            }
            let _ = writeln!(out, "<xhtml:link rel=\"alternate\" hreflang=\"x-default\" href=\"{other}\"/></url>");
        }
    }
    out.push_str("</urlset>\n");
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
