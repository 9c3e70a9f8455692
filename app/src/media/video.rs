//! A video's page: watched, marked, taken away. Marks are the fields of a form, so that they work without a script; the
//! browser's half ([`player`](super::player)) fills them in.

use super::{
    basket::{self, contract::Beside},
    contract::{Part, Rendition, Restriction, Route, Sought, Video},
    timing::Timing,
    words::{self, Words, bytes, clock, frames, language, seconds},
};
use crate::{
    browser::full_title,
    html::Html,
    icons::{self, icon_html},
    routes::{ReturnTo, Step, To, in_query, with_query},
    site::Site,
};
use plan::{Document, Lang, date, gloss::Both};
use serde_json::{Value, json};
use std::ops::Range;

/// Characters of a point that are read.
const POINT: usize = 20;

/// What an address asks of a video's page.
pub(super) struct Asked {
    /// The points as they were typed; empty where they were not.
    from: String,
    to: String,
    marks: Result<Option<Range<u32>>, Wrong>,
    /// The file parts are cut from, by its place among the renditions.
    rendition: Option<usize>,
    /// The way that was chosen; none for the proposed one.
    route: Option<Route>,
}

/// What a visitor may do with a film beside watching it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum May {
    /// Nothing, before signing in.
    SignIn,
    /// Nothing, before accepting the terms in force.
    Accept,
    /// Take it away.
    Take,
}

/// What is wrong with the marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    In,
    Out,
    Order,
    /// They touch that restriction, which blocks.
    Blocked(usize),
}

impl Asked {
    /// What a query asks. Of one point alone, the other is the film's beginning or end.
    pub(super) fn read(video: &Video, query: &str) -> Asked {
        let said = |name| in_query(query, name).unwrap_or_default().trim().chars().take(POINT).collect::<String>();
        let (from, to, named) = (said("in"), said("out"), said("rendition"));
        let marks = marks(video, &from, &to);
        let named = video.renditions.iter().position(|rendition| rendition.cuts && rendition.id == named);
        let rendition = named.or_else(|| video.renditions.iter().position(|rendition| rendition.cuts));
        let route = Route::ALL.into_iter().find(|route| route.id() == said("route"));
        Asked { from, to, marks, rendition, route }
    }

    /// The part that is wanted, if there can be one.
    pub(super) fn wanted<'a>(&self, video: &'a Video) -> Option<(&'a str, Range<u32>)> {
        let rendition = video.renditions.get(self.rendition?)?;
        Some((&rendition.id, self.marks.clone().ok()??))
    }
}

fn marks(video: &Video, from: &str, to: &str) -> Result<Option<Range<u32>>, Wrong> {
    if from.is_empty() && to.is_empty() {
        return Ok(None);
    }
    let timing = &video.timing;
    let start = if from.is_empty() { Some(0) } else { timing.frame(from) };
    let end = if to.is_empty() { Some(timing.frames) } else { timing.frame(to) };
    let start = start.filter(|frame| *frame < timing.frames).ok_or(Wrong::In)?;
    let end = end.ok_or(Wrong::Out)?;
    if end <= start {
        return Err(Wrong::Order);
    }
    let touches = |restriction: &Restriction| {
        let of = restriction.frames.clone().unwrap_or(0..timing.frames);
        restriction.blocks && of.start < end && start < of.end
    };
    match video.restrictions.iter().position(touches) {
        Some(nth) => Err(Wrong::Blocked(nth)),
        None => Ok(Some(start..end)),
    }
}

/// Who reads the page.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    /// What he may do.
    pub(super) may: May,
    /// What lies in the basket.
    pub(super) held: Option<Beside>,
}

/// The page for a number that leads to no video.
pub(super) fn missing(lang: Lang, site: &Site, sought: &Sought) -> String {
    let words = Words::of(lang);
    let (title, text) = match sought {
        Sought::Withdrawn => (words.gone, words.gone_text),
        _ => (words.unknown, words.unknown_text),
    };
    let mut html = Html::default();
    html.raw("<div class=\"error-page\"").attribute("data-title", &full_title(title, &site.name)).raw("><h1>");
    html.words(title).raw("</h1><p>").words(text).raw("</p><p class=\"error-page__links\"><a class=\"button ");
    html.raw("button--primary\"").attribute("href", &To::Media.href(lang)).raw(">").words(words.all_footage);
    html.raw("</a></p></div>");
    html.0
}

/// The page's HTML.
pub(super) fn html(
    lang: Lang,
    site: &Site,
    plan: &Document,
    video: &Video,
    asked: &Asked,
    part: Option<&Part>,
    reader: &Reader,
) -> String {
    let words = Words::of(lang);
    let mut page = Writing { html: Html::default(), lang, words, plan, video, asked, part, reader };
    let title = video.title.get(lang);
    let html = &mut page.html;
    html.raw("<div class=\"view footage\"").attribute("data-title", &full_title(title, &site.name));
    html.raw("><header class=\"footage__head\"><p class=\"footage__up\"><a").attribute("href", &To::Media.href(lang));
    html.raw(">").words(words.library).raw("</a></p><h1>").words(title).raw("</h1><p class=\"footage__facts\">");
    html.raw("<span class=\"film__number\">").words(&video.number).raw("</span>");
    if let Some(when) = video.event.as_ref().or(video.created.as_ref()) {
        html.raw(" <time").attribute("datetime", when).raw(">").words(&date::in_words(lang, when)).raw("</time>");
    }
    if let Some(place) = &video.place {
        html.raw(" <span>").words(&where_it_is(lang, place)).raw("</span>");
    }
    html.raw(" <span>").words(&clock(video.timing.milliseconds(video.timing.frames))).raw("</span></p></header>");
    html.raw("<div class=\"footage__desk\">");
    page.player();
    page.shotlist();
    page.html.raw("</div><div class=\"footage__below\">");
    page.take_part();
    page.take_whole();
    page.rights();
    page.story();
    page.html.raw("</div></div>");
    page.html.0
}

fn where_it_is(lang: Lang, place: &super::contract::Place) -> String {
    let name = place.name.get(lang);
    place.country.as_ref().map_or_else(|| name.clone(), |country| format!("{name} ({country})"))
}

