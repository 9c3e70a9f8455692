//! What the video library promises to those who look for footage, on both engines.

use app::media::contract::{Facet, Library, Query, Sort, Sought};
use plan::Lang;
use serde_json::{Value, json};
use server::{
    clock::Clock,
    library::Catalogue,
    media::{
        delivery::Indexes,
        metadata::Number,
        vault::{Sha256, Vault},
    },
    settings::{Database, Settings},
    store::{
        Store,
        media::{Added, NewVideo, VideoFile},
    },
};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

#[path = "support/postgres.rs"]
mod postgres;

use postgres::{Folder, Postgres};

/// A clock that a test sets.
#[derive(Default)]
struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A library with its store, vault and clock.
struct House {
    store: Store,
    vault: Vault,
    clock: Arc<Hand>,
    catalogue: Catalogue,
}

impl House {
    async fn open(database: &Database, data: &Path) -> Self {
        let store = Store::open(database, data).await.expect("it opens");
        let folder = data.join("media");
        let environment = vec![("ESTAFETTE_DATA".into(), data.into()), ("MEDIA_URL".into(), folder.into())];
        let vault = Vault::open(&Settings::load(None, environment).expect("settings")).expect("a vault");
        let clock = Arc::new(Hand::default());
        clock.0.store(1_795_420_859_000, Ordering::Relaxed);
        let catalogue = Self::catalogue(&store, &vault, &clock);
        let house = Self { store, vault, clock, catalogue };
        house.catalogue.renew().await.expect("renewed");
        house
    }

    fn catalogue(store: &Store, vault: &Vault, clock: &Arc<Hand>) -> Catalogue {
        let indexes = Arc::new(Indexes::new(vault.clone(), 1 << 20));
        Catalogue::new(store.clone(), vault.clone(), indexes, Arc::clone(clock) as _)
    }

    /// Adds a video and publishes it.
    async fn add(&self, number: &str, metadata: &Value, captions: Option<&str>) -> i64 {
        let file = |role: &str, media_type: &str, details: Value| VideoFile {
            role: role.to_owned(),
            sha256: Sha256::of(format!("{number} {role}").as_bytes()),
            bytes: 1000,
            media_type: media_type.to_owned(),
            index: None,
            details,
        };
        let film = |width: u32, height: u32| {
            json!({"width": width, "height": height, "rate": "25", "frames": 750, "seconds": 30.0, "codec": "h264",
                   "timecode": "10:00:00:00"})
        };
        let mut files = vec![
            file("original", "video/mp4", film(1920, 1080)),
            file("proxy", "video/mp4", film(854, 480)),
            file("still", "image/jpeg", json!({"width": 1280, "height": 720})),
            file("thumbnail", "image/webp", json!({"width": 480, "height": 270})),
        ];
        if let Some(text) = captions {
            let stored = self.vault.put_bytes(text.to_owned().into()).await.expect("stored");
            let captions = file("captions-fr", "text/vtt", json!({"language": "fr"}));
            files.push(VideoFile { sha256: stored.sha256, bytes: stored.bytes, ..captions });
        }
        let mut tx = self.store.begin().await.expect("a transaction");
        let new = NewVideo {
            number: Some(&number.parse::<Number>().expect("a number")),
            metadata,
            embargo_until: None,
            file_name: "film.mp4",
            files: &files,
            steps: &[],
            now: self.clock.now(),
        };
        let Added::New(id, _) = tx.add_video(&new).await.expect("added") else { panic!("{number} is not new") };
        assert!(tx.publish_video(id, self.clock.now()).await.expect("published"));
        tx.commit().await.expect("committed");
        id
    }

    async fn edit(&self, video: i64, number: &str, metadata: &Value, embargo: Option<i64>) {
        let mut tx = self.store.begin().await.expect("a transaction");
        assert!(tx.edit_video(video, number, metadata, embargo, self.clock.now()).await.expect("edited"));
        tx.commit().await.expect("committed");
    }

