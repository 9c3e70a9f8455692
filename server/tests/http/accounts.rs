//! Accounts from outside. The names of the tests are the rows of `docs/security.md`.

use crate::{
    person::{ANOTHER, MINUTE, PASSWORD, Person, SECOND},
    postgres::Postgres,
    site::{Folder, Site},
};
use http::Method;
use std::fs;

/// Everything that is kept, as bytes: whoever gets hold of the files sees this.
fn everything_kept(folder: &Folder) -> Vec<u8> {
    let files = fs::read_dir(folder.0.join("data")).expect("it is there").flatten().map(|file| file.path());
    files
        .filter(|file| file.to_string_lossy().contains(".db"))
        .flat_map(|file| fs::read(file).expect("it is read"))
        .collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Every form there is.
const FORMS: [&str; 14] = [
    "register",
    "verify",
    "send-code",
    "mend",
    "sign-in",
    "sign-out",
    "reset",
    "reset-code",
    "new-password",
    "change-password",
    "letters",
    "newsletter",
    "end-sessions",
    "delete",
];

/// Enough for whatever a test does from one address.
const NO_NETWORK_LIMIT: (&str, &str) = ("NETWORK_BUDGET", "1000000");

#[tokio::test]
async fn who_registers_and_verifies_has_an_account_and_comes_back_to_where_it_began() {
    let site = Site::open().await;
    let mut ada = site.person();
    let page = ada.opens("/fr/account/register?return_to=/plan/m4.2").await.is(200).text();
    assert!(page.contains("name=\"return_to\"") && page.contains("value=\"/plan/m4.2\""));
    let fields = [("email", "Ada@Example.org"), ("password", PASSWORD), ("terms", "1"), ("return_to", "/plan/m4.2")];
    let page = ada.reads("register", &fields).await;
    assert!(page.contains("Ada@example.org") && page.contains("30 minutes"));
    let letter = &site.letters_to("Ada@example.org", 1).await[0];
    let code = letter.code();
    let spaced = code.split_at(3);
    let welcome = ada.reads("verify", &[("code", &format!(" {} {} ", spaced.0, spaced.1))]).await;
    assert!(welcome.contains("Vous avez créé votre compte avec succès") && welcome.contains("/fr/plan/m4.2"));
    assert!(ada.is_signed_in().await);
    let page = ada.reads("newsletter", &[("on", "1"), ("step", "account/welcome")]).await;
    assert!(page.contains("/fr/plan/m4.2"));
    site.close().await;
}

#[tokio::test]
async fn the_language_can_change_on_the_way() {
    let site = Site::open().await;
    let mut ada = site.person();
    let fields = [("email", "ada@example.org"), ("password", PASSWORD), ("terms", "1"), ("return_to", "/plan/m4.2")];
    ada.sends("register", &fields).await;
    let page = ada.opens("/en/account/verify").await.is(200).text();
    assert!(page.contains("ada@example.org") && page.contains("lang=\"en\""));
    let code = site.letters_to("ada@example.org", 1).await[0].code();
    let location = ada.sends("verify", &[("lang", "en"), ("code", &code)]).await;
    assert_eq!(location, "/en/account/welcome?return_to=%2Fplan%2Fm4.2");
    assert!(ada.opens(&location).await.is(200).text().contains("/en/plan/m4.2"));
    site.close().await;
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_one_comes_back_to_where_one_was() {
    let site = Site::open().await;
    site.person().joins("ada@example.org").await;
    let mut ada = site.person();
    let location = ada.sends("reset", &[("email", "ADA@example.org"), ("return_to", "/plan/p1")]).await;
    assert_eq!(location, "/fr/account/reset/code");
    let code = site.letters_to("ADA@example.org", 1).await[0].code();
    assert_eq!(ada.sends("reset-code", &[("code", &code)]).await, "/fr/account/reset/new-password");
    let page = ada.opens("/fr/account/reset/new-password").await.is(200).text();
    assert!(page.contains("autocomplete=\"new-password\""));
    let done = ada.reads("new-password", &[("password", ANOTHER)]).await;
    assert!(done.contains("Votre mot de passe a été mis à jour") && done.contains("/fr/plan/p1"));
    assert!(ada.signs_in("ada@example.org", PASSWORD).await.starts_with("/fr/account/sign-in"));
    assert_eq!(ada.signs_in("ada@example.org", ANOTHER).await, "/fr");
    site.close().await;
}

#[tokio::test]
async fn a_mistyped_address_is_mended_and_the_code_goes_there() {
    let site = Site::open().await;
    let mut ada = site.person();
    ada.registers("adda@example.org", PASSWORD).await;
    let page = ada.reads("mend", &[("email", "ada@example.org"), ("password", ANOTHER)]).await;
    assert!(page.contains("ada@example.org") && !page.contains("adda@example.org"));
    let wrong = site.letters_to("adda@example.org", 1).await[0].code();
    let right = site.letters_to("ada@example.org", 1).await[0].code();
    if wrong != right {
        assert_eq!(ada.sends("verify", &[("code", &wrong)]).await, "/fr/account/verify");
    }
    assert_eq!(ada.sends("verify", &[("code", &right)]).await, "/fr/account/welcome");
    site.close().await;
}

#[tokio::test]
async fn a_slip_in_the_address_is_asked_about_and_may_be_meant() {
    let site = Site::open().await;
    let mut ada = site.person();
    let fields = [("email", "ada@gmial.com"), ("password", PASSWORD), ("terms", "1")];
    let page = ada.reads("register", &fields).await;
    assert!(page.contains("ada@gmail.com") && page.contains("name=\"sure\""));
    let sure = [&fields[..], &[("sure", "ada@gmial.com")]].concat();
    assert_eq!(ada.sends("register", &sure).await, "/fr/account/verify");
    site.close().await;
}

#[tokio::test]
async fn what_lacks_is_told_and_what_was_typed_is_kept() {
    let site = Site::open().await;
    let mut ada = site.person();
    let page = ada.reads("register", &[("email", "ada@@example.org"), ("password", "short")]).await;
    assert!(page.contains("value=\"ada@@example.org\"") && page.contains("aria-invalid=\"true\""));
    assert!(!page.contains("short"), "a password is never given back");
    let again = ada.opens("/fr/account/register").await.is(200).text();
    assert!(!again.contains("aria-invalid"), "it is told once");
    for form in
        ["register", "verify", "mend", "sign-in", "reset", "reset-code", "new-password", "change-password", "delete"]
    {
        let location = ada.sends(form, &[]).await;
        ada.opens(&location).await.is(200);
    }
    site.close().await;
}

#[tokio::test]
async fn row_01_changing_the_password_needs_the_current_one() {
    let site = Site::open().await;
    let mut ada = site.person();
    ada.joins("ada@example.org").await;
    for current in ["", "Wrong-one-4711!", &PASSWORD.to_lowercase()] {
        let page = ada.reads("change-password", &[("current", current), ("password", ANOTHER)]).await;
        assert!(page.contains("aria-invalid=\"true\""), "{current}");
    }
    assert_eq!(site.person().signs_in("ada@example.org", PASSWORD).await, "/fr");
    ada.sends("change-password", &[("current", PASSWORD), ("password", ANOTHER)]).await;
    assert_eq!(site.person().signs_in("ada@example.org", ANOTHER).await, "/fr");
    site.close().await;
}

#[tokio::test]
async fn row_02_common_and_breached_passwords_are_refused() {
    let site = Site::open().await;
    for leaked in ["Password1234!", "P@ssw0rd2026!", "Qwerty123456!", "g00dPa$$w0rD", "Juninho1999@"] {
        let page = site
            .person()
            .reads("register", &[("email", "ada@example.org"), ("password", leaked), ("terms", "1")])
            .await;
        assert!(page.contains("data-refusal=\"password\"") && page.contains("mot de passe courant"), "{leaked}");
    }
    site.close().await;
}

#[tokio::test]
async fn row_03_words_of_the_context_are_refused() {
    let site = Site::open().await;
    for near in ["Otan-Media-2026!", "Estafette+4711", "Ada.Lovelace-1815", "my-NATO-pass-77"] {
        let fields = [("email", "ada.lovelace@example.org"), ("password", near), ("terms", "1")];
        assert!(site.person().reads("register", &fields).await.contains("aria-invalid"), "{near}");
    }
    site.close().await;
}

#[tokio::test]
async fn row_04_password_managers_are_told_what_each_field_is() {
    let site = Site::open().await;
    let mut ada = site.person();
    let register = ada.opens("/fr/account/register").await.text();
    assert!(register.contains("autocomplete=\"username\"") && register.contains("autocomplete=\"new-password\""));
    let sign_in = ada.opens("/fr/account/sign-in").await.text();
    assert!(sign_in.contains("autocomplete=\"username\"") && sign_in.contains("autocomplete=\"current-password\""));
    assert!(ada.reads("reset", &[("email", "ada@example.org")]).await.contains("autocomplete=\"one-time-code\""));
    site.close().await;
}

#[tokio::test]
async fn row_05_passwords_are_neither_cut_nor_folded() {
    let site = Site::open().await;
    let mut ada = site.person();
    let long = format!("Vent-4711-{}", "x".repeat(90));
    ada.registers("ada@example.org", &long).await;
    let code = site.letters_to("ada@example.org", 1).await[0].code();
    ada.sends("verify", &[("code", &code)]).await;
    let refused = |to: String| to.starts_with("/fr/account/sign-in");
    assert!(refused(site.person().signs_in("ada@example.org", &long[..99]).await));
    assert!(refused(site.person().signs_in("ada@example.org", &format!("{}y{}", &long[..65], &long[66..])).await));
    assert!(refused(site.person().signs_in("ada@example.org", &long.to_uppercase()).await));
    assert!(refused(site.person().signs_in("ada@example.org", &format!("{long} ")).await));
    assert_eq!(site.person().signs_in("ada@example.org", &long).await, "/fr");
    site.close().await;
}

#[tokio::test]
async fn row_06_long_passwords_are_allowed_up_to_a_sane_limit() {
    let site = Site::open().await;
    for (length, accepted) in [(64, true), (128, true), (256, true), (257, false), (20_000, false)] {
        let password = format!("Vent-4711-{}", "x".repeat(length - 10));
        let location = site.person().registers(&format!("ada{length}@example.org"), &password).await;
        assert_eq!(location == "/fr/account/verify", accepted, "{length}");
    }
    let huge = "x".repeat(1_000_000);
    site.person().posts("register", &[("email", "ada@example.org"), ("password", &huge), ("terms", "1")]).await.is(413);
    site.close().await;
}

#[tokio::test]
async fn row_07_length_is_counted_in_code_points() {
    let site = Site::open().await;
    let twelve = format!("Aa1!{}", "é".repeat(8));
    assert_eq!(site.person().registers("ada@example.org", &twelve).await, "/fr/account/verify");
    let eleven = format!("Aa1!{}", "🚀".repeat(7));
    assert_eq!(site.person().registers("bob@example.org", &eleven).await, "/fr/account/register");
    site.close().await;
}

#[tokio::test]
async fn row_08_at_most_100_failures_in_a_row_and_a_new_code_resets_nothing() {
    let site = Site::with(&[NO_NETWORK_LIMIT]).await;
    let mut owner = site.person();
    owner.joins("ada@example.org").await;
    for _ in 0..10 {
        for _ in 0..10 {
            let page =
                site.person().reads("sign-in", &[("email", "ada@example.org"), ("password", "Wrong-one-4711!")]).await;
            assert!(page.contains("data-refusal=\"credentials\""));
        }
        // The eleventh is not looked at, and does not count.
        let page =
            site.person().reads("sign-in", &[("email", "ada@example.org"), ("password", "Wrong-one-4711!")]).await;
        assert!(page.contains("data-refusal=\"too-many\""));
        site.clock.forward(16 * MINUTE);
    }
    let page = site.person().reads("sign-in", &[("email", "ada@example.org"), ("password", PASSWORD)]).await;
    assert!(page.contains("data-refusal=\"reset-first\""), "the right one comes too late");
    site.clock.forward(60 * 24 * 60 * MINUTE);
    let page = site.person().reads("sign-in", &[("email", "ada@example.org"), ("password", PASSWORD)]).await;
    assert!(page.contains("data-refusal=\"reset-first\""), "and time does not heal it");
    // The owner opens it again by a reset, which nobody else can spend.
    let before = site.letters_to("ada@example.org", 1).await.len();
    let mut ada = site.person();
    ada.sends("reset", &[("email", "ada@example.org")]).await;
    let code = site.letters_to("ada@example.org", before + 1).await.last().expect("a letter").code();
    ada.sends("reset-code", &[("code", &code)]).await;
    ada.sends("new-password", &[("password", ANOTHER)]).await;
    assert_eq!(site.person().signs_in("ada@example.org", ANOTHER).await, "/fr");
    site.close().await;
}

#[tokio::test]
async fn row_08_a_new_code_gives_no_new_guesses() {
    let site = Site::with(&[NO_NETWORK_LIMIT]).await;
    let mut eve = site.person();
    let mut guesses = 0;
    for _ in 0..4 {
        eve.sends("reset", &[("email", "ada@example.org")]).await;
        for _ in 0..4 {
            let page = eve.reads("reset-code", &[("code", "000000")]).await;
            guesses += usize::from(page.contains("data-refusal=\"wrong\""));
        }
        site.clock.forward(MINUTE);
    }
    assert_eq!(guesses, 10);
    site.close().await;
}

#[tokio::test]
async fn nobody_locks_out_another() {
    let site = Site::with(&[NO_NETWORK_LIMIT]).await;
    let mut ada = site.person();
    ada.joins("ada@example.org").await;
    ada.sends("sign-out", &[]).await;
    // Somebody in the same network spends what can be spent.
    let mut eve = site.person();
    for _ in 0..12 {
        eve.signs_in("ada@example.org", "Wrong-one-4711!").await;
        eve.sends("reset", &[("email", "ada@example.org")]).await;
        eve.sends("reset-code", &[("code", "000000")]).await;
    }
    assert!(eve.reads("reset", &[("email", "ada@example.org")]).await.contains("data-refusal=\"too-many\""));
    // The owner's own browser has budgets that nobody else can spend.
    assert_eq!(ada.signs_in("ada@example.org", PASSWORD).await, "/fr");
    ada.sends("sign-out", &[]).await;
    let before = site.letters_to("ada@example.org", 1).await.len();
    assert_eq!(ada.sends("reset", &[("email", "ada@example.org")]).await, "/fr/account/reset/code");
    let code = site.letters_to("ada@example.org", before + 1).await.last().expect("a letter").code();
    assert_eq!(ada.sends("reset-code", &[("code", &code)]).await, "/fr/account/reset/new-password");
    site.close().await;
}

#[tokio::test]
async fn one_dialog_does_not_end_another() {
    let site = Site::open().await;
    let mut ada = site.person();
    ada.registers("ada@example.org", PASSWORD).await;
    // A link from anywhere leads to another dialog's page.
    assert!(ada.opens("/fr/account/reset/code").await.is(200).text().contains("data-refusal=\"flow-gone\""));
    let code = site.letters_to("ada@example.org", 1).await[0].code();
    assert_eq!(ada.sends("verify", &[("code", &code)]).await, "/fr/account/welcome");
    site.close().await;
}

#[tokio::test]
async fn a_new_address_does_not_let_its_own_words_into_the_password() {
    let site = Site::open().await;
    let mut ada = site.person();
    ada.registers("x@example.com", "Lovelace-in-4711").await;
    let fields = [("email", "ada.lovelace@example.org"), ("password", "Lovelace-in-4711")];
    assert!(ada.reads("mend", &fields).await.contains("data-refusal=\"password\""));
    site.close().await;
}

/// What of an answer may differ from one visitor to the next, taken out: the address, the nonce, seconds that pass.
fn alike(page: &str, email: &str) -> String {
    let page = page.replace(email, "someone");
    let mut parts = page.split("nonce=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    let whole = parts.fold(first, |page, part| page + part.split_once('"').map_or("", |(_, rest)| rest));
    whole.chars().filter(|c| !c.is_ascii_digit()).collect()
}

#[tokio::test]
async fn row_09_known_and_unknown_addresses_are_answered_alike() {
    let site = Site::open().await;
    site.person().joins("ada@example.org").await;
    let mut pages = Vec::new();
    for email in ["ada@example.org", "bob@example.org"] {
        let mut of_one = Vec::new();
        for (form, fields) in [
            ("sign-in", vec![("email", email), ("password", "Wrong-one-4711!")]),
            ("register", vec![("email", email), ("password", PASSWORD), ("terms", "1")]),
            ("verify", vec![("code", "000001")]),
            ("reset", vec![("email", email)]),
            ("reset-code", vec![("code", "000001")]),
        ] {
            // One browser for each: what came before must not tell.
            let mut somebody = site.person();
            if form == "verify" {
                somebody.registers(email, PASSWORD).await;
            } else if form == "reset-code" {
                somebody.sends("reset", &[("email", email)]).await;
            }
            let answer = somebody.posts(form, &fields).await;
            let location = answer.header("location");
            let names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
            // Of both the letter is on its way before the page is looked at.
            while !site.store().await.letters("queued", 1).await.expect("they are listed").is_empty() {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            let page = somebody.opens(&location).await.is(200).text();
            of_one.push((form, answer.status, location, names, alike(&page, email)));
        }
        pages.push(of_one);
    }
    assert_eq!(pages[0], pages[1]);
    // Its owner is told what was asked; whoever has none is too.
    let letters = site.letters_to("ada@example.org", 4).await;
    assert!(letters.iter().any(|letter| letter.text.contains("/fr/account/sign-in")));
    site.letters_to("bob@example.org", 3).await;
    site.close().await;
}

#[tokio::test]
async fn row_10_a_letter_tells_of_a_reset_and_holds_no_password() {
    let site = Site::open().await;
    let mut ada = site.person();
    ada.joins("ada@example.org").await;
    ada.sends("change-password", &[("current", PASSWORD), ("password", ANOTHER)]).await;
    let mut elsewhere = site.person();
    elsewhere.sends("reset", &[("email", "ada@example.org")]).await;
    let code = site.letters_to("ada@example.org", 3).await[2].code();
    elsewhere.sends("reset-code", &[("code", &code)]).await;
    elsewhere.sends("new-password", &[("password", PASSWORD)]).await;
    let letters = site.letters_to("ada@example.org", 4).await;
    for letter in [&letters[1], &letters[3]] {
        assert!(letter.text.contains("/fr/account/reset"), "{}", letter.text);
    }
    for letter in letters {
        for secret in [PASSWORD, ANOTHER] {
            assert!(!letter.text.contains(secret) && !letter.html.contains(secret) && !letter.subject.contains(secret));
        }
    }
    site.close().await;
}

#[tokio::test]
async fn row_11_a_letter_tells_of_a_sign_in_from_a_new_device() {
    let site = Site::open().await;
    let mut ada = site.person();
    ada.joins("ada@example.org").await;
    ada.sends("sign-out", &[]).await;
    ada.signs_in("ada@example.org", PASSWORD).await;
    let mut elsewhere = site.person();
    elsewhere.agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1";
    elsewhere.signs_in("ada@example.org", PASSWORD).await;
    let letters = site.letters_to("ada@example.org", 2).await;
    assert_eq!(letters.len(), 2, "the known browser is no news");
    assert!(letters[1].text.contains("Safari, iPhone"), "{}", letters[1].text);
    site.close().await;
}

#[tokio::test]
async fn row_13_a_code_works_once_also_when_sent_50_times_at_once() {
    let site = Site::with(&[NO_NETWORK_LIMIT]).await;
    let mut ada = site.person();
    ada.registers("ada@example.org", PASSWORD).await;
    let code = site.letters_to("ada@example.org", 1).await[0].code();
    let sent = (0..50).map(|_| {
        let (mut ada, code) = (ada.clone(), code.clone());
        async move { ada.posts("verify", &[("code", &code)]).await }
    });
    let answers = futures_util::future::join_all(sent).await;
    let sessions = answers.iter().filter(|answer| answer.header("set-cookie").contains("session=")).count();
    assert_eq!(sessions, 1);
    assert!(answers.iter().all(|answer| answer.status == 303));
    let location = ada.sends("verify", &[("code", &code)]).await;
    assert!(location.starts_with("/fr/account/welcome"), "it is done, and nobody is signed in by it again");
    assert!(!ada.is_signed_in().await);
    site.close().await;
}

#[tokio::test]
async fn row_15_a_code_lives_exactly_30_minutes() {
    for (age, lives) in [(30 * MINUTE - 5 * SECOND, true), (30 * MINUTE + SECOND, false)] {
        let site = Site::open().await;
        let mut ada = site.person();
        ada.registers("ada@example.org", PASSWORD).await;
        let code = site.letters_to("ada@example.org", 1).await[0].code();
        site.clock.forward(age);
        let location = ada.sends("verify", &[("code", &code)]).await;
        assert_eq!(location == "/fr/account/welcome", lives, "{age}");
        site.close().await;
    }
}

#[tokio::test]
async fn row_16_codes_and_tokens_are_kept_as_keyed_hashes_and_letters_sealed() {
    let site = Site::open().await;
    let mut ada = site.person();
    ada.registers("ada@example.org", PASSWORD).await;
    let code = site.letters_to("ada@example.org", 1).await[0].code();
    let kept = everything_kept(&site.folder);
    assert!(holds(&kept, "ada@example.org"), "the right files are looked at");
    assert!(!holds(&kept, &code) && !holds(&kept, PASSWORD) && !holds(&kept, &ada.jar["flow"]));
    ada.sends("verify", &[("code", &code)]).await;
    // Whoever has the database and not the key opens nothing with it.
    let flow = site.store().await.flow(&server::secrets::digest(&ada.jar["flow"]), 0).await.expect("asked");
    assert!(flow.is_some_and(|flow| flow.code.is_none()), "it is spent");
    let kept = everything_kept(&site.folder);
    assert!(!holds(&kept, &ada.jar["session"]) && !holds(&kept, &ada.jar["device"]));
    assert!(holds(&kept, "$argon2id$v=19$m=19456,t=2,p=1$"));
    site.close().await;
}

#[tokio::test]
async fn row_17_a_code_is_bound_to_its_flow_address_and_purpose() {
    let site = Site::open().await;
    site.person().joins("ada@example.org").await;
    let (mut reset, mut other, mut register) = (site.person(), site.person(), site.person());
    reset.sends("reset", &[("email", "ada@example.org")]).await;
    let code = site.letters_to("ada@example.org", 2).await[1].code();
    // The same address in another browser, another address, another dialog.
    other.sends("reset", &[("email", "ada@example.org")]).await;
    let second = site.letters_to("ada@example.org", 3).await[2].code();
    register.registers("bob@example.org", PASSWORD).await;
    let bobs = site.letters_to("bob@example.org", 1).await[0].code();
    for (person, form, foreign, own, stays) in [
        (&mut other, "reset-code", &code, &second, "/fr/account/reset/code"),
        (&mut register, "verify", &code, &bobs, "/fr/account/verify"),
        (&mut reset, "reset-code", &bobs, &code, "/fr/account/reset/code"),
    ] {
        if foreign != own {
            assert_eq!(person.sends(form, &[("code", foreign)]).await, stays);
        }
    }
    assert_eq!(
        register.sends("reset-code", &[("code", &bobs)]).await,
        "/fr/account/reset",
        "no reset is under way there"
    );
    assert_eq!(reset.sends("reset-code", &[("code", &code)]).await, "/fr/account/reset/new-password");
    site.close().await;
}

#[tokio::test]
async fn row_18_guessing_is_limited() {
    let site = Site::open().await;
    let mut ada = site.person();
    ada.registers("ada@example.org", PASSWORD).await;
    let code = site.letters_to("ada@example.org", 1).await[0].code();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for left in [4, 3, 2, 1] {
        let page = ada.reads("verify", &[("code", wrong)]).await;
        let plural = if left == 1 { "" } else { "s" };
        assert!(page.contains(&format!("{left} essai{plural}")), "{left} tries are left: {page}");
    }
    ada.sends("verify", &[("code", wrong)]).await;
    assert_eq!(ada.sends("verify", &[("code", &code)]).await, "/fr/account/verify", "the right one comes too late");
    // A new code can be asked for after a minute, and opens.
    let page = ada.reads("send-code", &[]).await;
    assert!(page.contains("data-refusal=\"too-soon\""));
    site.clock.forward(MINUTE);
    ada.sends("send-code", &[]).await;
    let fresh = site.letters_to("ada@example.org", 2).await[1].code();
    assert_eq!(ada.sends("verify", &[("code", &fresh)]).await, "/fr/account/welcome");
    site.close().await;
}

#[tokio::test]
async fn row_19_a_reset_signs_nobody_in() {
    let site = Site::open().await;
    site.person().joins("ada@example.org").await;
    let mut ada = site.person();
    ada.sends("reset", &[("email", "ada@example.org")]).await;
    let code = site.letters_to("ada@example.org", 2).await[1].code();
    ada.sends("reset-code", &[("code", &code)]).await;
    ada.sends("new-password", &[("password", ANOTHER)]).await;
    assert!(!ada.jar.contains_key("session") && !ada.is_signed_in().await);
    site.close().await;
}

#[tokio::test]
async fn row_20_links_in_letters_ignore_the_host_header() {
    let site = Site::with(&[("PUBLIC_URL", "https://press.example.org")]).await;
    let body = "lang=fr&email=ada%40example.org";
    let ask = site.ask_as("evil.example", Method::POST, "/api/account/reset").browser();
    let ask = ask.header("x-forwarded-host", "evil.example").header("forwarded", "host=evil.example");
    ask.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.is(303);
    let letter = &site.letters_to("ada@example.org", 1).await[0];
    assert!(letter.text.contains("https://press.example.org/fr/account/register"), "{}", letter.text);
    assert!(!letter.text.contains("evil") && !letter.html.contains("evil"));
    site.close().await;
}

#[tokio::test]
async fn row_21_tokens_have_256_bits_and_are_new_at_each_sign_in() {
    let site = Site::open().await;
    let mut ada = site.person();
    let first = ada.joins("ada@example.org").await;
    assert_eq!(first.len(), 43, "32 bytes in base64url");
    let mut eve = site.person();
    eve.jar.insert("session".to_owned(), "a-token-that-eve-has-chosen-for-the-victim".to_owned());
    eve.signs_in("ada@example.org", PASSWORD).await;
    assert_ne!(eve.jar["session"], "a-token-that-eve-has-chosen-for-the-victim");
    ada.signs_in("ada@example.org", PASSWORD).await;
    assert_ne!(ada.jar["session"], first);
    ada.jar.insert("session".to_owned(), first);
    assert!(!ada.is_signed_in().await, "the one before is over");
    site.close().await;
}

#[tokio::test]
async fn row_22_sessions_end_when_idle_and_in_any_case() {
    const HOUR: i64 = 60 * MINUTE;
    let site = Site::with(&[("SESSION_IDLE", "10"), ("SESSION_MAX", "25")]).await;
    let mut ada = site.person();
    ada.joins("ada@example.org").await;
    for _ in 0..2 {
        site.clock.forward(9 * HOUR);
        assert!(ada.is_signed_in().await);
    }
    let mut idle = site.person();
    idle.signs_in("ada@example.org", PASSWORD).await;
    site.clock.forward(9 * HOUR);
    assert!(!ada.is_signed_in().await, "27 hours are too many");
    site.clock.forward(2 * HOUR);
    assert!(!idle.is_signed_in().await, "11 idle hours are too many");
    site.close().await;
}

#[tokio::test]
async fn row_23_signing_out_ends_the_session_on_the_server() {
    let site = Site::open().await;
    let mut ada = site.person();
    let token = ada.joins("ada@example.org").await;
    ada.sends("sign-out", &[("return_to", "/plan")]).await;
    assert!(!ada.jar.contains_key("session"));
    ada.jar.insert("session".to_owned(), token);
    assert!(!ada.is_signed_in().await);
    site.close().await;
}

#[tokio::test]
async fn row_24_a_deletion_ends_all_sessions_and_a_reset_too() {
    let site = Site::open().await;
    let (mut ada, mut second) = (site.person(), site.person());
    ada.joins("ada@example.org").await;
    second.signs_in("ada@example.org", PASSWORD).await;
    let mut third = site.person();
    third.sends("reset", &[("email", "ada@example.org")]).await;
    let code = site.letters_to("ada@example.org", 3).await[2].code();
    third.sends("reset-code", &[("code", &code)]).await;
    third.sends("new-password", &[("password", ANOTHER)]).await;
    assert!(!ada.is_signed_in().await && !second.is_signed_in().await);
    ada.signs_in("ada@example.org", ANOTHER).await;
    second.signs_in("ada@example.org", ANOTHER).await;
    ada.sends("change-password", &[("current", ANOTHER), ("password", PASSWORD)]).await;
    assert!(ada.is_signed_in().await && !second.is_signed_in().await, "a change ends the others");
    ada.sends("change-password", &[("current", PASSWORD), ("password", ANOTHER)]).await;
    second.signs_in("ada@example.org", ANOTHER).await;
    assert_eq!(ada.sends("delete", &[("password", ANOTHER)]).await, "/fr/account/deleted");
    assert!(!second.is_signed_in().await);
    assert!(site.person().signs_in("ada@example.org", ANOTHER).await.starts_with("/fr/account/sign-in"));
    // The address is free again.
    site.clock.forward(61 * MINUTE);
    site.person().joins("ada@example.org").await;
    site.close().await;
}

#[tokio::test]
async fn row_25_sensitive_changes_ask_for_the_password_and_sessions_are_listed_and_ended() {
    let site = Site::open().await;
    let (mut ada, mut second, mut third) = (site.person(), site.person(), site.person());
    ada.joins("ada@example.org").await;
    second.agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36";
    second.signs_in("ada@example.org", PASSWORD).await;
    third.signs_in("ada@example.org", PASSWORD).await;
    for password in ["", "Wrong-one-4711!"] {
        assert_eq!(ada.sends("delete", &[("password", password)]).await, "/fr/account");
    }
    assert!(ada.is_signed_in().await);
    let page = ada.opens("/fr/account").await.is(200).text();
    assert!(page.contains("Firefox, Linux") && page.contains("Chrome, Windows"));
    let (_, from_chrome) = page.split_once("Chrome, Windows").expect("it is listed");
    let (_, id) = from_chrome.split_once("name=\"id\" value=\"").expect("a form ends it");
    let (id, _) = id.split_once('"').expect("its end");
    ada.sends("end-sessions", &[("id", id)]).await;
    assert!(!second.is_signed_in().await && third.is_signed_in().await && ada.is_signed_in().await);
    ada.sends("end-sessions", &[]).await;
    assert!(!third.is_signed_in().await && ada.is_signed_in().await);
    // Nobody ends the sessions of others.
    let mut bob = site.person();
    bob.joins("bob@example.org").await;
    second.signs_in("ada@example.org", PASSWORD).await;
    let page = second.opens("/fr/account").await.text();
    for id in page.split("name=\"id\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        bob.sends("end-sessions", &[("id", id)]).await;
    }
    assert!(ada.is_signed_in().await && second.is_signed_in().await);
    site.close().await;
}

#[tokio::test]
async fn row_26_cookies_are_host_secure_httponly_and_samesite_on_https() {
    let site = Site::with(&[("TRUSTED_PROXIES", "127.0.0.1"), ("PUBLIC_URL", "https://press.example.org")]).await;
    let mut ada = site.person();
    ada.headers = vec![("x-forwarded-proto", "https".to_owned()), ("x-forwarded-for", "203.0.113.9".to_owned())];
    let begun =
        ada.posts("register", &[("email", "ada@example.org"), ("password", PASSWORD), ("terms", "1")]).await.is(303);
    let code = site.letters_to("ada@example.org", 1).await[0].code();
    let wrong = ada.posts("verify", &[("code", "x")]).await.is(303);
    let answer = ada.posts("verify", &[("code", &code)]).await.is(303);
    let all = [begun, wrong, answer];
    let cookies: Vec<_> = all.iter().flat_map(|answer| answer.headers.get_all("set-cookie")).collect();
    assert!(["flow", "notice", "session", "device"].iter().all(|name| {
        cookies.iter().any(|cookie| cookie.to_str().is_ok_and(|cookie| cookie.starts_with(&format!("__Host-{name}="))))
    }));
    for cookie in cookies {
        let cookie = cookie.to_str().expect("ASCII");
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Domain"));
    }
    assert!(ada.is_signed_in().await);
    site.close().await;
}

#[tokio::test]
async fn row_28_forms_of_other_sites_are_refused_and_reading_changes_nothing() {
    let site = Site::open().await;
    let mut ada = site.person();
    ada.joins("ada@example.org").await;
    for foreign in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("origin", "null")] {
        let mut lured = ada.clone();
        lured.headers = vec![(foreign.0, foreign.1.to_owned())];
        for form in FORMS {
            lured
                .posts(form, &[("password", PASSWORD), ("email", "ada@example.org"), ("current", PASSWORD)])
                .await
                .is(403);
        }
    }
    for form in FORMS {
        let answer = ada.opens(&format!("/api/account/{form}?lang=fr&on=1&password={PASSWORD}")).await;
        assert!(!answer.status.is_success(), "{form}");
    }
    assert!(ada.is_signed_in().await);
    site.close().await;
}

#[tokio::test]
async fn row_29_nobody_is_sent_elsewhere() {
    let site = Site::open().await;
    site.person().joins("ada@example.org").await;
    for evil in [
        "//evil.example",
        "/\\evil.example",
        "%2f%2fevil.example",
        "https://evil.example",
        "/fr//evil.example",
        "javascript:x",
    ] {
        let fields = [("email", "ada@example.org"), ("password", PASSWORD), ("return_to", evil)];
        assert_eq!(site.person().sends("sign-in", &fields).await, "/fr", "{evil}");
        let page = site.person().opens(&format!("/fr/account/reset/done?return_to={evil}")).await.is(200).text();
        assert!(
            !page.contains("href=\"//evil")
                && !page.contains("href=\"https://evil")
                && !page.contains("href=\"javascript")
        );
    }
    site.close().await;
}

#[tokio::test]
async fn row_30_no_step_can_be_skipped() {
    let site = Site::open().await;
    site.person().joins("ada@example.org").await;
    let mut eve = site.person();
    assert_eq!(eve.sends("new-password", &[("password", ANOTHER)]).await, "/fr/account/reset");
    eve.sends("reset", &[("email", "ada@example.org")]).await;
    assert_eq!(eve.sends("new-password", &[("password", ANOTHER)]).await, "/fr/account/reset");
    let mut bob = site.person();
    bob.registers("bob@example.org", PASSWORD).await;
    assert!(site.person().opens("/fr/account/verify").await.text().contains("data-refusal=\"flow-gone\""));
    for page in ["/fr/account/welcome", "/fr/account"] {
        let shown = bob.opens(page).await.is(200).text();
        assert!(shown.contains("autocomplete=\"current-password\""), "{page} asks to sign in");
    }
    assert!(site.person().signs_in("bob@example.org", PASSWORD).await.starts_with("/fr/account/sign-in"), "unverified");
    // A reset is used up by its new password.
    let code = site.letters_to("ada@example.org", 2).await;
    let mut ada = site.person();
    ada.sends("reset", &[("email", "ada@example.org")]).await;
    let code = site.letters_to("ada@example.org", code.len() + 1).await.last().expect("a letter").code();
    ada.sends("reset-code", &[("code", &code)]).await;
    let again = ada.clone();
    ada.sends("new-password", &[("password", ANOTHER)]).await;
    let mut replayed = again;
    assert_eq!(replayed.sends("new-password", &[("password", "Vent-d-Ouest-9931")]).await, "/fr/account/reset");
    site.close().await;
}

#[tokio::test]
async fn row_31_no_secret_stands_in_an_address_and_nothing_is_kept_on_the_way() {
    let site = Site::open().await;
    let mut ada = site.person();
    let location = ada.registers("ada@example.org", PASSWORD).await;
    assert_eq!(location, "/fr/account/verify");
    let code = site.letters_to("ada@example.org", 1).await[0].code();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for (form, fields) in [
        ("verify", vec![("code", wrong)]),
        ("verify", vec![("code", &code)]),
        ("change-password", vec![("current", PASSWORD), ("password", ANOTHER)]),
        ("end-sessions", vec![]),
    ] {
        let location = ada.sends(form, &fields).await;
        for secret in [PASSWORD, ANOTHER, &code, "ada"] {
            assert!(!location.contains(secret), "{location}");
        }
        let answer = ada.opens(&location).await.is(200);
        assert_eq!(answer.header("cache-control"), "no-store", "{location}");
    }
    for page in ["/fr/account/register", "/en/account/sign-in", "/fr/account/reset", "/fr/account"] {
        let answer = site.person().opens(page).await.is(200);
        assert_eq!(answer.header("cache-control"), "no-store", "{page}");
        assert!(answer.text().contains("noindex"), "{page}");
        let data = site.get(&format!("/api/account/page?address={page}")).send().await;
        assert_eq!(data.header("cache-control"), "no-store", "{page}");
    }
    site.close().await;
}

#[tokio::test]
async fn row_33_errors_say_nothing_of_the_inside() {
    let site = Site::open().await;
    let mut ada = site.person();
    ada.joins("ada@example.org").await;
    // The store breaks under the running server.
    let data = site.folder.0.join("data/estafette.db");
    let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", data.display())).await.expect("it opens");
    for table in ["flows", "sessions", "attempts", "audit"] {
        sqlx::query(sqlx::AssertSqlSafe(format!("DROP TABLE {table}"))).execute(&pool).await.expect("it breaks");
    }
    for (form, fields) in [
        ("register", vec![("email", "bob@example.org"), ("password", PASSWORD), ("terms", "1")]),
        ("sign-in", vec![("email", "ada@example.org"), ("password", PASSWORD)]),
        ("reset", vec![("email", "ada@example.org")]),
    ] {
        let mut bob = site.person();
        let page = bob.reads(form, &fields).await;
        assert!(page.contains("data-refusal=\"failed\""), "{form}");
        assert!(page.contains(fields[0].1), "what was typed is kept");
        for inside in ["sqlite", "no such table", "SELECT", "INSERT", "src/", "panicked"] {
            assert!(!page.contains(inside), "{form}: {inside}");
        }
    }
    let answer = ada.opens("/fr/account").await;
    assert_eq!(answer.status, 503);
    assert!(!answer.text().contains("no such table"));
    assert!(
        site.person().opens("/fr/plan").await.is(200).text().contains("Se connecter"),
        "the plan is read all the same"
    );
    site.close().await;
}

#[tokio::test]
async fn programs_that_fill_the_hidden_field_are_told_what_everybody_is_told() {
    let site = Site::open().await;
    let mut bot = site.person();
    let fields =
        [("email", "bot@example.org"), ("password", PASSWORD), ("terms", "1"), ("website", "https://spam.example")];
    assert_eq!(bot.sends("register", &fields).await, "/fr/account/verify");
    site.person().joins("ada@example.org").await;
    let mailbox = site.get("/dev/mailbox.json").send().await.is(200).text();
    assert!(mailbox.contains("ada@example.org") && !mailbox.contains("bot@example.org"));
    site.close().await;
}

#[tokio::test]
async fn one_address_gets_only_so_many_letters() {
    let site = Site::with(&[NO_NETWORK_LIMIT]).await;
    let refused = |page: String| page.contains("data-refusal=\"too-many\"");
    for _ in 0..6 {
        assert!(!refused(site.person().reads("reset", &[("email", "ada@example.org")]).await));
    }
    assert!(refused(site.person().reads("reset", &[("email", "ADA@example.org")]).await));
    site.clock.forward(61 * MINUTE);
    assert!(!refused(site.person().reads("reset", &[("email", "ada@example.org")]).await));
    site.close().await;
}

#[tokio::test]
async fn one_network_causes_only_so_much() {
    let site = Site::with(&[("NETWORK_BUDGET", "3")]).await;
    for n in 0..5 {
        let page = site.person().reads("reset", &[("email", &format!("a{n}@example.org"))]).await;
        assert_eq!(page.contains("data-refusal=\"too-many\""), n >= 3, "{n}");
    }
    site.clock.forward(16 * MINUTE);
    assert!(!site.person().reads("reset", &[("email", "b@example.org")]).await.contains("data-refusal=\"too-many\""));
    site.close().await;
}

#[tokio::test]
async fn a_shared_page_tells_nobody_who_another_is() {
    let site = Site::open().await;
    let mut ada = site.person();
    ada.joins("ada@example.org").await;
    let own = ada.opens("/fr/plan").await.is(200);
    assert!(own.text().contains("data-who=\"ada@example.org\"") && own.header("cache-control") == "no-store");
    assert_eq!(own.header("etag"), "");
    let other = site.person().opens("/fr/plan").await.is(200);
    assert!(!other.text().contains("ada@example.org") && other.text().contains("data-who=\"\""));
    assert!(other.header("cache-control").starts_with("public"));
    let mut forged: Person<'_> = site.person();
    forged.jar.insert("session".to_owned(), "nobody".to_owned());
    assert!(!forged.opens("/fr/plan").await.is(200).text().contains("href=\"/fr/account\""));
    site.close().await;
}

#[tokio::test]
async fn row_32_events_are_logged_and_secrets_are_not() {
    let site = Site::open().await;
    let mut ada = site.person();
    let token = ada.joins("ada@example.org").await;
    ada.sends("change-password", &[("current", "Wrong-one-4711!"), ("password", ANOTHER)]).await;
    ada.sends("change-password", &[("current", PASSWORD), ("password", ANOTHER)]).await;
    ada.sends("sign-out", &[]).await;
    ada.signs_in("ada@example.org", PASSWORD).await;
    ada.signs_in("ada@example.org", ANOTHER).await;
    let store = site.store().await;
    let events = store.events(None, 100).await.expect("they are listed");
    let names: Vec<&str> = events.iter().rev().map(|event| event.event.as_str()).collect();
    assert_eq!(
        names,
        [
            "register_begun",
            "account_opened",
            "password_wrong",
            "password_changed",
            "signed_out",
            "sign_in_failed",
            "signed_in"
        ]
    );
    let told = format!("{events:?}");
    for secret in ["ada", "example.org", PASSWORD, ANOTHER, &token, "127.0.0.1"] {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
    ada.sends("delete", &[("password", ANOTHER)]).await;
    let events = store.events(None, 100).await.expect("they are listed");
    assert!(events.iter().all(|event| event.address.is_empty()), "{events:?}");
    site.close().await;
}

#[tokio::test]
async fn the_dialogs_are_the_same_on_postgresql() {
    let server = Postgres::start();
    let site = Site::with(&[("DATABASE_URL", &server.url())]).await;
    let mut ada = site.person();
    ada.joins("ada@example.org").await;
    ada.sends("newsletter", &[("on", "1"), ("step", "account")]).await;
    assert!(ada.opens("/fr/account").await.is(200).text().contains("ada@example.org"));
    let mut elsewhere = site.person();
    assert!(elsewhere.signs_in("ada@example.org", "Wrong-one-4711!").await.starts_with("/fr/account/sign-in"));
    assert_eq!(elsewhere.signs_in("ada@example.org", PASSWORD).await, "/fr");
    ada.sends("change-password", &[("current", PASSWORD), ("password", ANOTHER)]).await;
    assert!(ada.is_signed_in().await && !elsewhere.is_signed_in().await);
    elsewhere.sends("reset", &[("email", "ada@example.org")]).await;
    let letters = site.letters_to("ada@example.org", 4).await;
    let code = letters.iter().rev().find(|letter| letter.html.contains("30 minutes")).expect("a code").code();
    assert_eq!(elsewhere.sends("reset-code", &[("code", &code)]).await, "/fr/account/reset/new-password");
    elsewhere.sends("new-password", &[("password", PASSWORD)]).await;
    assert!(!ada.is_signed_in().await);
    ada.signs_in("ada@example.org", PASSWORD).await;
    assert_eq!(ada.sends("delete", &[("password", PASSWORD)]).await, "/fr/account/deleted");
    assert!(site.store().await.account("ada@example.org").await.expect("asked").is_none());
    site.close().await;
}
