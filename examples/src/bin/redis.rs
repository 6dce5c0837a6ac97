//! Structures as values in Redis: what they take there, and how long they take there and back, as their bytes and in other
//! forms that people use.
//!
//! `just example redis`: items as the argument. It starts a server of its own on 127.0.0.1 and ends it; it wants
//! `redis-server` (Debian: `apt-get install redis-server`).

use anyhow::{Context, Result, ensure};
use comfy_table::{Table, presets};
use fewbytes::text::dawg::Mode;
use fewbytes::{BloomFilter, Dawg, HyperLogLog, SparseHyperLogLog};
use fewbytes_examples::{argument, timed, word};
use redis::{Commands, Connection};
use serde::{Serialize, de::DeserializeOwned};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Times each way; the figure is the median.
const ROUNDS: usize = 15;

/// A server that ends with the program.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself: nothing is left to do then.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    fn start() -> Result<(Self, Connection)> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn()
            .context("`redis-server` can't be started; Debian has it as `apt-get install redis-server`.")?;
        let server = Self(child);
        let client = redis::Client::open(format!("redis://127.0.0.1:{port}/"))?;
        for _ in 0..100 {
            if let Ok(connection) = client.get_connection() {
                return Ok((server, connection));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        anyhow::bail!("the server does not answer after five seconds")
    }
}

/// A form in which a structure is stored.
struct Form<T> {
    name: &'static str,
    encode: fn(&T) -> Result<Vec<u8>>,
    /// From what is stored to the structure, or to the bytes of it.
    decode: fn(Vec<u8>) -> Result<Stored<T>>,
}

enum Stored<T> {
    Structure(T),
    Bytes(Vec<u8>),
}

fn forms<T: AsRef<[u8]> + Serialize + DeserializeOwned>() -> [Form<T>; 5] {
    [
        Form {
            name: "its bytes",
            encode: |value| Ok(value.as_ref().to_vec()),
            decode: |bytes| Ok(Stored::Bytes(bytes)),
        },
        Form {
            name: "JSON, by serde",
            encode: |value| Ok(serde_json::to_vec(value)?),
            decode: |text| Ok(Stored::Structure(serde_json::from_slice(&text)?)),
        },
        Form {
            name: "MessagePack, by serde",
            encode: |value| Ok(rmp_serde::to_vec(value)?),
            decode: |bytes| Ok(Stored::Structure(rmp_serde::from_slice(&bytes)?)),
        },
        Form {
            name: "zstd, level 3",
            encode: |value| Ok(zstd::encode_all(value.as_ref(), 3)?),
            decode: |bytes| Ok(Stored::Bytes(zstd::decode_all(&bytes[..])?)),
        },
        Form {
            name: "lz4",
            encode: |value| Ok(lz4_flex::compress_prepend_size(value.as_ref())),
            decode: |bytes| Ok(Stored::Bytes(lz4_flex::decompress_size_prepended(&bytes)?)),
        },
    ]
}

/// What is stored, and how: a question to it after its way there and back.
struct Race<'a> {
    connection: &'a mut Connection,
    table: Table,
}

impl Race<'_> {
    fn add<T: AsRef<[u8]> + Serialize + DeserializeOwned>(
        &mut self,
        name: &str,
        value: &T,
        open: fn(Vec<u8>) -> fewbytes::Result<T>,
        ask: fn(&T) -> bool,
    ) -> Result<()> {
        for Form { name: form, encode, decode } in forms() {
            let (mut there, mut back) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                let (put, time) = timed(|| -> Result<()> {
                    self.connection.set::<_, _, ()>(name, encode(value)?)?;
                    Ok(())
                });
                put?;
                there.push(time);
                let (asked, time) = timed(|| -> Result<bool> {
                    let value = match decode(self.connection.get(name)?)? {
                        Stored::Structure(value) => value,
                        Stored::Bytes(bytes) => open(bytes)?,
                    };
                    Ok(ask(&value))
                });
                ensure!(asked?, "{name}, {form}: another answer than before");
                back.push(time);
            }
            let stored: u64 = self.connection.strlen(name)?;
            let memory: u64 = redis::cmd("MEMORY").arg("USAGE").arg(name).query(self.connection)?;
            let micros = |mut times: Vec<Duration>| {
                times.sort_unstable();
                format!("{:.0}", times[ROUNDS / 2].as_secs_f64() * 1e6)
            };
            self.table.add_row([
                name.into(),
                form.into(),
                stored.to_string(),
                memory.to_string(),
                micros(there),
                micros(back),
            ]);
        }
        Ok(())
    }
}

fn main() -> Result<()> {
    let items = argument(100_000)?.max(1);
    let words = || (0..items).map(word);
    let (_server, mut connection) = Server::start()?;
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["structure", "form", "bytes", "in Redis", "there, us", "back and asked, us"]);
    let mut race = Race { connection: &mut connection, table };

    for (name, len) in [("HyperLogLog of 100", 100), ("HyperLogLog of all", items)] {
        let mut sketch = HyperLogLog::new(14, 0)?;
        sketch.insert_all(words().take(len as usize));
        race.add(
            name,
            &sketch,
            |bytes| HyperLogLog::open(bytes.into()),
            |sketch| sketch.estimate().value > 0.0,
        )?;
    }
    let mut few = SparseHyperLogLog::new(14, 0)?;
    few.insert_all(words().take(100))?;
    few.compact()?;
    race.add(
        "HyperLogLog of 100, sparse",
        &few,
        |bytes| SparseHyperLogLog::open(bytes.into()),
        |sketch| sketch.estimate().covers(100.0) || sketch.estimate().value < 100.0,
    )?;
    let mut seen = BloomFilter::with_rate(items, 0.01, 0)?;
    seen.insert_all(words());
    race.add(
        "Bloom filter, 1 %",
        &seen,
        |bytes| BloomFilter::open(bytes.into()),
        |seen| seen.contains(word(0)),
    )?;
    let store = Dawg::from_keys(words(), Mode::Small)?;
    race.add("DAWG, small", &store, |bytes| Dawg::open(bytes.into()), |store| store.contains(word(0)))?;

    println!(
        "{items} items; medians of {ROUNDS}, the way to a server on the same machine included.\n\n{}",
        race.table
    );
    println!(
        "\nA server with many small values pays for each key, too; `in Redis` is what `MEMORY USAGE` says."
    );
    Ok(())
}
