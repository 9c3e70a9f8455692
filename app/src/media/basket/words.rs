//! The words of the basket, in both languages.

use super::contract::{LeftOut, LeftWhy, NoList};
use crate::words::words;
use plan::Lang;

words! {
    /// Every fixed word of the basket.
    pub struct Words;

    basket: "Panier", "Basket";
    lead: "Les parties mises de côté, à emporter ensemble : chacune avec sa fiche, ses sous-titres et une liste de montage.",
        "The parts put aside, to take together: each with its sidecar, its captions and a list of cuts.";
    put: "Mettre au panier", "Put into the basket";
    is_in: "Dans le panier", "In the basket";
    with_it: "Avec la partie", "With the part";
    with_whole: "Avec la vidéo", "With the video";
    sidecar: "Fiche (JSON-LD)", "Sidecar (JSON-LD)";
    shotlist: "Découpage (CSV)", "Shotlist (CSV)";
    edl: "Liste de montage (EDL)", "List of cuts (EDL)";
    captions: "Sous-titres", "Captions";
    empty: "Le panier est vide.", "The basket is empty.";
    empty_help: "Marquez une partie sur la page d’une vidéo et mettez-la ici, ou envoyez une liste de montage :",
        "Mark a part on a video’s page and put it here, or send a list of cuts:";
    sign_in_first: "Le panier est à qui est connecté.", "The basket is for who is signed in.";
    sign_in: "Se connecter", "Sign in";
    register: "Créer un compte gratuit", "Create a free account";
    full: "Le panier est plein : emportez-le ou retirez quelque chose.",
        "The basket is full: take it, or remove something.";
    first_frame: "Première image", "First frame";
    last_frame: "Dernière image", "Last frame";
    note: "Note", "Note";
    keep_note: "Garder la note", "Keep the note";
    up: "Monter", "Move up";
    down: "Descendre", "Move down";
    remove: "Retirer", "Remove";
    empty_it: "Vider le panier", "Empty the basket";
    handles: "Poignées", "Handles";
    handles_hint: "images avant et après chaque partie, jusqu’à 250 ; jamais au-delà du film ni dans un passage non communicable",
        "frames before and behind each part, up to 250; never beyond the film nor into a passage that is not handed out";
    rendition: "Fichier", "File";
    finest: "Le meilleur de chaque vidéo", "The finest of each video";
    rendition_hint: "Une vidéo qui n’a pas ce fichier est prise dans le meilleur qu’elle a.",
        "A video that lacks this file is taken from the finest it has.";
    reckon: "Recalculer", "Reckon again";
    take_all: "Tout emporter en un ZIP", "Take all as one ZIP";
    accepted: "Valent ici les restrictions de chaque vidéo et les conditions que vous avez acceptées :",
        "The restrictions of each video hold here, and the terms you have accepted:";
    send_edl: "Envoyer une liste de montage", "Send a list of cuts";
    edl_field: "Fichier EDL (CMX 3600, 1 Mo au plus)", "EDL file (CMX 3600, 1 MB at most)";
    edl_hint: "Chaque plan est cherché par le nom du fichier, le numéro ou la bobine ; ce qui n’est pas trouvé est dit, ligne par ligne.",
        "Each event is looked for by the file’s name, the number or the reel; what is not found is told, line by line.";
    send: "Envoyer la liste", "Send the list";
    put_by_list: "Mis au panier", "Put into the basket";
    was_in: "y était déjà", "was there already";
    left: "Laissé de côté", "Left aside";
    line: "ligne", "line";
    handled: "pris :", "taken:";

    gone: "Cette vidéo n’est plus proposée.", "This video is no longer offered.";
    blocked: "La partie touche un passage qui ne peut être communiqué :",
        "The part touches a passage that cannot be handed out:";
    hidden: "Des images qui ne peuvent être communiquées voyageraient cachées dans le fichier ; prenez la partie sur sa page, par la coupe sûre au montage :",
        "Frames that cannot be handed out would travel hidden in the file; take the part on its page, by the edit-safe cut:";
    uncut: "Aucun fichier de cette vidéo ne peut être coupé à cet endroit.",
        "No file of this video can be cut there.";

    no_file: "Aucun fichier n’a été choisi.", "No file was chosen.";
    no_events: "Ce fichier n’est pas une liste CMX 3600 : aucun plan n’y est écrit.",
        "This file is no CMX 3600 list: no event stands in it.";
    too_large: "La liste est trop longue : 1 Mo et 10 000 plans au plus.",
        "The list is too long: 1 MB and 10,000 events at most.";
    black: "du noir", "black";
    auxiliary: "une source que rien ne nomme (AX)", "a source that nothing names (AX)";
    no_length: "sans durée : une transition y commence", "no length: a transition begins there";
    key: "une incrustation, que l’on pose soi-même", "a key, to be laid over by yourself";
    no_track: "aucune piste", "no track";
    timecodes: "des timecodes illisibles", "timecodes that cannot be read";
    unknown: "une ligne inconnue", "an unknown line";
    no_video: "aucune vidéo de ce nom, de ce numéro ni de cette bobine", "no video of that name, number or reel";
    several: "plusieurs vidéos répondent à cette bobine", "several videos answer to that reel";
    outside: "la vidéo n’a pas ces timecodes", "the video has no such timecodes";
    no_place: "le panier est plein", "the basket is full";

    packed: "Ce que contient ce fichier", "What is in this file";
    readme_lead: "Chaque film est suivi de sa fiche (.json : provenance, images identiques à la source, empreinte SHA-256, droits) et de ses sous-titres (.vtt, .srt). La liste de montage (.edl) les met bout à bout.",
        "Each film comes with its sidecar (.json: where it comes from, frames identical to the source, SHA-256, rights) and its captions (.vtt, .srt). The list of cuts (.edl) puts them end to end.";
    readme_rates: "Les films ne comptent pas tous leurs images de la même façon : il y a une liste de montage pour chaque façon.",
        "Not all films count their frames alike: there is a list of cuts for each way to count.";
    readme_hidden: "Coupe par l’index : au début et à la fin, des images de la source peuvent voyager cachées. Firefox et quelques logiciels de montage les montrent ; le timecode reste juste.",
        "Cut by the index: at the beginning and end, frames of the source may travel hidden. Firefox and some editing programs show them; the timecode stays right.";
    credit: "Mention obligatoire", "Credit";
    rights: "Droits", "Rights";
    restrictions: "À respecter", "To be heeded";
    not_in: "Ce qui n’y est pas", "What is not in it";
    no_captions: "Les sous-titres n’ont pas pu être lus.", "The captions could not be read.";
}