struct Writing<'a> {
    html: Html,
    lang: Lang,
    words: &'static Words,
    plan: &'a Document,
    video: &'a Video,
    asked: &'a Asked,
    part: Option<&'a Part>,
    reader: &'a Reader,
}

impl Writing<'_> {
    fn timing(&self) -> &Timing {
        &self.video.timing
    }

    /// This page's address with these marks, by frames: they are exact whatever the timecode.
    fn marked(&self, frames: &Range<u32>) -> String {
        let asked = self.asked;
        let mut query = vec![("in", format!("f{}", frames.start)), ("out", format!("f{}", frames.end))];
        if let Some(rendition) = asked.rendition.filter(|nth| *nth > 0).and_then(|nth| self.video.renditions.get(nth)) {
            query.push(("rendition", rendition.id.clone()));
        }
        if let Some(route) = asked.route {
            query.push(("route", route.id().to_owned()));
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        with_query(&To::Video(self.video.number.clone()).href(self.lang), &query)
    }

    fn marks(&self) -> Option<&Range<u32>> {
        self.asked.marks.as_ref().ok()?.as_ref()
    }

    fn player(&mut self) {
        let (words, lang, video, timing) = (self.words, self.lang, self.video, self.video.timing);
        // Without a script a fragment opens and plays the part alone (Media Fragments URI 1.0, 4.2.1).
        let fragment = self.marks().map(|marks| {
            let at = |frame| {
                let ms = timing.milliseconds(frame);
                format!("{}.{:03}", ms / 1000, ms % 1000)
            };
            format!("#t={},{}", at(marks.start), at(marks.end))
        });
        let html = &mut self.html;
        html.raw("<section class=\"player\" id=\"player\"").attribute("aria-label", words.player);
        for (name, value) in [
            ("data-rate", timing.rate.to_string()),
            ("data-seconds", timing.seconds.to_string()),
            ("data-start", timing.start.to_string()),
            ("data-frames", timing.frames.to_string()),
        ] {
            html.attribute(name, &value);
        }
        html.raw(if timing.drop_frame { " data-drop>" } else { ">" }).raw("<div class=\"player__stage\">");
        let Some(proxy) = &video.proxy else {
            html.raw("<p class=\"empty\">").words(words.no_proxy).raw("</p></div></section>");
            return;
        };
        html.raw("<video id=\"film\" controls playsinline preload=\"metadata\"")
            .attribute("aria-label", video.title.get(lang));
        html.attribute("width", &video.size.0.to_string()).attribute("height", &video.size.1.to_string());
        if let Some(still) = &video.still {
            html.attribute("poster", &still.path);
        }
        html.raw("><source").attribute("src", &(proxy.path.clone() + &fragment.unwrap_or_default()));
        html.attribute("type", &proxy.media_type).raw(">");
        for captions in &video.captions {
            html.raw("<track kind=\"captions\"").attribute("src", &captions.path).attribute("srclang", &captions.lang);
            html.attribute("label", &language(lang, &captions.lang));
            html.raw(if captions.lang == lang.tag() { " default>" } else { ">" });
        }
        html.raw(
            "</video></div><div class=\"player__panel needs-js\"><p class=\"player__where\"><span class=\"sr-only\">",
        );
        html.words(words.timecode).raw("\u{a0}: </span><output class=\"timecode\" id=\"timecode\">");
        html.words(&timing.timecode(0)).raw("</output> <span class=\"player__frame\">").words(words.frame);
        html.raw(" <output id=\"frame\">0</output> ").words(words.of).raw(" ").words(&timing.frames.to_string());
        html.raw("</span> <output class=\"player__pace\" id=\"pace\"></output></p>");
        self.timeline();
        self.controls();
        self.keys();
        self.html.raw("</div></section>");
    }

    /// Where one is, the marks, the shots, how loud it is, and what is not handed out.
    fn timeline(&mut self) {
        let (words, video, frames) = (self.words, self.video, self.timing().frames);
        let marks = self.marks().cloned().unwrap_or(0..frames);
        let html = &mut self.html;
        html.raw(
            "<div class=\"scrubber\"><svg class=\"scrubber__band\" preserveAspectRatio=\"none\" aria-hidden=\"true\"",
        );
        html.attribute("viewBox", &format!("0 0 {frames} 100")).raw(">");
        if !video.waveform.is_empty() {
            html.raw("<path class=\"scrubber__sound\"").attribute("d", &outline(&video.waveform, frames)).raw("/>");
        }
        for shot in &video.shots {
            html.raw("<path class=\"scrubber__shot\" vector-effect=\"non-scaling-stroke\"")
                .attribute("d", &format!("M{} 0V100", shot.frames.start))
                .raw("/>");
        }
        let span = |html: &mut Html, class: &str, frames: &Range<u32>| {
            html.raw("<rect y=\"0\" height=\"100\"").raw(class).attribute("x", &frames.start.to_string());
            html.attribute("width", &(frames.end - frames.start).to_string()).raw("/>");
        };
        for restriction in video.restrictions.iter().filter(|restriction| restriction.blocks) {
            span(html, " class=\"scrubber__blocked\"", &restriction.frames.clone().unwrap_or(0..frames));
        }
        span(html, " class=\"scrubber__part\" id=\"part-band\"", &marks);
        html.raw("</svg>");
        for (id, word, last, value) in [
            ("seek", words.position, frames - 1, 0),
            ("mark-in", words.mark_in, frames - 1, marks.start),
            ("mark-out", words.mark_out, frames, marks.end),
        ] {
            html.raw("<input type=\"range\" min=\"0\" step=\"1\"").attribute("id", id).attribute("aria-label", word);
            html.attribute("max", &last.to_string()).attribute("value", &value.to_string());
            html.attribute("aria-valuetext", &video.timing.timecode(value)).raw(">");
        }
        html.raw("</div>");
    }

    fn controls(&mut self) {
        let words = self.words;
        let has_captions = !self.video.captions.is_empty();
        let html = &mut self.html;
        html.raw("<div class=\"player__controls\" role=\"group\"").attribute("aria-label", words.player).raw(">");
        for (act, keys, drawing, word, shown) in [
            ("play", "k", icons::PLAY, words.play, true),
            ("reverse", "j", icons::REVERSE, words.reverse, true),
            ("back", ",", icons::FRAME_BACK, words.frame_back, true),
            ("on", ".", icons::FRAME_ON, words.frame_on, true),
            ("forward", "l", icons::FORWARD, words.forward, true),
            ("in", "i", icons::MARK_IN, words.set_in, true),
            ("out", "o", icons::MARK_OUT, words.set_out, true),
            ("part", "p", icons::PLAY_PART, words.play_part, true),
            ("mute", "m", icons::SOUND, words.mute, true),
            ("captions", "c", icons::CAPTIONS, words.captions, has_captions),
            ("pip", "", icons::PIP, words.pip, true),
            ("full", "f", icons::FULL, words.full_screen, true),
        ] {
            if !shown {
                continue;
            }
            html.raw("<button class=\"icon-button\" type=\"button\"").attribute("data-do", act);
            html.attribute("aria-label", word).attribute("title", word);
            if !keys.is_empty() {
                html.attribute("aria-keyshortcuts", keys);
            }
            html.raw(">").raw(&icon_html(drawing)).raw("</button>");
            if act == "mute" {
                html.raw(
                    "<input class=\"player__volume\" type=\"range\" id=\"volume\" min=\"0\" max=\"100\" value=\"100\"",
                );
                html.attribute("aria-label", words.volume).raw(">");
            }
        }
        html.raw("<label class=\"player__speed\"><span class=\"sr-only\">").words(words.speed);
        html.raw("</span><select id=\"speed\">");
        for (percent, label) in [(25, "¼×"), (50, "½×"), (100, "1×"), (150, "1½×"), (200, "2×"), (400, "4×")] {
            html.raw("<option").attribute("value", &percent.to_string());
            html.raw(if percent == 100 { " selected>" } else { ">" }).words(label).raw("</option>");
        }
        html.raw("</select></label><button class=\"icon-button\" type=\"button\" popovertarget=\"player-keys\"");
        html.attribute("aria-label", words.shortcuts).attribute("title", words.shortcuts).raw(">");
        html.raw(&icon_html(icons::KEYS)).raw("</button></div>");
    }

    fn keys(&mut self) {
        let words = self.words;
        let keys: [(&[&str], &str); 12] = [
            (&[words.space, "K"], words.key_play),
            (&["J"], words.key_j),
            (&["L"], words.key_l),
            (&[",", "."], words.key_frames),
            (&["←", "→"], words.key_frames),
            (&["I"], words.key_in),
            (&["O"], words.key_out),
            (&["Q", "W"], words.key_to_in),
            (&["P"], words.key_part),
            (&["M"], words.key_mute),
            (&["C"], words.key_captions),
            (&["F"], words.key_full),
        ];
        let html = &mut self.html;
        html.raw("<div class=\"menu player__keys\" id=\"player-keys\" popover=\"auto\" role=\"dialog\"");
        html.attribute("aria-label", words.shortcuts)
            .raw("><h2>")
            .words(words.shortcuts)
            .raw("</h2><dl class=\"keys\">");
        for (keys, what) in keys {
            html.raw("<div><dt>");
            for key in keys {
                html.raw("<kbd>").words(key).raw("</kbd> ");
            }
            html.raw("</dt><dd>").words(what).raw("</dd></div>");
        }
        html.raw("</dl></div>");
    }

    fn shotlist(&mut self) {
        let (words, lang, video) = (self.words, self.lang, self.video);
        self.html.raw("<section class=\"shots\" aria-labelledby=\"shots-head\"><h2 id=\"shots-head\">");
        self.html.words(words.shotlist).raw("</h2>");
        if video.shots.is_empty() {
            self.html
                .raw("<p class=\"empty\">")
                .words(words.no_shots)
                .raw("</p><div id=\"shots\" data-part></div></section>");
            return;
        }
        self.html.raw("<p class=\"view__hint\">").words(words.shot_help).raw("</p><div id=\"shots\" data-part><ol>");
        let chosen = self.marks().cloned();
        for (nth, shot) in video.shots.iter().enumerate() {
            let href = self.marked(&shot.frames);
            let (start, end) = (shot.frames.start, shot.frames.end);
            self.html.raw("<li><a class=\"shots__row\" data-noscroll").attribute("id", &format!("shot-{nth}"));
            self.html.attribute("href", &href).attribute("data-in", &start.to_string());
            self.html.attribute("data-out", &end.to_string());
            self.html.raw(if chosen.as_ref() == Some(&shot.frames) { " aria-current=\"true\">" } else { ">" });
            self.html.raw("<span class=\"timecode\">").words(&video.timing.timecode(start)).raw("</span> <span>");
            self.html.words(shot.text.get(lang)).raw("</span> <span class=\"shots__length\">");
            self.html.words(&seconds(lang, video.timing.milliseconds(end - start))).raw("</span></a></li>");
        }
        self.html.raw("</ol></div></section>");
    }

    fn take_part(&mut self) {
        let (words, lang, video) = (self.words, self.lang, self.video);
        let action = To::Video(video.number.clone()).href(lang);
        let html = &mut self.html;
        html.raw(
            "<section class=\"take-part\" id=\"take\" aria-labelledby=\"take-part-head\"><h2 id=\"take-part-head\">",
        );
        html.words(words.take_part).raw("</h2><form class=\"marks\" id=\"marks\" method=\"get\" data-live");
        html.attribute("action", &format!("{action}#take")).raw("><div class=\"marks__points\">");
        for (key, word, hint, value, drawn) in [
            ("in", words.in_field, words.in_hint, &self.asked.from, words.first_frame),
            ("out", words.out_field, words.out_hint, &self.asked.to, words.last_frame),
        ] {
            let wrong =
                matches!((key, &self.asked.marks), ("in", Err(Wrong::In)) | ("out", Err(Wrong::Out | Wrong::Order)));
            html.raw("<div class=\"marks__point\"><label").attribute("for", key).raw("><strong>").words(word);
            html.raw("</strong> <small>").words(hint).raw("</small></label><input class=\"timecode\" type=\"text\" ");
            html.raw("autocomplete=\"off\" autocapitalize=\"off\" spellcheck=\"false\" maxlength=\"20\" ");
            html.raw("aria-describedby=\"points-hint part\"").attribute("id", key).attribute("name", key);
            html.attribute("value", value).attribute(
                "placeholder",
                &video.timing.timecode(match key {
                    "in" => 0,
                    _ => video.timing.frames,
                }),
            );
            html.raw(if wrong { " aria-invalid=\"true\">" } else { ">" });
            html.raw("<figure class=\"needs-js\" hidden><canvas").attribute("id", &format!("frame-{key}"));
            html.raw("></canvas><figcaption>").words(drawn).raw(" <output class=\"timecode\"></output></figcaption>");
            html.raw("</figure></div>");
        }
        html.raw("</div><p class=\"view__hint\" id=\"points-hint\">").words(words.points_hint).raw("</p>");
        self.choices();
        self.html.raw("<p class=\"marks__go\"><button class=\"button\" type=\"submit\">").words(words.set_marks);
        self.html.raw("</button></p></form><div class=\"cut\" id=\"part\" data-part>");
        self.part();
        self.html.raw("</div></section>");
    }

    /// From which file, and how.
    fn choices(&mut self) {
        let (words, video, asked) = (self.words, self.video, self.asked);
        let html = &mut self.html;
        html.raw("<fieldset class=\"marks__choices\"><legend>").words(words.from_rendition).raw("</legend>");
        let first = video.renditions.iter().position(|rendition| rendition.cuts);
        for (nth, rendition) in video.renditions.iter().enumerate().filter(|(_, rendition)| rendition.cuts) {
            // The usual one needs no word in the address.
            let value = if Some(nth) == first { "" } else { &rendition.id };
            html.raw("<label class=\"marks__choice\"><input type=\"radio\" name=\"rendition\"");
            html.attribute("id", &format!("from-{}", rendition.id)).attribute("value", value);
            html.raw(if asked.rendition == Some(nth) { " checked>" } else { ">" }).raw("<span><strong>");
            html.words(name(words, rendition)).raw("</strong> <small>").words(&format_of(words, rendition));
            html.raw("</small></span></label>");
        }
        html.raw("</fieldset><fieldset class=\"marks__choices\"><legend>").words(words.route).raw("</legend>");
        for (route, (name, help)) in [(None, (words.route_proposed, ""))]
            .into_iter()
            .chain(Route::ALL.map(|route| (Some(route), words.route(route))))
        {
            let value = route.map(Route::id).unwrap_or_default();
            html.raw("<label class=\"marks__choice\"><input type=\"radio\" name=\"route\"");
            html.attribute("id", &format!("route-{value}")).attribute("value", value);
            html.raw(if asked.route == route { " checked>" } else { ">" }).raw("<span><strong>").words(name);
            html.raw("</strong> <small>").words(help).raw("</small></span></label>");
        }
        html.raw("</fieldset>");
    }

    /// What the marks make, and the way to it.
    fn part(&mut self) {
        let (words, lang, video) = (self.words, self.lang, self.video);
        let marks = match &self.asked.marks {
            Ok(Some(marks)) => marks.clone(),
            Ok(None) => {
                self.html.raw("<p role=\"status\">").words(words.no_marks).raw("</p>");
                return;
            }
            Err(wrong) => {
                let wrong = *wrong;
                let text = match wrong {
                    Wrong::In => words.bad_in,
                    Wrong::Out => words.bad_out,
                    Wrong::Order => words.bad_order,
                    Wrong::Blocked(_) => words.bad_blocked,
                };
                self.html.raw("<p class=\"cut__wrong\" role=\"status\">").words(text);
                if let Wrong::Blocked(nth) = wrong {
                    let restriction = &video.restrictions[nth];
                    let range = self.range(restriction.frames.as_ref());
                    self.html.raw(" ").words(restriction.text.get(lang)).raw(" (").words(&range).raw(")");
                }
                self.html.raw("</p>");
                return self.clear();
            }
        };
        let length = marks.end - marks.start;
        self.html.raw("<p class=\"cut__range\" role=\"status\"><span class=\"timecode\">");
        self.html.words(&video.timing.timecode(marks.start)).raw("</span> → <span class=\"timecode\">");
        self.html.words(&video.timing.timecode(marks.end)).raw("</span> <span>").words(&frames(lang, length));
        self.html.raw(", ").words(&seconds(lang, video.timing.milliseconds(length))).raw("</span></p>");
        let warned: Vec<_> = video.restrictions.iter().filter(|one| !one.blocks && touches(one, &marks)).collect();
        for restriction in warned {
            self.html.raw("<p class=\"cut__warning\"><span aria-hidden=\"true\">▲</span> ");
            self.html.words(restriction.text.get(lang)).raw("</p>");
        }
        let Some((part, rendition)) = self.part.zip(self.asked.rendition.and_then(|nth| video.renditions.get(nth)))
        else {
            self.html.raw("<p class=\"cut__wrong\">").words(words.bad_cut).raw("</p>");
            return self.clear();
        };
        let route = self.asked.route.unwrap_or(part.route);
        self.html.raw("<p class=\"cut__why\">").words(&words::why(lang, part.why)).raw("</p>");
        let size = part.bytes.filter(|_| route == Route::Instant).map(|size| format!(" · {}", bytes(lang, size)));
        let what = format!("{}{}", name(words, rendition), size.unwrap_or_default());
        if self.reader.may == May::Take {
            let address = clip_address(video, rendition, &marks, route);
            self.html.raw("<p class=\"cut__take\"><a class=\"button button--primary\" rel=\"external nofollow\"");
            self.html.attribute("href", &address);
            // Not `download`: what stands in the way would be saved, or nothing shown, where there is a page that says it.
            if route == Route::EditSafe {
                // It takes a while: the script shows how far it is. Without one the answer is asked for anew by itself.
                self.html.attribute("data-job", words.making).attribute("data-made", words.made);
                self.html.attribute("data-failed", words.not_made);
            }
            self.html.raw(">").words(words.download_part).raw(" <small>").words(&what).raw("</small></a></p>");
            self.html.raw("<p class=\"cut__job\" id=\"job\" role=\"status\"></p>");
            let query = part_query(&marks, route);
            let languages = languages(video);
            basket::with_it(&mut self.html, lang, &self::address(video, rendition), &query, &languages, true);
            self.accepted();
        } else {
            let back = self.marked(&marks);
            self.may_first(&back);
        }
        let query = self.marked(&marks);
        let query = query.split_once('?').map_or("", |(_, query)| query);
        basket::beside(&mut self.html, lang, &video.number, &marks, query, self.reader.held.as_ref());
        self.clear();
    }

    fn clear(&mut self) {
        let href = To::Video(self.video.number.clone()).href(self.lang);
        self.html.raw("<p><a class=\"cut__clear\" data-noscroll data-in=\"\" data-out=\"\" id=\"clear\"");
        self.html.attribute("href", &href).raw(">").words(self.words.clear).raw("</a></p>");
    }

    fn accepted(&mut self) {
        self.html.raw("<p class=\"view__hint\">").words(self.words.accepted).raw(" ");
        terms(&mut self.html, self.lang);
        self.html.raw("</p>");
    }

    /// What must be done first, and the way back to where one is.
    fn may_first(&mut self, back: &str) {
        if self.reader.may != May::Accept {
            return self.sign_in(back);
        }
        accept_first(&mut self.html, self.lang, back);
    }

    /// The way to an account and back to where one is.
    fn sign_in(&mut self, back: &str) {
        let (words, lang) = (self.words, self.lang);
        let back = ReturnTo::read(back);
        self.html.raw("<p class=\"cut__take\">");
        for (class, step, word) in [
            ("button button--primary", Step::SignIn, words.sign_in_to_take),
            ("button", Step::Register, words.register_to_take),
        ] {
            self.html.raw("<a rel=\"external nofollow\"").attribute("class", class);
            self.html.attribute("href", &back.through(step, lang)).raw(">").words(word).raw("</a> ");
        }
        self.html.raw("</p><p class=\"view__hint\">").words(words.sign_in_why).raw("</p>");
    }

    fn take_whole(&mut self) {
        let (words, lang, video) = (self.words, self.lang, self.video);
        let may = self.reader.may;
        let languages = languages(video);
        // Of a film with a passage that is not handed out, only parts are.
        let held_back = video.restrictions.iter().any(|restriction| restriction.blocks);
        let here = self.marks().map_or_else(|| To::Video(video.number.clone()).href(lang), |marks| self.marked(marks));
        let back = ReturnTo::read(&here);
        let html = &mut self.html;
        html.raw("<section class=\"take-whole\" aria-labelledby=\"take-whole-head\"><h2 id=\"take-whole-head\">");
        html.words(words.take_whole).raw("</h2><ul class=\"renditions\">");
        for rendition in &video.renditions {
            let name = name(words, rendition);
            html.raw("<li class=\"rendition\"><div><h3>")
                .words(name)
                .raw("</h3><p>")
                .words(&format_of(words, rendition));
            html.raw("</p><p class=\"rendition__for\">")
                .words(words.good_for)
                .raw(" ")
                .words(words.good_for(rendition));
            html.raw("</p></div>");
            if held_back || may == May::Accept {
                html.raw("<p class=\"rendition__size\">").words(&bytes(lang, rendition.bytes)).raw("</p></li>");
                continue;
            }
            html.raw("<p class=\"rendition__take\"><a class=\"button\"");
            if may == May::Take {
                html.raw(" rel=\"external nofollow\"").attribute("href", &address(video, rendition));
            } else {
                html.raw(" rel=\"external nofollow\"").attribute("href", &back.through(Step::SignIn, lang));
            }
            html.raw(">").words(if may == May::Take { words.download } else { words.sign_in_to_take });
            html.raw(" <span class=\"sr-only\">")
                .words(name)
                .raw("</span><small>")
                .words(&bytes(lang, rendition.bytes));
            html.raw("</small></a></p><details class=\"rendition__hash\"><summary>").words(words.fingerprint);
            html.raw("</summary><code>").words(&rendition.sha256).raw("</code></details>");
            if may == May::Take {
                basket::with_it(html, lang, &address(video, rendition), "", &languages, false);
            }
            html.raw("</li>");
        }
        html.raw("</ul><p class=\"view__hint\">").words(if held_back { words.held_back } else { words.resumes });
        html.raw("</p>");
        match may {
            May::Take if !held_back => self.accepted(),
            May::Accept if !held_back => self.may_first(&here),
            _ => {}
        }
        self.html.raw("</section>");
    }

    fn rights(&mut self) {
        let (words, lang, video) = (self.words, self.lang, self.video);
        let html = &mut self.html;
        html.raw("<section class=\"rights\" aria-labelledby=\"rights-head\"><h2 id=\"rights-head\">")
            .words(words.rights);
        html.raw("</h2>");
        if let Some(credit) = &video.credit {
            html.raw("<p><strong>").words(words.credit).raw("</strong> <span class=\"rights__credit\">").words(credit);
            html.raw("</span></p>");
        }
        let rights = video.rights.as_ref().map_or(words.no_rights, |rights| rights.get(lang));
        html.raw("<p>").words(rights).raw("</p>");
        if !video.restrictions.is_empty() {
            html.raw("<ul class=\"rights__list\">");
            for restriction in &video.restrictions {
                let range = range(video, words, restriction.frames.as_ref());
                html.raw("<li").attribute("class", if restriction.blocks { "is-blocked" } else { "is-warned" });
                html.raw("><span aria-hidden=\"true\">").raw(if restriction.blocks { "■" } else { "▲" });
                html.raw("</span> <span>").words(restriction.text.get(lang)).raw(" <small>");
                html.words(if restriction.blocks { words.not_handed_out } else { words.to_heed })
                    .raw(", <span class=\"timecode\">");
                html.words(&range).raw("</span></small></span></li>");
            }
            html.raw("</ul>");
        }
        html.raw("</section>");
    }

    fn range(&self, frames: Option<&Range<u32>>) -> String {
        range(self.video, self.words, frames)
    }

    fn story(&mut self) {
        let (words, lang, video, plan) = (self.words, self.lang, self.video, self.plan);
        let html = &mut self.html;
        html.raw("<section class=\"story\">");
        let storyline = video.storyline.get(lang);
        if !storyline.is_empty() {
            html.raw("<h2>").words(words.storyline).raw("</h2>");
            storyline.lines().filter(|line| !line.trim().is_empty()).for_each(|line| {
                html.raw("<p class=\"story__text\">").words(line).raw("</p>");
            });
        }
        if !video.related.is_empty() {
            html.raw("<h2>").words(words.related).raw("</h2><ul class=\"story__related\">");
            for slug in &video.related {
                let Some(place) = plan.find(slug) else { continue };
                html.raw("<li><a").attribute("href", &To::Place(slug.clone()).href(lang)).raw(">");
                html.words(&place.label(lang)).raw("</a></li>");
            }
            html.raw("</ul>");
        }
        html.raw("<h2>").words(words.facts).raw("</h2><dl class=\"facts\">");
        let search = |key: &str, value: &str| {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair(key, value).finish();
            with_query(&To::Media.href(lang), &query)
        };
        let mut fact = |name: &str, value: String| {
            if !value.is_empty() {
                html.raw("<div><dt>").words(name).raw("</dt><dd>").words(&value).raw("</dd></div>");
            }
        };
        fact(words.number, video.number.clone());
        fact(words.event, video.event.as_deref().map(|when| date::in_words(lang, when)).unwrap_or_default());
        fact(words.created, video.created.as_deref().map(|when| date::in_words(lang, when)).unwrap_or_default());
        let published = video.published.split('T').next().unwrap_or_default();
        fact(words.published, date::in_words(lang, published));
        fact(words.persons, video.persons.join(", "));
        fact(words.language, video.language.as_deref().map(|code| language(lang, code)).unwrap_or_default());
        fact(words.format, format_line(words, video));
        let mut links = |name: &str, values: Vec<(String, String)>| {
            if values.is_empty() {
                return;
            }
            html.raw("<div><dt>").words(name).raw("</dt><dd>");
            for (nth, (href, value)) in values.iter().enumerate() {
                html.raw(if nth > 0 { ", <a" } else { "<a" }).attribute("href", href).raw(">").words(value).raw("</a>");
            }
            html.raw("</dd></div>");
        };
        links(words.place, video.place.iter().map(|p| (search("place", &p.id), where_it_is(lang, p))).collect());
        links(
            words.topics,
            video.topics.iter().map(|(id, name)| (search("topic", id), name.get(lang).clone())).collect(),
        );
        links(words.keywords, video.keywords.get(lang).iter().map(|word| (search("q", word), word.clone())).collect());
        html.raw("</dl></section>");
    }
}

