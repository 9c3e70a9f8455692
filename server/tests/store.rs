//! What the store promises, on both engines.

use clip::Receipt;
use server::{
    media::{
        metadata::Number,
        vault::{Sha256, Stored},
    },
    settings::Database,
    store::{
        Store,
        accounts::{Account, Consent},
        audit::Event,
        basket::{Came, MOST, Move, Put},
        budgets::{Ends, Spend},
        clips::{Asked, Come, Wish},
        downloads::{Acceptance, Begun, Budget, Part, Wanted, What},
        flows::{Flow, Next},
        media::{Added, Claim, NewVideo, VideoFile},
        outbox::NewLetter,
        sessions::Session,
        tokens::Token,
    },
};
use std::{fs, path::PathBuf};

#[path = "support/postgres.rs"]
mod postgres;

use postgres::{Folder, Postgres};

/// The promises, for an engine that `$open`s a database of the test's own: a `Database`, a folder for data, and
/// whatever must live as long.
macro_rules! store_contract {
    ($open:path) => {
        #[tokio::test]
        async fn a_word_once_kept_is_kept() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            assert_eq!(store.meta("installation", "first").await.expect("kept"), "first");
            assert_eq!(store.meta("installation", "second").await.expect("kept"), "first");
            assert_eq!(store.meta("other", "second").await.expect("kept"), "second");
            store.close().await;
            let store = Store::open(&database, &data).await.expect("it opens again");
            assert_eq!(store.meta("installation", "third").await.expect("kept"), "first");
        }

        #[tokio::test]
        async fn several_that_open_at_once_agree() {
            let (database, data, _alive) = $open();
            let openings: Vec<_> = (0..6)
                .map(|n: u8| {
                    let (database, data) = (database.clone(), data.clone());
                    tokio::spawn(async move {
                        let store = Store::open(&database, &data).await.expect("it opens");
                        store.meta("installation", &n.to_string()).await.expect("kept")
                    })
                })
                .collect();
            let mut words = Vec::new();
            for opening in openings {
                words.push(opening.await.expect("it ran"));
            }
            assert!(words.iter().all(|word| *word == words[0]), "{words:?}");
        }

        #[tokio::test]
        async fn it_answers_until_it_is_closed() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            store.ping().await.expect("it answers");
            store.close().await;
            store.ping().await.expect_err("it is closed");
        }

        #[tokio::test]
        async fn what_a_newer_program_has_changed_is_not_touched() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let newer = "UPDATE _sqlx_migrations SET version = 999999 WHERE version = 1";
            match &store {
                Store::Sqlite { writer: pool, .. } => drop(sqlx::query(newer).execute(pool).await.expect("changed")),
                Store::Postgres(pool) => drop(sqlx::query(newer).execute(pool).await.expect("changed")),
            }
            store.close().await;
            let refused = Store::open(&database, &data).await.expect_err("it is newer").to_string();
            assert!(refused.contains("999999") && !refused.contains('\n'), "{refused}");
        }

        #[tokio::test]
        async fn an_older_schema_with_something_in_it_is_brought_up_to_date() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            store.meta("installation", "first").await.expect("kept");
            // As the first version left it.
            let library = ["library_words", "library_text", "library_cards", "library_state", "library_stale"];
            let footage = ["deleted_videos", "clips", "video_work", "video_files", "videos"];
            let taken = ["basket", "clip_wishes", "downloads", "acceptances", "tokens"];
            let accounts = ["consents", "devices", "sessions", "flows", "attempts", "outbox", "audit", "accounts"];
            for table in taken.into_iter().chain(library).chain(footage).chain(accounts) {
                run(&store, &format!("DROP TABLE {table}")).await;
            }
            if let Store::Postgres(_) = store {
                run(&store, "DROP FUNCTION library_changed, library_with, library_titled").await;
            }
            run(&store, "DELETE FROM _sqlx_migrations WHERE version > 1").await;
            store.close().await;
            let store = Store::open(&database, &data).await.expect("it is brought up to date");
            assert_eq!(store.meta("installation", "second").await.expect("kept"), "first");
            let mut tx = store.begin().await.expect("it begins");
            assert!(tx.open_account(&account("ada@example.org")).await.expect("opened"));
            tx.commit().await.expect("it lasts");
        }

        #[tokio::test]
        async fn an_uncommitted_transaction_leaves_nothing() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let mut tx = store.begin().await.expect("it begins");
            assert!(tx.open_account(&account("ada@example.org")).await.expect("opened"));
            tx.queue_letter(&letter("l1", 0, 0)).await.expect("queued");
            drop(tx);
            assert!(store.account("ada@example.org").await.expect("asked").is_none());
            assert!(store.claim_letter(1, 2).await.expect("asked").is_none());
        }

        #[tokio::test]
        async fn an_address_has_one_account() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let openings = (0..8).map(|n| {
                let store = store.clone();
                async move {
                    let mut tx = store.begin().await.expect("it begins");
                    let account = Account { id: format!("a{n}"), ..account("ada@example.org") };
                    let opened = tx.open_account(&account).await.expect("asked");
                    tx.commit().await.expect("it lasts");
                    opened
                }
            });
            let opened = futures_util::future::join_all(openings).await;
            assert_eq!(opened.into_iter().filter(|opened| *opened).count(), 1);
        }

        #[tokio::test]
        async fn a_code_is_spent_once_however_many_try() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let mut tx = store.begin().await.expect("it begins");
            tx.begin_flow(&flow("f1"), b"token").await.expect("begun");
            tx.commit().await.expect("it lasts");
            assert_eq!(store.flow(b"token", 50).await.expect("asked").expect("there").email, "ada@example.org");
            assert!(store.flow(b"other", 50).await.expect("asked").is_none());
            assert!(store.flow(b"token", 1000).await.expect("asked").is_none(), "it is forgotten");
            let spending = (0..20).map(|_| {
                let store = store.clone();
                async move {
                    let mut tx = store.begin().await.expect("it begins");
                    let spent = tx.spend_code("f1", b"code", 99, DONE, 5).await.expect("asked");
                    tx.commit().await.expect("it lasts");
                    spent
                }
            });
            let spent = futures_util::future::join_all(spending).await;
            assert_eq!(spent.into_iter().filter(|spent| *spent).count(), 1);
            let flow = store.flow(b"token", 50).await.expect("asked").expect("there");
            assert_eq!((flow.step.as_str(), flow.code, flow.password_hash), ("done", None, None));
        }

        #[tokio::test]
        async fn a_code_is_not_spent_too_late_nor_after_too_many_tries_nor_by_another() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let mut tx = store.begin().await.expect("it begins");
            tx.begin_flow(&flow("f1"), b"token").await.expect("begun");
            assert!(!tx.spend_code("f1", b"else", 99, DONE, 5).await.expect("asked"));
            assert!(!tx.spend_code("f1", b"code", 100, DONE, 5).await.expect("asked"), "it has expired");
            for tries in 1..=5 {
                assert_eq!(tx.wrong_code("f1").await.expect("counted"), tries);
            }
            assert!(!tx.spend_code("f1", b"code", 99, DONE, 5).await.expect("asked"));
            let fresh = Flow { code: Some(b"new".to_vec()), sent_at: 60, ..flow("f1") };
            assert!(!tx.renew_code(&fresh, 5).await.expect("asked"), "one was sent since");
            assert!(tx.renew_code(&fresh, 10).await.expect("asked"));
            assert!(tx.spend_code("f1", b"new", 99, Next { step: "password", ..DONE }, 5).await.expect("asked"));
            assert!(tx.step_flow("f1", "password", "done").await.expect("asked"));
            assert!(!tx.step_flow("f1", "password", "done").await.expect("asked"), "once");
            tx.commit().await.expect("it lasts");
        }

        #[tokio::test]
        async fn of_many_tries_at_once_as_many_are_granted_as_there_may_be() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let k = [Spend { key: "k", window: 500, limit: 7, amount: 1 }];
            let spending = (0..30).map(|_| {
                let store = store.clone();
                async move { store.spend_tries(1000, &k).await.expect("counted") }
            });
            let spent = futures_util::future::join_all(spending).await;
            assert_eq!(spent.iter().filter(|refused| refused.is_none()).count(), 7);
            assert!(spent.iter().flatten().all(|since| *since == (0, 1000)), "the others are told since when");
            assert_eq!(store.tries("k", 999).await.expect("told"), Some((7, 1000)), "and cost nothing");
            let both = [Spend { key: "other", ..k[0] }, k[0]];
            assert_eq!(store.spend_tries(1499, &both).await.expect("counted"), Some((1, 1000)));
            assert_eq!(store.tries("other", 0).await.expect("told"), None, "out of all budgets or out of none");
            assert_eq!(store.spend_tries(1500, &k).await.expect("counted"), None, "a new window");
            assert_eq!(store.tries("k", 1499).await.expect("told"), Some((1, 1500)));
            let mut tx = store.begin().await.expect("it begins");
            tx.give_back_try("k").await.expect("given back");
            tx.commit().await.expect("it lasts");
            assert_eq!(store.tries("k", 1499).await.expect("told"), Some((0, 1500)));
            let mut tx = store.begin().await.expect("it begins");
            tx.forget_tries(&["k"]).await.expect("forgotten");
            tx.commit().await.expect("it lasts");
            assert_eq!(store.tries("k", 0).await.expect("told"), None);
        }

        #[tokio::test]
        async fn a_letter_is_taken_by_one_at_a_time_and_again_when_its_lease_is_over() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let mut tx = store.begin().await.expect("it begins");
            for (id, priority, at) in [("late", 5, 1), ("b", 0, 3), ("a", 0, 2)] {
                tx.queue_letter(&letter(id, priority, at)).await.expect("queued");
            }
            tx.commit().await.expect("it lasts");
            let claims = (0..8).map(|_| {
                let store = store.clone();
                async move { store.claim_letter(10, 100).await.expect("asked").map(|letter| letter.id) }
            });
            let mut claimed: Vec<_> = futures_util::future::join_all(claims).await.into_iter().flatten().collect();
            claimed.sort();
            assert_eq!(claimed, ["a", "b", "late"]);
            assert!(store.claim_letter(99, 200).await.expect("asked").is_none());
            let again = store.claim_letter(100, 200).await.expect("asked").expect("its lease is over");
            assert_eq!(
                (again.id.as_str(), again.attempts, again.sealed.as_slice()),
                ("a", 2, &b"sealed"[..]),
                "codes first"
            );
            store.letter_sent("a", 101).await.expect("noted");
            assert!(store.letter_state("a").await.expect("asked").is_some_and(|(state, _)| state == "sent"));
            store.letter_later("b", 500, "busy").await.expect("noted");
            store.letter_dead("late", 102, "no such user").await.expect("noted");
            assert!(store.claim_letter(499, 600).await.expect("asked").is_none());
            assert_eq!(store.letters("dead", 9).await.expect("listed")[0].why, "no such user");
            assert_eq!(store.retry_letters("", 103).await.expect("retried"), 1);
            assert_eq!(store.claim_letter(103, 600).await.expect("asked").expect("it is due").attempts, 1);
            assert_eq!(store.drop_letters("queued", "b").await.expect("dropped"), 1);
            assert!(store.letter("b").await.expect("asked").is_none());
        }

        #[tokio::test]
        async fn a_session_ends_by_itself_when_idle_or_old_and_by_word() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let mut tx = store.begin().await.expect("it begins");
            tx.open_account(&account("ada@example.org")).await.expect("opened");
            for id in ["s1", "s2", "s3"] {
                tx.begin_session(&session(id), id.as_bytes()).await.expect("begun");
            }
            tx.commit().await.expect("it lasts");
            let (found, owner) = store.session(b"s1", 20, 10).await.expect("asked").expect("it is good");
            assert_eq!((found.id.as_str(), owner.email.as_str()), ("s1", "ada@example.org"));
            assert!(store.session(b"s1", 21, 10).await.expect("asked").is_none(), "idle");
            assert!(store.session(b"s1", 20, 11).await.expect("asked").is_none(), "old");
            store.session_seen("s1", 30).await.expect("noted");
            assert!(store.session(b"s1", 21, 10).await.expect("asked").is_some());
            let ids =
                store.sessions_of("id", 0, 0).await.expect("listed").into_iter().map(|s| s.id).collect::<Vec<_>>();
            assert_eq!(ids, ["s1", "s2", "s3"]);
            let mut tx = store.begin().await.expect("it begins");
            assert!(!tx.end_session("another", "s2").await.expect("asked"), "not one's own");
            assert_eq!(tx.end_session_of(b"s2").await.expect("ended").as_deref(), Some("id"));
            assert_eq!(tx.end_sessions("id", "s1").await.expect("ended"), 1);
            tx.commit().await.expect("it lasts");
            assert_eq!(store.sessions_of("id", 0, 0).await.expect("listed").len(), 1);
        }

        #[tokio::test]
        async fn a_deleted_account_leaves_nothing_that_names_it() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let ada = account("ada@example.org");
            let mut tx = store.begin().await.expect("it begins");
            tx.open_account(&ada).await.expect("opened");
            tx.begin_session(&session("s1"), b"s1").await.expect("begun");
            assert!(!tx.know_device("id", b"d", 1).await.expect("noted"));
            assert!(tx.know_device("id", b"d", 2).await.expect("noted"));
            let consent = Consent { account_id: "id", at: 3, granted: true, version: "1", lang: "fr", network: "n" };
            tx.consent(&consent).await.expect("kept");
            tx.begin_flow(&flow("f1"), b"token").await.expect("begun");
            tx.queue_letter(&letter("l1", 0, 0)).await.expect("queued");
            tx.note(&event("opened")).await.expect("noted");
            assert!(tx.add_token(&token("t1", "id"), b"t1", 9).await.expect("added"));
            assert!(tx.accept_terms(&acceptance("id")).await.expect("accepted"));
            tx.commit().await.expect("it lasts");
            take(&store, "id", &whole(&store).await, 100, 9).await;
            assert_eq!(store.account("ada@example.org").await.expect("asked").expect("there").newsletter_at, Some(3));
            let mut tx = store.begin().await.expect("it begins");
            assert!(tx.delete_account(&ada).await.expect("deleted"));
            tx.anonymise("id", "mark").await.expect("forgotten");
            tx.commit().await.expect("it lasts");
            assert!(store.account("ada@example.org").await.expect("asked").is_none());
            assert!(store.session(b"s1", 0, 0).await.expect("asked").is_none());
            assert!(store.flow(b"token", 1).await.expect("asked").is_none());
            assert!(store.token(b"t1", 20).await.expect("asked").is_none());
            assert!(store.downloads_of("id", i64::MAX, 9).await.expect("listed").is_empty());
            assert_eq!(store.accepted("id", "1").await.expect("asked"), None);
            assert_eq!(store.events(None, 9).await.expect("listed")[0].address, "");
            store.claim_letter(10, 20).await.expect("asked").expect("the last letter still goes");
            store.letter_sent("l1", 11).await.expect("noted");
            assert_eq!(store.letter("l1").await.expect("asked").expect("there").to, "", "and is forgotten");
        }

        #[tokio::test]
        async fn other_dialogs_of_an_address_become_worthless_and_look_as_before() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let mut tx = store.begin().await.expect("it begins");
            tx.begin_flow(&flow("f1"), b"one").await.expect("begun");
            tx.begin_flow(&Flow { step: "password".into(), ..flow("f2") }, b"two").await.expect("begun");
            tx.begin_flow(&flow("f3"), b"three").await.expect("begun");
            tx.end_other_flows("ada@example.org", "f3").await.expect("ended");
            assert!(!tx.spend_code("f1", b"code", 99, DONE, 5).await.expect("asked"));
            assert!(!tx.step_flow("f2", "password", "done").await.expect("asked"));
            assert!(tx.spend_code("f3", b"code", 99, DONE, 5).await.expect("asked"));
            tx.commit().await.expect("it lasts");
            for token in [&b"one"[..], b"two"] {
                assert_eq!(store.flow(token, 50).await.expect("asked").expect("it is there").step, "code");
            }
        }

        #[tokio::test]
        async fn a_browser_is_known_where_it_was_used_and_until_it_is_forgotten() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let mut tx = store.begin().await.expect("it begins");
            tx.open_account(&account("ada@example.org")).await.expect("opened");
            for token in [b"d1", b"d2"] {
                assert!(!tx.know_device("id", token, 1).await.expect("noted"));
            }
            tx.commit().await.expect("it lasts");
            assert!(store.knows_device("ada@example.org", b"d1").await.expect("asked"));
            assert!(!store.knows_device("ada@example.org", b"d3").await.expect("asked"));
            assert!(!store.knows_device("bob@example.org", b"d1").await.expect("asked"));
            let mut tx = store.begin().await.expect("it begins");
            tx.forget_devices("id", b"d2").await.expect("forgotten");
            tx.commit().await.expect("it lasts");
            assert!(!store.knows_device("ada@example.org", b"d1").await.expect("asked"));
            assert!(store.knows_device("ada@example.org", b"d2").await.expect("asked"));
        }

        #[tokio::test]
        async fn the_address_of_a_deleted_account_is_forgotten_in_any_script_and_state() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let ada = account("éloïse@example.org");
            let mut tx = store.begin().await.expect("it begins");
            tx.open_account(&ada).await.expect("opened");
            for id in ["sent", "dead"] {
                let letter = NewLetter { to: "ÉLOÏSE@example.org".into(), ..letter(id, 0, 0) };
                tx.queue_letter(&letter).await.expect("queued");
            }
            tx.commit().await.expect("it lasts");
            store.letter_sent("sent", 1).await.expect("noted");
            let mut tx = store.begin().await.expect("it begins");
            tx.delete_account(&ada).await.expect("deleted");
            tx.commit().await.expect("it lasts");
            assert!(store.letter("sent").await.expect("asked").is_none());
            store.letter_dead("dead", 2, "no").await.expect("noted");
            assert_eq!(store.letter("dead").await.expect("asked").expect("there").to, "");
        }

        #[tokio::test]
        async fn what_has_ended_is_swept_and_nothing_else() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let mut tx = store.begin().await.expect("it begins");
            tx.open_account(&account("ada@example.org")).await.expect("opened");
            tx.begin_session(&session("s1"), b"s1").await.expect("begun");
            tx.begin_flow(&flow("f1"), b"token").await.expect("begun");
            tx.queue_letter(&letter("l1", 0, 0)).await.expect("queued");
            tx.note(&event("opened")).await.expect("noted");
            tx.commit().await.expect("it lasts");
            store.spend_tries(1, &[Spend { key: "k", window: 500, limit: 9, amount: 1 }]).await.expect("counted");
            let mut tx = store.begin().await.expect("it begins");
            assert!(tx.add_token(&token("t1", "id"), b"t1", 9).await.expect("added"));
            tx.commit().await.expect("it lasts");
            take(&store, "id", &whole(&store).await, 100, 9).await;
            assert!(store.wait_for_clip("id", "clip", 1, 10).await.expect("noted"));
            assert_eq!(store.sweep(&Ends::default()).await.expect("swept"), 0);
            let (then, all) = (9999, Ends::default());
            let all = Ends { flows: then, tries: then, idle: then, began: then, letters: then, ..all };
            let all = Ends { devices: then, audit: then, tokens: then, downloads: then, wishes: then, ..all };
            assert_eq!(store.sweep(&all).await.expect("swept"), 9, "a queued letter is not ended");
            assert!(store.account("ada@example.org").await.expect("asked").is_some());
        }

        #[tokio::test]
        async fn a_film_is_one_video_and_a_number_is_one_films() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let (Added::New(first, number), Added::New(second, given)) =
                (add(&store, "one", Some("ES-1")).await, add(&store, "two", None).await)
            else {
                panic!("both are new")
            };
            assert_eq!((number.as_str(), given), ("ES-1", format!("V{second:06}")));
            assert_eq!(add(&store, "one", Some("ES-2")).await, Added::Known(first));
            assert_eq!(add(&store, "three", Some("ES-1")).await, Added::NumberTaken);
            let video = store.video("ES-1").await.expect("asked").expect("it is there");
            assert_eq!((video.id, video.published, video.file_name.as_str()), (first, false, "one.mp4"));
            assert_eq!(video.metadata["title"]["fr"], "Un");
            assert_eq!(store.video_with(&Sha256::of(b"two")).await.expect("asked").map(|video| video.id), Some(second));
            let all: Vec<_> = store.videos(i64::MAX, 9).await.expect("listed").into_iter().map(|one| one.id).collect();
            assert_eq!(all, [second, first], "the newest first");
            assert_eq!(store.videos(second, 9).await.expect("listed").len(), 1);
            let mut tx = store.begin().await.expect("it begins");
            let said = serde_json::json!({"title": {"fr": "Deux", "en": "Two"}});
            assert!(!tx.edit_video(second, "ES-1", &said, None, 5).await.expect("asked"), "it is the other's");
            assert!(tx.edit_video(second, "ES-2", &said, Some(77), 5).await.expect("asked"));
            tx.commit().await.expect("it lasts");
            let video = store.video("ES-2").await.expect("asked").expect("it is there");
            assert_eq!((video.metadata, video.embargo_until, video.changed_at), (said, Some(77), 5));
        }

        #[tokio::test]
        async fn of_many_who_add_one_film_at_once_one_adds_it() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let added = futures_util::future::join_all((0..6).map(|_| add(&store, "one", None))).await;
            assert_eq!(added.iter().filter(|added| matches!(added, Added::New(..))).count(), 1);
            assert!(added.iter().all(|added| !matches!(added, Added::NumberTaken)), "{added:?}");
        }

        #[tokio::test]
        async fn a_step_is_one_workers_until_its_lease_is_over() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let Added::New(video, _) = add(&store, "one", None).await else { panic!("it is new") };
            let claims = (0..6).map(|n| {
                let store = store.clone();
                async move { store.claim_video_work(None, &format!("w{n}"), 10, 100).await.expect("asked") }
            });
            let claims: Vec<Claim> = futures_util::future::join_all(claims).await.into_iter().flatten().collect();
            let mut steps: Vec<_> = claims.iter().map(|claim| claim.step.as_str()).collect();
            steps.sort_unstable();
            assert_eq!(steps, ["proxy", "still"], "each once");
            let still = claims.iter().find(|claim| claim.step == "still").expect("it was taken");
            assert!(store.video_work_goes_on(still, 400, 50, 150).await.expect("noted"));
            let work = store.video_work(video).await.expect("listed");
            assert_eq!((work[0].step.as_str(), work[0].progress, work[0].due_at), ("still", 400, 150));
            assert!(store.claim_video_work(Some(video + 1), "other", 100, 200).await.expect("asked").is_none());
            let again = store.claim_video_work(Some(video), "other", 100, 200).await.expect("asked").expect("over");
            assert_eq!((again.step.as_str(), again.attempts), ("proxy", 2));
            assert!(store.claim_video_work(None, "other", 149, 200).await.expect("asked").is_none());
            let other = store.claim_video_work(None, "other", 150, 250).await.expect("asked").expect("over too");
            assert_eq!(other.step, "still");
            assert!(!store.video_work_goes_on(still, 500, 160, 260).await.expect("asked"), "it is another's now");
            let mut tx = store.begin().await.expect("it begins");
            assert!(!tx.video_work_done(still, 160).await.expect("asked"));
            assert!(tx.video_work_done(&other, 160).await.expect("asked"));
            tx.commit().await.expect("it lasts");
            assert!(!store.video_work_goes_on(&other, 500, 161, 261).await.expect("asked"), "it is done");
            store.give_back_video_work(&again, 170).await.expect("noted");
            let back = store.claim_video_work(None, "third", 170, 300).await.expect("asked").expect("given back");
            assert_eq!((back.step.as_str(), back.attempts), ("proxy", 2), "that try did not count");
            assert_eq!(store.release_work("third", 180).await.expect("noted"), 1);
            assert!(store.claim_video_work(None, "fourth", 180, 300).await.expect("asked").is_some());
        }

        #[tokio::test]
        async fn what_fails_waits_and_what_is_given_up_stays_until_it_is_queued_again() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let Added::New(video, _) = add(&store, "one", None).await else { panic!("it is new") };
            let still = store.claim_video_work(None, "w", 10, 100).await.expect("asked").expect("it is due");
            let proxy = store.claim_video_work(None, "w", 10, 100).await.expect("asked").expect("it is due");
            store.video_work_later(&still, 500, "the disk is full", 20).await.expect("noted");
            store.video_work_dead(&proxy, "no film", 20).await.expect("noted");
            let work = store.video_work(video).await.expect("listed");
            let told: Vec<_> = work.iter().map(|step| (step.state.as_str(), step.why.as_str())).collect();
            assert_eq!(told, [("queued", "the disk is full"), ("dead", "no film")]);
            assert!(store.claim_video_work(None, "w", 499, 600).await.expect("asked").is_none());
            let mut tx = store.begin().await.expect("it begins");
            for step in ["still", "proxy"] {
                tx.queue_video_work(video, step, 0, 30).await.expect("queued");
            }
            tx.commit().await.expect("it lasts");
            for _ in 0..2 {
                let claim = store.claim_video_work(None, "w", 30, 100).await.expect("asked").expect("tried anew");
                assert_eq!(claim.attempts, 1);
                let mut tx = store.begin().await.expect("it begins");
                assert!(tx.video_work_done(&claim, 40).await.expect("asked"));
                tx.queue_video_work(video, &claim.step, 0, 50).await.expect("asked");
                tx.commit().await.expect("it lasts");
            }
            assert!(store.claim_video_work(None, "w", 99, 100).await.expect("asked").is_none(), "what is done is done");
        }

        #[tokio::test]
        async fn a_video_is_seen_with_a_still_and_something_to_play_not_withdrawn_and_free() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let Added::New(video, number) = add(&store, "one", None).await else { panic!("it is new") };
            let mut tx = store.begin().await.expect("it begins");
            assert!(!tx.publish_video(video, 10).await.expect("asked"), "only the original is there");
            tx.put_video_file(video, &file("still", b"s", "image/jpeg"), 10).await.expect("put");
            assert!(!tx.publish_video(video, 10).await.expect("asked"), "there is nothing to play");
            tx.put_video_file(video, &file("proxy", b"p", "video/mp4"), 11).await.expect("put");
            assert!(tx.publish_video(video, 11).await.expect("asked"));
            assert!(!tx.publish_video(video, 12).await.expect("asked"), "once");
            tx.commit().await.expect("it lasts");
            let seen = async |now| store.video(&number).await.expect("asked").expect("there").visible(now);
            assert!(seen(11).await);
            assert!(withdraw(&store, video, Some("a face"), 20).await);
            assert!(!withdraw(&store, video, Some("again"), 21).await);
            assert!(!seen(30).await);
            assert_eq!(store.video(&number).await.expect("asked").expect("there").withdrawn_why, "a face");
            assert!(withdraw(&store, video, None, 31).await);
            let mut tx = store.begin().await.expect("it begins");
            assert!(tx.edit_video(video, &number, &serde_json::json!({}), Some(50), 32).await.expect("asked"));
            tx.commit().await.expect("it lasts");
            assert!(!seen(49).await && seen(50).await, "the embargo ends");
        }

        #[tokio::test]
        async fn a_basket_keeps_ranges_once_and_in_an_order_of_its_own() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let Added::New(video, _) = add(&store, "one", None).await else { panic!("it is new") };
            let ada = account("ada@example.org");
            let mut tx = store.begin().await.expect("it begins");
            assert!(tx.open_account(&ada).await.expect("opened"));
            let put = |from: u32, note: &str| Put { video, frames: from..from + 10, note: note.to_owned() };
            let came = tx.put_into_basket(&ada.id, &[put(30, "a"), put(10, "b"), put(30, "again")]).await;
            assert_eq!(came.expect("put"), [Came::In, Came::In, Came::WasIn]);
            let came = tx.put_into_basket(&ada.id, &[put(20, "c")]).await;
            assert_eq!(came.expect("put"), [Came::In]);
            tx.commit().await.expect("it lasts");
            let kept = store.basket(&ada.id).await.expect("listed");
            let shown: Vec<_> = kept.iter().map(|kept| (kept.frames.start, kept.note.as_str())).collect();
            assert_eq!(shown, [(30, "a"), (10, "b"), (20, "c")]);

            let mut tx = store.begin().await.expect("it begins");
            assert!(!tx.move_in_basket(&ada.id, kept[0].id, Move::Up).await.expect("asked"));
            assert!(!tx.move_in_basket("other", kept[0].id, Move::Down).await.expect("asked"), "nobody else's");
            assert!(tx.move_in_basket(&ada.id, kept[0].id, Move::Down).await.expect("asked"));
            assert!(tx.move_in_basket(&ada.id, kept[2].id, Move::Up).await.expect("asked"));
            assert!(!tx.take_out_of_basket("other", kept[1].id).await.expect("asked"));
            assert!(tx.take_out_of_basket(&ada.id, kept[1].id).await.expect("asked"));
            assert!(tx.note_in_basket(&ada.id, kept[2].id, "C").await.expect("asked"));
            tx.commit().await.expect("it lasts");
            let kept = store.basket(&ada.id).await.expect("listed");
            let shown: Vec<_> = kept.iter().map(|kept| (kept.frames.clone(), kept.note.as_str())).collect();
            assert_eq!(shown, [(20..30, "C"), (30..40, "a")]);

            let mut tx = store.begin().await.expect("it begins");
            tx.empty_basket(&ada.id).await.expect("emptied");
            let many: Vec<_> = (0..=u32::try_from(MOST).expect("a number")).map(|nth| put(nth, "")).collect();
            let came = tx.put_into_basket(&ada.id, &many).await.expect("put");
            assert_eq!(came.iter().filter(|came| **came == Came::In).count(), MOST);
            assert_eq!(came.last(), Some(&Came::Full));
            tx.commit().await.expect("it lasts");
        }

        #[tokio::test]
        async fn a_basket_goes_with_its_account_and_its_videos() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let Added::New(one, _) = add(&store, "one", None).await else { panic!("it is new") };
            let Added::New(two, _) = add(&store, "two", None).await else { panic!("it is new") };
            let ada = account("ada@example.org");
            let mut tx = store.begin().await.expect("it begins");
            assert!(tx.open_account(&ada).await.expect("opened"));
            let put = |video| Put { video, frames: 0..1, note: String::new() };
            tx.put_into_basket(&ada.id, &[put(one), put(two)]).await.expect("put");
            tx.delete_video(one, 20).await.expect("deleted");
            tx.commit().await.expect("it lasts");
            let kept = store.basket(&ada.id).await.expect("listed");
            assert_eq!(kept.iter().map(|kept| kept.video).collect::<Vec<_>>(), [two]);
            let mut tx = store.begin().await.expect("it begins");
            assert!(tx.delete_account(&ada).await.expect("deleted"));
            tx.commit().await.expect("it lasts");
            assert!(store.basket(&ada.id).await.expect("listed").is_empty());
        }

        #[tokio::test]
        async fn a_clip_asked_for_twice_is_one_and_is_made_by_one() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let wish = |to: u32| Wish::new(1, Sha256::of(b"film"), Sha256::of(b"index"), "video/mp4", 7..to);
            let (one, two) = (wish(8), wish(9));
            let asked = (0..6).map(|_| store.wish_for_clip(&one, 2, 10, 1000));
            assert!(futures_util::future::join_all(asked).await.into_iter().all(|asked| asked.expect("asked")));
            assert!(store.wish_for_clip(&two, 2, 11, 1000).await.expect("asked"));
            assert!(!store.wish_for_clip(&wish(10), 2, 12, 1000).await.expect("asked"), "there is no place for it");
            assert!(store.wish_for_clip(&one, 2, 12, 1000).await.expect("asked"), "it has one already");
            let asked = Asked { wish: one.clone(), come: Come::Underway(None) };
            assert_eq!(store.clip(&one.id).await.expect("read"), Some(asked));

            let holders = ["a", "b", "c", "d"];
            let claims = holders.map(|holder| store.claim_clip(holder, 20, 50));
            let claims = futures_util::future::join_all(claims).await;
            let taken = holders.into_iter().zip(claims.into_iter().map(|claim| claim.expect("asked")));
            let taken: Vec<_> = taken.filter_map(|(holder, taken)| Some((holder, taken?))).collect();
            assert_eq!(taken.len(), 2);
            let (holder, _) = taken.iter().find(|(_, taken)| taken.wish == one).expect("it was taken");
            assert!(store.clip_goes_on((&one.id, holder), 400, 60).await.expect("noted"));
            assert_eq!(store.clip(&one.id).await.expect("read").expect("there").come, Come::Underway(Some(400)));
            let again = store.claim_clip("e", 50, 80).await.expect("asked").expect("its lease is over");
            assert_eq!((again.wish, again.attempts), (two.clone(), 2));
            assert!(store.claim_clip("e", 59, 80).await.expect("asked").is_none());
            let again = store.claim_clip("e", 60, 80).await.expect("asked").expect("that of the other too");
            assert_eq!((again.wish.clone(), again.attempts), (one.clone(), 2));
            assert!(!store.clip_goes_on((&one.id, holder), 500, 90).await.expect("asked"), "it is another's now");
            store.give_back_clip((&one.id, "e"), 61).await.expect("noted");
            let back = store.claim_clip("f", 61, 90).await.expect("asked").expect("given back");
            assert_eq!((&back.wish, back.attempts), (&one, 2), "that try did not count");
            store.clip_failed((&one.id, "f"), None, "it is no film").await.expect("noted");
            let come = store.clip(&one.id).await.expect("read").expect("there").come;
            assert_eq!(come, Come::Dead("it is no film".to_owned()));
            store.clip_failed((&two.id, "e"), Some(500), "a pause").await.expect("noted");
            assert!(store.claim_clip("g", 499, 600).await.expect("asked").is_none());
            assert!(store.claim_clip("g", 500, 600).await.expect("asked").is_some());
            assert_eq!(store.release_work("g", 510).await.expect("noted"), 1, "it does not wait for the dead");
            assert!(store.claim_clip("h", 510, 600).await.expect("asked").is_some());
            store.close().await;
        }

        #[tokio::test]
        async fn a_clip_is_kept_until_its_time_is_over() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let receipt = || serde_json::json!({
                "source": "film", "source_bytes": 9, "rate": "25", "source_has_timecode": false, "ranges": [],
                "route": "edit-safe", "why": "", "hidden": [0, 0], "stretches": [], "bytes": 4,
            });
            let stored = |text: &str| Stored { sha256: Sha256::of(text.as_bytes()), bytes: 4 };
            // Two of the same bytes, one of others, one under way.
            for (to, what, until) in [(8, "same", 100), (9, "same", 200), (10, "others", 100), (11, "", 0)] {
                let wish = Wish::new(1, Sha256::of(b"film"), Sha256::of(b"index"), "video/mp4", 7..to);
                assert!(store.wish_for_clip(&wish, 9, 10, 100).await.expect("asked"));
                store.claim_clip("a", 10, 150).await.expect("asked").expect("it waits");
                if !what.is_empty() {
                    let made: Receipt = serde_json::from_value(receipt()).expect("a receipt");
                    assert!(store.clip_done((&wish.id, "a"), &stored(what), &made, until).await.expect("noted"));
                    let come = store.clip(&wish.id).await.expect("read").expect("there").come;
                    let Come::Done(made, told, end) = come else { panic!("{come:?}") };
                    assert_eq!((made, told["rate"].as_str(), end), (stored(what), Some("25"), until));
                }
            }
            let sweep = async |now| {
                let mut tx = store.begin().await.expect("it begins");
                let files = tx.sweep_clips(now).await.expect("swept");
                tx.commit().await.expect("it lasts");
                files
            };
            assert!(sweep(99).await.is_empty());
            assert_eq!(sweep(149).await, [stored("others").sha256], "the other file is still needed");
            assert_eq!(sweep(200).await, [stored("same").sha256]);
            let abandoned = Wish::new(1, Sha256::of(b"film"), Sha256::of(b"index"), "video/mp4", 7..11);
            assert_eq!(store.clip(&abandoned.id).await.expect("read"), None, "its lease was over too");
            store.close().await;
        }

        #[tokio::test]
        async fn a_deleted_video_names_the_files_nobody_else_needs() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let Added::New(one, _) = add(&store, "one", None).await else { panic!("it is new") };
            let Added::New(two, _) = add(&store, "two", None).await else { panic!("it is new") };
            let mut tx = store.begin().await.expect("it begins");
            for video in [one, two] {
                tx.put_video_file(video, &file("still", b"same", "image/jpeg"), 5).await.expect("put");
            }
            let captions = VideoFile { index: Some(Sha256::of(b"i")), ..file("captions-fr", b"c", "text/vtt") };
            tx.put_video_file(one, &captions, 5).await.expect("put");
            tx.commit().await.expect("it lasts");
            let files = store.video_files(one).await.expect("listed");
            assert_eq!(files.iter().map(|file| file.role.as_str()).collect::<Vec<_>>(), ["captions-fr", "original", "still"]);
            assert_eq!(files[0], captions);
            let claim = store.claim_video_work(Some(one), "w", 10, 100).await.expect("asked").expect("it is due");
            let mut tx = store.begin().await.expect("it begins");
            let mut unneeded = tx.delete_video(one, 7).await.expect("deleted");
            tx.commit().await.expect("it lasts");
            unneeded.sort();
            let mut wanted = [b"one".as_slice(), b"c", b"i"].map(Sha256::of);
            wanted.sort();
            assert_eq!(unneeded, wanted);
            assert!(!store.video_work_goes_on(&claim, 1, 11, 111).await.expect("asked"), "whoever works on it hears of it");
            assert!(store.video_work(one).await.expect("listed").is_empty());
            let remembered = async || store.deleted_video(&Sha256::of(b"one")).await.expect("asked").is_some();
            assert!(remembered().await);
            let named = store.named_files().await.expect("asked");
            assert!(named.contains(&Sha256::of(b"two")) && !named.contains(&Sha256::of(b"one")));
            assert!(matches!(add(&store, "one", None).await, Added::New(..)));
            assert!(!remembered().await, "it is there again");
        }

        #[tokio::test]
        async fn a_token_is_its_accounts_until_it_ends_and_there_are_only_so_many() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let ada = account("ada@example.org");
            let mut tx = store.begin().await.expect("it begins");
            tx.open_account(&ada).await.expect("opened");
            tx.commit().await.expect("it lasts");
            let adding = (0..6_u8).map(|n| {
                let store = store.clone();
                async move {
                    let mut tx = store.begin().await.expect("it begins");
                    tx.account("ada@example.org").await.expect("held");
                    let added = tx.add_token(&token(&n.to_string(), "id"), &[n], 4).await.expect("asked");
                    tx.commit().await.expect("it lasts");
                    added
                }
            });
            let added = futures_util::future::join_all(adding).await;
            assert_eq!(added.iter().filter(|added| **added).count(), 4, "of many at once");
            let (first, other) = (store.tokens_of("id").await.expect("listed")[0].clone(), b"another");
            let digest = [first.id.parse::<u8>().expect("a number")];
            let found = store.token(&digest, 99).await.expect("asked").expect("there");
            assert!(found == (first.clone(), ada));
            assert!(store.token(&digest, 100).await.expect("asked").is_none(), "it has ended");
            assert!(store.token(other, 20).await.expect("asked").is_none());
            store.token_used(&first.id, 30).await.expect("noted");
            let used = store.token(&digest, 31).await.expect("asked").expect("there").0;
            assert_eq!(used, Token { used_at: Some(30), ..first.clone() });
            let mut tx = store.begin().await.expect("it begins");
            assert_eq!(tx.end_token("nobody", &first.id).await.expect("asked"), None, "nobody else ends it");
            assert_eq!(tx.end_token("id", &first.id).await.expect("ended").as_deref(), Some("a script"));
            assert!(tx.add_token(&token("again", "id"), other, 4).await.expect("asked"), "there is room again");
            assert_eq!(tx.end_tokens("id").await.expect("ended"), 4);
            tx.commit().await.expect("it lasts");
            assert!(store.token(other, 20).await.expect("asked").is_none());
        }

        #[tokio::test]
        async fn terms_are_accepted_once_for_each_wording() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let mut tx = store.begin().await.expect("it begins");
            tx.open_account(&account("ada@example.org")).await.expect("opened");
            assert!(tx.accept_terms(&acceptance("id")).await.expect("accepted"));
            let later = Acceptance { at: 9, ..acceptance("id") };
            assert!(!tx.accept_terms(&later).await.expect("asked"));
            assert!(tx.accept_terms(&Acceptance { version: "2", ..later }).await.expect("accepted"));
            tx.commit().await.expect("it lasts");
            let accepted = async |version| store.accepted("id", version).await.expect("asked");
            assert_eq!([accepted("1").await, accepted("2").await, accepted("3").await], [Some(5), Some(9), None]);
        }

        #[tokio::test]
        async fn a_download_begins_once_and_is_gone_on_with() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            open_account(&store, "ada@example.org").await;
            let what = whole(&store).await;
            let Begun::Granted(first) = take(&store, "id", &what, 10, 9).await else { panic!("granted") };
            assert_eq!(take(&store, "id", &what, 11, 9).await, Begun::Granted(first), "nothing arrived yet");
            store.end_download(first, 100, ("bytes", 900), (11, 12)).await.expect("noted");
            assert_eq!(store.tries("bytes", 0).await.expect("told"), Some((1100, 10)), "what was not sent is given back");
            assert_eq!(take(&store, "id", &what, 13, 1).await, Begun::Granted(first), "whoever goes on has paid");
            store.end_download(first, 900, ("bytes", 0), (13, 14)).await.expect("noted");
            let Begun::Granted(second) = take(&store, "id", &what, 15, 9).await else { panic!("granted") };
            assert_ne!(first, second, "all of it had arrived");
            let part = Part { frames: 3..9, from: "f3".into(), to: "f9".into() };
            let part = What { part: Some(part), route: "instant", ..what.clone() };
            let Begun::Granted(third) = take(&store, "id", &part, 16, 9).await else { panic!("granted") };
            assert_eq!(store.tries("downloads", 0).await.expect("told"), Some((3, 10)));
            let taken = store.downloads_of("id", i64::MAX, 2).await.expect("listed");
            assert_eq!(taken.iter().map(|one| one.id).collect::<Vec<_>>(), [third, second]);
            assert_eq!((&taken[0].part, &*taken[0].route, &*taken[0].terms), (&part.part, "instant", "1"));
            let older = store.downloads_of("id", second, 2).await.expect("listed");
            assert_eq!((older.len(), older[0].id, older[0].sent, &older[0].part), (1, first, 1000, &None));
            assert_eq!(take(&store, "id", &part, 16 + 3000, 9).await, Begun::Granted(third + 1), "an hour later");
        }

        #[tokio::test]
        async fn of_many_downloads_at_once_as_many_are_granted_as_there_may_be() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            open_account(&store, "ada@example.org").await;
            let what = whole(&store).await;
            let taking = (0..12_u32).map(|n| {
                let part = Part { frames: n..n + 1, from: String::new(), to: String::new() };
                let (store, what) = (store.clone(), What { part: Some(part), ..what.clone() });
                async move { take(&store, "id", &what, 10, 5).await }
            });
            let begun = futures_util::future::join_all(taking).await;
            assert_eq!(begun.iter().filter(|begun| matches!(begun, Begun::Granted(_))).count(), 5);
            assert!(begun.iter().all(|b| matches!(b, Begun::Granted(_) | Begun::Spent(Budget::Downloads, 10))), "{begun:?}");
            assert_eq!(store.downloads_of("id", i64::MAX, 99).await.expect("listed").len(), 5);
            assert_eq!(store.tries("bytes", 0).await.expect("told"), Some((5000, 10)), "what was refused cost nothing");
        }

        #[tokio::test]
        async fn whoever_took_of_a_withdrawn_video_is_known_and_nobody_takes_of_it_any_more() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            open_account(&store, "ada@example.org").await;
            let what = whole(&store).await;
            assert!(matches!(take(&store, "id", &what, 10, 9).await, Begun::Granted(_)));
            assert_eq!(take(&store, "nobody", &what, 10, 9).await, Begun::Gone);
            let mut tx = store.begin().await.expect("it begins");
            assert!(tx.withdraw_video(what.video, Some("a face"), 20).await.expect("withdrawn"));
            let taken = tx.taken_of(what.video).await.expect("listed");
            assert_eq!(taken.iter().map(|one| &*one.download.account_id).collect::<Vec<_>>(), ["id"]);
            assert_eq!((&*taken[0].email, &*taken[0].lang), ("ada@example.org", "fr"));
            tx.commit().await.expect("it lasts");
            assert_eq!(take(&store, "id", &what, 21, 9).await, Begun::Gone);
            assert_eq!(store.tries("downloads", 0).await.expect("told"), Some((1, 10)));
        }

        #[tokio::test]
        async fn an_account_waits_for_so_many_clips_at_once() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            open_account(&store, "ada@example.org").await;
            let Added::New(video, _) = add(&store, "one", None).await else { panic!("it is new") };
            let wish = |to: u32| Wish::new(video, Sha256::of(b"film"), Sha256::of(b"index"), "video/mp4", 0..to);
            let wishes: Vec<_> = (1..=3).map(wish).collect();
            for wish in &wishes {
                assert!(store.wish_for_clip(wish, 9, 10, 1000).await.expect("asked"));
            }
            let wait = async |nth: usize| store.wait_for_clip("id", &wishes[nth].id, 2, 11).await.expect("asked");
            assert!(wait(0).await && wait(1).await && wait(0).await, "the same twice is one");
            assert!(!wait(2).await);
            let taken = store.claim_clip("a", 20, 50).await.expect("asked").expect("one waits").wish;
            assert!(!wait(2).await, "one that is being made is waited for");
            store.clip_failed((&taken.id, "a"), None, "never").await.expect("noted");
            assert!(taken == wishes[2] || wait(2).await, "one that is done with is not");
            assert!(!store.wait_for_clip("nobody", &wishes[0].id, 2, 11).await.expect("asked"));
        }
    };
}

