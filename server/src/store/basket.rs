//! Baskets: ranges of footage that an account has put aside, in an order of its own.

use super::{Inner, Store, StoreError, Tx, in_tx, on_either};
use clip::Frames;

/// Ranges that a basket holds at most.
pub const MOST: usize = 200;

/// A range in a basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its row.
    pub id: i64,
    /// Of which video.
    pub video: i64,
    /// Which frames.
    pub frames: Frames,
    /// What its owner says of it.
    pub note: String,
}

/// A range to be put into a basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// Of which video.
    pub video: i64,
    /// Which frames.
    pub frames: Frames,
    /// What is said of it.
    pub note: String,
}

/// What came of putting a range into a basket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// It is in.
    In,
    /// It was in before.
    WasIn,
    /// There is no place for it.
    Full,
}

/// Where a range is moved to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Before the one in front of it.
    Up,
    /// Behind the one after it.
    Down,
}

type Row = (i64, i64, i64, i64, String);

impl Kept {
    fn of((id, video, from, to, note): Row) -> Result<Self, StoreError> {
        let frame = |number: i64| u32::try_from(number).map_err(|error| sqlx::Error::Decode(Box::new(error)));
        Ok(Self { id, video, frames: frame(from)?..frame(to)?, note })
    }
}

const ALL: &str = "SELECT id, video_id, from_frame, to_frame, note FROM basket WHERE account_id = $1 \
                   ORDER BY position, id";

impl Store {
    /// What lies in an account's basket, in its order.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn basket(&self, account_id: &str) -> Result<Vec<Kept>, StoreError> {
        let rows: Vec<Row> = on_either!(self, pool => sqlx::query_as(ALL).bind(account_id).fetch_all(pool).await?);
        rows.into_iter().map(Kept::of).collect()
    }
}

impl Tx {
    /// Holds an account until the transaction ends: its basket is one person's, in however many windows.
    async fn hold_basket(&mut self, account_id: &str) -> Result<(), StoreError> {
        const HELD: &str = "SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE";
        // SQLite's transactions have the whole database for themselves.
        if let Inner::Postgres(tx) = &mut self.0 {
            sqlx::query(HELD).bind(account_id).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Puts ranges into a basket, behind what is in it; what came of each.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn put_into_basket(&mut self, account_id: &str, ranges: &[Put]) -> Result<Vec<Came>, StoreError> {
        const HELD: &str = "SELECT count(*), coalesce(max(position), 0) FROM basket WHERE account_id = $1";
        const IN: &str = "SELECT count(*) FROM basket \
                          WHERE account_id = $1 AND video_id = $2 AND from_frame = $3 AND to_frame = $4";
        const PUT: &str = "INSERT INTO basket (account_id, video_id, from_frame, to_frame, note, position) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
        self.hold_basket(account_id).await?;
        let (mut count, mut last): (i64, i64) =
            in_tx!(self, c => sqlx::query_as(HELD).bind(account_id).fetch_one(c).await?);
        let mut came = Vec::new();
        for put in ranges {
            let (from, to) = (i64::from(put.frames.start), i64::from(put.frames.end));
            let is_in: i64 = in_tx!(self, c => {
                sqlx::query_scalar(IN).bind(account_id).bind(put.video).bind(from).bind(to).fetch_one(c).await?
            });
            came.push(match () {
                () if is_in > 0 => Came::WasIn,
                () if usize::try_from(count).is_ok_and(|count| count >= MOST) => Came::Full,
                () => {
                    (count, last) = (count + 1, last + 1);
                    in_tx!(self, c => {
                        let query = sqlx::query(PUT).bind(account_id).bind(put.video).bind(from).bind(to);
                        query.bind(&put.note).bind(last).execute(c).await?;
                    });
                    Came::In
                }
            });
        }
        Ok(came)
    }

    /// Takes a range out of a basket. Whether it was in.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn take_out_of_basket(&mut self, account_id: &str, id: i64) -> Result<bool, StoreError> {
        const OUT: &str = "DELETE FROM basket WHERE account_id = $1 AND id = $2";
        Ok(in_tx!(self, c => sqlx::query(OUT).bind(account_id).bind(id).execute(c).await?.rows_affected() == 1))
    }

    /// Empties a basket.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn empty_basket(&mut self, account_id: &str) -> Result<(), StoreError> {
        const EMPTY: &str = "DELETE FROM basket WHERE account_id = $1";
        in_tx!(self, c => { sqlx::query(EMPTY).bind(account_id).execute(c).await?; });
        Ok(())
    }

    /// Says something of a range. Whether it is in that basket.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn note_in_basket(&mut self, account_id: &str, id: i64, note: &str) -> Result<bool, StoreError> {
        const NOTE: &str = "UPDATE basket SET note = $3 WHERE account_id = $1 AND id = $2";
        Ok(in_tx!(self, c => {
            sqlx::query(NOTE).bind(account_id).bind(id).bind(note).execute(c).await?.rows_affected() == 1
        }))
    }

    /// Moves a range of a basket by one place. Whether it could be.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn move_in_basket(&mut self, account_id: &str, id: i64, to: Move) -> Result<bool, StoreError> {
        const PLACE: &str = "UPDATE basket SET position = $2 WHERE id = $1";
        self.hold_basket(account_id).await?;
        let rows: Vec<Row> = in_tx!(self, c => sqlx::query_as(ALL).bind(account_id).fetch_all(c).await?);
        let mut order: Vec<i64> = rows.into_iter().map(|(id, ..)| id).collect();
        let here = order.iter().position(|one| *one == id);
        let there = here.and_then(|here| match to {
            Move::Up => here.checked_sub(1),
            Move::Down => Some(here + 1).filter(|there| *there < order.len()),
        });
        let Some((here, there)) = here.zip(there) else { return Ok(false) };
        order.swap(here, there);
        for (id, position) in order.into_iter().zip(1_i64..) {
            in_tx!(self, c => { sqlx::query(PLACE).bind(id).bind(position).execute(c).await?; });
        }
        Ok(true)
    }
}