fn touches(restriction: &Restriction, marks: &Range<u32>) -> bool {
    restriction.frames.as_ref().is_none_or(|of| of.start < marks.end && marks.start < of.end)
}

fn range(video: &Video, words: &Words, frames: Option<&Range<u32>>) -> String {
    frames.map_or_else(
        || words.whole_video.to_owned(),
        |of| format!("{} → {}", video.timing.timecode(of.start), video.timing.timecode(of.end)),
    )
}

/// A rendition's name.
fn name<'a>(words: &'a Words, rendition: &'a Rendition) -> &'a str {
    if rendition.id == "original" { words.original } else { &rendition.id }
}

/// `H.264, AAC · 1920 × 1080`
fn format_of(words: &Words, rendition: &Rendition) -> String {
    let codecs = [
        rendition.video.as_str(),
        match rendition.audio.as_str() {
            "" => words.no_sound,
            audio => audio,
        },
    ];
    let codecs = codecs.into_iter().filter(|codec| !codec.is_empty()).collect::<Vec<_>>().join(", ");
    let size = rendition.size.map(|(width, height)| format!(" · {width} × {height}")).unwrap_or_default();
    codecs + &size
}

/// `1920 × 1080, 25 images par seconde, débute à 10:00:00:00`
fn format_line(words: &Words, video: &Video) -> String {
    let timing = &video.timing;
    let rate = match (timing.rate, timing.seconds) {
        (rate, 1) => rate.to_string(),
        (rate, seconds) => format!("{rate}/{seconds}"),
    };
    let (width, height) = video.size;
    let drop_frame = if timing.drop_frame { format!(", {}", words.drop_frame) } else { String::new() };
    let (unit, starts) = (words.frames_per_second, words.starts_at);
    format!("{width} × {height}, {rate} {unit}{drop_frame}, {starts} {}", timing.timecode(0))
}

