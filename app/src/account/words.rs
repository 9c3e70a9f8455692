//! The words of the account's dialogs, in both languages. Only the server has them: it writes the pages.

use super::{
    contract::{Done, LetterState, Refusal, rules},
    policy::{LEAST, MOST, Rule},
};
use crate::words::words;
use plan::{Lang, date::in_words as date};

words! {
    /// Every fixed word of the dialogs.
    pub struct Words;

    register_dialog: "Registre", "Register";
    media_account: "COMPTE MULTIMÉDIA", "MULTIMEDIA ACCOUNT";
    resources_text: "Un contenu de qualité professionnelle, diffusé sur les dernières actualités. La référence pour les professionnels des médias.",
        "Professional-quality content, released on the latest news. The reference for media professionals.";
    create_account: "Créer un compte", "Create an account";
    have_account: "Vous avez déjà un compte ?", "Already have an account?";
    no_account: "Pas encore de compte ?", "No account yet?";
    sign_in: "Se connecter", "Sign in";
    sign_out: "Se déconnecter", "Sign out";
    forgotten: "Mot de passe oublié ?", "Forgotten your password?";

    email: "Adresse e-mail", "Email address";
    email_hint: "Nous y enverrons un code.", "We will send a code to it.";
    password: "Mot de passe", "Password";
    current: "Mot de passe actuel", "Current password";
    new_password: "Nouveau mot de passe", "New password";
    password_hint: "Le mot de passe doit comporter au moins 12 caractères, sans espaces, inclure des lettres majuscules/minuscules, des chiffres et des symboles.",
        "The password must have at least 12 characters, without spaces, and include upper/lower-case letters, digits and symbols.";
    show_password: "Afficher le mot de passe", "Show the password";
    rule_kept: "respecté :", "met:";
    strength: "Résistance :", "Strength:";
    strengths: "très faible|faible|moyenne|bonne|excellente", "very weak|weak|fair|good|excellent";
    terms: "J’accepte les", "I accept the";
    terms_link: "conditions d’utilisation du compte", "terms of the account";
    trap: "Laissez ce champ vide", "Leave this field empty";
    use_address: "Utiliser", "Use";

    check_inbox: "Vérifiez votre boîte de réception et entrez le code de vérification",
        "Check your inbox and enter the verification code";
    code_sent_to: "Nous avons envoyé un code de vérification à votre adresse e-mail.",
        "We have sent a verification code to your email address.";
    enter_code: "Entrez le code pour vérifier votre compte.", "Enter the code to verify your account.";
    expires_many: "Ce code expirera dans {} minutes.", "This code will expire in {} minutes.";
    expires_one: "Ce code expirera dans une minute.", "This code will expire in one minute.";
    expired: "Ce code a expiré. Demandez-en un nouveau.", "This code has expired. Ask for a new one.";
    code: "Code de vérification", "Verification code";
    verify: "Vérifier", "Verify";
    no_code: "Vous n’avez pas reçu de code ?", "Did not receive a code?";
    new_code: "Envoyer un nouveau code", "Send a new code";
    new_code_in: "Envoyer un nouveau code ({} s)", "Send a new code ({} s)";
    mend: "Corriger l’adresse", "Correct the address";
    mend_go: "Envoyer un code à cette adresse", "Send a code to this address";
    other_address: "Recommencer avec une autre adresse", "Begin again with another address";
    mailbox: "boîte aux lettres de ce serveur de démonstration", "mailbox of this demonstration server";

    created: "Vous avez créé votre compte avec succès", "You have created your account successfully";
    created_text: "Désormais, vous pouvez télécharger des versions complètes ou partielles de nos vidéos depuis notre site Web.",
        "You can now download full or partial versions of our videos from our website.";
    subscribe: "Abonnez-vous à notre newsletter", "Subscribe to our newsletter";
    subscribe_text: "Si vous souhaitez également vous abonner à la newsletter et recevoir nos dernières mises à jour, cliquez sur le bouton ci-dessous.",
        "If you would also like to subscribe to the newsletter and receive our latest updates, click the button below.";
    subscribe_go: "S’abonner", "Subscribe";
    go_back: "Revenir à la page sur laquelle vous étiez", "Return to the page you were on";
    go_home: "Aller à l’accueil", "Go to the home page";

    reset: "Réinitialiser le mot de passe", "Reset the password";
    reset_text: "Entrez l’adresse e-mail avec laquelle vous vous êtes inscrit et nous vous enverrons un code pour réinitialiser votre mot de passe.",
        "Enter the email address you registered with and we will send you a code to reset your password.";
    choose_password: "Créer un nouveau mot de passe", "Create a new password";
    keep_password: "Enregistrer le mot de passe", "Save the password";
    renewed: "Votre mot de passe a été mis à jour", "Your password has been updated";
    renewed_text: "Cliquez sur le bouton pour revenir à la page sur laquelle vous étiez et connectez-vous avec votre nouveau mot de passe.",
        "Click the button to return to the page you were on and sign in with your new password.";

    account: "Mon compte", "My account";
    since: "Ouvert le", "Opened on";
    change_password: "Changer le mot de passe", "Change the password";
    change_text: "Vos autres sessions et vos jetons prendront fin.", "Your other sessions and your tokens will end.";
    letters: "Langue des messages", "Language of messages";
    letters_text: "Les codes et les avis que nous vous envoyons.", "The codes and notices we send you.";
    keep: "Enregistrer", "Save";
    newsletter: "Newsletter", "Newsletter";
    newsletter_off: "Vous n’y êtes pas abonné.", "You are not subscribed.";
    newsletter_on: "Vous y êtes abonné depuis le", "You have been subscribed since";
    unsubscribe: "Se désabonner", "Unsubscribe";
    sessions: "Où vous êtes connecté", "Where you are signed in";
    unknown_browser: "Navigateur inconnu", "Unknown browser";
    this_session: "Cette session", "This session";
    session_since: "ouverte le", "began on";
    session_seen: "vue le", "last seen on";
    end: "Mettre fin", "End";
    end_others: "Mettre fin à toutes les autres", "End all the others";
    downloads: "Mes téléchargements", "My downloads";
    downloads_text: "Ce que vous avez emporté, pendant trois ans ; effacé avec le compte. Si une vidéo est retirée, ceux qui l’ont prise reçoivent un message.",
        "What you have taken, for three years; erased with the account. When a video is withdrawn, whoever took it gets a message.";
    downloads_none: "Vous n’avez encore rien téléchargé.", "You have not downloaded anything yet.";
    downloads_older: "Plus anciens", "Older ones";
    to_library: "Ouvrir la vidéothèque", "Open the video library";
    again: "Reprendre", "Take again";
    whole_video: "Toute la vidéo", "The whole video";
    edit_safe: "prêt au montage", "edit-safe";
    original: "original", "original";
    withdrawn: "Retirée : ne l’utilisez plus.", "Withdrawn: do not use it any more.";
    not_there: "N’est plus proposée.", "No longer offered.";
    terms_of_use: "Conditions d’utilisation", "Terms of use";
    terms_ask: "Avant de télécharger, lisez et acceptez les conditions d’utilisation en vigueur. Une fois suffit, jusqu’à ce qu’elles changent.",
        "Before you download, read and accept the terms in force. Once is enough, until they change.";
    terms_read: "Lire les conditions", "Read the terms";
    terms_accept: "J’accepte les conditions", "I accept the terms";
    terms_since: "Vous avez accepté les conditions en vigueur le", "You accepted the terms in force on";
    tokens: "Jetons pour les programmes", "Tokens for programs";
    tokens_text: "Un jeton permet à un programme de télécharger en votre nom, et rien d’autre. Il vaut un mot de passe : gardez-le secret. Un nouveau mot de passe met fin à tous les jetons.",
        "A token lets a program download in your name, and nothing else. It is as good as a password: keep it secret. A new password ends all tokens.";
    tokens_how: "Comment s’en servir", "How to use one";
    token_fresh: "Voici votre jeton. Copiez-le maintenant : il ne sera plus montré.",
        "Here is your token. Copy it now: it will not be shown again.";
    token_name: "À quoi sert-il ?", "What is it for?";
    token_name_hint: "Un nom pour le reconnaître dans cette liste.", "A name to know it by in this list.";
    token_days: "Valable", "Good for";
    token_make: "Créer un jeton", "Make a token";
    token_made: "créé le", "made on";
    token_used: "utilisé le", "last used on";
    token_unused: "jamais utilisé", "never used";
    token_ends: "expire le", "ends on";
    token_ended: "expiré le", "ended on";
    token_end: "Révoquer", "Revoke";
    delete: "Supprimer mon compte", "Delete my account";
    delete_text: "Votre adresse, votre mot de passe, vos sessions, vos jetons, la liste de vos téléchargements et votre abonnement à la newsletter sont effacés aussitôt. C’est définitif : nous ne pourrons rien rétablir.",
        "Your address, your password, your sessions, your tokens, the list of your downloads and your newsletter subscription are erased at once. This is final: we cannot restore anything.";
    delete_go: "Supprimer définitivement", "Delete for good";
    deleted: "Votre compte est supprimé", "Your account is deleted";
    deleted_text: "Votre adresse, votre mot de passe, vos sessions et votre abonnement à la newsletter ont été effacés. Vous pouvez continuer à lire le plan sans compte.",
        "Your address, your password, your sessions and your newsletter subscription have been erased. You can go on reading the plan without an account.";

    stopped: "Un point vous arrête", "There is a problem";
}

