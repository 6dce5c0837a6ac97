//! The processes that share: this program again, told what to do by its arguments and when by its standard input.

use crate::{Result, insert, system};
use fewbytes::BlockedBloomFilter;
use fewbytes_mmap::{map, read};
use std::hint::black_box;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;
use std::{env, io};

/// What a piece of work took: by the clock and of the processors, in nanoseconds.
#[derive(Clone, Copy)]
pub struct Took {
    pub clock: f64,
    pub processor: f64,
}

/// One of them; killed when dropped.
pub struct Child {
    child: std::process::Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
}

impl Child {
    /// Starts several, and waits until they run.
    fn start_all(processes: usize, arguments: &[&str]) -> Result<Vec<Child>> {
        let mut children: Vec<Child> = (0..processes)
            .map(|number| {
                let mut command = Command::new(env::current_exe()?);
                command.args(arguments).arg(number.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
                let mut child = command.spawn()?;
                let stdin = child.stdin.take().ok_or("piped")?;
                let stdout = child.stdout.take().ok_or("piped")?;
                Ok(Child { child, stdin, stdout })
            })
            .collect::<Result<_>>()?;
        for child in &mut children {
            child.heard()?;
        }
        Ok(children)
    }

    /// Lets several of a role work on a file, at once. They are still there, and what it took.
    pub fn work(processes: usize, role: &str, path: &Path) -> Result<(Vec<Child>, Took)> {
        let mut children = Self::start_all(processes, &[role, path.to_str().ok_or("a path")?])?;
        let start = Instant::now();
        for child in &mut children {
            child.go()?;
        }
        let mut processor = 0;
        for child in &mut children {
            processor += child.heard()?;
        }
        Ok((children, Took { clock: start.elapsed().as_nanos() as f64, processor: processor as f64 }))
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Lets it begin.
    fn go(&mut self) -> Result<()> {
        Ok(self.stdin.write_all(&[0])?)
    }

    /// Waits for its number.
    fn heard(&mut self) -> Result<u64> {
        let mut number = [0; 8];
        self.stdout.read_exact(&mut number)?;
        Ok(u64::from_le_bytes(number))
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn say(number: u64) -> Result<()> {
    let mut out = io::stdout();
    out.write_all(&number.to_le_bytes())?;
    Ok(out.flush()?)
}

fn wait() -> Result<()> {
    io::stdin().read_exact(&mut [0])?;
    Ok(())
}

/// What a child does; it says its processor time in nanoseconds.
pub fn run(role: &str, path: &Path, rest: &[String]) -> Result<()> {
    let number: u64 = rest.last().ok_or("a number")?.parse()?;
    let filter = if role == "insert" { Some(insert::opened(path)?) } else { None };
    say(0)?;
    wait()?;
    let before = system::process_time();
    match (role, filter) {
        ("insert", Some(filter)) => insert::part(&filter, number, 2),
        ("scan", _) => {
            black_box(BlockedBloomFilter::open(map(path)?)?.one_len());
        }
        ("copy", _) => {
            black_box(BlockedBloomFilter::open(read(path)?)?.one_len());
        }
        ("ask", _) => {
            let filter = BlockedBloomFilter::open(map(path)?)?;
            black_box(filter.one_len());
            say(1)?;
            return wait(); // the parent's end is the end
        }
        _ => return Err(format!("there is no role `{role}`").into()),
    }
    say(system::process_time() - before)
}