/// Adds a video whose bytes are that text.
async fn add(store: &Store, text: &str, number: Option<&str>) -> Added {
    let number: Option<Number> = number.map(|number| number.parse().expect("a number"));
    let mut tx = store.begin().await.expect("it begins");
    let new = NewVideo {
        number: number.as_ref(),
        metadata: &serde_json::json!({"title": {"fr": "Un", "en": "One"}}),
        embargo_until: None,
        file_name: &format!("{text}.mp4"),
        files: &[file("original", text.as_bytes(), "video/mp4")],
        steps: &[("proxy".to_owned(), 10), ("still".to_owned(), 0)],
        now: 1,
    };
    let added = tx.add_video(&new).await.expect("asked");
    if added != Added::NumberTaken {
        tx.commit().await.expect("it lasts");
    }
    added
}

fn file(role: &str, bytes: &[u8], media_type: &str) -> VideoFile {
    VideoFile {
        role: role.into(),
        sha256: Sha256::of(bytes),
        bytes: bytes.len() as u64,
        media_type: media_type.into(),
        index: None,
        details: serde_json::json!({"width": 16}),
    }
}

/// An account of that address, in a transaction of its own.
async fn open_account(store: &Store, email: &str) {
    let mut tx = store.begin().await.expect("it begins");
    tx.open_account(&account(email)).await.expect("opened");
    tx.commit().await.expect("it lasts");
}