/// How long a token is good: `90 jours`, `un an`.
pub(super) fn days(lang: Lang, days: u16) -> String {
    match (days, lang) {
        (365, Lang::Fr) => "un an".to_owned(),
        (365, Lang::En) => "one year".to_owned(),
        (days, Lang::Fr) => format!("{days}\u{a0}jours"),
        (days, Lang::En) => format!("{days}\u{a0}days"),
    }
}

/// `Étape 2 sur 3`
pub(super) fn step_of(lang: Lang, step: u8, of: u8) -> String {
    match lang {
        Lang::Fr => format!("Étape\u{a0}{step} sur\u{a0}{of}"),
        Lang::En => format!("Step\u{a0}{step} of\u{a0}{of}"),
    }
}

/// What an account is for, and where the films come from.
pub(super) fn promise(lang: Lang, organisation: &str) -> (String, String) {
    match lang {
        Lang::Fr => (
            format!("Le seul endroit pour accéder au contenu vidéo de qualité broadcast de l’{organisation}"),
            format!("Accédez aux ressources médiatiques officielles de l’{organisation}."),
        ),
        Lang::En => (
            format!("The only place to access {organisation}’s broadcast-quality video content"),
            format!("Access {organisation}’s official media resources."),
        ),
    }
}

/// A rule for passwords, as a line of a list.
pub(super) fn rule(lang: Lang, rule: Rule) -> String {
    let (fr, en) = match rule {
        Rule::Length => return counted(lang, LEAST, ("Au moins {} caractères", "At least {} characters")),
        Rule::Limit => return counted(lang, MOST, ("Au plus {} caractères", "At most {} characters")),
        Rule::Spaces => ("Sans espaces", "Without spaces"),
        Rule::Cases => ("Des lettres majuscules et minuscules", "Upper-case and lower-case letters"),
        Rule::Digit => ("Des chiffres", "Digits"),
        Rule::Symbol => ("Des symboles", "Symbols"),
        Rule::Leaked => (
            "Autre chose qu’un mot de passe courant, même complété de chiffres",
            "Something other than a common password, even with digits added",
        ),
        Rule::Context => (
            "Sans le nom du site ou de l’organisation, et sans votre adresse",
            "Without the name of the site or the organisation, and without your address",
        ),
    };
    match lang {
        Lang::Fr => fr.to_owned(),
        Lang::En => en.to_owned(),
    }
}

