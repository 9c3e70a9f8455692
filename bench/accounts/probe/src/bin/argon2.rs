//! `argon2 SECONDS THREADS`: as many hashes as the machine can do, with the product's parameters and memory that is used
//! again. `argon2 phc PASSWORD`: one hash of that password, in hex, with the salt `estafette-bench!`.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::time::{Duration, Instant};

/// `server/src/accounts/hasher.rs`.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
const SALT: &[u8] = b"estafette-bench!";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, more] = &arguments[..] else { panic!("argon2 SECONDS THREADS | argon2 phc PASSWORD") };
    if what == "phc" {
        let hash = hash(more.as_bytes(), &mut Vec::new());
        println!("{}", hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        return;
    }
    let length = Duration::from_secs_f64(what.parse().expect("seconds"));
    let threads: usize = more.parse().expect("a number of threads");
    let rates = (0..threads).map(|_| {
        std::thread::spawn(move || {
            let mut memory = Vec::new();
            hash(b"once", &mut memory); // Its memory is there before the clock runs.
            let (began, mut hashes) = (Instant::now(), 0.0);
            while began.elapsed() < length {
                hash(b"Vent-du-Nord-4711", &mut memory);
                hashes += 1.0;
            }
            (hashes, hashes / began.elapsed().as_secs_f64())
        })
    });
    let rates: Vec<_> = rates.collect();
    let rates: Vec<(f64, f64)> = rates.into_iter().map(|thread| thread.join().expect("a thread")).collect();
    let (hashes, rate) = rates.iter().fold((0.0, 0.0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
    println!("{{\"perSecond\": {rate}, \"cpu\": {}}}", 1000.0 * probe::cpu() / hashes);
}

fn hash(password: &[u8], memory: &mut Vec<Block>) -> [u8; 32] {
    let params = Params::new(COST.0, COST.1, COST.2, Some(32)).expect("they are allowed");
    memory.resize(params.block_count(), Block::default());
    let mut hash = [0; 32];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into_with_memory(password, SALT, &mut hash, memory).expect("it is hashed");
    hash
}
