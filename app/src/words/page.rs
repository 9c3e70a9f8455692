//! The words of what the server alone writes: no part of the Wasm.

use plan::Lang;

words! {
    /// The fixed words of pages, but for those of the account's dialogs.
    pub struct PageWords;

    foot_nav: "Pied de page", "Footer";
    home: "Accueil", "Home";

    home_title: "La parole et le texte, à la source", "The word and the text, at the source";
    home_read_text: "Le texte français à la lettre, sa traduction anglaise en regard, une adresse pour chaque phrase.",
        "The French text to the letter, an English translation beside it, an address for every sentence.";
    home_media: "Trouver une vidéo", "Find footage";
    home_media_text: "Des images au timecode près : regardez librement, emportez exactement la partie qu’il vous faut.",
        "Footage to the frame: watch freely, take exactly the part you need.";
    home_contents: "Ce que contient le plan", "What the plan contains";
    paragraphs: "paragraphes", "paragraphs";
    measures: "mesures", "measures";
    commitments: "engagements", "commitments";

    contents: "Sommaire", "Contents";
    progress: "Avancement de la lecture", "Reading progress";
    passage: "Ce passage", "This passage";
    copy_link: "Copier le lien", "Copy link";
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
    lenses: "Loupes sur le texte", "Lenses on the text";
    lens_strength: "Force des engagements", "Strength of commitments";
    lens_caveat: "Réserves et conditions", "Caveats and conditions";
    caveat_key: "réserve : laissé à l’appréciation de quelqu’un", "caveat: left to somebody’s judgement";
    condition_key: "condition", "condition";
    notes: "Repères", "Notes";
    notes_lead: "De la rédaction du site ; aucun de ces mots ne fait partie du texte.",
        "By the site’s editors; none of these words is part of the text.";
    terms: "Sigles et termes", "Acronyms and terms";
    works: "Ce à quoi le texte renvoie", "What the text refers to";
    ambiguous: "Renvois ambigus", "Ambiguous references";
    readings: "Le texte ne permet pas de trancher :", "The text does not settle it:";
    this_text: "le présent plan", "this plan";
    or: " ou ", " or ";
    spoken_of: "Où le texte en parle :", "Where the text speaks of it:";
    cite: "Citer", "Cite";
    cite_words: "En toutes lettres : APA, Chicago, ISO 690", "In words: APA, Chicago, ISO 690";
    cite_copied: "Citation copiée", "Citation copied";
    cite_selection: "Vérifier et citer la sélection", "Check and cite the selection";
    copy: "Copier :", "Copy:";
    take: "Emporter", "Take away";
    promised: "Engagements", "Commitments";
    nobody_named: "Personne n’est nommé", "Nobody is named";
    points_to: "Renvoie à", "Refers to";
    cited_by: "Cité par", "Cited by";
    own_title: "La source ne porte pas de titre : celui-ci est de la rédaction du site.",
        "The source carries no title: this one is the site’s own wording.";
    original: "Texte original en français, reproduit à la lettre.",
        "Original text in French, reproduced to the letter.";
    translation: "Traduction de courtoisie, établie par ce site. Seul le texte français fait foi.",
        "Courtesy translation made by this site. It is unofficial: only the French text is authentic.";
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

    key_search: "Chercher", "Search";
    key_next: "Paragraphe suivant", "Next paragraph";
    key_previous: "Paragraphe précédent", "Previous paragraph";
    key_copy: "Copier le lien du paragraphe", "Copy the paragraph’s link";
    key_side: "Français et anglais côte à côte", "French and English side by side";
    key_help: "Cette aide", "This help";
    key_escape: "Fermer", "Close";

    err_400: "La demande n’a pas été comprise", "The request was not understood";
    err_400_text: "Rien n’a été changé. Revenez en arrière et essayez de nouveau.",
        "Nothing was changed. Go back and try again.";
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

impl PageWords {
    /// Title and explanation of an error page.
    pub(crate) const fn error(&self, status: u16) -> (&'static str, &'static str) {
        match status {
            405 => (self.err_405, self.err_405_text),
            408 | 504 => (self.err_408, self.err_408_text),
            413 => (self.err_413, self.err_413_text),
            503 | 429 => (self.err_503, self.err_503_text),
            400..=499 => (self.err_400, self.err_400_text),
            _ => (self.err_500, self.err_500_text),
        }
    }
}
