//! The player in the browser: what its buttons, keys and sliders do. The page stands as the server wrote it, with the
//! browser's own controls; once this is here they give way to the product's.
//!
//! A frame is reached by seeking to its middle, and told by what the browser says it shows
//! (`requestVideoFrameCallback`). Marks are fields of the page's form: what is marked here is written there, and the
//! form is followed like any other (`explore::quick`), so that address, shotlist and downloads keep up.

use super::timing::Timing;
use crate::browser;
use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*, task::spawn_local};
use std::{
    cell::{Cell, RefCell},
    ops::Range,
    rc::Rc,
    time::Duration,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    CanvasRenderingContext2d, Element, Event, EventInit, HtmlCanvasElement, HtmlElement, HtmlInputElement,
    HtmlVideoElement, KeyboardEvent, MouseEvent,
};

/// How often one is taken back a little while playing in reverse, in milliseconds.
const TICK: u32 = 80;
/// The fastest, in per cent.
const FASTEST: i32 = 800;
/// Pixels of a marked frame's picture.
const PICTURE: u32 = 320;
/// How often a frame that did not come is asked for again.
const TRIES: u8 = 2;

thread_local! {
    static PLAYER: RefCell<Option<Rc<Player>>> = const { RefCell::new(None) };
    /// Called by the browser with each frame it shows.
    static ON_FRAME: js_sys::Function = Closure::<dyn Fn(f64, JsValue)>::new(|_, frame: JsValue| {
        if let Some(player) = current() {
            let time = get(&frame, "mediaTime").as_f64();
            time.into_iter().for_each(|time| player.presented(player.frame_at(time)));
            player.watch_frames();
        }
    })
    .into_js_value()
    .unchecked_into();
}

/// The player of the page, if it has one.
fn current() -> Option<Rc<Player>> {
    PLAYER.with_borrow(Clone::clone)
}

struct Player {
    root: HtmlElement,
    video: HtmlVideoElement,
    timing: Timing,
    /// The frame that is shown.
    shown: Cell<u32>,
    /// The frame that was asked for and has not come, and how often it was.
    wanted: Cell<Option<(u32, u8)>>,
    /// The part that is marked.
    marks: RefCell<Option<Range<u32>>>,
    /// In reverse: how fast, in per cent, and hundredths of milliseconds that make no whole frame yet.
    reverse: Cell<i32>,
    rest: Cell<u64>,
    ticking: Cell<Option<IntervalHandle>>,
    /// Whether only the part is played.
    part: Cell<bool>,
    /// Shows the marked frames while the film is elsewhere.
    peek: RefCell<Option<HtmlVideoElement>>,
    /// Pictures that it still has to make: of which field, of which frame.
    waiting: RefCell<Vec<(&'static str, u32)>>,
}

/// A page has just been shown or has changed: its player comes to life, if there is one.
pub(crate) fn begin() {
    let Some(root) = browser::by_id("player") else {
        PLAYER.set(None);
        return;
    };
    if root.has_attribute("data-live") {
        return;
    }
    let Some(player) = Player::of(root) else { return };
    let player = Rc::new(player);
    PLAYER.set(Some(Rc::clone(&player)));
    player.start();
}

impl Player {
    fn of(root: HtmlElement) -> Option<Player> {
        let video = browser::by_id("film")?.dyn_into().ok()?;
        let said = |name: &str| root.get_attribute(name).and_then(|text| text.parse::<u64>().ok());
        let short = |name: &str| said(name).and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0);
        let timing = Timing {
            rate: short("data-rate")?,
            seconds: short("data-seconds")?,
            drop_frame: root.has_attribute("data-drop"),
            start: said("data-start")?,
            frames: short("data-frames")?,
        };
        Some(Player {
            root,
            video,
            timing,
            shown: Cell::new(0),
            wanted: Cell::new(None),
            marks: RefCell::new(None),
            reverse: Cell::new(0),
            rest: Cell::new(0),
            ticking: Cell::new(None),
            part: Cell::new(false),
            peek: RefCell::new(None),
            waiting: RefCell::new(Vec::new()),
        })
    }

