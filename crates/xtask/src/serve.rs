//! A small web server for the finished site, on this machine only.

use std::convert::Infallible;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, anyhow};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;

/// A server that answers until the program ends.
pub(crate) struct Serving {
    address: SocketAddr,
    thread: thread::JoinHandle<std::io::Result<()>>,
}

impl Serving {
    /// The address of the home page.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Serves until the program is ended.
    pub(crate) fn wait(self) -> Result<()> {
        let ended = self.thread.join().map_err(|_| anyhow!("The web server has stopped."))?;
        ended.context("The web server has stopped.")
    }
}

/// Serves a folder on 127.0.0.1; port 0 takes a free one.
pub(crate) fn listen(folder: PathBuf, port: u16) -> Result<Serving> {
    let listener = TcpListener::bind(("127.0.0.1", port))
        .with_context(|| format!("Port {port} can't be served; try another with --port."))?;
    let address = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let thread = thread::spawn(move || runtime.block_on(accept(listener, folder.into())));
    Ok(Serving { address, thread })
}

async fn accept(listener: TcpListener, folder: Arc<Path>) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let folder = Arc::clone(&folder);
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let response = respond(&request, &folder);
                async { Ok::<_, Infallible>(response) }
            });
            // A browser that goes away before it has its answer is not our trouble.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// What a request gets.
#[derive(Debug, PartialEq)]
enum Answer {
    File(PathBuf),
    /// A folder without its last slash, below which relative links would go astray.
    Redirect(String),
    NotFound,
}

fn respond(request: &Request<Incoming>, folder: &Path) -> Response<Full<Bytes>> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return status(StatusCode::METHOD_NOT_ALLOWED);
    }
    match find(folder, request.uri().path()) {
        Answer::NotFound => status(StatusCode::NOT_FOUND),
        Answer::Redirect(to) => {
            let mut response = status(StatusCode::PERMANENT_REDIRECT);
            if let Ok(to) = HeaderValue::from_str(&to) {
                response.headers_mut().insert(LOCATION, to);
            }
            response
        }
        Answer::File(path) => match fs::read(&path) {
            Ok(bytes) => {
                let mut response = Response::new(bytes.into());
                response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type(&path)));
                // Rebuilt pages must be seen at once, so nothing is kept.
                response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
                response
            }
            Err(_) => status(StatusCode::INTERNAL_SERVER_ERROR),
        },
    }
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(format!("{status}\n").into());
    *response.status_mut() = status;
    response
}

fn find(folder: &Path, path: &str) -> Answer {
    let Some(decoded) = decode(path) else { return Answer::NotFound };
    let relative = Path::new(decoded.trim_start_matches('/'));
    // Only plain names may follow: nothing above the folder is reachable.
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return Answer::NotFound;
    }
    let mut file = folder.join(relative);
    if file.is_dir() {
        if !path.ends_with('/') {
            return Answer::Redirect(format!("/{}/", path.trim_matches('/')));
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
        assert_eq!(find(folder, "/src/serve.rs"), Answer::File(folder.join("src/serve.rs")));
        assert_eq!(find(folder, "/src%2fserve.rs"), Answer::File(folder.join("src/serve.rs")));
        assert_eq!(find(folder, "/src"), Answer::Redirect("/src/".into()));
        assert_eq!(find(folder, "//src"), Answer::Redirect("/src/".into()));
        for url in ["/../xtask/Cargo.toml", "/%2e%2e/xtask/Cargo.toml", "/src/", "/%zz", "/src/%", "/%ff"] {
            assert_eq!(find(folder, url), Answer::NotFound, "{url}");
        }
        assert_eq!(find(folder, "//etc/passwd"), Answer::NotFound);
    }
}