fn counted(lang: Lang, count: usize, (fr, en): (&str, &str)) -> String {
    let words = if lang == Lang::Fr { fr } else { en };
    words.replace("{}", &count.to_string())
}

/// What stands in the way, and what to do.
pub(super) fn refusal(lang: Lang, refusal: &Refusal) -> String {
    let plural = |count: u32| if count == 1 { "" } else { "s" };
    let (fr, en) = match refusal {
        Refusal::EmailMissing => ("Entrez votre adresse e-mail.", "Enter your email address."),
        Refusal::EmailMalformed => (
            "Entrez une adresse complète, comme nom@exemple.org.",
            "Enter a complete address, such as name@example.org.",
        ),
        Refusal::EmailTooLong => (
            "Cette adresse est trop longue : une adresse a au plus 254 caractères, dont 64 avant l’arobase.",
            "This address is too long: an address has at most 254 characters, 64 of them before the at sign.",
        ),
        Refusal::EmailMeant(meant) => {
            return match lang {
                Lang::Fr => format!(
                    "Vouliez-vous dire {meant} ? Corrigez l’adresse, ou envoyez le formulaire de nouveau si elle est juste."
                ),
                Lang::En => {
                    format!("Did you mean {meant}? Correct the address, or send the form again if it is right.")
                }
            };
        }
        Refusal::PasswordMissing => ("Entrez le mot de passe.", "Enter the password."),
        Refusal::Password(tags) => {
            let broken: Vec<String> = rules(tags).map(|broken| rule(lang, broken)).collect();
            return match lang {
                Lang::Fr => {
                    format!("Le mot de passe ne respecte pas ces règles : {}.", broken.join("\u{a0}; ").to_lowercase())
                }
                Lang::En => format!("The password breaks these rules: {}.", broken.join("; ").to_lowercase()),
            };
        }
        Refusal::TermsMissing => (
            "Acceptez les conditions d’utilisation : sans elles, pas de compte.",
            "Accept the terms: there is no account without them.",
        ),
        Refusal::CodeMalformed => ("Entrez les six chiffres du code.", "Enter the six digits of the code."),
        Refusal::CodeWrong(left) => {
            return match lang {
                Lang::Fr => format!("Ce n’est pas le bon code. Il vous reste {left} essai{}.", plural(*left)),
                Lang::En => {
                    format!(
                        "This is not the right code. You have {left} {} left.",
                        if *left == 1 { "try" } else { "tries" }
                    )
                }
            };
        }
        Refusal::CodeSpent => (
            "Ce code ne vaut plus : il a expiré, a servi, a été remplacé ou essayé trop souvent. Demandez-en un nouveau.",
            "This code is no longer good: it has expired, was used, replaced or tried too often. Ask for a new one.",
        ),
        Refusal::Credentials => (
            "L’adresse ou le mot de passe n’est pas le bon. Vérifiez les deux, ou réinitialisez le mot de passe.",
            "The address or the password is wrong. Check both, or reset the password.",
        ),
        Refusal::CurrentWrong => (
            "Ce n’est pas votre mot de passe actuel. Rien n’a été changé.",
            "This is not your current password. Nothing was changed.",
        ),
        Refusal::PasswordSame => (
            "C’est déjà votre mot de passe. Choisissez-en un autre.",
            "This is your password already. Choose another one.",
        ),
        Refusal::TooMany(minutes) => {
            return match lang {
                Lang::Fr => format!("Trop d’essais. Réessayez dans {minutes} minute{}.", plural(*minutes)),
                Lang::En => format!("Too many tries. Try again in {minutes} minute{}.", plural(*minutes)),
            };
        }
        Refusal::ResetFirst => (
            "Trop d’échecs de suite. Réinitialisez le mot de passe : un code vous sera envoyé.",
            "Too many failures in a row. Reset the password: a code will be sent to you.",
        ),
        Refusal::TooSoon(seconds) => {
            return match lang {
                Lang::Fr => format!("Un nouveau code pourra être envoyé dans {seconds} seconde{}.", plural(*seconds)),
                Lang::En => format!("A new code can be sent in {seconds} second{}.", plural(*seconds)),
            };
        }
        Refusal::FlowGone => (
            "Cette démarche est terminée, ou n’a pas été commencée dans ce navigateur. Recommencez ici.",
            "This is over, or was not begun in this browser. Begin again here.",
        ),
        Refusal::SignInFirst => ("Connectez-vous d’abord.", "Sign in first."),
        Refusal::TermsFirst => {
            ("Acceptez d’abord les conditions d’utilisation en vigueur.", "Accept the terms of use in force first.")
        }
        Refusal::NameMissing => ("Dites à quoi servira le jeton.", "Say what the token is for."),
        Refusal::TokensFull(most) => {
            return match lang {
                Lang::Fr => format!("Un compte a au plus {most} jetons. Révoquez-en un d’abord."),
                Lang::En => format!("An account has at most {most} tokens. Revoke one first."),
            };
        }
        Refusal::Failed(number) => {
            return match lang {
                Lang::Fr => format!(
                    "Cela n’a pas abouti, et ce n’est pas votre faute. Rien n’a été changé : réessayez dans un instant. Numéro d’incident : {number}"
                ),
                Lang::En => format!(
                    "It did not work, and it is not your fault. Nothing was changed: try again in a moment. Incident number: {number}"
                ),
            };
        }
    };
    match lang {
        Lang::Fr => fr.to_owned(),
        Lang::En => en.to_owned(),
    }
}