/// Peaks as an outline, mirrored about the middle of a band 100 high.
fn outline(peaks: &[u8], frames: u32) -> String {
    let count = u64::try_from(peaks.len()).unwrap_or(u64::MAX).max(1);
    let mut path = String::from("M0 50");
    let mut point = |nth: usize, y: u8| {
        let x = u64::try_from(nth).unwrap_or(0) * u64::from(frames) / count;
        path.push_str(&format!("L{x} {y}"));
    };
    peaks.iter().enumerate().for_each(|(nth, peak)| point(nth, 50 - peak.min(&100) / 2));
    peaks.iter().enumerate().rev().for_each(|(nth, peak)| point(nth, 50 + peak.min(&100) / 2));
    path + "Z"
}

/// Those there are captions in.
fn languages(video: &Video) -> Vec<&str> {
    video.captions.iter().map(|captions| captions.lang.as_str()).collect()
}

/// Where a rendition is taken whole.
fn address(video: &Video, rendition: &Rendition) -> String {
    format!("/api/v1/media/{}/renditions/{}", video.number, rendition.id)
}

/// Where a part of it is.
fn clip_address(video: &Video, rendition: &Rendition, marks: &Range<u32>, route: Route) -> String {
    format!("{}/clip?{}", address(video, rendition), part_query(marks, route))
}

