//! A small web server for the finished site, on this machine only.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server};

/// Enough for a browser that loads a page's files side by side.
const THREADS: usize = 4;

/// A server that answers until the program ends.
pub(crate) struct Serving {
    address: SocketAddr,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Serving {
    /// The address of the home page.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Serves until the program is ended.
    pub(crate) fn wait(self) -> Result<()> {
        for thread in self.threads {
            thread.join().map_err(|_| anyhow!("The web server has stopped."))?;
        }
        Ok(())
    }
}

/// Serves a folder on 127.0.0.1; port 0 takes a free one.
pub(crate) fn listen(folder: PathBuf, port: u16) -> Result<Serving> {
    let server = Server::http(("127.0.0.1", port))
        .map_err(|error| anyhow!("Port {port} can't be served ({error}); try another with --port."))?;
    let address = server.server_addr().to_ip().ok_or_else(|| anyhow!("The web server has no address."))?;
    let (server, folder) = (Arc::new(server), Arc::new(folder));
    let threads = (0..THREADS)
        .map(|_| {
            let (server, folder) = (Arc::clone(&server), Arc::clone(&folder));
            thread::spawn(move || server.incoming_requests().for_each(|request| answer(request, &folder)))
        })
        .collect();
    Ok(Serving { address, threads })
}

/// What a request gets.
#[derive(Debug, PartialEq)]
enum Answer {
    File(PathBuf),
    /// A folder without its last slash, below which relative links would go astray.
    Redirect(String),
    NotFound,
}

fn answer(request: Request, folder: &Path) {
    let found = match request.method() {
        Method::Get | Method::Head => find(folder, request.url()),
        _ => Answer::NotFound,
    };
    // A browser that went away before it got its answer is not our trouble.
    let _ = match found {
        Answer::Redirect(to) => request.respond(with(Response::empty(308), "Location", &to)),
        Answer::NotFound => request.respond(Response::from_string("Not found.\n").with_status_code(404)),
        Answer::File(path) => match File::open(&path) {
            // Rebuilt pages must be seen at once, so nothing is kept.
            Ok(file) => request.respond(with(
                with(Response::from_file(file), "Content-Type", media_type(&path)),
                "Cache-Control",
                "no-store",
            )),
            Err(_) => request.respond(Response::from_string("Not readable.\n").with_status_code(500)),
        },
    };
}

fn with<R: std::io::Read>(response: Response<R>, name: &str, value: &str) -> Response<R> {
    match Header::from_bytes(name, value) {
        Ok(header) => response.with_header(header),
        Err(()) => response,
    }
}

fn find(folder: &Path, url: &str) -> Answer {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let Some(decoded) = decode(path) else { return Answer::NotFound };
    let relative = Path::new(decoded.trim_start_matches('/'));
    // Only plain names may follow: nothing above the folder is reachable.
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return Answer::NotFound;
    }
    let mut file = folder.join(relative);
    if file.is_dir() {
        if !path.ends_with('/') {
            return Answer::Redirect(format!("{path}/"));
        }
        file.push("index.html");
    }
    if file.is_file() { Answer::File(file) } else { Answer::NotFound }
}

/// Undoes the %-encoding of a path.
fn decode(path: &str) -> Option<String> {
    let mut bytes = path.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' {
            let mut digit = || char::from(bytes.next()?).to_digit(16);
            u8::try_from(digit()? * 16 + digit()?).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(decoded).ok()
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" | "ts" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_below_the_folder_are_served() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(find(folder, "/src/serve.rs?v=1"), Answer::File(folder.join("src/serve.rs")));
        assert_eq!(find(folder, "/src%2fserve.rs"), Answer::File(folder.join("src/serve.rs")));
        assert_eq!(find(folder, "/src"), Answer::Redirect("/src/".into()));
        for url in ["/../xtask/Cargo.toml", "/%2e%2e/xtask/Cargo.toml", "/src/", "/%zz", "/src/%", "/%ff"] {
            assert_eq!(find(folder, url), Answer::NotFound, "{url}");
        }
        assert_eq!(find(folder, "//etc/passwd"), Answer::NotFound);
    }
}
