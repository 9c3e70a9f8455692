//! The basket's page, and what the page of a video tells of it.

use super::{
    contract::{Basket, Beside, Choice, Film, Item, MOST_HANDLES, NoList, Report},
    words::{Words, about, parts, transition},
};
use crate::{
    browser::full_title,
    html::Html,
    media::{
        video::{accept_first, terms},
        words::{bytes, clock, frames, seconds},
    },
    routes::{ReturnTo, Step, To, with_query},
    site::Site,
};
use plan::Lang;
use std::ops::Range;

/// Pixels that a frame is wide on the page.
const FRAME: u32 = 160;

/// The page's title.
pub(crate) const fn title(lang: Lang) -> &'static str {
    Words::of(lang).basket
}

/// The page's HTML. `basket` is none where nobody is signed in; its owner may have `accepted` the terms in force.
pub(crate) fn html(
    lang: Lang,
    site: &Site,
    choice: &Choice,
    (basket, accepted): (Option<&Basket>, bool),
    sent: Option<&Result<Report, NoList>>,
) -> String {
    let words = Words::of(lang);
    let mut page = Writing { html: Html::default(), lang, words, choice, accepted };
    let html = &mut page.html;
    html.raw("<div class=\"view basket\"").attribute("data-title", &full_title(words.basket, &site.name));
    html.raw("><header class=\"view__head\"><p class=\"footage__up\"><a").attribute("href", &To::Media.href(lang));
    html.raw(">").words(crate::media::words::Words::of(lang).library).raw("</a></p><h1>").words(words.basket);
    html.raw("</h1><p class=\"view__lead\">").words(words.lead).raw("</p></header>");
    match basket {
        None => page.sign_in(),
        Some(basket) => {
            match sent {
                Some(Ok(report)) => page.report(report),
                Some(Err(why)) => {
                    page.html.raw("<p class=\"basket__wrong\" role=\"alert\">").words(words.no_list(*why)).raw("</p>");
                }
                None => {}
            }
            page.items(basket);
            page.list();
        }
    }
    page.html.raw("</div>");
    page.html.0
}

/// On the page of a video, for who has marked a part: the way into the basket, and to it.
pub(crate) fn beside(
    html: &mut Html,
    lang: Lang,
    number: &str,
    marks: &Range<u32>,
    query: &str,
    held: Option<&Beside>,
) {
    let words = Words::of(lang);
    let is_in = held.is_some_and(|held| held.ranges.contains(marks));
    if is_in {
        html.raw("<p class=\"cut__basket\"><span class=\"cut__in\"><span aria-hidden=\"true\">✓</span> ");
        html.words(words.is_in).raw("</span> ");
    } else {
        html.raw("<form class=\"cut__basket\" method=\"post\"").attribute("action", &To::Basket.href(lang)).raw(">");
        let (from, to) = (format!("f{}", marks.start), format!("f{}", marks.end));
        for (name, value) in [("do", "put"), ("number", number), ("in", &from), ("out", &to), ("query", query)] {
            hidden(html, name, value);
        }
        html.raw("<button class=\"button\" type=\"submit\">").words(words.put).raw("</button> ");
    }
    if let Some(held) = held.filter(|held| held.count > 0) {
        html.raw("<a").attribute("href", &To::Basket.href(lang)).raw(">").words(words.basket).raw(" (");
        html.words(&held.count.to_string()).raw(")</a>");
    }
    html.raw(if is_in { "</p>" } else { "</form>" });
}

/// What goes with a rendition, or a part of it: links to addresses beside its own.
pub(crate) fn with_it(html: &mut Html, lang: Lang, address: &str, query: &str, captions: &[&str], of_part: bool) {
    let words = Words::of(lang);
    let heading = if of_part { words.with_it } else { words.with_whole };
    html.raw("<p class=\"cut__with\"><span>").words(heading).raw("</span>");
    let mut link = |name: &str, more: &[(&str, &str)], word: &str| {
        let more = form_urlencoded::Serializer::new(query.to_owned()).extend_pairs(more).finish();
        html.raw(" <a rel=\"external nofollow\" download");
        html.attribute("href", &with_query(&format!("{address}/{name}"), &more)).raw(">").words(word).raw("</a>");
    };
    link("sidecar.json", &[("lang", lang.tag())], words.sidecar);
    for captions in captions {
        for (name, form) in [("captions.vtt", "VTT"), ("captions.srt", "SRT")] {
            let of = crate::media::words::language(lang, captions);
            link(name, &[("lang", captions)], &format!("{} ({of}, {form})", words.captions));
        }
    }
    link("shotlist.csv", &[], words.shotlist);
    link("cut.edl", &[], words.edl);
    html.raw("</p>");
}