    async fn withdraw(&self, video: i64, why: Option<&str>) {
        let mut tx = self.store.begin().await.expect("a transaction");
        assert!(tx.withdraw_video(video, why, self.clock.now()).await.expect("asked"));
        tx.commit().await.expect("committed");
    }

    /// The numbers that answer an address's query.
    async fn numbers(&self, query: &str) -> Vec<String> {
        self.catalogue.renew().await.expect("renewed");
        let found = self.catalogue.search(Lang::Fr, &of(query)).await.expect("an answer");
        found.videos.into_iter().map(|card| card.number).collect()
    }

    /// Three videos: munitions at Leopoldsburg, a convoy at Évreux, an interview.
    async fn furnished(database: &Database, data: &Path) -> Self {
        let house = Self::open(database, data).await;
        house.add("ES-001", &munitions(), None).await;
        house.clock.0.fetch_add(60_000, Ordering::Relaxed);
        house.add("ES-002", &convoy(), None).await;
        house.clock.0.fetch_add(60_000, Ordering::Relaxed);
        let captions = "WEBVTT\n\n00:00.000 --> 00:02.000\nNous avons besoin de <i>matières premières</i> critiques.\n";
        house
            .add("ES-003", &json!({"title": {"fr": "Entretien", "en": "Interview"}, "language": "fr"}), Some(captions))
            .await;
        house.catalogue.renew().await.expect("renewed");
        house
    }
}

fn of(query: &str) -> Query {
    Query::read(query.split('&').filter_map(|pair| pair.split_once('=')))
}

fn munitions() -> Value {
    json!({
        "title": {"fr": "Essais de munitions de 155 mm", "en": "Trials of 155 mm ammunition"},
        "storyline": {"fr": "Quatre Alliés comparent.", "en": "Four Allies compare."},
        "language": "fr",
        "related": ["m4", "m4.2"],
        "dates": {"event": "2026-11"},
        "place": {"fr": "Bourg-Léopold", "en": "Leopoldsburg", "country": "BE"},
        "topics": [{"fr": "Normes", "en": "Standards"}],
        "restrictions": [{"kind": "block", "in": "10:00:12:00", "out": "10:00:15:10", "fr": "Visage", "en": "Face"}],
        "shotlist": [
            {"in": "10:00:00:00", "out": "10:00:08:00", "fr": "Plan d’ensemble du banc", "en": "Wide shot of the bench"},
            {"in": "10:00:08:00", "out": "10:00:12:00", "fr": "Gros plan d’un obus", "en": "Close-up of a shell"},
        ],
    })
}

fn convoy() -> Value {
    json!({
        "title": {"fr": "Un convoi sur l’autoroute", "en": "A convoy on the motorway"},
        "language": "zxx",
        "dates": {"created": "2025-06-30"},
        "place": {"fr": "Évreux", "en": "Évreux", "country": "FR"},
        "topics": [{"fr": "Mobilité", "en": "Mobility"}, {"fr": "Normes", "en": "Standards"}],
    })
}

