//! Which passwords are accepted: one policy, the same in the browser, without scripts and on the server.
//!
//! The rules of composition are the product's text. OWASP ASVS 5.0 §6.2.5 and NIST SP 800-63B-4 §3.1.1.2 ask for none;
//! `docs/security.md` says why they are kept.

/// Least length, in code points.
pub const LEAST: usize = 12;
/// Greatest length, in code points. Longer ones are refused, never cut.
pub const MOST: usize = 256;
/// Letters from which on a word of the context is looked for: shorter ones occur in anything.
const WORD: usize = 4;

/// A rule a password must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// At least [`LEAST`] code points.
    Length,
    /// At most [`MOST`] code points.
    Limit,
    /// No white space.
    Spaces,
    /// An upper-case and a lower-case letter, of any script.
    Cases,
    /// A digit, of any script.
    Digit,
    /// Something that is neither letter nor digit nor space.
    Symbol,
    /// Not among those that have leaked, nor made of one of them with digits and signs added.
    Leaked,
    /// Without the names of the site and the organisation, and without one's own address.
    Context,
}

impl Rule {
    /// Every rule, in the order in which they are told.
    pub const ALL: [Rule; 8] =
        [Rule::Length, Rule::Limit, Rule::Spaces, Rule::Cases, Rule::Digit, Rule::Symbol, Rule::Leaked, Rule::Context];

    /// Its name in the page and in refusals that travel.
    pub const fn tag(self) -> &'static str {
        match self {
            Rule::Length => "length",
            Rule::Limit => "limit",
            Rule::Spaces => "spaces",
            Rule::Cases => "cases",
            Rule::Digit => "digit",
            Rule::Symbol => "symbol",
            Rule::Leaked => "leaked",
            Rule::Context => "context",
        }
    }
}

/// The stems of passwords that have leaked, one a line: those 702 of the million most used that would keep the rules
/// above, and the 1,500 most used stems; and a few that French keyboards and words add. From SecLists' `10-million`
/// list (Daniel Miessler and Jason Haddix, CC BY-SA 3.0).
#[cfg(feature = "ssr")]
pub const LEAKED: &str = include_str!("leaked.txt");

/// What passwords are compared with.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Each stem between spaces: looked for as text, so that nothing is built while one types.
    leaked: String,
    context: Vec<String>,
}

impl Policy {
    /// With stems of leaked passwords, separated by spaces or lines, and the words of the context: names, the address.
    pub fn new<'a>(leaked: &str, context: impl IntoIterator<Item = &'a str>) -> Self {
        let context = context
            .into_iter()
            .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()))
            .map(folded)
            .filter(|word| word.chars().count() >= WORD)
            .collect();
        Self { leaked: format!(" {} ", leaked.replace('\n', " ")), context }
    }

    /// The rules the password breaks, in the order of [`Rule::ALL`]. None: it is accepted.
    pub fn broken(&self, password: &str) -> Vec<Rule> {
        // What is too long is not looked at any further.
        if !self.keeps(Rule::Limit, password) {
            return vec![Rule::Limit];
        }
        Rule::ALL.into_iter().filter(|rule| !self.keeps(*rule, password)).collect()
    }

    fn has_leaked(&self, stem: &str) -> bool {
        !stem.is_empty() && self.leaked.contains(&format!(" {stem} "))
    }

    fn keeps(&self, rule: Rule, password: &str) -> bool {
        let any = |what: fn(char) -> bool| password.chars().any(what);
        match rule {
            Rule::Length => password.chars().count() >= LEAST,
            Rule::Limit => password.chars().count() <= MOST,
            Rule::Spaces => !any(char::is_whitespace),
            Rule::Cases => any(char::is_uppercase) && any(char::is_lowercase),
            Rule::Digit => any(char::is_numeric),
            Rule::Symbol => any(|c| !c.is_alphanumeric() && !c.is_whitespace()),
            Rule::Leaked => ![stem(password), disguised(password)].iter().any(|stem| self.has_leaked(stem)),
            Rule::Context => {
                let password = folded(password);
                !self.context.iter().any(|word| password.contains(word.as_str()))
            }
        }
    }
}

/// Letters in lower case, nothing else: `Soleil-2026!` is `soleil`.
fn stem(password: &str) -> String {
    password.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect()
}

/// As [`stem`], once digits and signs at both ends are gone and those that stand for letters are read as these:
/// `P@ssw0rd2026!` is `password`.
fn disguised(password: &str) -> String {
    let core = password.trim_matches(|c: char| !c.is_ascii_alphabetic());
    let read = core.chars().map(|c| match c {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        c => c,
    });
    stem(&read.collect::<String>())
}

/// Lower case without accents, for the letters of our languages.
fn folded(text: &str) -> String {
    plan::search::fold(text)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn broken(password: &str) -> Vec<Rule> {
        let context = ["Estafette", "OTAN", "NATO", "ada.lovelace@example.org"];
        Policy::new(LEAKED, context).broken(password)
    }

    #[test]
    fn a_good_password_breaks_no_rule() {
        for good in ["Vent-du-Nord-4711", "ßtraße-Über-9-Œuvre", "日本語Aa1!日本語日本", "correcthorsE9!battery"]
        {
            assert_eq!(broken(good), [], "{good}");
        }
    }

    #[test]
    fn each_rule_is_told_by_itself() {
        assert_eq!(broken("Vent-Nord-1"), [Rule::Length]);
        assert_eq!(broken("Vent du-Nord-4711"), [Rule::Spaces]);
        assert_eq!(broken("vent-du-nord-4711"), [Rule::Cases]);
        assert_eq!(broken("Vent-du-Nord-abcd"), [Rule::Digit]);
        assert_eq!(broken("VentDuNord4711abc"), [Rule::Symbol]);
        assert_eq!(broken(""), [Rule::Length, Rule::Cases, Rule::Digit, Rule::Symbol]);
    }

    #[test]
    fn length_is_counted_in_code_points() {
        let twelve = format!("Aa1!{}", "é".repeat(8));
        assert_eq!((twelve.chars().count(), broken(&twelve)), (12, vec![]));
        let emoji = format!("Aa1!{}", "🚀".repeat(7));
        assert_eq!(broken(&emoji), [Rule::Length]);
        let most = format!("Aa1!{}", "🚀".repeat(252));
        assert_eq!(broken(&most), []);
        assert_eq!(broken(&format!("{most}x")), [Rule::Limit]);
    }

    #[test]
    fn what_has_leaked_is_refused_in_its_disguises_too() {
        for leaked in
            ["Password1234!", "P@ssw0rd2026!", "!!Qwerty123456", "g00dPa$$w0rD", "Azerty-123456", "NICK1234-rem936"]
        {
            assert!(broken(leaked).contains(&Rule::Leaked), "{leaked}");
        }
    }

    #[test]
    fn words_of_the_context_are_refused() {
        for near in ["Otan-Media-2026!", "my-Estafette-77", "Lovelace+1815+Q", "EXAMPLE-of-77-x", "Ünder-nato-1949"] {
            assert_eq!(broken(near), [Rule::Context], "{near}");
        }
    }

    #[test]
    fn white_space_of_any_script_is_white_space() {
        for space in ['\t', '\n', '\u{a0}', '\u{2003}', '\u{3000}'] {
            assert!(broken(&format!("Vent-du{space}Nord-4711")).contains(&Rule::Spaces));
        }
    }
}