    fn start(&self) {
        drop(self.video.remove_attribute("controls"));
        drop(self.root.set_attribute("data-live", ""));
        for (feature, button) in [("requestPictureInPicture", "pip"), ("requestFullscreen", "full")] {
            let there =
                !get(&self.video, feature).is_undefined() || !get(&self.video, "webkitEnterFullscreen").is_undefined();
            if !there && let Some(button) = self.button(button) {
                drop(button.set_attribute("hidden", ""));
            }
        }
        let changed: js_sys::Function =
            Closure::<dyn Fn()>::new(|| current().into_iter().for_each(|player| player.changed()))
                .into_js_value()
                .unchecked_into();
        for event in ["play", "pause", "seeked", "timeupdate", "volumechange", "ratechange", "ended"] {
            drop(self.video.add_event_listener_with_callback(event, &changed));
        }
        let stopped: js_sys::Function =
            Closure::<dyn Fn()>::new(|| current().into_iter().for_each(|player| player.stopped()))
                .into_js_value()
                .unchecked_into();
        drop(self.video.add_event_listener_with_callback("pause", &stopped));
        // Without a script the fragment plays the part alone; with one it would stop whoever plays on.
        if let Some(path) = self.path().filter(|_| self.video.current_src().contains('#')) {
            self.video.set_src(&path);
        }
        self.watch_frames();
        self.marks.replace(self.typed());
        if self.marks.borrow().is_none()
            && let Some(marks) = fragment().and_then(|fragment| self.named(&fragment))
        {
            self.seek(marks.start);
            self.mark(Some(marks));
            return;
        }
        let start = self.marks.borrow().as_ref().map(|marks| marks.start);
        if let Some(start) = start {
            self.seek(start);
            self.draw();
        }
        self.tell();
    }

    fn button(&self, act: &str) -> Option<Element> {
        self.root.query_selector(&format!("[data-do={act}]")).ok().flatten()
    }

    /// The frame that is shown at a time of the film's, in seconds.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "frames of a film; `as` saturates")]
    fn frame_at(&self, time: f64) -> u32 {
        // A tenth of a frame for what rounding takes away.
        let frame = time * f64::from(self.timing.rate) / f64::from(self.timing.seconds) + 0.1;
        (frame as u32).min(self.timing.frames - 1)
    }

    fn time_of(&self, frame: u32) -> f64 {
        (f64::from(frame) + 0.5) * f64::from(self.timing.seconds) / f64::from(self.timing.rate)
    }

    /// Where one is, or is on the way to.
    fn here(&self) -> u32 {
        self.wanted.get().map_or_else(|| self.shown.get(), |(frame, _)| frame)
    }

    /// Has the browser tell of the next frame it shows, where it can.
    fn watch_frames(&self) {
        if let Ok(watch) = get(&self.video, "requestVideoFrameCallback").dyn_into::<js_sys::Function>() {
            ON_FRAME.with(|callback| drop(watch.call1(&self.video, callback)));
        }
    }

    /// The browser shows that frame.
    fn presented(&self, frame: u32) {
        match self.wanted.get() {
            Some((wanted, tries)) if wanted != frame && tries < TRIES => {
                // A file whose times are a little off: a little further, or less far.
                self.wanted.set(Some((wanted, tries + 1)));
                let aside = if frame < wanted { 0.25 } else { -0.25 };
                let aside = aside * f64::from(self.timing.seconds) / f64::from(self.timing.rate);
                self.video.set_current_time(self.time_of(wanted) + aside);
                return;
            }
            _ => self.wanted.set(None),
        }
        self.shown.set(frame);
        let end = self.marks.borrow().as_ref().map(|marks| marks.end).filter(|_| self.part.get());
        if end.is_some_and(|end| frame + 1 >= end) {
            self.stop();
            end.into_iter().filter(|end| frame + 1 > *end).for_each(|end| self.seek(end - 1));
        }
        self.tell();
    }