fn hidden(html: &mut Html, name: &str, value: &str) {
    html.raw("<input type=\"hidden\"").attribute("name", name).attribute("value", value).raw(">");
}

struct Writing<'a> {
    html: Html,
    lang: Lang,
    words: &'static Words,
    choice: &'a Choice,
    accepted: bool,
}

impl Writing<'_> {
    fn sign_in(&mut self) {
        let (words, lang) = (self.words, self.lang);
        let back = ReturnTo::read(&To::Basket.href(lang));
        self.html.raw("<p>").words(words.sign_in_first).raw("</p><p class=\"cut__take\">");
        for (class, step, word) in
            [("button button--primary", Step::SignIn, words.sign_in), ("button", Step::Register, words.register)]
        {
            self.html.raw("<a rel=\"external nofollow\"").attribute("class", class);
            self.html.attribute("href", &back.through(step, lang)).raw(">").words(word).raw("</a> ");
        }
        self.html.raw("</p>");
    }

    fn items(&mut self, basket: &Basket) {
        let (words, lang) = (self.words, self.lang);
        if basket.items.is_empty() {
            self.html.raw("<p class=\"empty\">").words(words.empty).raw(" ").words(words.empty_help).raw(" <a");
            self.html.attribute("href", &To::Media.href(lang)).raw(">");
            self.html.words(crate::media::words::Words::of(lang).all_footage).raw("</a></p>");
            return;
        }
        if basket.items.len() >= basket.most {
            self.html.raw("<p class=\"basket__wrong\" role=\"status\">").words(words.full).raw("</p>");
        }
        self.take(basket);
        self.html.raw("<ol class=\"basket__items\">");
        let last = basket.items.len() - 1;
        for (nth, item) in basket.items.iter().enumerate() {
            self.item(item, nth == 0, nth == last);
        }
        self.html.raw("</ol><form method=\"post\"").attribute("action", &To::Basket.href(lang)).raw(">");
        self.choice_fields();
        self.html.raw("<p><button class=\"button\" type=\"submit\" name=\"do\" value=\"empty\">").words(words.empty_it);
        self.html.raw("</button></p></form>");
    }

    /// What was chosen stays chosen.
    fn choice_fields(&mut self) {
        let choice = self.choice.query();
        if !choice.is_empty() {
            hidden(&mut self.html, "query", &choice);
        }
    }

    /// How it is taken, how much that is, and the way to it: one form with two ends.
    fn take(&mut self, basket: &Basket) {
        let (words, lang, choice) = (self.words, self.lang, self.choice);
        let taken: Vec<_> =
            basket.items.iter().filter_map(|item| item.taken.as_ref().ok().zip(item.film.as_ref())).collect();
        let length: u64 = taken.iter().map(|(taken, film)| ms(film, &taken.frames)).sum();
        let size: u64 = taken.iter().map(|(taken, _)| taken.bytes).sum();
        let html = &mut self.html;
        html.raw("<form class=\"basket__take\" method=\"get\"").attribute("action", &To::Basket.href(lang)).raw("><p>");
        html.raw("<label for=\"handles\"><strong>").words(words.handles).raw("</strong> <small id=\"handles-hint\">");
        html.words(words.handles_hint).raw("</small></label><input type=\"number\" id=\"handles\" name=\"handles\" ");
        html.raw("required min=\"0\" step=\"1\" inputmode=\"numeric\" aria-describedby=\"handles-hint\"");
        html.attribute("max", &MOST_HANDLES.to_string())
            .attribute("value", &choice.handles.to_string())
            .raw("></p><p>");
        html.raw("<label for=\"rendition\"><strong>").words(words.rendition);
        html.raw("</strong> <small id=\"rendition-hint\">").words(words.rendition_hint).raw("</small></label>");
        html.raw("<select id=\"rendition\" name=\"rendition\" aria-describedby=\"rendition-hint\">");
        let original = crate::media::words::Words::of(lang).original;
        let name = |id| if id == "original" { original } else { id };
        let renditions = basket.renditions.iter().map(|id| (id.as_str(), name(id.as_str())));
        for (id, name) in [("", words.finest)].into_iter().chain(renditions) {
            html.raw("<option").attribute("value", id).raw(if id == choice.rendition { " selected>" } else { ">" });
            html.words(name).raw("</option>");
        }
        html.raw("</select></p>");
        hidden(html, "lang", lang.tag());
        html.raw("<p class=\"basket__total\" role=\"status\"><strong>").words(&parts(lang, taken.len()));
        html.raw("</strong> · ").words(&clock(length)).raw(" · ").words(&about(lang, &bytes(lang, size)));
        html.raw("</p><p class=\"cut__take\"><button class=\"button\" type=\"submit\">").words(words.reckon);
        html.raw("</button> ");
        if !taken.is_empty() && self.accepted {
            html.raw(
                "<button class=\"button button--primary\" type=\"submit\" formaction=\"/api/v1/media/basket.zip\">",
            );
            html.words(words.take_all).raw("</button>");
        }
        html.raw("</p>");
        if self.accepted {
            html.raw("<p class=\"view__hint\">").words(words.accepted).raw(" ");
            terms(html, lang);
            html.raw("</p>");
        }
        html.raw("</form>");
        if !self.accepted {
            accept_first(html, lang, &with_query(&To::Basket.href(lang), &choice.query()));
        }
    }

    fn item(&mut self, item: &Item, first: bool, last: bool) {
        let (words, lang) = (self.words, self.lang);
        let page = To::Video(item.number.clone()).href(lang);
        let marks = format!("{page}?in=f{}&out=f{}", item.frames.start, item.frames.end);
        self.html.raw("<li class=\"basket__item\"").attribute("id", &format!("part-{}", item.id)).raw(">");
        let Some(film) = &item.film else {
            self.html.raw("<h2>").words(&item.number).raw("</h2>");
            return self.end(item, first, last);
        };
        self.html.raw("<h2><a").attribute("href", &marks).raw(">").words(film.title.get(lang)).raw("</a> <small>");
        self.html.words(&item.number).raw("</small></h2><div class=\"basket__frames\">");
        for (frame, word) in
            [(item.frames.start, words.first_frame), (item.frames.end.saturating_sub(1), words.last_frame)]
        {
            self.html.raw("<figure>");
            self.frame(film, frame);
            self.html
                .raw("<figcaption><span class=\"sr-only\">")
                .words(word)
                .raw("\u{a0}: </span><span class=\"timecode\">");
            self.html.words(&film.timing.timecode(frame)).raw("</span></figcaption></figure>");
        }
        self.html.raw("</div><p class=\"cut__range\"><span class=\"timecode\">");
        self.html.words(&film.timing.timecode(item.frames.start)).raw("</span> → <span class=\"timecode\">");
        self.html.words(&film.timing.timecode(item.frames.end)).raw("</span> <span>");
        self.html.words(&frames(lang, item.frames.end - item.frames.start)).raw(", ");
        self.html.words(&seconds(lang, ms(film, &item.frames))).raw("</span></p>");
        if let Ok(taken) = &item.taken
            && taken.frames != item.frames
        {
            self.html.raw("<p class=\"view__hint\">").words(words.handled).raw(" <span class=\"timecode\">");
            self.html.words(&film.timing.timecode(taken.frames.start)).raw("</span> → <span class=\"timecode\">");
            self.html.words(&film.timing.timecode(taken.frames.end)).raw("</span></p>");
        }
        self.end(item, first, last);
    }

    /// A frame, out of the picture that holds all of them: drawn, as a style would need a script.
    fn frame(&mut self, film: &Film, frame: u32) {
        let Some(board) = film.board.as_ref().filter(|board| board.columns > 0 && board.tiles > 0) else { return };
        let (width, height) = film.size;
        let high = (u64::from(FRAME) * u64::from(height) / u64::from(width.max(1))).clamp(1, 1000);
        let nth = u64::from(frame) * u64::from(board.tiles) / u64::from(film.timing.frames.max(1));
        let nth = nth.min(u64::from(board.tiles) - 1);
        let (columns, rows) = (u64::from(board.columns), u64::from(board.tiles).div_ceil(board.columns.into()));
        let (column, row) = (nth % columns, nth / columns);
        let wide = u64::from(FRAME);
        self.html.raw("<svg aria-hidden=\"true\"").attribute("viewBox", &format!("0 0 {wide} {high}"));
        self.html.raw("><image preserveAspectRatio=\"none\"").attribute("href", &board.path);
        self.html.attribute("x", &format!("-{}", column * wide)).attribute("y", &format!("-{}", row * high));
        self.html.attribute("width", &(columns * wide).to_string()).attribute("height", &(rows * high).to_string());
        self.html.raw("/></svg>");
    }

    /// Why nothing is taken, and what one may do with it.
    fn end(&mut self, item: &Item, first: bool, last: bool) {
        let (words, lang) = (self.words, self.lang);
        if let Err(why) = &item.taken {
            self.html.raw("<p class=\"cut__wrong\">").words(&words.left_out(lang, why)).raw("</p>");
        }
        let html = &mut self.html;
        html.raw("<form class=\"basket__do\" method=\"post\"").attribute("action", &To::Basket.href(lang)).raw(">");
        hidden(html, "id", &item.id.to_string());
        self.choice_fields();
        let html = &mut self.html;
        let note = format!("note-{}", item.id);
        html.raw("<label").attribute("for", &note).raw(">").words(words.note).raw("</label><input type=\"text\" ");
        html.raw("name=\"note\" maxlength=\"200\" autocomplete=\"off\"").attribute("id", &note);
        html.attribute("value", &item.note).raw(">");
        // The first is what the Enter key means.
        for (act, word, shown) in [
            ("note", words.keep_note, true),
            ("up", words.up, !first),
            ("down", words.down, !last),
            ("out", words.remove, true),
        ] {
            if shown {
                html.raw("<button class=\"button\" type=\"submit\" name=\"do\"").attribute("value", act).raw(">");
                html.words(word).raw("<span class=\"sr-only\"> ").words(&item.number).raw("</span></button>");
            }
        }
        html.raw("</form></li>");
    }

    fn list(&mut self) {
        let (words, lang) = (self.words, self.lang);
        let html = &mut self.html;
        html.raw("<section class=\"basket__list\" aria-labelledby=\"edl-head\"><h2 id=\"edl-head\">")
            .words(words.send_edl);
        html.raw("</h2><form method=\"post\" enctype=\"multipart/form-data\"");
        html.attribute("action", &To::Basket.href(lang)).raw("><p><label for=\"edl\"><strong>").words(words.edl_field);
        html.raw("</strong> <small id=\"edl-hint\">").words(words.edl_hint).raw("</small></label>");
        html.raw("<input type=\"file\" id=\"edl\" name=\"edl\" required accept=\".edl,.txt,text/plain\" ");
        html.raw("aria-describedby=\"edl-hint\"></p><p><button class=\"button\" type=\"submit\">").words(words.send);
        html.raw("</button></p></form></section>");
    }

    /// What came of a list that was sent.
    fn report(&mut self, report: &Report) {
        let (words, lang) = (self.words, self.lang);
        let html = &mut self.html;
        html.raw(
            "<section class=\"basket__report\" role=\"status\" aria-labelledby=\"report-head\"><h2 id=\"report-head\">",
        );
        let title = if report.title.is_empty() { words.send_edl } else { &report.title };
        html.words(title).raw("</h2>");
        if !report.put.is_empty() {
            html.raw("<h3>").words(words.put_by_list).raw(": ").words(&parts(lang, report.put.len())).raw("</h3><ul>");
            for put in &report.put {
                html.raw("<li>").words(&put.event).raw(" <strong>").words(&put.number);
                html.raw("</strong> <span class=\"timecode\">")
                    .words(&put.timecodes[0])
                    .raw("</span> → <span class=\"timecode\">");
                html.words(&put.timecodes[1]).raw("</span>");
                if put.was_in {
                    html.raw(" (").words(words.was_in).raw(")");
                }
                if let Some(frames) = put.transition {
                    html.raw(" — ").words(&transition(lang, frames));
                }
                html.raw("</li>");
            }
            html.raw("</ul>");
        }
        if !report.left.is_empty() {
            html.raw("<h3>").words(words.left).raw("</h3><ul class=\"basket__left\">");
            for left in &report.left {
                html.raw("<li>").words(words.line).raw(" ").words(&left.line.to_string()).raw(": ");
                html.words(words.left(left.why)).raw("<br><code>").words(&left.text).raw("</code></li>");
            }
            html.raw("</ul>");
        }
        html.raw("</section>");
    }
}

