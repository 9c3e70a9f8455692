//! The latest footage for programs: MRSS (RSS 2.0 with Media RSS 1.5.1), and one video for those who embed it (oEmbed
//! 1.0).

use super::{contract::Video, video::describe, words::Words};
use crate::{html::Html, routes::To, site::Site};
use plan::Lang;
use serde_json::{Value, json};

/// Videos in the feed.
pub const LATEST: u32 = 30;

/// The feed's address.
pub fn path(lang: Lang) -> String {
    To::Media.href(lang) + "/feed.xml"
}

/// The feed. `dates` are the videos' in the form that RSS asks for (RFC 822, with the century).
pub fn mrss<'a>(lang: Lang, site: &Site, videos: impl Iterator<Item = (&'a Video, String)>) -> String {
    let (words, mut xml) = (Words::of(lang), Html::default());
    let address = |path: &str| format!("{}{path}", site.public_url);
    xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\" ");
    xml.raw("xmlns:atom=\"http://www.w3.org/2005/Atom\">\n<channel>");
    element(&mut xml, "title", &format!("{} – {}", site.name, words.latest));
    element(&mut xml, "link", &address(&To::Media.href(lang)));
    element(&mut xml, "description", words.lead);
    element(&mut xml, "language", lang.tag());
    xml.raw("<atom:link rel=\"self\" type=\"application/rss+xml\"").attribute("href", &address(&path(lang))).raw("/>");
    for (video, date) in videos {
        let page = address(&To::Video(video.number.clone()).href(lang));
        let title = video.title.get(lang);
        xml.raw("\n<item>");
        element(&mut xml, "title", title);
        element(&mut xml, "link", &page);
        xml.raw("<guid isPermaLink=\"true\">").words(&page).raw("</guid>");
        element(&mut xml, "pubDate", &date);
        element(&mut xml, "description", &describe(lang, video));
        video.topics.iter().for_each(|(_, topic)| element(&mut xml, "category", topic.get(lang)));
        if let Some(proxy) = &video.proxy {
            xml.raw("<media:content medium=\"video\" expression=\"sample\"").attribute("url", &address(&proxy.path));
            let ms = video.timing.milliseconds(video.timing.frames);
            xml.attribute("type", &proxy.media_type).attribute("duration", &ms.div_ceil(1000).to_string());
            xml.attribute("width", &video.size.0.to_string()).attribute("height", &video.size.1.to_string());
            if let Some(language) = &video.language {
                xml.attribute("lang", language);
            }
            xml.raw("/>");
        }
        xml.raw("<media:title type=\"plain\">").words(title).raw("</media:title>");
        if let Some(still) = &video.still {
            xml.raw("<media:thumbnail").attribute("url", &address(&still.path));
            xml.attribute("width", &still.width.to_string()).attribute("height", &still.height.to_string()).raw("/>");
        }
        if !video.keywords.get(lang).is_empty() {
            element(&mut xml, "media:keywords", &video.keywords.get(lang).join(", "));
        }
        if let Some(credit) = &video.credit {
            xml.raw("<media:credit role=\"author\">").words(credit).raw("</media:credit>");
        }
        if let Some(rights) = &video.rights {
            element(&mut xml, "media:copyright", rights.get(lang));
        }
        xml.raw("</item>");
    }
    xml.raw("\n</channel>\n</rss>\n");
    xml.0
}

fn element(xml: &mut Html, name: &str, words: &str) {
    xml.raw("<").raw(name).raw(">").words(words).raw("</").raw(name).raw(">");
}

/// What whoever embeds a video shows, in a box no larger than `most` pixels wide and high.
pub fn oembed(lang: Lang, site: &Site, video: &Video, most: (u32, u32)) -> Value {
    let address = |path: &str| format!("{}{path}", site.public_url);
    let page = address(&To::Video(video.number.clone()).href(lang));
    let (width, height) = fitted(video.size, most);
    let mut data = json!({
        "version": "1.0",
        "title": video.title.get(lang),
        "author_name": video.credit.as_deref().unwrap_or(site.organisation.of(lang)),
        "provider_name": site.name,
        "provider_url": format!("{}/", site.public_url),
        "cache_age": 3600,
    });
    if let Some(still) = &video.still {
        let (width, height) = fitted((still.width, still.height), most);
        data["thumbnail_url"] = json!(address(&still.path));
        data["thumbnail_width"] = json!(width);
        data["thumbnail_height"] = json!(height);
    }
    let Some(proxy) = &video.proxy else {
        data["type"] = json!("link");
        return data;
    };
    let mut html = Html::default();
    html.raw("<video controls playsinline preload=\"none\"").attribute("width", &width.to_string());
    html.attribute("height", &height.to_string());
    if let Some(still) = &video.still {
        html.attribute("poster", &address(&still.path));
    }
    html.raw("><source").attribute("src", &address(&proxy.path)).attribute("type", &proxy.media_type).raw("><a");
    html.attribute("href", &page).raw(">").words(video.title.get(lang)).raw("</a></video>");
    data["type"] = json!("video");
    data["html"] = json!(html.0);
    data["width"] = json!(width);
    data["height"] = json!(height);
    data
}

/// The same as XML.
pub fn oembed_xml(data: &Value) -> String {
    let mut xml = Html::default();
    xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<oembed>");
    for (name, value) in data.as_object().into_iter().flatten() {
        element(&mut xml, name, value.as_str().map_or_else(|| value.to_string(), str::to_owned).as_str());
    }
    xml.raw("</oembed>\n");
    xml.0
}

/// A size within another, its shape kept.
fn fitted((width, height): (u32, u32), (most_width, most_height): (u32, u32)) -> (u32, u32) {
    let (w, h) = (u64::from(width.max(1)), u64::from(height.max(1)));
    let wide = u64::from(most_width.max(1)).min(w).min(u64::from(most_height.max(1)) * w / h).max(1);
    let size = |side: u64| u32::try_from(side).unwrap_or(u32::MAX).max(1);
    (size(wide), size(wide * h / w))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::samples::{site, video};

    #[test]
    fn the_feed_says_what_each_video_is() {
        let mut video = video();
        video.title.fr = "Essais <155> & plus".to_owned();
        let feed = mrss(Lang::Fr, &site(), [(&video, "Mon, 23 Nov 2026 08:00:00 GMT".to_owned())].into_iter());
        for part in [
            "<link>https://example.org/fr/media/ES-2026-014</link>",
            "<title>Essais &lt;155&gt; &amp; plus</title>",
            "<pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate>",
            "url=\"https://example.org/media/ES-2026-014/proxy.mp4\" type=\"video/mp4\" duration=\"30\"",
            "<media:credit role=\"author\">Estafette / Ada Martin</media:credit>",
        ] {
            assert!(feed.contains(part), "{part} in {feed}");
        }
        assert_eq!(feed.matches('<').count(), feed.matches('>').count());
    }

    #[test]
    fn an_embedded_video_fits_its_box() {
        for (most, size) in [
            ((u32::MAX, u32::MAX), (1920, 1080)),
            ((640, u32::MAX), (640, 360)),
            ((640, 180), (320, 180)),
            ((0, 0), (1, 1)),
        ] {
            let data = oembed(Lang::En, &site(), &video(), most);
            assert_eq!((data["width"].as_u64(), data["height"].as_u64()), (Some(size.0), Some(size.1)));
            assert!(data["html"].as_str().expect("HTML").contains("https://example.org/media/ES-2026-014/proxy.mp4"));
            assert!(oembed_xml(&data).contains("&lt;video"));
        }
    }
}