    /// Something about the film has changed: where the browser tells of no frames, one has perhaps come.
    fn changed(&self) {
        if get(&self.video, "requestVideoFrameCallback").is_undefined() && !self.video.seeking() {
            self.presented(self.frame_at(self.video.current_time()));
        }
        self.tell();
    }

    /// The film stands still, by whatever stopped it. Firefox tells of a frame some milliseconds before it shows it, and
    /// of one stopped in between it keeps the frame before: what was told is asked for, so that it is what one sees.
    fn stopped(&self) {
        if self.wanted.get().is_none() && !self.video.ended() {
            self.seek(self.shown.get());
        }
    }

    /// Says where one is, and how.
    fn tell(&self) {
        let frame = self.here();
        let timecode = self.timing.timecode(frame);
        write("timecode", &timecode);
        write("frame", &frame.to_string());
        slide("seek", frame, &timecode);
        drop(self.root.toggle_attribute_with_force("data-playing", !self.video.paused() || self.reverse.get() > 0));
        press(self.button("mute"), self.video.muted());
        let pace = match self.reverse.get() {
            #[expect(clippy::cast_possible_truncation, reason = "a pace in per cent")]
            0 => (self.video.playback_rate() * 100.0) as i32,
            pace => -pace,
        };
        let pace = match pace {
            100 => String::new(),
            pace if pace % 100 == 0 => format!("{}×", pace / 100),
            pace => format!("{pace}\u{a0}%"),
        };
        write("pace", &pace);
    }

    fn seek(&self, frame: u32) {
        let frame = frame.min(self.timing.frames - 1);
        self.wanted.set(Some((frame, 0)));
        self.video.set_current_time(self.time_of(frame));
        self.tell();
    }

    fn play(&self, percent: i32) {
        self.halt();
        self.video.set_playback_rate(f64::from(percent) / 100.0);
        // What the browser forbids it shows itself.
        drop(self.video.play());
    }

    /// No longer in reverse.
    fn halt(&self) {
        self.reverse.set(0);
        self.ticking.take().into_iter().for_each(|ticking| ticking.clear());
    }

    fn stop(&self) {
        self.halt();
        self.part.set(false);
        drop(self.video.pause());
        self.tell();
    }

    fn play_or_stop(&self) {
        if self.video.paused() && self.reverse.get() == 0 {
            self.play(100);
        } else {
            self.stop();
        }
    }

    /// Faster forward each time.
    fn forward(&self) {
        #[expect(clippy::cast_possible_truncation, reason = "a pace in per cent")]
        let pace = (self.video.playback_rate() * 100.0) as i32;
        let onwards = !self.video.paused() && pace >= 100;
        self.play(if onwards { (pace * 2).min(FASTEST) } else { 100 });
    }

    /// Faster back each time. No browser plays in reverse: one is taken back a little again and again.
    fn backward(&self) {
        let pace = self.reverse.get();
        self.stop();
        self.reverse.set(if pace == 0 { 100 } else { (pace * 2).min(FASTEST) });
        let tick = || current().into_iter().for_each(|player| player.tick());
        self.ticking.set(set_interval_with_handle(tick, Duration::from_millis(TICK.into())).ok());
        self.tell();
    }

    fn tick(&self) {
        let pace = u64::from(self.reverse.get().unsigned_abs());
        let gone = self.rest.get() + u64::from(TICK) * pace;
        let unit = u64::from(self.timing.seconds) * 100_000;
        let frames = gone * u64::from(self.timing.rate) / unit;
        self.rest.set(gone - frames * unit / u64::from(self.timing.rate));
        if self.video.seeking() || frames == 0 {
            return;
        }
        let here = self.here();
        match u32::try_from(frames).ok().and_then(|frames| here.checked_sub(frames)) {
            Some(frame) => self.seek(frame),
            None => {
                self.stop();
                self.seek(0);
            }
        }
    }