fn ms(film: &Film, frames: &Range<u32>) -> u64 {
    film.timing.milliseconds(frames.end).saturating_sub(film.timing.milliseconds(frames.start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{
        basket::contract::{Left, LeftOut, LeftWhy, Put, Taken},
        samples::{site, video},
    };
    use plan::gloss::Both;
    use std::{collections::HashSet, sync::Arc};

    fn basket() -> Basket {
        let video = video();
        let film = Arc::new(Film { title: video.title, timing: video.timing, size: video.size, board: video.board });
        let item = |id, frames: Range<u32>, taken| Item {
            id,
            number: "ES-2026-014".to_owned(),
            frames,
            note: "<b>\"x\"</b>".to_owned(),
            film: Some(Arc::clone(&film)),
            taken,
        };
        let taken = Taken { frames: 48..237, rendition: "1080p".to_owned(), bytes: 12_400_000 };
        let why = LeftOut::Blocked(Both { fr: "Visage d’un tiers.".into(), en: "Face of a third party.".into() });
        let gone = Item { film: None, ..item(3, 0..5, Err(LeftOut::Gone)) };
        let items = vec![item(1, 73..212, Ok(taken)), item(2, 290..310, Err(why)), gone];
        Basket { items, renditions: vec!["1080p".to_owned(), "720p".to_owned()], most: 200 }
    }

    fn page(lang: Lang, basket: Option<&Basket>, sent: Option<&Result<Report, NoList>>) -> String {
        html(lang, &site(), &Choice { handles: 25, rendition: "720p".to_owned() }, (basket, true), sent)
    }

    #[test]
    fn who_has_not_accepted_the_terms_is_asked_to_before_anything_is_taken() {
        let html = html(Lang::Fr, &site(), &Choice::default(), (Some(&basket()), false), None);
        assert!(html.contains("action=\"/api/account/accept-terms\"") && !html.contains("basket.zip"), "{html}");
        assert!(html.contains("name=\"return_to\" value=\"/media/basket\""), "{html}");
        assert!(!page(Lang::Fr, Some(&basket()), None).contains("accept-terms"));
    }

    #[test]
    fn a_basket_tells_what_is_taken_and_what_is_not() {
        let html = page(Lang::En, Some(&basket()), None);
        for said in [
            "10:00:02:23",
            "10:00:08:12",
            "139 frames",
            "10:00:01:23",
            "Face of a third party.",
            "no longer offered",
            "about 12.4",
            "<strong>1 part</strong>",
            "0:08",
            "formaction=\"/api/v1/media/basket.zip\"",
            "<option value=\"720p\" selected>",
            "value=\"25\"",
        ] {
            assert!(html.contains(said), "{said} in {html}");
        }
        assert!(!html.contains("<b>") && !html.contains("\"x\""), "what others wrote is text");
        // The first of three cannot go up, the last not down.
        assert_eq!([html.matches("value=\"up\"").count(), html.matches("value=\"down\"").count()], [2, 2]);
    }

    #[test]
    fn a_frame_is_cut_out_of_the_board() {
        let html = page(Lang::Fr, Some(&basket()), None);
        // Frame 73 of 750, thirty pictures in rows of ten: the third. The last frame is 211: the ninth.
        assert!(html.contains("x=\"-320\" y=\"-0\" width=\"1600\" height=\"270\""), "{html}");
        assert!(html.contains("x=\"-1280\" y=\"-0\""), "{html}");
    }

    #[test]
    fn strangers_are_led_to_an_account_and_back() {
        let html = page(Lang::En, None, None);
        assert!(html.contains("/en/account/sign-in?return_to=%2Fmedia%2Fbasket"), "{html}");
        assert!(!html.contains("basket.zip"));
    }

    #[test]
    fn what_came_of_a_list_is_told_line_by_line() {
        let report = Report {
            title: "Reel <1>".to_owned(),
            put: vec![Put {
                line: 4,
                event: "001".to_owned(),
                number: "ES-2026-014".to_owned(),
                timecodes: ["10:00:02:23".to_owned(), "10:00:08:12".to_owned()],
                was_in: true,
                transition: Some(24),
            }],
            left: vec![Left { line: 7, text: "002 XX V C <".to_owned(), why: LeftWhy::NoVideo }],
        };
        let html = page(Lang::En, Some(&basket()), Some(&Ok(report)));
        for said in
            ["Reel &lt;1&gt;", "was there already", "24 frames", "line 7: no video of that name", "002 XX V C &lt;"]
        {
            assert!(html.contains(said), "{said}");
        }
        let refused = page(Lang::En, Some(&Basket::default()), Some(&Err(NoList::NoEvents)));
        assert!(refused.contains("no CMX 3600 list") && refused.contains("The basket is empty."));
    }

    #[test]
    fn ids_stand_once_and_labels_find_them() {
        let html = page(Lang::Fr, Some(&basket()), None);
        let values = |name: &str| -> Vec<String> {
            let start = format!(" {name}=\"");
            html.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
        };
        let ids = values("id");
        let once: HashSet<_> = ids.iter().collect();
        assert_eq!(once.len(), ids.len(), "{ids:?}");
        for id in values("for").iter().chain(&values("aria-describedby")).chain(&values("aria-labelledby")) {
            assert!(once.contains(id), "{id}");
        }
    }
}
