//! Videos in lists: on the search page, on the home page, beside the plan.

use super::{
    contract::{Card, Restricts},
    words::{Words, clock},
};
use crate::{html::Html, routes::To};
use plan::{Lang, date};

/// Pictures that a screen shows at first: they are not left for later.
const AT_ONCE: usize = 4;

/// A grid of videos, their titles headings of that level.
pub(super) fn grid(html: &mut Html, lang: Lang, cards: &[Card], heading: &str) {
    html.raw("<ul class=\"films\">");
    for (nth, one) in cards.iter().enumerate() {
        html.raw("<li>");
        card(html, lang, one, nth < AT_ONCE, heading);
        html.raw("</li>");
    }
    html.raw("</ul>");
}

/// The latest footage on the home page; nothing where there is none.
pub(crate) fn strip(lang: Lang, cards: &[Card]) -> String {
    let (words, mut html) = (Words::of(lang), Html::default());
    if cards.is_empty() {
        return html.0;
    }
    html.raw("<section class=\"home__films\"><header class=\"home__films-head\"><h2>")
        .words(words.latest)
        .raw("</h2><a");
    html.attribute("href", &To::Media.href(lang)).raw(">").words(words.all_footage).raw("</a></header>");
    grid(&mut html, lang, cards, "h3");
    html.raw("</section>");
    html.0
}

/// What relates to a paragraph of the plan, as links; nothing where nothing does.
pub(crate) fn beside(lang: Lang, cards: &[&Card]) -> String {
    let (words, mut html) = (Words::of(lang), Html::default());
    if cards.is_empty() {
        return html.0;
    }
    html.raw("<h3>").words(words.beside).raw("</h3><ul class=\"context__list context__films\">");
    for card in cards {
        html.raw("<li><a").attribute("href", &To::Video(card.number.clone()).href(lang)).raw(">");
        if let Some(still) = &card.still {
            html.raw("<img loading=\"lazy\" alt=\"\"").attribute("src", &still.path);
            html.attribute("width", &still.width.to_string()).attribute("height", &still.height.to_string()).raw(">");
        }
        html.raw("<span>")
            .words(&card.title)
            .raw(" <small>")
            .words(&clock(card.length))
            .raw("</small></span></a></li>");
    }
    html.raw("</ul>");
    html.0
}

fn card(html: &mut Html, lang: Lang, card: &Card, at_once: bool, heading: &str) {
    let words = Words::of(lang);
    let to = To::Video(card.number.clone()).href(lang);
    html.raw("<article class=\"film\"><a class=\"film__link\"").attribute("href", &to);
    if let Some(board) = &card.board {
        html.attribute("data-board", &board.path).attribute("data-columns", &board.columns.to_string());
        html.attribute("data-tiles", &board.tiles.to_string());
    }
    html.raw("><span class=\"film__still\">");
    if let Some(still) = &card.still {
        html.raw(if at_once { "<img alt=\"\"" } else { "<img loading=\"lazy\" alt=\"\"" });
        html.attribute("src", &still.path).attribute("width", &still.width.to_string());
        html.attribute("height", &still.height.to_string()).raw(">");
    }
    html.raw("<span class=\"film__board\"></span><span class=\"film__length\"><span class=\"sr-only\">");
    html.words(words.duration).raw("\u{a0}: </span>").words(&clock(card.length)).raw("</span></span> <");
    html.raw(heading).raw(" class=\"film__title\">").words(&card.title).raw("</").raw(heading).raw("></a>");
    html.raw("<p class=\"film__facts\"><span class=\"film__number\">").words(&card.number).raw("</span>");
    if let Some(when) = &card.date {
        html.raw(" <time").attribute("datetime", when).raw(">").words(&date::in_words(lang, when)).raw("</time>");
    }
    if let Some(place) = &card.place {
        html.raw(" <span>").words(place).raw("</span>");
    }
    html.raw(" <span>").words(resolution(card)).raw("</span></p>");
    if card.restricts > Restricts::Free {
        html.raw("<p class=\"film__restricts\"><span aria-hidden=\"true\">▲</span> ");
        html.words(words.restricts(card.restricts)).raw("</p>");
    }
    if let Some(shot) = &card.shot {
        let marks = format!("{to}?in=f{}&out=f{}", shot.start, shot.end);
        html.raw("<p class=\"film__shot\"><span>").words(words.in_shot).raw("</span> <a").attribute("href", &marks);
        html.raw("><span class=\"timecode\">").words(&shot.timecode).raw("</span> ").words(&shot.text).raw("</a></p>");
    }
    html.raw("</article>");
}

/// The resolution in short.
fn resolution(card: &Card) -> &'static str {
    match card.resolution.id() {
        "2160" => "UHD",
        "1080" => "1080p",
        "720" => "720p",
        _ => "SD",
    }
}
