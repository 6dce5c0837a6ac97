//! Finishes the pages of the site: `fewbytes-pages PLAYGROUND BOOK`, two folders of HTML.
//!
//! Writes a page for each lab, the list of them on the home page, and which module has which lab, all from the catalogue;
//! and puts the labs' pictures into every page that shows a lab, for those who read it without JavaScript.

use fewbytes::catalog::CATALOG;
use fewbytes::entry::{Entry, Family};
use fewbytes_wasm::{Still, escaped, stills, words_of};
use std::path::{Path, PathBuf};
use std::{env, fs, process};

const LAB: &str = include_str!("../../../../web/pages/lab.html");
/// Where the home page wants the list.
const LIST: &str = "<!-- labs -->";

/// Widths of pictures, in pixels: in place of a lab, and in the list.
const WIDE: f64 = 640.0;
const SMALL: f64 = 300.0;

type Outcome<T = ()> = Result<T, String>;

fn main() {
    let mut folders = env::args_os().skip(1).map(PathBuf::from);
    let outcome = match (folders.next(), folders.next()) {
        (Some(playground), Some(book)) => finish(&playground, &book),
        _ => Err("give the folders of the playground and of the book".into()),
    };
    if let Err(sentence) = outcome {
        eprintln!("error: {sentence}");
        process::exit(1);
    }
}

fn finish(playground: &Path, book: &Path) -> Outcome {
    for page in pages() {
        if let Some(words) = words_of(page.slug) {
            let text = lab_page(&page, words, book);
            write(&playground.join("labs").join(page.slug).with_extension("html"), &text)?;
        }
    }
    let labs: Vec<_> =
        CATALOG.iter().map(|entry| entry.slug).filter(|slug| words_of(slug).is_some()).collect();
    let open = playground.join("open.html");
    write(&open, &read(&open)?.replace("{{labs}}", &labs.join(" ")))?;
    write(&playground.join("lab/modules.js"), &modules())?;
    let home = playground.join("index.html");
    let mut list = String::new();
    for family in [Family::Membership, Family::Counting, Family::Distinct, Family::Text] {
        list += &structures(playground, family)?;
    }
    write(&home, &read(&home)?.replace(LIST, &list))?;
    [playground, book].into_iter().try_for_each(|root| draw_below(root, root))
}

/// Which module has which lab: one for each family, and others for what has little in common with its own.
fn modules() -> String {
    let module = |page: &Page| match page.slug {
        "kmv" => "kmv",
        slug if page.family == Family::Text => slug,
        _ => page.family.name(),
    };
    let labs = pages().filter(|page| words_of(page.slug).is_some());
    let lines = labs.map(|page| format!("  \"{}\": \"{}\",\n", page.slug, module(&page)));
    format!("// Which module has which lab.\nexport const MODULES = {{\n{}}};\n", lines.collect::<String>())
}

/// What has a page: the structures of the catalogue, and the searches over them.
struct Page {
    slug: &'static str,
    name: &'static str,
    family: Family,
    summary: &'static str,
    facts: bool,
}

const SEARCH: Page = Page {
    slug: "search",
    name: "Search",
    family: Family::Text,
    summary: "Beginnings, patterns, misspelt words and parts: each search is one walk over any store of words, which goes in where words \
              may match, and back where none can.",
    facts: false,
};

fn pages() -> impl Iterator<Item = Page> {
    let page = |entry: &&Entry| {
        let Entry { slug, name, family, summary, .. } = **entry;
        Page { slug, name, family, summary, facts: true }
    };
    CATALOG.iter().map(page).chain([SEARCH])
}

fn lab_page(page: &Page, words: &str, book: &Path) -> String {
    let slug = page.slug;
    let mut links = match page.facts {
        true => format!("<a href=\"../book/facts/{slug}.html\">Facts</a>: error, space, bytes, sources."),
        false => String::new(),
    };
    if book.join(slug).with_extension("html").exists() {
        links += &format!(" <a href=\"../book/{slug}.html\">Its chapter</a> says how and why.");
    }
    [
        ("name", capital(page.name)),
        ("question", escaped(page.family.question())),
        ("summary", escaped(page.summary)),
        ("links", links),
        ("slug", slug.into()),
        ("words", escaped(words)),
    ]
    .iter()
    .fold(LAB.into(), |page, (name, text)| page.replace(&format!("{{{{{name}}}}}"), text))
}

