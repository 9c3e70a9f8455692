//! The words of the library, in both languages. Only the server has them: it writes the pages.

use super::contract::{Facet, Length, Rendition, Resolution, Restricts, Route, Sort, Why};
use crate::words::words;
use plan::Lang;

words! {
    /// Every fixed word of the library.
    pub struct Words;

    library: "Vidéothèque", "Footage";
    lead: "Des images de qualité professionnelle, avec timecode, découpage plan par plan et droits : regardez librement, emportez le tout ou la partie exacte.",
        "Broadcast-quality footage with timecode, shotlist and rights: watch freely, take the whole or the exact part.";
    latest: "Dernières images", "Latest footage";
    all_footage: "Toute la vidéothèque", "All footage";
    feed: "Dernières images (MRSS)", "Latest footage (MRSS)";

    filter: "Filtrer", "Filter";
    filter_close: "Voir les résultats", "See the results";
    word: "Chercher dans les images", "Search the footage";
    word_hint: "Titres, récits, plans, sous-titres ; sans accents s’il le faut, même avec une faute de frappe",
        "Titles, storylines, shots, captions; without accents if need be, even with a typing error";
    chosen: "Filtres choisis", "Filters chosen";
    remove: "Retirer le filtre :", "Remove the filter:";
    all_shown: "Tout afficher", "Show everything";
    no_values: "Aucune valeur", "No values";
    topic: "Sujet", "Topic";
    place: "Lieu", "Place";
    measure: "Passage du plan", "Passage of the plan";
    duration: "Durée", "Length";
    resolution: "Définition", "Resolution";
    language: "Langue parlée", "Spoken language";
    restriction: "Restrictions", "Restrictions";
    dates: "Date", "Date";
    from: "Du", "From";
    to: "Au", "To";
    sort: "Ordre", "Order";
    sort_best: "Les plus pertinentes", "Best match";
    sort_newest: "Les plus récentes", "Newest";
    sort_oldest: "Les plus anciennes", "Oldest";
    sort_shortest: "Les plus courtes", "Shortest";
    sort_longest: "Les plus longues", "Longest";
    sort_title: "Par titre", "By title";
    none: "Aucune vidéo ne répond à ces critères.", "No video answers these criteria.";
    none_help: "Retirez un filtre, essayez un mot plus court ou un synonyme, ou repartez de tout :",
        "Remove a filter, try a shorter word or a synonym, or start from everything:";
    none_plan: "Chercher ces mots dans le plan", "Look for these words in the plan";
    empty: "La vidéothèque est encore vide.", "The library is still empty.";
    empty_help: "Les premières images paraîtront ici dès qu’elles seront prêtes. En attendant, le plan se lit en entier :",
        "The first footage will appear here as soon as it is ready. Meanwhile the plan can be read whole:";
    instead: "trouvé à la place de", "found instead of";
    pages: "Pages de résultats", "Pages of results";
    page_before: "Page précédente", "Previous page";
    page_after: "Page suivante", "Next page";
    in_shot: "Dans le découpage :", "In the shotlist:";

    short: "Moins de 30 s", "Under 30 s";
    medium: "30 s à 2 min", "30 s to 2 min";
    long: "2 à 10 min", "2 to 10 min";
    full: "10 min et plus", "10 min and more";
    ultra: "Ultra HD (2160 lignes)", "Ultra HD (2160 lines)";
    full_hd: "Full HD (1080 lignes)", "Full HD (1080 lines)";
    hd: "HD (720 lignes)", "HD (720 lines)";
    standard: "Définition standard", "Standard definition";
    free: "Sans restriction", "No restriction";
    warns: "Avec une restriction", "With a restriction";
    blocks: "Avec un passage non communicable", "With a passage not handed out";

    gone: "Cette vidéo a été retirée", "This video has been withdrawn";
    gone_text: "Elle n’est plus proposée, ni à regarder ni à emporter. Qui l’a emportée ne doit plus la diffuser.",
        "It is no longer offered, neither to watch nor to take. Whoever took it must no longer use it.";
    unknown: "Cette vidéo n’existe pas", "This video does not exist";
    unknown_text: "Le numéro est peut-être incomplet, ou la vidéo n’est pas encore publiée.",
        "The number may be incomplete, or the video is not published yet.";

    player: "Lecteur", "Player";
    no_proxy: "L’aperçu se prépare. Rechargez la page dans un instant.",
        "The preview is being prepared. Reload the page in a moment.";
    position: "Position dans la vidéo", "Position in the video";
    mark_in: "Point d’entrée", "In point";
    mark_out: "Point de sortie", "Out point";
    play: "Lire ou arrêter", "Play or pause";
    reverse: "Reculer, de plus en plus vite", "Reverse, faster each time";
    forward: "Avancer, de plus en plus vite", "Forward, faster each time";
    frame_back: "Image précédente", "Previous frame";
    frame_on: "Image suivante", "Next frame";
    set_in: "Entrée ici", "In here";
    set_out: "Sortie ici", "Out here";
    play_part: "Lire la partie", "Play the part";
    mute: "Couper le son", "Mute";
    volume: "Volume", "Volume";
    speed: "Vitesse", "Speed";
    captions: "Sous-titres", "Captions";
    full_screen: "Plein écran", "Full screen";
    pip: "Image dans l’image", "Picture in picture";
    shortcuts: "Raccourcis du lecteur", "Player shortcuts";
    frame: "Image", "Frame";
    of: "sur", "of";
    timecode: "Timecode", "Timecode";
    key_play: "Lire ou arrêter", "Play or pause";
    key_j: "Reculer ; encore : plus vite", "Reverse; again: faster";
    key_l: "Avancer ; encore : plus vite", "Forward; again: faster";
    key_frames: "Image par image", "Frame by frame";
    key_in: "Marquer l’entrée", "Mark in";
    key_out: "Marquer la sortie (première image hors de la partie)", "Mark out (first frame no longer kept)";
    key_to_in: "Aller à l’entrée, à la dernière image", "Go to the in point, to the last frame";
    key_part: "Lire la partie marquée", "Play the marked part";
    key_mute: "Couper le son", "Mute";
    key_captions: "Sous-titres", "Captions";
    key_full: "Plein écran", "Full screen";
    space: "Espace", "Space";

    shotlist: "Découpage", "Shotlist";
    shot_help: "Un plan choisi devient la partie à emporter.", "A chosen shot becomes the part to take.";
    no_shots: "Pas de découpage pour cette vidéo.", "No shotlist for this video.";
    storyline: "Récit", "Storyline";
    facts: "Fiche", "Facts";
    number: "Numéro", "Number";
    event: "Date des faits", "Date of the event";
    created: "Tournage", "Recorded";
    published: "Publication", "Published";
    persons: "Personnes", "Persons";
    keywords: "Mots-clés", "Keywords";
    topics: "Sujets", "Topics";
    format: "Format", "Format";
    frames_per_second: "images par seconde", "frames per second";
    drop_frame: "timecode drop-frame", "drop-frame timecode";
    starts_at: "débute à", "starts at";
    credit: "Mention obligatoire", "Credit";
    rights: "Droits et restrictions", "Rights and restrictions";
    no_rights: "Aucune condition particulière n’est indiquée. Nommez la source.",
        "No particular condition is stated. Name the source.";
    whole_video: "Toute la vidéo", "Whole video";
    not_handed_out: "non communicable", "not handed out";
    to_heed: "à respecter", "to be heeded";
    related: "Dans le plan", "In the plan";

    take_part: "La partie marquée", "The marked part";
    take_whole: "La vidéo entière", "The whole video";
    in_field: "Entrée", "In";
    in_hint: "première image gardée", "first frame kept";
    out_field: "Sortie", "Out";
    out_hint: "première image qui n’est plus gardée", "first frame no longer kept";
    points_hint: "En timecode (10:00:02:23), en images (f73) ou en secondes (2.92s).",
        "As timecode (10:00:02:23), frames (f73) or seconds (2.92s).";
    first_frame: "Première image", "First frame";
    last_frame: "Dernière image", "Last frame";
    from_rendition: "Dans quel fichier", "From which file";
    route: "Comment couper", "How to cut";
    route_proposed: "Comme proposé", "As proposed";
    route_instant: "À l’instant", "Instant";
    route_instant_help: "Chaque image est celle de la source, au bit près ; le fichier commence à arriver aussitôt.",
        "Every frame is the source’s, bit by bit; the file starts arriving at once.";
    route_safe: "Sûre au montage", "Edit-safe";
    route_safe_help: "Rien n’est caché dans le fichier : début et fin sont réencodés, décodés et vérifiés. Quelques instants d’attente.",
        "Nothing is hidden in the file: head and tail are re-encoded, decoded and checked. A short wait.";
    set_marks: "Poser les repères", "Set the marks";
    no_marks: "Posez un point d’entrée et un point de sortie, ou choisissez un plan du découpage.",
        "Set an in point and an out point, or choose a shot of the shotlist.";
    clear: "Retirer les repères", "Clear the marks";
    bad_in: "Le point d’entrée ne désigne aucune image de cette vidéo.", "The in point names no frame of this video.";
    bad_out: "Le point de sortie ne désigne aucune image de cette vidéo.", "The out point names no frame of this video.";
    bad_order: "La sortie doit venir après l’entrée.", "The out point must come after the in point.";
    bad_blocked: "La partie touche un passage qui ne peut être communiqué :",
        "The part touches a passage that cannot be handed out:";
    bad_cut: "Ce fichier ne peut être coupé à cet endroit ; choisissez-en un autre.",
        "This file cannot be cut there; choose another one.";
    download: "Télécharger", "Download";
    download_part: "Télécharger la partie", "Download the part";
    sign_in_to_take: "Se connecter pour télécharger", "Sign in to download";
    register_to_take: "Créer un compte gratuit", "Create a free account";
    sign_in_why: "Regarder est libre. Télécharger demande un compte, gratuit et prêt en une minute ; vous reviendrez ici, repères compris.",
        "Watching is free. Downloading takes an account, free and ready in a minute; you will come back here, marks and all.";
    accepted: "Valent ici les restrictions ci-dessus et les conditions que vous avez acceptées :",
        "The restrictions above hold here, and the terms you have accepted:";
    accept_first: "Avant de télécharger, lisez et acceptez les conditions en vigueur. Une fois suffit, et vous reviendrez ici.",
        "Before you download, read and accept the terms in force. Once is enough, and you will come back here.";
    accept: "J’accepte les conditions", "I accept the terms";
    terms: "Conditions d’utilisation", "Terms of use";
    making: "Préparation de la partie", "Preparing the part";
    made: "La partie est prête, le téléchargement commence.", "The part is ready, the download begins.";
    not_made: "La partie n’a pas pu être préparée :", "The part could not be prepared:";
    good_for: "Pour", "Good for";
    original: "Original", "Original";
    for_original: "montage et archives : le fichier tel qu’il a été reçu", "editing and archives: the file as it was received";
    for_1080: "diffusion et montage courant", "broadcast and everyday editing";
    for_720: "web et réseaux sociaux, connexions lentes", "web and social networks, slow connections";
    for_small: "envoi rapide et relecture", "quick sending and review";
    no_sound: "sans son", "no sound";
    fingerprint: "Empreinte SHA-256", "SHA-256 fingerprint";
    held_back: "Un passage de cette vidéo ne peut être communiqué : elle ne se prend donc pas en entier. Marquez une partie qui ne le touche pas.",
        "A passage of this video cannot be handed out, so it is not handed out whole. Mark a part that does not touch it.";
    resumes: "Un téléchargement interrompu reprend où il s’est arrêté.", "An interrupted download resumes where it stopped.";

    beside: "Images", "Footage";
}

