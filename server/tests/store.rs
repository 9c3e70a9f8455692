//! What the store promises, on both engines.

use server::{
    settings::Database,
    store::{
        Store,
        accounts::{Account, Consent},
        audit::Event,
        budgets::{Ends, Spend},
        flows::{Flow, Next},
        outbox::NewLetter,
        sessions::Session,
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
            for table in ["consents", "devices", "sessions", "flows", "attempts", "outbox", "audit", "accounts"] {
                run(&store, &format!("DROP TABLE {table}")).await;
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
            let k = [Spend { key: "k", window: 500, limit: 7 }];
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
            tx.forget_tries("k").await.expect("forgotten");
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
            tx.commit().await.expect("it lasts");
            assert_eq!(store.account("ada@example.org").await.expect("asked").expect("there").newsletter_at, Some(3));
            let mut tx = store.begin().await.expect("it begins");
            assert!(tx.delete_account(&ada).await.expect("deleted"));
            tx.anonymise("id", "mark").await.expect("forgotten");
            tx.commit().await.expect("it lasts");
            assert!(store.account("ada@example.org").await.expect("asked").is_none());
            assert!(store.session(b"s1", 0, 0).await.expect("asked").is_none());
            assert!(store.flow(b"token", 1).await.expect("asked").is_none());
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
            store.spend_tries(1, &[Spend { key: "k", window: 500, limit: 9 }]).await.expect("counted");
            let nothing = Ends { flows: 0, tries: 0, idle: 0, began: 0, letters: 0, devices: 0, audit: 0 };
            assert_eq!(store.sweep(&nothing).await.expect("swept"), 0);
            let all =
                Ends { flows: 9999, tries: 9999, idle: 9999, began: 9999, letters: 9999, devices: 9999, audit: 9999 };
            assert_eq!(store.sweep(&all).await.expect("swept"), 4, "a queued letter is not ended");
            assert!(store.account("ada@example.org").await.expect("asked").is_some());
        }
    };
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