async fn run(store: &Store, sql: &str) {
    let sql = || sqlx::AssertSqlSafe(sql.to_owned());
    match store {
        Store::Sqlite { writer, .. } => drop(sqlx::query(sql()).execute(writer).await.expect("it runs")),
        Store::Postgres(pool) => drop(sqlx::query(sql()).execute(pool).await.expect("it runs")),
    }
}

const DONE: Next<'_> = Next { step: "done", expires_at: 1000 };

fn account(email: &str) -> Account {
    Account {
        id: "id".into(),
        email: email.into(),
        email_key: email.into(),
        password_hash: "hash".into(),
        lang: "fr".into(),
        newsletter_at: None,
        created_at: 1,
    }
}

fn session(id: &str) -> Session {
    Session {
        id: id.into(),
        account_id: "id".into(),
        agent: "agent".into(),
        network: "network".into(),
        created_at: 10,
        seen_at: 20,
    }
}

fn flow(id: &str) -> Flow {
    Flow {
        id: id.into(),
        purpose: "register".into(),
        step: "code".into(),
        email: "ada@example.org".into(),
        email_key: "ada@example.org".into(),
        account_id: None,
        password_hash: Some("hash".into()),
        return_to: String::new(),
        code: Some(b"code".to_vec()),
        code_expires_at: 100,
        tries: 0,
        sent_at: 10,
        letter_id: "l1".into(),
        created_at: 10,
        expires_at: 1000,
    }
}