impl Words {
    /// A facet's name.
    pub(super) const fn facet(&self, facet: Facet) -> &'static str {
        match facet {
            Facet::Topic => self.topic,
            Facet::Place => self.place,
            Facet::Duration => self.duration,
            Facet::Resolution => self.resolution,
            Facet::Language => self.language,
            Facet::Restriction => self.restriction,
            Facet::Measure => self.measure,
        }
    }

    /// An order's name.
    pub(super) const fn sort(&self, sort: Sort) -> &'static str {
        match sort {
            Sort::Best => self.sort_best,
            Sort::Newest => self.sort_newest,
            Sort::Oldest => self.sort_oldest,
            Sort::Shortest => self.sort_shortest,
            Sort::Longest => self.sort_longest,
            Sort::Title => self.sort_title,
        }
    }

    /// A step of length.
    pub(super) const fn length(&self, length: Length) -> &'static str {
        match length {
            Length::Short => self.short,
            Length::Medium => self.medium,
            Length::Long => self.long,
            Length::Full => self.full,
        }
    }

    /// A step of resolution.
    pub(super) const fn resolution(&self, resolution: Resolution) -> &'static str {
        match resolution {
            Resolution::Ultra => self.ultra,
            Resolution::Full => self.full_hd,
            Resolution::High => self.hd,
            Resolution::Standard => self.standard,
        }
    }

    /// A step of restriction.
    pub(super) const fn restricts(&self, restricts: Restricts) -> &'static str {
        match restricts {
            Restricts::Free => self.free,
            Restricts::Warn => self.warns,
            Restricts::Block => self.blocks,
        }
    }

    /// A way's name and what it does.
    pub(super) const fn route(&self, route: Route) -> (&'static str, &'static str) {
        match route {
            Route::Instant => (self.route_instant, self.route_instant_help),
            Route::EditSafe => (self.route_safe, self.route_safe_help),
        }
    }

    /// What a rendition is good for.
    pub(super) fn good_for(&self, rendition: &Rendition) -> &'static str {
        let lines = rendition.size.map_or(0, |(width, height)| width.min(height));
        match (rendition.id.as_str(), lines) {
            ("original", _) => self.for_original,
            (_, 1080..) => self.for_1080,
            (_, 720..) => self.for_720,
            _ => self.for_small,
        }
    }
}