impl Words {
    /// Why nothing is taken of a range.
    pub(super) fn left_out(&self, lang: Lang, why: &LeftOut) -> String {
        match why {
            LeftOut::Gone => self.gone.to_owned(),
            LeftOut::Blocked(text) => format!("{} {}", self.blocked, text.get(lang)),
            LeftOut::Hidden(text) => format!("{} {}", self.hidden, text.get(lang)),
            LeftOut::Uncut => self.uncut.to_owned(),
        }
    }

    /// Why a line's range is not in the basket.
    pub(super) const fn left(&self, why: LeftWhy) -> &'static str {
        match why {
            LeftWhy::Black => self.black,
            LeftWhy::Auxiliary => self.auxiliary,
            LeftWhy::NoLength => self.no_length,
            LeftWhy::Key => self.key,
            LeftWhy::NoTrack => self.no_track,
            LeftWhy::Timecodes => self.timecodes,
            LeftWhy::Unknown => self.unknown,
            LeftWhy::NoVideo => self.no_video,
            LeftWhy::Several => self.several,
            LeftWhy::Outside => self.outside,
            LeftWhy::Full => self.no_place,
        }
    }

    /// Why a file is no list.
    pub(super) const fn no_list(&self, why: NoList) -> &'static str {
        match why {
            NoList::Nothing => self.no_file,
            NoList::NoEvents => self.no_events,
            NoList::TooLarge => self.too_large,
        }
    }
}

/// So many parts.
pub(super) fn parts(lang: Lang, count: usize) -> String {
    match (count, lang) {
        (1, Lang::Fr) => "1 partie".to_owned(),
        (n, Lang::Fr) => format!("{n} parties"),
        (1, Lang::En) => "1 part".to_owned(),
        (n, Lang::En) => format!("{n} parts"),
    }
}

/// That a range begins by a transition, which is not in the clip.
pub(super) fn transition(lang: Lang, frames: u32) -> String {
    match lang {
        Lang::Fr => format!("commence par une transition de {frames} images, à refaire au montage"),
        Lang::En => format!("begins by a transition of {frames} frames, to be made again in editing"),
    }
}

/// About so much.
pub(super) fn about(lang: Lang, what: &str) -> String {
    match lang {
        Lang::Fr => format!("environ {what}"),
        Lang::En => format!("about {what}"),
    }
}
