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

words! {
    /// Every fixed word of the product, but for those of the account's dialogs.
    #[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "some pages are written by the server only"))]
    pub struct Words;

    skip: "Aller au contenu", "Skip to content";
    plan: "Le plan", "The plan";
    about: "À propos", "About";
    accessibility: "Accessibilité", "Accessibility";
    legal: "Mentions légales", "Legal notice";
    search_plan: "Chercher dans le plan", "Search the plan";
    main_nav: "Navigation principale", "Main navigation";
    foot_nav: "Pied de page", "Footer";
    other_language: "English", "Français";
    display: "Affichage", "Display";
    home: "Accueil", "Home";
    sign_in: "Se connecter", "Sign in";
    my_account: "Mon compte", "My account";

    home_title: "La parole et le texte, à la source", "The word and the text, at the source";
    home_read: "Lire le plan", "Read the plan";
    home_read_text: "Le texte français à la lettre, sa traduction anglaise en regard, une adresse pour chaque phrase.",
        "The French text to the letter, an English translation beside it, an address for every sentence.";
    home_search: "Trouver un passage", "Find a passage";
    home_search_text: "Dès les premières lettres, sans accents s’il le faut, et même avec une faute de frappe.",
        "From the first letters on, without accents if need be, and even with a typing error.";
    home_contents: "Ce que contient le plan", "What the plan contains";
    paragraphs: "paragraphes", "paragraphs";
    measures: "mesures", "measures";
    sentences: "phrases", "sentences";

    contents: "Sommaire", "Contents";
    progress: "Avancement de la lecture", "Reading progress";
    passage: "Ce passage", "This passage";
    copy_link: "Copier le lien", "Copy link";
    copied: "Lien copié", "Link copied";
    not_copied: "Le navigateur refuse de copier : l’adresse est dans la barre d’adresse.",
        "The browser will not copy: the address is in the address bar.";
    copy_text: "Copier le texte", "Copy text";
    text_copied: "Texte copié avec son adresse", "Text copied with its address";
    previous: "Précédent", "Previous";
    next: "Suivant", "Next";
    in_sentences: "Phrase par phrase", "Sentence by sentence";
    in_items: "Objectif par objectif", "Objective by objective";
    names_here: "Nommés ici", "Named here";
    permalink: "Lien permanent vers", "Permanent link to";
    side_by_side: "Côte à côte", "Side by side";
    one_language: "Une seule langue", "One language";
    print: "Imprimer", "Print";
    resume: "Reprendre la lecture :", "Resume reading:";
    dismiss: "Fermer", "Close";
    close: "Fermer", "Close";
    own_title: "La source ne porte pas de titre : celui-ci est de la rédaction du site.",
        "The source carries no title: this one is the site’s own wording.";
    original: "Texte original en français, reproduit à la lettre.",
        "Original text in French, reproduced to the letter.";
    translation: "Traduction de courtoisie, établie par ce site. Seul le texte français fait foi.",
        "Courtesy translation made by this site. It is unofficial: only the French text is authentic.";
    unofficial: "traduction non officielle", "unofficial translation";
    fingerprint: "Empreinte SHA-256 du texte source", "SHA-256 fingerprint of the source text";

    size: "Taille du texte", "Text size";
    size_s: "Petite", "Small";
    size_m: "Normale", "Normal";
    size_l: "Grande", "Large";
    size_xl: "Très grande", "Very large";
    width: "Largeur de ligne", "Line width";
    width_narrow: "Étroite", "Narrow";
    width_normal: "Normale", "Normal";
    width_wide: "Large", "Wide";
    theme: "Couleurs", "Colours";
    theme_auto: "Du système", "System";
    theme_light: "Claires", "Light";
    theme_dark: "Sombres", "Dark";

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
    key_search: "Chercher", "Search";
    key_next: "Paragraphe suivant", "Next paragraph";
    key_previous: "Paragraphe précédent", "Previous paragraph";
    key_copy: "Copier le lien du paragraphe", "Copy the paragraph’s link";
    key_side: "Français et anglais côte à côte", "French and English side by side";
    key_help: "Cette aide", "This help";
    key_escape: "Fermer", "Close";

    loading: "Chargement…", "Loading…";
    plan_failed: "Le texte n’a pas pu être chargé.", "The text could not be loaded.";
    retry: "Recharger la page", "Reload the page";
    err_400: "La demande n’a pas été comprise", "The request was not understood";
    err_400_text: "Rien n’a été changé. Revenez en arrière et essayez de nouveau.",
        "Nothing was changed. Go back and try again.";
    err_404: "Cette page n’existe pas", "This page does not exist";
    err_404_text: "L’adresse est peut-être incomplète. Le plan, lui, est entier :",
        "The address may be incomplete. The plan itself is whole:";
    err_405: "Cette adresse ne se demande pas ainsi", "This address is not asked in this way";
    err_405_text: "Rien n’a été changé. Ouvrez la page par son lien.", "Nothing was changed. Open the page by its link.";
    err_408: "La réponse a trop tardé", "The answer took too long";
    err_408_text: "Rien n’a été changé. Essayez de nouveau dans un instant.", "Nothing was changed. Try again in a moment.";
    err_413: "L’envoi est trop grand", "What was sent is too large";
    err_413_text: "Rien n’a été gardé. Raccourcissez l’envoi et recommencez.", "Nothing was kept. Shorten it and try again.";
    err_500: "Une erreur est survenue chez nous", "Something went wrong on our side";
    err_500_text: "Elle est notée. Rien de ce que vous avez envoyé auparavant n’est perdu. Essayez de nouveau dans un instant.",
        "It has been recorded. Nothing you sent before is lost. Try again in a moment.";
    err_503: "Trop de monde à la fois", "Too many visitors at once";
    err_503_text: "Le site reprend son souffle. Essayez de nouveau dans quelques secondes.",
        "The site is catching its breath. Try again in a few seconds.";
    incident: "Numéro d’incident", "Incident number";
}

impl Words {
    /// Title and explanation of an error page.
    pub const fn error(&self, status: u16) -> (&'static str, &'static str) {
        match status {
            404 => (self.err_404, self.err_404_text),
            405 => (self.err_405, self.err_405_text),
            408 | 504 => (self.err_408, self.err_408_text),
            413 => (self.err_413, self.err_413_text),
            503 | 429 => (self.err_503, self.err_503_text),
            400..=499 => (self.err_400, self.err_400_text),
            _ => (self.err_500, self.err_500_text),
        }
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

/// An ISO 8601 date as the language writes it: `13 février 2025`. The date as it stands where it is none.
pub fn date(lang: Lang, iso: &str) -> String {
    const FRENCH: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    const ENGLISH: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let months = match lang {
        Lang::Fr => FRENCH,
        Lang::En => ENGLISH,
    };
    let mut parts = iso.splitn(3, '-');
    let parsed = (|| {
        let year: u16 = parts.next()?.parse().ok()?;
        let month: usize = parts.next()?.parse().ok()?;
        let day: u8 = parts.next()?.parse().ok()?;
        Some(format!("{day} {} {year}", months.get(month.checked_sub(1)?)?))
    })();
    parsed.unwrap_or_else(|| iso.to_owned())
}
