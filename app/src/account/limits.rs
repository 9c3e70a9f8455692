//! What is said to whoever has taken as much as an account may.

use super::words::moment;
use plan::Lang;

/// What there is only so much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Downloads begun in an hour.
    Downloads,
    /// Bytes in a day.
    Bytes,
    /// Downloads under way at once.
    Transfers,
    /// Clips being made at once.
    Clips,
}

impl Limit {
    /// Its name in headers, for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Limit::Downloads => "downloads",
            Limit::Bytes => "bytes",
            Limit::Transfers => "transfers",
            Limit::Clips => "clips",
        }
    }
}

/// That it is spent, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent {
    /// What.
    pub limit: Limit,
    /// How much of it there is.
    pub most: i64,
    /// When there is more, ISO 8601 date and time in UTC to the minute.
    pub until: String,
    /// Seconds until then.
    pub wait: i64,
}

/// Why a film is not handed out, to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// As much was taken as may be.
    Spent(Spent),
    /// The terms in force are not accepted.
    Terms,
}

impl Refusal {
    /// Title and explanation.
    pub fn words(&self, lang: Lang) -> (&'static str, String) {
        let Spent { limit, most, until, .. } = match self {
            Refusal::Terms => {
                return match lang {
                    Lang::Fr => (
                        "Acceptez d’abord les conditions",
                        "Avant de télécharger, lisez et acceptez les conditions d’utilisation en vigueur, sur la page de votre compte. Une fois suffit.".to_owned(),
                    ),
                    Lang::En => (
                        "Accept the terms first",
                        "Before you download, read and accept the terms of use in force, on your account’s page. Once is enough.".to_owned(),
                    ),
                };
            }
            Refusal::Spent(spent) => spent,
        };
        let title = match lang {
            Lang::Fr => "Vous avez atteint une limite",
            Lang::En => "You have reached a limit",
        };
        let until = moment(lang, until);
        let text = match (limit, lang) {
            (Limit::Downloads, Lang::Fr) => format!(
                "Un compte commence au plus {most} téléchargements par heure. Le suivant est possible à partir du {until}. Un téléchargement interrompu se reprend toujours."
            ),
            (Limit::Downloads, Lang::En) => format!(
                "An account begins at most {most} downloads an hour. The next one is possible from {until}. An interrupted download can always be resumed."
            ),
            (Limit::Bytes, Lang::Fr) => format!(
                "Un compte emporte au plus {} Mo par jour. La suite est possible à partir du {until}. Un téléchargement interrompu se reprend toujours.",
                most / 1_000_000
            ),
            (Limit::Bytes, Lang::En) => format!(
                "An account takes at most {} MB a day. There is more from {until}. An interrupted download can always be resumed.",
                most / 1_000_000
            ),
            (Limit::Transfers, Lang::Fr) => format!(
                "Un compte a au plus {most} téléchargements en cours à la fois. Réessayez quand l’un d’eux est terminé."
            ),
            (Limit::Transfers, Lang::En) => {
                format!(
                    "An account has at most {most} downloads under way at once. Try again when one of them is done."
                )
            }
            (Limit::Clips, Lang::Fr) => {
                format!(
                    "Un compte fait préparer au plus {most} extraits à la fois. Réessayez quand l’un d’eux est prêt."
                )
            }
            (Limit::Clips, Lang::En) => {
                format!("An account has at most {most} clips prepared at once. Try again when one of them is ready.")
            }
        };
        (title, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_told_with_its_number_and_its_end_where_it_has_one() {
        for (limit, ends) in
            [(Limit::Downloads, true), (Limit::Bytes, true), (Limit::Transfers, false), (Limit::Clips, false)]
        {
            let most = if limit == Limit::Bytes { 7_000_000 } else { 7 };
            let spent = Refusal::Spent(Spent { limit, most, until: "2026-11-23T08:05Z".into(), wait: 9 });
            for (lang, when) in
                [(Lang::Fr, "23 novembre 2026 à 08:05 UTC"), (Lang::En, "23 November 2026 at 08:05 UTC")]
            {
                let (_, text) = spent.words(lang);
                assert!(text.contains('7') && text.contains(when) == ends, "{text}");
            }
        }
    }
}