    fn step(&self, onwards: bool) {
        self.stop();
        let here = self.here();
        self.seek(if onwards { here + 1 } else { here.saturating_sub(1) });
    }

    fn play_part(&self) {
        let Some(marks) = self.marks.borrow().clone() else { return };
        self.seek(marks.start);
        self.play(100);
        self.part.set(true);
    }

    /// Marks the beginning or the end, and the other one with it where they would not go together.
    fn mark_at(&self, start: Option<u32>, end: Option<u32>) {
        let old = self.marks.borrow().clone().unwrap_or(0..self.timing.frames);
        let (mut start, mut end) = (start.unwrap_or(old.start), end.map_or((old.end, false), |end| (end, true)));
        start = start.min(self.timing.frames - 1);
        end.0 = end.0.clamp(1, self.timing.frames);
        if start >= end.0 {
            if end.1 { start = 0 } else { end.0 = self.timing.frames }
        }
        self.mark(Some(start..end.0));
    }

    /// The part is marked so: told to the form, and to the page about it.
    fn mark(&self, marks: Option<Range<u32>>) {
        let said = |frame: Option<u32>| frame.map(|frame| self.timing.timecode(frame)).unwrap_or_default();
        for (id, frame) in [("in", marks.as_ref().map(|m| m.start)), ("out", marks.as_ref().map(|m| m.end))] {
            if let Some(field) = field(id) {
                field.set_value(&said(frame));
            }
        }
        self.marks.replace(marks);
        self.draw();
        let bubbling = EventInit::new();
        bubbling.set_bubbles(true);
        if let (Some(field), Ok(event)) = (field("in"), Event::new_with_event_init_dict("input", &bubbling)) {
            drop(field.dispatch_event(&event));
        }
    }

    /// What stands in the form's fields.
    fn typed(&self) -> Option<Range<u32>> {
        let said = |id| field(id).map(|field| field.value()).filter(|text| !text.is_empty());
        let (start, end) = (said("in"), said("out"));
        if start.is_none() && end.is_none() {
            return None;
        }
        let start = start.map_or(Some(0), |text| self.timing.frame(&text))?;
        let end = end.map_or(Some(self.timing.frames), |text| self.timing.frame(&text))?;
        (start < end).then_some(start..end)
    }

    /// The part that a fragment names: `#t=2.92,8.48`, `#t=0:10,1:20`, `#t=smpte-25:10:00:02:23,10:00:08:12` (Media
    /// Fragments URI 1.0, 4.2.1).
    fn named(&self, fragment: &str) -> Option<Range<u32>> {
        let times = fragment.strip_prefix("#t=")?.split('&').next()?;
        let (clock, times) = match times.strip_prefix("smpte") {
            None => (true, times.strip_prefix("npt:").unwrap_or(times)),
            Some(rest) => (false, rest.split_once(':')?.1),
        };
        let point = |text: &str, none: u32| {
            if text.is_empty() {
                return Some(none);
            }
            if !clock {
                return self.timing.frame(text);
            }
            let mut parts = text.rsplit(':');
            let seconds = self.timing.at_seconds(parts.next()?)?;
            let minutes = parts.next().unwrap_or("0").parse::<u32>().ok()?;
            let hours = parts.next().unwrap_or("0").parse::<u32>().ok()?;
            let before =
                self.timing.at_seconds(&(hours.checked_mul(60)?.checked_add(minutes)?.checked_mul(60)?).to_string())?;
            u32::try_from(seconds + before).ok().filter(|frame| *frame <= self.timing.frames)
        };
        let (start, end) = times.split_once(',').unwrap_or((times, ""));
        let (start, end) = (point(start, 0)?, point(end, self.timing.frames)?);
        (start < end).then_some(start..end)
    }