fn capital(name: &str) -> String {
    let name = escaped(name);
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A family's structures: those with a lab with a picture of it and a link to it, the others with a link to their facts.
fn structures(playground: &Path, family: Family) -> Outcome<String> {
    let mut items = String::new();
    for page in pages().filter(|page| page.family == family && (page.facts || words_of(page.slug).is_some()))
    {
        let (slug, name, summary) = (page.slug, capital(page.name), escaped(page.summary));
        items += &match words_of(slug) {
            Some(words) => {
                let pairs = ["w".into(), words.into()];
                let state = stills(slug, &pairs, SMALL)?.into_iter().find(|still| still.is_state);
                let file = format!("stills/{slug}.svg");
                write(&playground.join(&file), &state.map(|still| still.svg).unwrap_or_default())?;
                format!(
                    "<li><a href=\"labs/{slug}.html\"><span><img src=\"{file}\" alt=\"\" loading=\"lazy\"></span>{name}</a>\
                     <p>{summary}</p></li>\n"
                )
            }
            None => format!(
                "<li><a href=\"book/facts/{slug}.html\">{name}</a>\
                 <p>{summary} <em class=\"note\">Facts; no lab yet.</em></p></li>\n"
            ),
        };
    }
    Ok(format!("<h3>{}</h3>\n<ul class=\"labs\">\n{items}</ul>\n", escaped(family.question())))
}

/// Draws the labs in the pages of a folder and those below it.
fn draw_below(root: &Path, folder: &Path) -> Outcome {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            draw_below(root, &path)?;
        } else if path.extension().is_some_and(|extension| extension == "html") {
            draw_in(root, &path)?;
        }
    }
    Ok(())
}

/// Draws the labs of a page, each right after its element's begin.
fn draw_in(root: &Path, path: &Path) -> Outcome {
    let page = read(path)?;
    let relative = path.strip_prefix(root).unwrap_or(path).with_extension("");
    let stem = relative.to_string_lossy().replace(['/', '\\'], "-");
    let up = "../".repeat(relative.components().count() - 1);
    let (mut drawn, mut rest) = (String::new(), page.as_str());
    let mut count = 0;
    while let Some(start) = rest.find("<few-") {
        let end = start + rest[start..].find('>').ok_or("an element has no end")? + 1;
        let (slug, pairs) = element(&rest[start..end]);
        count += 1;
        let mut pictures = String::new();
        for Still { name, title, label, svg, .. } in stills(&slug, &pairs, WIDE)? {
            let file = format!("stills/{stem}-{count}-{name}.svg");
            write(&root.join(&file), &svg)?;
            let (title, label) = (escaped(title), escaped(&label));
            pictures += &format!(
                "<figure><figcaption><strong>{title}</strong> {label}</figcaption>\
                 <img src=\"{up}{file}\" alt=\"{title}\" loading=\"lazy\"></figure>"
            );
        }
        drawn += &format!("{}<noscript>{pictures}</noscript>", &rest[..end]);
        rest = &rest[end..];
    }
    if count > 0 { write(path, &(drawn + rest)) } else { Ok(()) }
}

/// The slug and the pairs of an element: `<few-bloom words="a b" bits="64">`.
fn element(tag: &str) -> (String, Vec<String>) {
    let inner = tag.trim_start_matches("<few-").trim_end_matches('>');
    let (slug, mut rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let mut pairs = Vec::new();
    while let Some((name, after)) = rest.split_once("=\"") {
        let Some((value, after)) = after.split_once('"') else { break };
        let name = name.rsplit(char::is_whitespace).next().unwrap_or(name);
        pairs.push(if name == "words" { "w".into() } else { name.replace('-', "_") });
        pairs.push(
            value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"),
        );
        rest = after;
    }
    (slug.into(), pairs)
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Outcome {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_taken_apart() {
        let (slug, pairs) = element("<few-bloom words=\"a &amp; b\" share bits=\"64\">");
        assert_eq!((slug.as_str(), pairs.join("|").as_str()), ("bloom", "w|a & b|bits|64"));
        assert_eq!(element("<few-kmv>"), ("kmv".into(), Vec::new()));
    }
}
