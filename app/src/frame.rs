//! What stands on every page and never changes, as HTML: the settings of the display, the foot, the list of keys.

use crate::{
    html::Html,
    icons::{self, icon_html},
    routes::To,
    site::Site,
    words::{PageWords, Words, disclaimer},
};
use plan::Lang;

/// Of each setting its values with their names, as `browser::SETTINGS` and the style sheet know them.
pub(crate) fn display(lang: Lang) -> String {
    let words = PageWords::of(lang);
    let choices: [(_, _, &[_]); 3] = [
        ("size", words.size, &[("s", words.size_s), ("m", words.size_m), ("l", words.size_l), ("xl", words.size_xl)]),
        (
            "width",
            words.width,
            &[("narrow", words.width_narrow), ("normal", words.width_normal), ("wide", words.width_wide)],
        ),
        ("theme", words.theme, &[("auto", words.theme_auto), ("light", words.theme_light), ("dark", words.theme_dark)]),
    ];
    let mut html = Html::default();
    for (setting, legend, options) in choices {
        html.raw("<fieldset class=\"choices\"><legend>").words(legend).raw("</legend>");
        for (value, label) in options {
            html.raw("<label class=\"choice\"><input type=\"radio\"")
                .attribute("name", setting)
                .attribute("value", value);
            html.raw("><span>").words(label).raw("</span></label>");
        }
        html.raw("</fieldset>");
    }
    html.0
}

/// Links to every page, and whose voice this is not.
pub(crate) fn foot(lang: Lang) -> String {
    let (words, page) = (Words::of(lang), PageWords::of(lang));
    let mut html = Html::default();
    html.raw("<div class=\"foot__inner\"><nav class=\"foot__nav\"").attribute("aria-label", page.foot_nav).raw(">");
    for (to, word) in [
        (To::Home, page.home),
        (To::Plan, words.plan),
        (To::Media, words.media),
        (To::About, words.about),
        (To::Accessibility, words.accessibility),
        (To::Legal, words.legal),
        (To::Api, words.api),
    ] {
        html.raw("<a").attribute("href", &to.href(lang)).raw(">").words(word).raw("</a>");
    }
    html.raw("</nav><p class=\"foot__note\">").words(&disclaimer(lang, &Site::current().name)).raw("</p></div>");
    html.0
}

/// What each key does.
pub(crate) fn keys(lang: Lang) -> String {
    let (words, page) = (Words::of(lang), PageWords::of(lang));
    let keys = [
        ("/", page.key_search),
        ("j", page.key_next),
        ("k", page.key_previous),
        ("c", page.key_copy),
        ("b", page.key_side),
        ("?", page.key_help),
        ("Esc", page.key_escape),
    ];
    let mut html = Html::default();
    html.raw("<form class=\"help__head\" method=\"dialog\"><h2>").words(words.keys);
    html.raw("</h2><button class=\"icon-button\" type=\"submit\"").attribute("aria-label", words.close).raw(">");
    html.raw(&icon_html(icons::CLOSE)).raw("</button></form><dl class=\"keys\">");
    for (key, what) in keys {
        html.raw("<div><dt><kbd>").words(key).raw("</kbd></dt><dd>").words(what).raw("</dd></div>");
    }
    html.raw("</dl>");
    html.0
}
