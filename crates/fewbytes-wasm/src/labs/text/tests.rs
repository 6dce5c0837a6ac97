use super::graph::Graph;
use super::layout::layout;
use crate::lab::Bench;
use fewbytes::text::Dawg;
use fewbytes::text::dawg::Mode;

fn graph(words: &[&str]) -> Graph {
    let dawg = Dawg::from_keys(words, Mode::Small).expect("few");
    Graph::of(&mut dawg.walk(), b"", 1000)
}

#[test]
fn a_graph_has_the_states_and_edges_of_its_store() {
    for words in [&["tap", "taps", "top", "tops"][..], &["a"], &["", "b"], &["stop", "stops", "tap", "top"]] {
        let dawg = Dawg::from_keys(words, Mode::Small).expect("few");
        let graph = graph(words);
        assert_eq!(graph.states.len() as u64, dawg.state_len(), "{words:?}");
        let edges: usize = graph.edges.iter().map(|edge| edge.labels.len()).sum();
        assert_eq!((edges as u64, graph.hidden()), (dawg.edge_len(), 0), "{words:?}");
        for word in words {
            assert_eq!(graph.way(word.as_bytes()).len(), word.len());
        }
        assert!(graph.way(b"zzz").is_empty());
    }
}

#[test]
fn a_graph_that_is_cut_shows_the_way_of_the_word() {
    let words: Vec<String> = (0..2000).map(|i| format!("{:x}", i * 7919 % 65_521)).collect();
    let dawg = Dawg::from_keys(&words, Mode::Small).expect("few");
    for word in ["7f3", words[5].as_str()] {
        let graph = Graph::of(&mut dawg.walk(), word.as_bytes(), 150);
        let known = (0..=word.len()).rfind(|len| !dawg.ids_under(&word[..*len]).is_empty());
        assert_eq!(Some(graph.way(word.as_bytes()).len()), known);
        assert!(graph.states.len() == 150 && graph.hidden() > 0);
    }
}

#[test]
fn every_edge_leads_to_the_right_and_no_two_states_overlap() {
    for words in [&["tap", "taps", "top", "tops", "stop", "stops"][..], &["a", "abcdef", "bcdef"], &[]] {
        let graph = graph(words);
        let plan = layout(&graph);
        for (i, edge) in graph.edges.iter().enumerate() {
            let (from, to) = (plan.states[edge.from].0, plan.states[edge.to].0);
            assert!(from < to && plan.edges[i].len() == to - from - 1);
        }
        for (i, (layer, row)) in plan.states.iter().enumerate() {
            assert!((0.0..=plan.rows).contains(row) && *layer < plan.layers);
            let others = plan.states[..i].iter().filter(|(other, _)| other == layer);
            others.for_each(|(_, other)| assert!((row - other).abs() > 0.99, "{words:?}"));
        }
    }
}

#[test]
fn a_dawg_tells_what_words_share() {
    let mut bench = Bench::new(&super::DAWG, &super::DAWG.tuning()).expect("the lab's own values");
    bench.add("tap taps top").expect("room");
    bench.add("tops").expect("room");
    assert!(bench.why().contains("a trie needs 1 place more"), "{}", bench.why());
    assert!(
        bench.why().contains("only “ps” is left") || bench.why().contains("only “s” is left"),
        "{}",
        bench.why()
    );
    bench.check("tops");
    assert_eq!(bench.why(), "“tops” is known. Its id is 3.");
    bench.check("to");
    assert!(bench.why().contains("no word ends there"), "{}", bench.why());
    bench.check("tux");
    assert!(bench.why().contains("after “t”"), "{}", bench.why());
    bench.act("months").expect("room");
    assert!(twin(&mut bench, "word").table.len() > 1);
    bench.make_up(3).expect("room");
    assert!(twin(&mut bench, "word").label.contains("item 3"));
    bench.seek(16).expect("in range");
    assert_eq!(bench.truth(), Some(16));
    assert_eq!(bench.lab().answers(&bench.scene()).rows[0][1], "16");
}

fn filled(about: &'static crate::lab::About) -> Bench {
    let mut bench = Bench::new(about, &about.tuning()).expect("the lab's own values");
    bench.add(about.words).expect("room");
    bench
}

fn twin(bench: &mut Bench, figure: &str) -> crate::draw::Twin {
    bench.picture(figure, crate::draw::Sheet::new(&crate::draw::Theme::default(), None))
}