fn part_query(marks: &Range<u32>, route: Route) -> String {
    format!("in=f{}&out=f{}&route={}", marks.start, marks.end, route.id())
}

/// What the page's head says: title, description, JSON-LD, and the video itself for previews.
pub(crate) fn head(lang: Lang, site: &Site, video: &Video) -> Value {
    let address = |path: &str| format!("{}{path}", site.public_url);
    let page = address(&To::Video(video.number.clone()).href(lang));
    let timing = &video.timing;
    let ms = timing.milliseconds(timing.frames);
    let text = |both: &Both<String>| both.get(lang).clone();
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "@id": page,
        "url": page,
        "identifier": video.number,
        "name": text(&video.title),
        "description": describe(lang, video),
        "inLanguage": video.language.as_deref().unwrap_or(lang.tag()),
        "uploadDate": video.published,
        "duration": format!("PT{}.{:03}S", ms / 1000, ms % 1000),
        "width": video.size.0,
        "height": video.size.1,
        "isAccessibleForFree": true,
        "publisher": { "@type": "Organization", "name": site.organisation.of(lang) },
    });
    let mut say = |name: &str, value: Value| data[name] = value;
    if let Some(still) = &video.still {
        say("thumbnailUrl", json!([address(&still.path)]));
    }
    if let Some(proxy) = &video.proxy {
        say("contentUrl", json!(address(&proxy.path)));
        say("encodingFormat", json!(proxy.media_type));
    }
    if let Some(created) = video.created.as_ref().or(video.event.as_ref()) {
        say("dateCreated", json!(created));
    }
    if let Some(credit) = &video.credit {
        say("creditText", json!(credit));
    }
    if let Some(rights) = &video.rights {
        say("copyrightNotice", json!(text(rights)));
    }
    if let Some(place) = &video.place {
        let country = place.country.as_ref().map(|code| json!({ "@type": "PostalAddress", "addressCountry": code }));
        say("contentLocation", json!({ "@type": "Place", "name": text(&place.name), "address": country }));
    }
    if !video.persons.is_empty() {
        let persons = video.persons.iter().map(|name| json!({ "@type": "Person", "name": name }));
        say("about", persons.collect());
    }
    if !video.keywords.get(lang).is_empty() {
        say("keywords", json!(video.keywords.get(lang)));
    }
    let clips = video.shots.iter().map(|shot| {
        let at = |frame| timing.milliseconds(frame) as f64 / 1000.0;
        json!({
            "@type": "Clip",
            "name": text(&shot.text),
            "startOffset": at(shot.frames.start),
            "endOffset": at(shot.frames.end),
            "url": format!("{page}?in=f{}&out=f{}", shot.frames.start, shot.frames.end),
        })
    });
    if !video.shots.is_empty() {
        data["hasPart"] = clips.collect();
    }
    data
}