fn letter(id: &str, priority: i64, created_at: i64) -> NewLetter {
    NewLetter {
        id: id.into(),
        to: "ada@example.org".into(),
        lang: "fr".into(),
        sealed: b"sealed".to_vec(),
        priority,
        expires_at: None,
        created_at,
    }
}

/// A token of an account's, from 10 to 100.
fn token(id: &str, account: &str) -> Token {
    let name = "a script".to_owned();
    Token { id: id.into(), account_id: account.into(), name, created_at: 10, used_at: None, ends_at: 100 }
}

fn acceptance(account_id: &str) -> Acceptance<'_> {
    Acceptance { account_id, version: "1", at: 5, lang: "fr", network: "n" }
}

/// A new video, to be taken whole.
async fn whole(store: &Store) -> What {
    let Added::New(video, number) = add(store, "taken", None).await else { panic!("it is new") };
    What { video, number, rendition: "720p".into(), part: None, route: "whole", bytes: 1000 }
}

/// Asks for all of it, by an account that may begin so many downloads in 3 seconds.
async fn take(store: &Store, account_id: &str, what: &What, now: i64, most: i64) -> Begun {
    let bytes = i64::try_from(what.bytes).expect("few");
    let wanted = Wanted {
        account_id,
        what,
        terms: "1",
        resumes: false,
        downloads: Spend { key: "downloads", window: 3000, limit: most, amount: 1 },
        bytes: Spend { key: "bytes", window: 9000, limit: 1_000_000, amount: bytes },
        since: now - 3000,
        now,
    };
    store.begin_download(&wanted).await.expect("asked")
}

