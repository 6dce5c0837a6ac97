//! Writes what the npm package has a class for, from the catalogue: `fewbytes-package FOLDER` makes `index.js` and
//! `index.d.ts` there.

use fewbytes::catalog::CATALOG;
use fewbytes::entry::{Entry, Family, Merge, Parameter, Range};
use std::fmt::Write;
use std::path::Path;
use std::{env, fs, process};

fn main() {
    let Some(folder) = env::args_os().nth(1) else {
        eprintln!("error: give the folder of the package");
        process::exit(2);
    };
    let folder = Path::new(&folder);
    for (name, text) in [("index.js", script()), ("index.d.ts", types())] {
        if let Err(error) = fs::write(folder.join(name), text) {
            eprintln!("error: {name} can't be written to {}: {error}", folder.display());
            process::exit(1);
        }
    }
}

/// What a structure can do beside what all can: the abilities of structure.js, and their interfaces of structure.d.ts.
fn abilities(entry: &Entry) -> impl Iterator<Item = (&'static str, String)> {
    let name = entry.type_name;
    [
        (entry.inserts, "inserts", "Inserts".into()),
        (entry.removes, "removes", "Removes".into()),
        (entry.merge != Merge::None, "merges", format!("Merges<{name}>")),
        (entry.contains, "contains", "Contains".into()),
        (entry.count, "counts", "Counts".into()),
        (entry.top, "tops", "Tops".into()),
        (entry.text.is_some(), "keys", "Keys".into()),
        (entry.slug == fewbytes::text::aho_corasick::ENTRY.slug, "matches", "Matches".into()),
    ]
    .into_iter()
    .filter(|(has, ..)| *has)
    .map(|(_, ability, interface)| (ability, interface))
}

fn script() -> String {
    let mut text = String::from(
        "// Printed from the catalogue.\nimport { Structure, able, known } from \"./structure.js\";\n\n\
         export { Structure, open } from \"./structure.js\";\nexport { catalog } from \"#module\";\n",
    );
    for entry in CATALOG {
        let (name, slug) = (entry.type_name, entry.slug);
        let names: Vec<String> = abilities(entry).map(|(name, _)| format!("{name:?}")).collect();
        // A string takes whatever is written.
        let _ = write!(text, "\nexport class {name} extends Structure {{\n  static slug = {slug:?};\n");
        if !entry.inserts {
            let _ = write!(
                text,
                "\n  constructor() {{\n    throw new TypeError(\"a {} is built from all its items at once: {name}.from(items)\");\n  }}\n",
                entry.name
            );
        }
        let _ = write!(text, "}}\nknown({name});\nable({name}, [{}]);\n", names.join(", "));
    }
    text
}

fn types() -> String {
    let mut text = String::from(
        "// Printed from the catalogue.\nimport type {\n  Contains, Counts, Inserts, Item, Items, Keys, Matches, Merges, \
         Removes, Seed, Tops,\n} from \"./structure.js\";\nimport { Structure } from \"./structure.js\";\n\n\
         export * from \"./structure.js\";\n\n/** Every structure there is, and its parameters. */\n\
         export declare function catalog(): { slug: string; name: string; summary: string; parameters: object[] }[];\n",
    );
    for entry in CATALOG {
        types_of(entry, &mut text);
    }
    text
}

fn types_of(entry: &Entry, text: &mut String) {
    let name = entry.type_name;
    let given = if entry.parameters.is_empty() { "{}".into() } else { format!("{name}Parameters") };
    if !entry.parameters.is_empty() {
        let _ =
            write!(text, "\n/** What can be chosen of a {}. */\nexport interface {given} {{\n", entry.name);
        for parameter in entry.parameters {
            let _ = writeln!(text, "  /** {} */\n  {};", doc_of(parameter), member_of(parameter));
        }
        *text += "}\n";
    }
    let question = match entry.family {
        Family::Text => "Which words do I know?",
        family => family.question(),
    };
    let interfaces: Vec<String> = abilities(entry).map(|(_, interface)| interface).collect();
    let _ = write!(
        text,
        "\n/**\n * {question} {}\n *\n * Error: {}. Space: {}.\n */\nexport declare class {name} extends Structure {{\n",
        plain(entry.summary),
        plain(entry.error.trim_end_matches('.')),
        plain(entry.space.trim_end_matches('.')),
    );
    let _ = writeln!(text, "  readonly slug: {:?};", entry.slug);
    *text += match entry.inserts {
        true => "  /** An empty one. Throws when a parameter is out of its range. */\n",
        false => "  /** It is built from all its items at once, by `from`. */\n",
    };
    let _ = match entry.inserts {
        true => writeln!(text, "  constructor(parameters?: {given}, seed?: Seed);"),
        false => writeln!(text, "  private constructor();"),
    };
    let _ = write!(
        text,
        "  static from(items: Items, parameters?: {given}, seed?: Seed): {name};\n  /** Throws when the bytes are another \
         kind, or damaged. */\n  static open(bytes: Uint8Array): {name};\n}}\nexport interface {name} extends {} {{}}\n",
        interfaces.join(", ")
    );
}

/// Neither ends a comment.
fn plain(text: &str) -> String {
    text.replace("*/", "* /")
}

fn doc_of(parameter: &Parameter) -> String {
    let unit = if parameter.unit.is_empty() { String::new() } else { format!(", in {}", parameter.unit) };
    let default = parameter.default.map_or(String::new(), |default| format!("; {default} by default"));
    plain(&format!("{}: {}{unit}{default}.", parameter.doc.trim_end_matches('.'), parameter.range))
}

/// The parameter as a member: names with a hyphen are quoted.
fn member_of(parameter: &Parameter) -> String {
    let name = match parameter.name.contains('-') {
        true => format!("{:?}", parameter.name),
        false => parameter.name.into(),
    };
    let kind = match parameter.range {
        Range::Either(first, second) => format!("{first} | {second}"),
        Range::OneOf(all) => all.iter().map(u64::to_string).collect::<Vec<_>>().join(" | "),
        Range::Whole(..) => "number | bigint".into(),
        Range::Real(..) => "number".into(),
    };
    format!("{name}?: {kind}")
}