/// So many videos, and which of them stand here.
pub(super) fn count(lang: Lang, total: u64, from: u64, to: u64) -> String {
    let all = match (total, lang) {
        (0, Lang::Fr) => "Aucune vidéo".to_owned(),
        (1, Lang::Fr) => "1 vidéo".to_owned(),
        (n, Lang::Fr) => format!("{} vidéos", grouped(lang, n)),
        (0, Lang::En) => "No videos".to_owned(),
        (1, Lang::En) => "1 video".to_owned(),
        (n, Lang::En) => format!("{} videos", grouped(lang, n)),
    };
    match lang {
        _ if from <= 1 && to >= total => all,
        Lang::Fr => format!("{}–{} sur {all}", grouped(lang, from), grouped(lang, to)),
        Lang::En => format!("{}–{} of {all}", grouped(lang, from), grouped(lang, to)),
    }
}

/// Words between the quotation marks of their language.
pub(super) fn quoted(lang: Lang, words: &str) -> String {
    match lang {
        Lang::Fr => format!("«\u{a0}{words}\u{a0}»"),
        Lang::En => format!("“{words}”"),
    }
}

/// So many frames.
pub(crate) fn frames(lang: Lang, count: u32) -> String {
    let number = grouped(lang, count.into());
    match (count, lang) {
        (1, Lang::Fr) => "1 image".to_owned(),
        (_, Lang::Fr) => format!("{number} images"),
        (1, Lang::En) => "1 frame".to_owned(),
        (_, Lang::En) => format!("{number} frames"),
    }
}