    /// Shows the marks on the timeline, and their frames.
    fn draw(&self) {
        let marks = self.marks.borrow().clone();
        drop(self.root.toggle_attribute_with_force("data-marked", marks.is_some()));
        let whole = marks.clone().unwrap_or(0..self.timing.frames);
        slide("mark-in", whole.start, &self.timing.timecode(whole.start));
        slide("mark-out", whole.end, &self.timing.timecode(whole.end));
        if let Some(band) = document().get_element_by_id("part-band") {
            drop(band.set_attribute("x", &whole.start.to_string()));
            drop(band.set_attribute("width", &(whole.end - whole.start).to_string()));
        }
        for (id, frame) in [("frame-in", whole.start), ("frame-out", whole.end - 1)] {
            let figure = document().query_selector(&format!("figure:has(#{id})")).ok().flatten();
            let Some(figure) = figure else { continue };
            drop(figure.toggle_attribute_with_force("hidden", marks.is_none()));
            if let Ok(Some(said)) = figure.query_selector("output") {
                said.set_text_content(Some(&self.timing.timecode(frame)));
            }
            if marks.is_some() {
                let mut waiting = self.waiting.borrow_mut();
                waiting.retain(|(of, _)| *of != id);
                waiting.push((id, frame));
            }
        }
        self.look();
    }

    /// Has the next picture made.
    fn look(&self) {
        let Some((_, frame)) = self.waiting.borrow().first().copied() else { return };
        if let Some(peek) = self.peek() {
            peek.set_current_time(self.time_of(frame));
        }
    }

    /// Where the film lies, without a fragment.
    fn path(&self) -> Option<String> {
        let source = self.video.query_selector("source").ok()??.get_attribute("src")?;
        source.split('#').next().map(str::to_owned)
    }

    /// A second, unseen look at the film.
    fn peek(&self) -> Option<HtmlVideoElement> {
        if let Some(peek) = &*self.peek.borrow() {
            return Some(peek.clone());
        }
        let peek: HtmlVideoElement = document().create_element("video").ok()?.dyn_into().ok()?;
        peek.set_muted(true);
        peek.set_preload("auto");
        peek.set_src(&self.path()?);
        let came: js_sys::Function =
            Closure::<dyn Fn()>::new(|| current().into_iter().for_each(|player| player.came()))
                .into_js_value()
                .unchecked_into();
        drop(peek.add_event_listener_with_callback("seeked", &came));
        self.peek.replace(Some(peek.clone()));
        Some(peek)
    }

    /// A picture has come: it is drawn, and the next one looked for.
    fn came(&self) {
        let next = self.waiting.borrow().first().copied();
        if let Some((id, frame)) = next {
            if self.peek.borrow().as_ref().is_some_and(|peek| self.frame_at(peek.current_time()) == frame) {
                self.paint(id);
                self.waiting.borrow_mut().retain(|one| *one != (id, frame));
            }
            self.look();
        }
    }

    fn paint(&self, id: &str) -> Option<()> {
        let peek = self.peek()?;
        let canvas: HtmlCanvasElement = browser::by_id(id)?.dyn_into().ok()?;
        let height = PICTURE * peek.video_height() / peek.video_width().max(1);
        canvas.set_width(PICTURE);
        canvas.set_height(height);
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.unchecked_into();
        let (width, height) = (f64::from(PICTURE), f64::from(height));
        context.draw_image_with_html_video_element_and_dw_and_dh(&peek, 0.0, 0.0, width, height).ok()
    }

    /// The next captions, and after the last none.
    fn captions(&self) {
        let tracks = get(&self.video, "textTracks");
        let mut showing = None;
        let mut all = Vec::new();
        for nth in 0.. {
            let track = js_sys::Reflect::get_u32(&tracks, nth).unwrap_or_default();
            if track.is_undefined() {
                break;
            }
            if get(&track, "mode").as_string().as_deref() == Some("showing") {
                showing = Some(all.len());
            }
            all.push(track);
        }
        let next = showing.map_or(0, |nth| nth + 1);
        for (nth, track) in all.iter().enumerate() {
            let mode = if nth == next { "showing" } else { "disabled" };
            drop(js_sys::Reflect::set(track, &"mode".into(), &mode.into()));
        }
        press(self.button("captions"), next < all.len());
    }