/// The promises, for an engine that `$open`s a database of the test's own.
macro_rules! library_contract {
    ($open:path) => {
        #[tokio::test]
        async fn words_are_found_in_both_languages_without_accents_and_in_any_inflection() {
            let (database, data, _alive) = $open();
            let house = House::furnished(&database, &data).await;
            for (query, numbers) in [
                ("q=munition", &["ES-001"][..]),
                ("q=MUNITIONS essai", &["ES-001"]),
                ("q=ammunition trial", &["ES-001"]),
                ("q=bourg leopold", &["ES-001"]),
                ("q=evreux", &["ES-002"]),
                ("q=l’autoroute", &["ES-002"]),
                ("q=obus", &["ES-001"]),
                ("q=matieres premieres", &["ES-003"]),
                ("q=155", &["ES-001"]),
                ("q=ES-002", &["ES-002"]),
                ("q=munitions convoi", &[]),
                ("q=muni", &["ES-001"]),
                ("q=\"'; DROP TABLE videos --", &[]),
                ("q=a* OR b NEAR (x)", &[]),
                ("q=& | ! <-> :*", &["ES-003", "ES-001", "ES-002"]),
            ] {
                assert_eq!(house.numbers(query).await, numbers, "{query}");
            }
        }

        #[tokio::test]
        async fn a_typing_error_is_forgiven_and_said() {
            let (database, data, _alive) = $open();
            let house = House::furnished(&database, &data).await;
            assert_eq!(house.numbers("q=munisions").await, ["ES-001"]);
            let found = house.catalogue.search(Lang::Fr, &of("q=munisions")).await.expect("an answer");
            assert_eq!(found.meant, [("munisions".to_owned(), "munitions".to_owned())]);
            assert_eq!(house.numbers("q=autoruote").await, ["ES-002"]);
            assert!(house.numbers("q=zygomatique").await.is_empty());
        }

        #[tokio::test]
        async fn the_shot_that_answers_is_told() {
            let (database, data, _alive) = $open();
            let house = House::furnished(&database, &data).await;
            house.catalogue.renew().await.expect("renewed");
            let found = house.catalogue.search(Lang::En, &of("q=obus")).await.expect("an answer");
            let shot = found.videos[0].shot.clone().expect("a shot");
            assert_eq!((shot.start, shot.end, shot.timecode.as_str()), (200, 300, "10:00:08:00"));
            assert_eq!(shot.text, "Close-up of a shell");
            let found = house.catalogue.search(Lang::En, &of("q=munition")).await.expect("an answer");
            assert!(found.videos[0].shot.is_none());
        }

        #[tokio::test]
        async fn facets_narrow_and_count() {
            let (database, data, _alive) = $open();
            let house = House::furnished(&database, &data).await;
            for (query, numbers) in [
                ("topic=normes", &["ES-001", "ES-002"][..]),
                ("topic=normes&place=evreux", &["ES-002"]),
                ("place=evreux&place=bourg-leopold", &["ES-001", "ES-002"]),
                ("measure=m4", &["ES-001"]),
                ("lang=zxx", &["ES-002"]),
                ("restriction=block", &["ES-001"]),
                ("restriction=none&sort=title", &["ES-003", "ES-002"]),
                ("duration=medium&resolution=1080&sort=oldest", &["ES-002", "ES-001", "ES-003"]),
                ("from=2026-01-01", &["ES-003", "ES-001"]),
                ("from=2025&to=2025-12-31", &["ES-002"]),
                ("topic=nowhere", &[]),
            ] {
                assert_eq!(house.numbers(query).await, numbers, "{query}");
            }
            let found = house.catalogue.search(Lang::En, &of("q=normes")).await.expect("an answer");
            let topics = &found.facets.iter().find(|(facet, _)| *facet == Facet::Topic).expect("topics").1;
            let names: Vec<_> = topics.iter().map(|topic| (topic.name.as_str(), topic.count)).collect();
            assert_eq!(names, [("Standards", 2), ("Mobility", 1)]);
            assert_eq!(of("sort=longest").sort, Sort::Longest);
        }

        #[tokio::test]
        async fn what_changes_is_found_so_from_then_on() {
            let (database, data, _alive) = $open();
            let house = House::open(&database, &data).await;
            let video = house.add("ES-001", &munitions(), None).await;
            assert_eq!(house.numbers("q=munitions").await, ["ES-001"]);
            let version = house.catalogue.version();
            house.edit(video, "ES-009", &convoy(), None).await;
            assert!(house.numbers("q=munitions").await.is_empty());
            assert_eq!(house.numbers("q=convoi").await, ["ES-009"]);
            assert_ne!(house.catalogue.version(), version);

            house.withdraw(video, Some("error")).await;
            assert!(matches!(house.catalogue.video("ES-009").await, Ok(Sought::Withdrawn)), "at once");
            assert!(house.numbers("").await.is_empty());
            house.withdraw(video, None).await;
            assert_eq!(house.numbers("").await, ["ES-009"]);

            let mut tx = house.store.begin().await.expect("a transaction");
            tx.delete_video(video, 7).await.expect("deleted");
            tx.commit().await.expect("committed");
            assert!(house.numbers("").await.is_empty());
            assert!(matches!(house.catalogue.video("ES-009").await, Ok(Sought::Unknown)));
        }

        #[tokio::test]
        async fn what_is_not_committed_is_not_found() {
            let (database, data, _alive) = $open();
            let house = House::open(&database, &data).await;
            let video = house.add("ES-001", &munitions(), None).await;
            let mut tx = house.store.begin().await.expect("a transaction");
            assert!(tx.edit_video(video, "ES-001", &convoy(), None, 1).await.expect("edited"));
            drop(tx);
            assert_eq!(house.numbers("q=munitions").await, ["ES-001"]);
            assert!(house.numbers("q=convoi").await.is_empty());
        }

        #[tokio::test]
        async fn an_embargo_hides_a_video_until_it_ends() {
            let (database, data, _alive) = $open();
            let house = House::open(&database, &data).await;
            let video = house.add("ES-001", &munitions(), None).await;
            let until = house.clock.now() + 1000;
            house.edit(video, "ES-001", &munitions(), Some(until)).await;
            assert!(house.numbers("q=munitions").await.is_empty());
            assert!(matches!(house.catalogue.video("ES-001").await, Ok(Sought::Unknown)));
            assert!(house.catalogue.latest(Lang::Fr, 4).await.expect("an answer").is_empty());
            assert!(house.catalogue.beside_plan(Lang::Fr).is_empty());
            let version = house.catalogue.version();
            house.clock.0.store(until, Ordering::Relaxed);
            assert_eq!(house.numbers("q=munitions").await, ["ES-001"]);
            assert_ne!(house.catalogue.version(), version, "pages that were kept are stale");
            assert_eq!(house.catalogue.beside_plan(Lang::Fr)["m4.2"].len(), 1);
        }

        #[tokio::test]
        async fn what_one_instance_writes_the_others_find() {
            let (database, data, _alive) = $open();
            let house = House::open(&database, &data).await;
            let other = House::catalogue(&house.store, &house.vault, &house.clock);
            house.add("ES-001", &munitions(), None).await;
            // Both look at once.
            let (one, two) = tokio::join!(house.catalogue.renew(), other.renew());
            one.expect("renewed");
            two.expect("renewed");
            for catalogue in [&house.catalogue, &other] {
                catalogue.renew().await.expect("renewed");
                let found = catalogue.search(Lang::Fr, &of("q=munisions")).await.expect("an answer");
                assert_eq!((found.total, found.meant.len()), (1, 1));
            }
        }

        #[tokio::test]
        async fn a_video_is_told_whole() {
            let (database, data, _alive) = $open();
            let house = House::furnished(&database, &data).await;
            let Ok(Sought::Found(video)) = house.catalogue.video("es-001").await else { panic!("it is there") };
            assert_eq!(video.number, "ES-001");
            assert_eq!(video.shots[1].frames, 200..300);
            assert_eq!(video.restrictions[0].frames, Some(300..385));
            assert_eq!(video.timing.timecode(0), "10:00:00:00");
            assert_eq!(video.renditions[0].video, "H.264");
            assert_eq!(video.proxy.as_ref().expect("a proxy").path, "/media/ES-001/proxy.mp4");
            assert!(matches!(house.catalogue.video("nothing here").await, Ok(Sought::Unknown)));
            let latest: Vec<String> = house
                .catalogue
                .latest(Lang::Fr, 2)
                .await
                .expect("an answer")
                .into_iter()
                .map(|card| card.number)
                .collect();
            assert_eq!(latest, ["ES-003", "ES-002"]);
        }
    };
}

mod on_sqlite {
    use super::*;
    use std::path::PathBuf;

    fn own_file() -> (Database, PathBuf, Folder) {
        let folder = Folder::new("library");
        (Database::Sqlite("own.db".into()), folder.0.clone(), folder)
    }

    library_contract!(own_file);
}

mod on_postgres {
    use super::*;
    use std::path::PathBuf;

    fn own_server() -> (Database, PathBuf, Postgres) {
        let server = Postgres::start();
        (Database::Postgres(server.url()), server.folder.0.clone(), server)
    }

    library_contract!(own_server);
}
