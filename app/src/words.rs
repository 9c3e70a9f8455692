//! The words on the screen, in both languages. A word missing in one does not compile.

use plan::Lang;

/// Declares a table once and fills it per language, side by side.
macro_rules! words {
    ($(#[$doc:meta])* pub struct $table:ident; $($key:ident: $fr:literal, $en:literal;)*) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $table { $(pub $key: &'static str,)* }

        static FR: $table = $table { $($key: $fr,)* };
        static EN: $table = $table { $($key: $en,)* };

        impl $table {
            /// The words of `lang`.
            pub const fn of(lang: Lang) -> &'static $table {
                match lang {
                    Lang::Fr => &FR,
                    Lang::En => &EN,
                }
            }
        }
    };
}
#[cfg(feature = "ssr")]
pub(crate) use words;

#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
pub(crate) use page::PageWords;

words! {
    /// The fixed words that a browser may have to write. What the server alone writes is in [`PageWords`].
    pub struct Words;

    skip: "Aller au contenu", "Skip to content";
    plan: "Le plan", "The plan";
    media: "Vidéos", "Videos";
    about: "À propos", "About";
    accessibility: "Accessibilité", "Accessibility";
    legal: "Mentions légales", "Legal notice";
    api: "API", "API";
    search_plan: "Chercher dans le plan", "Search the plan";
    main_nav: "Navigation principale", "Main navigation";
    other_language: "English", "Français";
    display: "Affichage", "Display";
    sign_in: "Se connecter", "Sign in";
    my_account: "Mon compte", "My account";

    home_read: "Lire le plan", "Read the plan";

    copied: "Lien copié", "Link copied";
    not_copied: "Le navigateur refuse de copier : l’adresse est dans la barre d’adresse.",
        "The browser will not copy: the address is in the address bar.";
    resume: "Reprendre la lecture :", "Resume reading:";
    dismiss: "Fermer", "Close";
    close: "Fermer", "Close";
    unofficial: "traduction non officielle", "unofficial translation";

    search_label: "Mot, sigle, expression « entre guillemets » ou adresse",
        "Word, acronym, “phrase in quotes” or address";
    search_go: "Chercher", "Search";
    search_hint: "Essayez :", "Try:";
    search_examples: "munitions|interopérabilité|matières premières critiques|DIPB|« le cas échéant »",
        "munitions|interoperability|critical raw materials|DIPB|“where relevant”";
    search_none: "Rien ne correspond à", "Nothing matches";
    search_none_help: "Le texte n’emploie pas ces mots. Essayez un mot plus court, un synonyme ou l’un de ceux-ci :",
        "The text does not use these words. Try a shorter word, a synonym or one of these:";
    search_partial: "Aucun passage ne contient tous les mots ; voici ceux qui en contiennent le plus.",
        "No passage holds all the words; these hold most of them.";
    search_loading: "Le texte se charge…", "The text is loading…";
    search_failed: "Le texte n’a pas pu être chargé. Votre recherche est gardée : appuyez sur Entrée pour l’envoyer au serveur.",
        "The text could not be loaded. Your search is kept: press Enter to send it to the server.";
    matches: "correspond à", "matches";
    heading_hit: "Titre", "Heading";
    one_result: "1 résultat", "1 result";
    results: "résultats", "results";

    keys: "Raccourcis clavier", "Keyboard shortcuts";

    loading: "Chargement…", "Loading…";
    plan_failed: "Le texte n’a pas pu être chargé.", "The text could not be loaded.";
    retry: "Recharger la page", "Reload the page";
    err_404: "Cette page n’existe pas", "This page does not exist";
    err_404_text: "L’adresse est peut-être incomplète. Le plan, lui, est entier :",
        "The address may be incomplete. The plan itself is whole:";
}

impl Words {
    /// Title and explanation of an error page.
    #[cfg(feature = "ssr")]
    pub(crate) const fn error(&self, lang: Lang, status: u16) -> (&'static str, &'static str) {
        match status {
            404 => (self.err_404, self.err_404_text),
            status => PageWords::of(lang).error(status),
        }
    }

    /// Title and explanation of the one error page that a browser writes.
    #[cfg(not(feature = "ssr"))]
    pub(crate) const fn error(&self, _: Lang, _: u16) -> (&'static str, &'static str) {
        (self.err_404, self.err_404_text)
    }
}

#[cfg(feature = "ssr")]
/// What the site is, in one sentence.
pub fn lead(lang: Lang, organisation: &str) -> String {
    match lang {
        Lang::Fr => format!(
            "Le plan d’action de l’{organisation} pour la production de défense : lu en entier, cherché en un instant, cité phrase par phrase."
        ),
        Lang::En => format!(
            "{organisation}’s defence production action plan: read whole, searched in an instant, quoted sentence by sentence."
        ),
    }
}

#[cfg(feature = "ssr")]
/// That the site is nobody's official voice.
pub fn disclaimer(lang: Lang, name: &str) -> String {
    match lang {
        Lang::Fr => format!(
            "{name} n’est pas un site officiel de l’OTAN et n’agit pas en son nom. Le texte du plan est reproduit à la lettre."
        ),
        Lang::En => format!(
            "{name} is not an official site of NATO and does not act on its behalf. The plan’s text is reproduced to the letter."
        ),
    }
}

/// How many hits, in words.
pub fn count(lang: Lang, hits: usize) -> String {
    let words = Words::of(lang);
    match hits {
        1 => words.one_result.to_owned(),
        n => format!("{n} {}", words.results),
    }
}