    fn full_screen(&self) {
        if document().fullscreen_element().is_some() {
            document().exit_fullscreen();
        } else if self.root.request_fullscreen().is_err() {
            call(&self.video, "webkitEnterFullscreen");
        }
    }

    fn act(&self, act: &str) {
        let here = self.here();
        match act {
            "play" => self.play_or_stop(),
            "reverse" => self.backward(),
            "forward" => self.forward(),
            "back" => self.step(false),
            "on" => self.step(true),
            "in" => self.mark_at(Some(here), None),
            "out" => self.mark_at(None, Some(here)),
            "part" => self.play_part(),
            "mute" => self.video.set_muted(!self.video.muted()),
            "captions" => self.captions(),
            "pip" => call(&self.video, "requestPictureInPicture"),
            "full" => self.full_screen(),
            "to-in" | "to-out" => {
                let marks = self.marks.borrow().clone().unwrap_or(0..self.timing.frames);
                self.stop();
                self.seek(if act == "to-in" { marks.start } else { marks.end - 1 });
            }
            _ => {}
        }
    }

    /// A slider was moved, a speed chosen, a point typed.
    fn input(&self, field: &HtmlInputElement) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole steps of a slider")]
        let value = field.value_as_number() as u32;
        match field.id().as_str() {
            "seek" => {
                self.part.set(false);
                self.halt();
                self.seek(value);
            }
            "mark-in" => {
                self.stop();
                self.mark_at(Some(value), None);
                self.seek(value);
            }
            "mark-out" => {
                self.stop();
                self.mark_at(None, Some(value));
                self.seek(value.saturating_sub(1));
            }
            "volume" => {
                self.video.set_muted(value == 0);
                self.video.set_volume(f64::from(value.min(100)) / 100.0);
            }
            "speed" => {
                let percent = field.value().parse::<i32>().unwrap_or(100);
                self.halt();
                self.video.set_playback_rate(f64::from(percent) / 100.0);
            }
            "in" | "out" => {
                self.marks.replace(self.typed());
                self.draw();
            }
            _ => {}
        }
    }
}

/// Something was pressed. Whether it was the player's, and nobody else is to hear of it.
pub(super) fn clicked(event: &MouseEvent) -> bool {
    let Some(player) = current() else { return false };
    if let Some(button) = browser::closest(event, "[data-do]") {
        player.act(&button.get_attribute("data-do").unwrap_or_default());
    } else if browser::closest(event, "#film").is_some() {
        player.play_or_stop();
    } else if let Some(link) = browser::closest(event, "[data-in]").filter(|_| browser::plain_click(event)) {
        let point = |name: &str| link.get_attribute(name).and_then(|frame| frame.parse::<u32>().ok());
        let marks = point("data-in").zip(point("data-out")).map(|(start, end)| start..end);
        player.stop();
        marks.iter().for_each(|marks| player.seek(marks.start));
        player.mark(marks);
    } else if let Some(link) = browser::closest(event, "[data-job]").filter(|_| browser::plain_click(event)) {
        spawn_local(async move {
            wait_for(&link).await;
        });
    } else {
        return false;
    }
    true
}

