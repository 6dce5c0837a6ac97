//! The processes that share: this program again, told what to do by its arguments and when by its standard input.

use crate::{Result, insert, system};
use fewbytes::BlockedBloomFilter;
use fewbytes_mmap::{map, read};
use std::hint::black_box;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::{env, io};

/// One of them; killed when dropped.
pub struct Child {
    child: std::process::Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
}

impl Child {
    /// Starts several, and waits until they run.
    pub fn start_all(processes: usize, arguments: &[&str]) -> Result<Vec<Child>> {
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

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Lets it begin.
    pub fn go(&mut self) -> Result<()> {
        Ok(self.stdin.write_all(&[0])?)
    }

    /// Waits for its number.
    pub fn heard(&mut self) -> Result<u64> {
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
