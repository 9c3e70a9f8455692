//! PostgreSQL 15 and later: for several instances.

use super::{PATIENCE, Why, migrator};
use sqlx::{PgPool, postgres::PgPoolOptions};

const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "site_meta", include_str!("../../../migrations/postgres/0001_site_meta.sql")),
    (2, "accounts", include_str!("../../../migrations/postgres/0002_accounts.sql")),
    (3, "media", include_str!("../../../migrations/postgres/0003_media.sql")),
    (4, "clips", include_str!("../../../migrations/postgres/0004_clips.sql")),
    (5, "library", include_str!("../../../migrations/postgres/0005_library.sql")),
    (6, "downloads", include_str!("../../../migrations/postgres/0006_downloads.sql")),
    (7, "basket", include_str!("../../../migrations/postgres/0007_basket.sql")),
    (8, "footage", include_str!("../../../migrations/postgres/0008_footage.sql")),
];

/// Per instance. PostgreSQL allows 100 in all by default.
const CONNECTIONS: u32 = 16;

pub(super) async fn open(url: &str) -> Result<PgPool, Why> {
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE).connect(url).await?;
    // Under an advisory lock: of several instances that start at once, one does it.
    migrator(MIGRATIONS).run(&pool).await?;
    Ok(pool)
}