/// Follows the making of a part, and fetches it once it is made.
async fn wait_for(link: &Element) -> Option<()> {
    let said = |name: &str| link.get_attribute(name).unwrap_or_default();
    let (address, shown) = (said("href"), browser::by_id("job")?);
    let failed = |why: &str| shown.set_text_content(Some(&format!("{} {why}", said("data-failed"))));
    shown.set_text_content(Some(&said("data-job")));
    // The first answer says where to ask; the file itself is left to the browser.
    let Some(begun) = browser::fetch(&address, None).await else {
        // What stands in the way, a limit for instance, is told by the page there.
        return window().location().assign(&address).ok();
    };
    let job = begun.headers().get("location").ok().flatten().filter(|_| begun.status() == 202);
    while let Some(job) = &job {
        // Read by the browser: a reader of any JSON of our own would weigh more than all of this.
        let told = js_sys::JSON::parse(&browser::ask(job, None).await?).ok()?;
        match get(&told, "state").as_string()?.as_str() {
            "done" => break,
            "failed" => {
                failed(&get(&told, "why").as_string().unwrap_or_default());
                return None;
            }
            _ => {
                shown.set_inner_html("<span></span> <progress max=\"1000\"></progress>");
                shown.first_element_child()?.set_text_content(Some(&said("data-job")));
                let bar = shown.last_element_child()?;
                js_sys::Reflect::set(&bar, &"value".into(), &get(&told, "progress")).ok()?;
            }
        }
        browser::rest(1000).await;
        if !shown.is_connected() {
            // The marks have changed: another part is wanted.
            return None;
        }
    }
    shown.set_text_content(Some(&said("data-made")));
    window().location().assign(&address).ok()
}

/// Something was typed or moved by hand.
pub(super) fn changed(event: &Event) {
    let field = event.target().map(JsCast::unchecked_into::<HtmlInputElement>);
    if let Some((player, field)) = current().zip(field).filter(|_| event.is_trusted()) {
        player.input(&field);
    }
}

/// A key, as in every editing program.
pub(super) fn key(event: &KeyboardEvent) {
    let Some(player) = current() else { return };
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let within =
        |selector: &str| target.as_ref().is_some_and(|target| target.closest(selector).ok().flatten().is_some());
    let typing = "input:not([type=radio], [type=range]), textarea, select, dialog[open], [popover]:popover-open";
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() || within(typing) {
        return;
    }
    let key = event.key();
    let act = match key.as_str() {
        " " if !within("a, button, summary, input, label") => "play",
        "ArrowLeft" if !within("input") => "back",
        "ArrowRight" if !within("input") => "on",
        "k" | "K" => "play",
        "j" | "J" => "reverse",
        "l" | "L" => "forward",
        "," => "back",
        "." => "on",
        "i" | "I" => "in",
        "o" | "O" => "out",
        "q" | "Q" => "to-in",
        "w" | "W" => "to-out",
        "p" | "P" => "part",
        "m" | "M" => "mute",
        "c" | "C" => "captions",
        "f" | "F" => "full",
        _ => return,
    };
    event.prevent_default();
    player.act(act);
}

/// The fragment of the page's address.
fn fragment() -> Option<String> {
    window().location().hash().ok().filter(|hash| !hash.is_empty())
}

fn field(id: &str) -> Option<HtmlInputElement> {
    browser::by_id(id).map(JsCast::unchecked_into)
}

/// Writes a text where it differs: screen readers and style sheets hear of each change.
fn write(id: &str, text: &str) {
    if let Some(element) = browser::by_id(id).filter(|element| element.text_content().as_deref() != Some(text)) {
        element.set_text_content(Some(text));
    }
}

/// Moves a slider, and says in words where it is.
fn slide(id: &str, frame: u32, words: &str) {
    if let Some(slider) = field(id) {
        slider.set_value(&frame.to_string());
        drop(slider.set_attribute("aria-valuetext", words));
    }
}

/// A button that is on or off.
fn press(button: Option<Element>, on: bool) {
    if let Some(button) = button {
        drop(button.set_attribute("aria-pressed", if on { "true" } else { "false" }));
    }
}

/// What not every browser has.
fn get(of: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(of, &name.into()).unwrap_or_default()
}

fn call(of: &JsValue, name: &str) {
    if let Ok(function) = get(of, name).dyn_into::<js_sys::Function>() {
        drop(function.call0(of));
    }
}