/// What has just succeeded.
pub(super) const fn done(lang: Lang, done: Done) -> &'static str {
    let (fr, en) = match done {
        Done::CodeSent => (
            "Un nouveau code est en route. Les précédents ne valent plus.",
            "A new code is on its way. Earlier ones are no longer good.",
        ),
        Done::PasswordChanged => (
            "Votre mot de passe est changé ; vos autres sessions et vos jetons ont pris fin.",
            "Your password is changed; your other sessions and your tokens have ended.",
        ),
        Done::LanguageKept => ("La langue des messages est enregistrée.", "The language of messages is saved."),
        Done::Subscribed => ("Vous êtes abonné à la newsletter.", "You are subscribed to the newsletter."),
        Done::Unsubscribed => {
            ("Vous n’êtes plus abonné à la newsletter.", "You are no longer subscribed to the newsletter.")
        }
        Done::SessionEnded => ("La session a pris fin.", "The session has ended."),
        Done::OthersEnded => ("Toutes les autres sessions ont pris fin.", "All other sessions have ended."),
        Done::SignedOut => ("Vous êtes déconnecté.", "You are signed out."),
        Done::SignedIn => ("Vous êtes connecté.", "You are signed in."),
        Done::TokenMade => ("Le jeton est créé.", "The token is made."),
        Done::TokenEnded => ("Le jeton est révoqué.", "The token is revoked."),
        Done::TermsAccepted => ("Vous avez accepté les conditions.", "You have accepted the terms."),
    };
    match lang {
        Lang::Fr => fr,
        Lang::En => en,
    }
}