/// Withdraws a video, or shows it again. Whether it was not so already.
async fn withdraw(store: &Store, video: i64, why: Option<&str>, now: i64) -> bool {
    let mut tx = store.begin().await.expect("it begins");
    let changed = tx.withdraw_video(video, why, now).await.expect("asked");
    tx.commit().await.expect("it lasts");
    changed
}

fn event(event: &str) -> Event {
    Event {
        at: 1,
        event: event.into(),
        account_id: Some("id".into()),
        address: "mark".into(),
        network: "network".into(),
        detail: String::new(),
    }
}

mod on_sqlite {
    use super::*;

    fn own_file() -> (Database, PathBuf, Folder) {
        let folder = Folder::new("sqlite");
        (Database::Sqlite("own.db".into()), folder.0.join("made/by/itself"), folder)
    }

    store_contract!(own_file);

    #[tokio::test]
    async fn what_was_acknowledged_survives_a_power_cut() {
        let (database, data, _alive) = own_file();
        let store = Store::open(&database, &data).await.expect("it opens");
        let Store::Sqlite { writer: pool, .. } = store else { panic!("SQLite") };
        let pragma = async |sql: &'static str| sqlx::query_scalar::<_, i64>(sql).fetch_one(&pool).await.expect("told");
        assert_eq!(pragma("PRAGMA synchronous").await, 2);
        assert_eq!(pragma("PRAGMA foreign_keys").await, 1);
        assert!(pragma("PRAGMA busy_timeout").await >= 1000);
        let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&pool).await.expect("told");
        assert_eq!(journal, "wal");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn no_other_user_reads_what_is_kept() {
        let (database, data, _alive) = own_file();
        Store::open(&database, &data).await.expect("it opens");
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&data).expect("it was made").permissions());
        assert_eq!(mode & 0o077, 0);
    }
}

mod on_postgres {
    use super::*;

    fn own_server() -> (Database, PathBuf, Postgres) {
        let server = Postgres::start();
        (Database::Postgres(server.url()), server.folder.0.clone(), server)
    }

    store_contract!(own_server);

    #[tokio::test]
    async fn a_server_that_is_gone_is_noticed() {
        let (database, data, server) = own_server();
        let store = Store::open(&database, &data).await.expect("it opens");
        store.ping().await.expect("it answers");
        drop(server);
        store.ping().await.expect_err("nobody answers");
    }
}