/// The storyline's first words, or the first shots.
pub(crate) fn describe(lang: Lang, video: &Video) -> String {
    let storyline = video.storyline.get(lang).replace('\n', " ");
    if !storyline.trim().is_empty() {
        return storyline.trim().to_owned();
    }
    let shots: Vec<&str> = video.shots.iter().map(|shot| shot.text.get(lang).as_str()).collect();
    if shots.is_empty() { video.title.get(lang).clone() } else { shots.join(". ") }
}

/// The way to the terms in force.
pub(super) fn terms(html: &mut Html, lang: Lang) {
    html.raw("<a").attribute("href", &format!("{}#terms", To::Legal.href(lang)));
    html.raw(" rel=\"external\">").words(Words::of(lang).terms).raw("</a>");
}

/// The form that accepts the terms in force, and comes back.
pub(super) fn accept_first(html: &mut Html, lang: Lang, back: &str) {
    let words = Words::of(lang);
    html.raw("<form class=\"accept\" method=\"post\" action=\"/api/account/accept-terms\"><p>");
    html.words(words.accept_first).raw(" ");
    terms(html, lang);
    html.raw("</p>");
    for (name, value) in [("lang", lang.tag()), ("return_to", &ReturnTo::read(back).written())] {
        html.raw("<input type=\"hidden\"").attribute("name", name).attribute("value", value).raw(">");
    }
    html.raw("<button class=\"button button--primary\" type=\"submit\">").words(words.accept);
    html.raw("</button></form>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::samples::{site, video};
    use crate::{media::contract::Why, site::Localised};
    use std::collections::HashSet;

    fn page(lang: Lang, query: &str, may: May) -> String {
        let video = video();
        let asked = Asked::read(&video, query);
        let part = asked.wanted(&video).map(|_| Part {
            route: Route::Instant,
            why: Why::Hidden(24, 2),
            bytes: Some(12_400_000),
        });
        let held = (may != May::SignIn).then(|| Beside { count: 3, ranges: vec![0..200, 250..260] });
        html(lang, &site(), &plan::content::load(lang), &video, &asked, part.as_ref(), &Reader { may, held })
    }

    fn reader(may: May) -> Reader {
        Reader { may, held: None }
    }

    /// The values of an attribute.
    fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
        let start = format!(" {attribute}=\"");
        html.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
    }

    #[test]
    fn ids_stand_once_and_whatever_names_one_finds_it() {
        for query in ["", "in=f73&out=f212", "in=soon", "in=f0&out=f400"] {
            for may in [May::Take, May::Accept, May::SignIn] {
                let html = page(Lang::Fr, query, may);
                let ids = values(&html, "id");
                let once: HashSet<&str> = ids.iter().copied().collect();
                assert_eq!(once.len(), ids.len(), "{query}: {ids:?}");
                let described = values(&html, "aria-describedby").into_iter().chain(values(&html, "aria-labelledby"));
                let named = values(&html, "for").into_iter().chain(values(&html, "popovertarget"));
                for id in described.flat_map(str::split_whitespace).chain(named) {
                    assert!(once.contains(id), "{id} in {query}");
                }
            }
        }
    }

    #[test]
    fn marks_are_read_in_any_of_the_three_ways() {
        let video = video();
        for (query, marks) in [
            ("", Ok(None)),
            ("in=10:00:02:23&out=10:00:08:12", Ok(Some(73..212))),
            ("in=f73&out=f212", Ok(Some(73..212))),
            ("in=2.92s&out=8.48s", Ok(Some(73..212))),
            ("in=f73", Err(Wrong::Blocked(1))),
            ("out=f212", Ok(Some(0..212))),
            ("in=soon&out=f212", Err(Wrong::In)),
            ("in=f73&out=11:00:00:00", Err(Wrong::Out)),
            ("in=f750", Err(Wrong::In)),
            ("in=f212&out=f73", Err(Wrong::Order)),
            ("in=f73&out=f73", Err(Wrong::Order)),
            ("in=f290&out=f301", Err(Wrong::Blocked(1))),
            ("in=f290&out=f300", Ok(Some(290..300))),
            ("in=f385&out=f750", Ok(Some(385..750))),
        ] {
            assert_eq!(Asked::read(&video, query).marks, marks, "{query}");
        }
    }

    #[test]
    fn signed_in_one_takes_the_part_and_else_one_is_led_to_an_account_and_back_to_the_marks() {
        let query = "in=10:00:02:23&out=10:00:08:12&rendition=720p&route=edit-safe";
        let html = page(Lang::En, query, May::Take);
        let address = "/api/v1/media/ES-2026-014/renditions/720p/clip?in=f73&amp;out=f212&amp;route=edit-safe";
        assert!(html.contains(&format!("href=\"{address}\"")), "{html}");
        assert!(!html.contains("account/sign-in"));
        let accepting = page(Lang::En, query, May::Accept);
        assert!(!accepting.contains("/api/v1/media/") && accepting.contains("action=\"/api/account/accept-terms\""));
        assert!(
            accepting
                .contains("value=\"/media/ES-2026-014?in=f73&amp;out=f212&amp;rendition=720p&amp;route=edit-safe\"")
        );
        let html = page(Lang::En, query, May::SignIn);
        assert!(!html.contains("/api/v1/media/"), "nothing to take");
        let back = ReturnTo::read("/media/ES-2026-014?in=f73&out=f212&rendition=720p&route=edit-safe");
        for step in [Step::SignIn, Step::Register] {
            let href = back.through(step, Lang::En);
            assert!(href.contains("f73") && html.contains(&format!("href=\"{href}\"")), "{href}");
        }
    }

    #[test]
    fn a_film_is_taken_whole_unless_a_passage_of_it_is_not_handed_out() {
        let whole = "href=\"/api/v1/media/ES-2026-014/renditions/original\"";
        let held_back = page(Lang::En, "", May::Take);
        assert!(!held_back.contains(whole) && held_back.contains("not handed out whole"));
        let mut video = video();
        video.restrictions.retain(|restriction| !restriction.blocks);
        let asked = Asked::read(&video, "");
        let plan = plan::content::load(Lang::En);
        assert!(html(Lang::En, &site(), &plan, &video, &asked, None, &reader(May::Take)).contains(whole));
        let signed_out = html(Lang::En, &site(), &plan, &video, &asked, None, &reader(May::SignIn));
        assert!(!signed_out.contains(whole) && signed_out.contains("account/sign-in?return_to=%2Fmedia%2FES-2026-014"));
    }

    #[test]
    fn what_cannot_be_taken_is_said_and_offers_no_way_to_take_it() {
        for (query, said) in [
            ("in=soon&out=f9", "names no frame"),
            ("in=f9&out=f8", "must come after"),
            ("in=f290&out=f301", "Face of a third party"),
            ("", "Set an in point"),
        ] {
            let html = page(Lang::En, query, May::Take);
            assert!(html.contains(said), "{query}");
            assert!(!html.contains("/clip?"), "{query}");
        }
    }

    #[test]
    fn what_goes_with_a_part_and_the_way_into_the_basket_follow_the_marks() {
        let html = page(Lang::En, "in=f73&out=f212&rendition=720p", May::Take);
        let beside = "/api/v1/media/ES-2026-014/renditions/720p";
        for name in ["sidecar.json", "captions.vtt", "captions.srt", "shotlist.csv", "cut.edl"] {
            let href = format!("href=\"{beside}/{name}?in=f73&amp;out=f212&amp;route=instant");
            assert!(html.contains(&href), "{name}");
        }
        assert!(html.contains("captions.srt?in=f73&amp;out=f212&amp;route=instant&amp;lang=fr"));
        let form = "<form class=\"cut__basket\" method=\"post\" action=\"/en/media/basket\">";
        assert!(html.contains(form) && html.contains("name=\"in\" value=\"f73\"") && html.contains("Basket (3)"));
        let held = page(Lang::En, "in=f0&out=f200", May::Take);
        assert!(!held.contains(form) && held.contains("In the basket"));
        assert!(page(Lang::En, "in=f73&out=f212", May::SignIn).contains(form), "strangers are led to sign in by it");
    }

    #[test]
    fn every_row_of_the_shotlist_leads_to_its_part_and_the_chosen_one_is_marked() {
        let html = page(Lang::Fr, "in=f0&out=f200", May::Take);
        assert!(
            html.contains(
                "href=\"/fr/media/ES-2026-014?in=f0&amp;out=f200\" data-in=\"0\" data-out=\"200\" aria-current"
            )
        );
        assert!(html.contains("href=\"/fr/media/ES-2026-014?in=f200&amp;out=f300\""));
        assert_eq!(html.matches("aria-current=\"true\"").count(), 1);
    }

    #[test]
    fn without_a_script_the_video_plays_and_its_part_alone_where_one_is_marked() {
        assert!(
            page(Lang::Fr, "", May::SignIn)
                .contains("<source src=\"/media/ES-2026-014/proxy.mp4\" type=\"video/mp4\">")
        );
        assert!(page(Lang::Fr, "in=f73&out=f212", May::SignIn).contains("/proxy.mp4#t=2.920,8.480\""));
    }

    #[test]
    fn what_others_wrote_is_text() {
        let mut video = video();
        let evil = "<b>\"x\"</b>".to_owned();
        video.title = Both { fr: evil.clone(), en: evil.clone() };
        video.credit = Some(evil.clone());
        video.shots[0].text = Both { fr: evil.clone(), en: evil.clone() };
        let asked = Asked::read(&video, "in=%3Cb%3E%22");
        let html = html(Lang::Fr, &site(), &plan::content::load(Lang::Fr), &video, &asked, None, &reader(May::Take));
        assert!(!html.contains("<b>") && !html.contains("\"x\""));
        assert!(!head(Lang::Fr, &site(), &video)["name"].is_null());
    }

    #[test]
    fn search_engines_are_told_of_the_video_and_its_shots() {
        let data = head(Lang::En, &site(), &video());
        assert_eq!(data["@type"], "VideoObject");
        assert_eq!(data["duration"], "PT30.000S");
        assert_eq!(data["contentUrl"], "https://example.org/media/ES-2026-014/proxy.mp4");
        assert_eq!(data["hasPart"][1]["startOffset"], 8.0);
        assert_eq!(data["hasPart"][1]["url"], "https://example.org/en/media/ES-2026-014?in=f200&out=f300");
        assert_eq!(data["contentLocation"]["address"]["addressCountry"], "BE");
        let Localised { en, .. } = site().organisation;
        assert_eq!(data["publisher"]["name"], en);
    }
}