/// What has become of the message with the code; of one that is kept here, the words before the link to it.
pub(super) const fn letter(lang: Lang, state: LetterState) -> &'static str {
    let (fr, en) = match state {
        LetterState::Queued => ("Le message est en attente d’envoi…", "The message is waiting to be sent…"),
        LetterState::Delayed => (
            "Le serveur de messagerie ne répond pas encore : l’envoi est retenté.",
            "The mail server does not answer yet: sending is being tried again.",
        ),
        LetterState::Accepted => (
            "Le message est accepté par le serveur de messagerie. Regardez aussi parmi les indésirables.",
            "The message is accepted by the mail server. Look among your junk mail too.",
        ),
        LetterState::Refused => (
            "Le message est refusé par le serveur de messagerie : l’adresse contient sans doute une erreur.",
            "The message is refused by the mail server: there is probably a mistake in the address.",
        ),
        LetterState::Kept => ("Le message est dans la", "The message is in the"),
    };
    match lang {
        Lang::Fr => fr,
        Lang::En => en,
    }
}

/// An ISO 8601 date, or date and time in UTC, as the language writes it: `23 novembre 2026 à 08:05 UTC`.
pub(super) fn moment(lang: Lang, iso: &str) -> String {
    match (iso.split_once('T'), lang) {
        (None, _) => date(lang, iso),
        (Some((day, time)), Lang::Fr) => format!("{} à {} UTC", date(lang, day), time.trim_end_matches('Z')),
        (Some((day, time)), Lang::En) => format!("{} at {} UTC", date(lang, day), time.trim_end_matches('Z')),
    }
}
