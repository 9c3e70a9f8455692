//! HTML as a string, for what never changes once it is written.

#[cfg(feature = "ssr")]
use plan::Text;

/// Puts together HTML; what is not markup is escaped.
#[derive(Default)]
pub(crate) struct Html(pub(crate) String);

impl Html {
    /// Markup of our own.
    pub(crate) fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Words: of the text, of the product.
    pub(crate) fn words(&mut self, words: &str) -> &mut Self {
        for c in words.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                c => self.0.push(c),
            }
        }
        self
    }

    /// Words alone, escaped: for elements that hold text only (`title`), where a marker of the renderer would be read.
    #[cfg(feature = "ssr")]
    pub(crate) fn escaped(words: &str) -> String {
        let mut html = Html::default();
        html.words(words);
        html.0
    }

    /// ` name="value"`.
    pub(crate) fn attribute(&mut self, name: &str, value: &str) -> &mut Self {
        self.raw(" ").raw(name).raw("=\"").words(value).raw("\"")
    }

    /// A strength by shape and word; the colour is the class's.
    #[cfg(feature = "ssr")]
    pub(crate) fn strength(&mut self, strength: plan::gloss::Strength, lang: plan::Lang) -> &mut Self {
        self.raw("<span").attribute("class", &format!("strength strength--{}", strength.id()));
        self.raw("><span class=\"strength__shape\" aria-hidden=\"true\">").words(&strength.shape().to_string());
        self.raw("</span> ").words(strength.name(lang)).raw("</span>")
    }

    #[cfg(feature = "ssr")]
    /// A text, with the language of the words that stand in another.
    pub(crate) fn text(&mut self, text: &Text) -> &mut Self {
        for run in &text.runs {
            match &run.lang {
                None => self.words(&run.text),
                Some(lang) => self.raw("<i").attribute("lang", lang).raw(">").words(&run.text).raw("</i>"),
            };
        }
        self
    }
}