#[test]
fn a_double_array_shows_the_slots_of_a_word() {
    let mut bench = filled(&super::DOUBLE_ARRAY);
    bench.check("care");
    let word = twin(&mut bench, "word");
    let array = twin(&mut bench, "own");
    let slots: Vec<&String> = word.table[1..].iter().map(|row| &row[2]).filter(|slot| *slot != "–").collect();
    assert!(slots.len() > 1, "{:?}", word.table);
    for slot in slots {
        assert!(array.table.iter().any(|row| row[0] == **slot), "{slot}");
    }
}

#[test]
fn a_louds_trie_counts_its_way_to_a_word() {
    let mut bench = filled(&super::LOUDS);
    bench.check("toast");
    let (word, tree) = (twin(&mut bench, "word"), twin(&mut bench, "own"));
    assert!(word.table.len() > 2);
    for row in &word.table[1..] {
        let node = tree.table.iter().find(|node| node[0] == row[1]).expect("shown");
        assert_eq!(node[6], row[3], "{:?}", word.table);
        let before =
            tree.table[1..].iter().take_while(|node| node[0] != row[1]).filter(|node| node[2] == "1");
        assert_eq!(before.count().to_string(), row[2], "all nodes are of one block");
    }
}

#[test]
fn the_last_word_of_the_story_bursts_a_bucket() {
    let mut bench = filled(&super::HAT);
    assert!(bench.why().contains("It burst"), "{}", bench.why());
    let steps = bench.history().steps().len();
    bench.seek(steps - 1).expect("in range");
    assert!(bench.why().contains("one of 160 texts"), "{}", bench.why());
    bench.make_up(1000).expect("room");
    assert_eq!(bench.lab().answers(&bench.scene()).rows[0][1], "1,161");
}

#[test]
fn keywords_are_found_in_a_text_and_its_places_passed_over() {
    let mut bench = filled(&super::KEYWORDS);
    let text = twin(&mut bench, "own");
    let found: Vec<&str> = text.table[1..].iter().map(|row| row[0].as_str()).collect();
    assert!(found.starts_with(&["she", "he", "hers"]), "{found:?}");
    bench.check("nobody knew of it");
    assert!(bench.why().starts_with("No keyword"), "{}", bench.why());
    bench.seek(usize::MAX).expect("its end");
    bench.set("matches", 2.0).expect("in range");
    let text = twin(&mut bench, "own");
    assert!(text.table[1..].iter().any(|row| row[0] == "seashore"), "{:?}", text.table);
    bench.set("read", 4.0).expect("in range");
    assert!(
        twin(&mut bench, "own").label.contains("in the state of “she”"),
        "{}",
        twin(&mut bench, "own").label
    );
}

#[test]
fn a_search_says_what_it_finds_and_how_many_steps_it_took() {
    for store in [0.0, 1.0] {
        let mut bench = filled(&super::SEARCH);
        bench.set("store", store).expect("in range");
        let found = |bench: &Bench| {
            let rows = bench.lab().answers(&bench.scene()).rows;
            rows.into_iter().map(|row| row[0].clone()).collect::<Vec<_>>()
        };
        assert_eq!(found(&bench), ["joan", "john", "jon"], "store {store}");
        bench.set("search", 0.0).expect("in range");
        bench.check("joh");
        assert_eq!(found(&bench), ["johanna", "john"], "store {store}");
        assert!(bench.why().contains("steps; to read all of them takes"), "{}", bench.why());
        bench.set("search", 2.0).expect("in range");
        bench.check("jame");
        assert_eq!(found(&bench), ["jane"], "store {store}");
        let lit = crate::draw::Svg::new(640.0);
        let theme = crate::draw::Theme::variables();
        let twin = bench.picture("states", crate::draw::Sheet::new(&theme, Some(&lit)));
        let drawn = lit.finish(&twin.label).expect("a drawing");
        let ways = drawn.matches("stroke=\"var(--few-orange)\" stroke-width=\"3\"").count();
        assert!(ways > 2 && ways < twin.table.len() - 1, "store {store}: {ways}");
        bench.set("search", 1.0).expect("in range");
        bench.check("jo\\");
        assert!(bench.why().ends_with('.'), "{}", bench.why());
    }
}