/// A number in groups of three digits.
fn grouped(lang: Lang, number: u64) -> String {
    let digits = number.to_string();
    let separator = if lang == Lang::Fr { '\u{202f}' } else { ',' };
    let mut out = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// Bytes in decimal units, three figures: `12,4 Mo`.
pub(crate) fn bytes(lang: Lang, bytes: u64) -> String {
    let units = match lang {
        Lang::Fr => ["octets", "ko", "Mo", "Go", "To"],
        Lang::En => ["bytes", "kB", "MB", "GB", "TB"],
    };
    let mut tenths = bytes.saturating_mul(10);
    let mut unit = 0;
    while tenths >= 10_000 && unit + 1 < units.len() {
        tenths = (tenths + 500) / 1000;
        unit += 1;
    }
    let point = if lang == Lang::Fr { ',' } else { '.' };
    match (unit, tenths) {
        (0, _) | (_, 1000..) => format!("{}\u{a0}{}", tenths / 10, units[unit]),
        _ => format!("{}{point}{}\u{a0}{}", tenths / 10, tenths % 10, units[unit]),
    }
}

/// A length as players show it: `1:23`, `1:02:03`.
pub(crate) fn clock(milliseconds: u64) -> String {
    let seconds = (milliseconds + 500) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// A length in seconds with hundredths: `5,56 s`.
pub(crate) fn seconds(lang: Lang, milliseconds: u64) -> String {
    let hundredths = (milliseconds + 5) / 10;
    let point = if lang == Lang::Fr { ',' } else { '.' };
    format!("{}{point}{:02}\u{a0}s", hundredths / 100, hundredths % 100)
}

/// A language's name in the reader's; its code where we have no word for it.
pub(crate) fn language(lang: Lang, code: &str) -> String {
    let names = [
        ("ar", "arabe", "Arabic"),
        ("cs", "tchèque", "Czech"),
        ("da", "danois", "Danish"),
        ("de", "allemand", "German"),
        ("el", "grec", "Greek"),
        ("en", "anglais", "English"),
        ("es", "espagnol", "Spanish"),
        ("et", "estonien", "Estonian"),
        ("fi", "finnois", "Finnish"),
        ("fr", "français", "French"),
        ("hu", "hongrois", "Hungarian"),
        ("it", "italien", "Italian"),
        ("lt", "lituanien", "Lithuanian"),
        ("lv", "letton", "Latvian"),
        ("nl", "néerlandais", "Dutch"),
        ("no", "norvégien", "Norwegian"),
        ("pl", "polonais", "Polish"),
        ("pt", "portugais", "Portuguese"),
        ("ro", "roumain", "Romanian"),
        ("ru", "russe", "Russian"),
        ("sv", "suédois", "Swedish"),
        ("tr", "turc", "Turkish"),
        ("uk", "ukrainien", "Ukrainian"),
        ("zxx", "sans paroles", "no speech"),
    ];
    let primary = code.split('-').next().unwrap_or_default();
    let name = names.iter().find(|(tag, ..)| *tag == primary);
    name.map_or_else(|| code.to_owned(), |(_, fr, en)| (if lang == Lang::Fr { *fr } else { *en }).to_owned())
}

/// Why a way to cut is proposed, in a sentence.
pub(super) fn why(lang: Lang, why: Why) -> String {
    let both = |before: u32, after: u32| before + after;
    match (why, lang) {
        (Why::PicturesStandAlone, Lang::Fr) => {
            "Coupe à l’instant : dans ce fichier chaque image se suffit à elle-même, la partie sera exacte dans tous les logiciels.".to_owned()
        }
        (Why::PicturesStandAlone, Lang::En) => {
            "Instant cut: in this file every picture stands alone, so the part is exact in every program.".to_owned()
        }
        (Why::NothingHidden, Lang::Fr) => {
            "Coupe à l’instant : la partie commence et finit entre deux groupes d’images, rien n’est caché dans le fichier.".to_owned()
        }
        (Why::NothingHidden, Lang::En) => {
            "Instant cut: the part begins and ends between groups of pictures, nothing is hidden in the file.".to_owned()
        }
        (Why::Hidden(before, after), Lang::Fr) => format!(
            "Coupe à l’instant : {} de la source voyagent cachées dans le fichier, car les autres en dépendent ; \
             Firefox et quelques logiciels de montage les montrent. La coupe sûre au montage n’en a pas.",
            frames(lang, both(before, after))
        ),
        (Why::Hidden(before, after), Lang::En) => format!(
            "Instant cut: {} of the source travel hidden in the file, as others depend on them; Firefox and some \
             editing programs show them. The edit-safe cut has none.",
            frames(lang, both(before, after))
        ),
        (Why::Restricted(before, after), Lang::Fr) => format!(
            "Coupe sûre au montage : à l’instant, {} qui ne peuvent être communiquées voyageraient cachées dans le fichier.",
            frames(lang, both(before, after))
        ),
        (Why::Restricted(before, after), Lang::En) => format!(
            "Edit-safe cut: by the instant one, {} that cannot be handed out would travel hidden in the file.",
            frames(lang, both(before, after))
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_three_figures_and_the_readers_units() {
        for (size, fr, en) in [
            (0, "0\u{a0}octets", "0\u{a0}bytes"),
            (999, "999\u{a0}octets", "999\u{a0}bytes"),
            (1000, "1,0\u{a0}ko", "1.0\u{a0}kB"),
            (12_449_000, "12,4\u{a0}Mo", "12.4\u{a0}MB"),
            (124_000_000, "124\u{a0}Mo", "124\u{a0}MB"),
            (1_970_000_000, "2,0\u{a0}Go", "2.0\u{a0}GB"),
        ] {
            assert_eq!((bytes(Lang::Fr, size).as_str(), bytes(Lang::En, size).as_str()), (fr, en));
        }
    }

    #[test]
    fn lengths_read_as_players_show_them() {
        assert_eq!([0, 5_400, 83_000, 3_723_000].map(clock), ["0:00", "0:05", "1:23", "1:02:03"]);
        assert_eq!(seconds(Lang::Fr, 5_560), "5,56\u{a0}s");
        assert_eq!(count(Lang::Fr, 12_345, 25, 48), "25–48 sur 12\u{202f}345 vidéos");
        assert_eq!(count(Lang::En, 1, 1, 1), "1 video");
    }
}
